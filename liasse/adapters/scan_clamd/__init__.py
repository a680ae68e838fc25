"""Bytes looked at for malware by clamd, the daemon of ClamAV."""

from liasse.adapters.scan_clamd.scanner import ClamdScanner

__all__ = ["ClamdScanner"]

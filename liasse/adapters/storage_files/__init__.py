"""Blob store in a local folder."""

from liasse.adapters.storage_files.store import FileBlobStore

__all__ = ["FileBlobStore"]

"""Office files written as PDF by LibreOffice, where it is installed."""

from liasse.adapters.office_libreoffice.renderer import LibreOfficeRenderer

__all__ = ["LibreOfficeRenderer"]

"""Sheets as XLSX, by openpyxl."""

from liasse.adapters.sheet_openpyxl.writer import OpenpyxlSheetWriter

__all__ = ["OpenpyxlSheetWriter"]

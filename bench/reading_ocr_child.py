"""As `reading_child`, in the process that has OCR's models loaded."""

from __future__ import annotations

from reading_child import NoEmbedded, read

import liasse.config.ocr_call  # noqa: F401 - loads the models before the process forks

__all__ = ["NoEmbedded", "read"]

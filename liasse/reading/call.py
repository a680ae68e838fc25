"""What the caller of a reading and the process that does it have to agree on."""

from __future__ import annotations

from typing import Final

from liasse.core.sandbox import Limits

WORDS_FILE: Final = "words.json"
"""What a reading writes: the words of its pages, as `reading.words` has them."""

WANTS_OCR: Final = "wants_ocr"
"""A key of the answer beside the result's own: pages need OCR, and there was no adapter for it."""

PAGE_FACTS: Final = "page_facts"
"""Another key beside the result's own: what each page that OCR saw says by itself, as `cutting.types.PageFacts`."""

MOST_PAGES: Final = 24
"""So many pages of a document are read: of a PDF half of them at its beginning and half at its end."""

MIDDLE_UNREAD: Final = "middle_unread"
"""A note: the document has more pages than that."""

OCR_LIMITS: Final = Limits(memory=1280 * 1024**2, cpu_seconds=180, wall_seconds=200.0)
"""OCR stops by itself after two minutes; with the wait for its turn all stays within a job's lease of five."""

CHECK_LIMITS: Final = Limits(memory=768 * 1024**2, reserved=48 * 1024**3, cpu_seconds=40, wall_seconds=90.0)
"""Saxon reserves 32 GiB of address space and uses 160 to 400 MiB; a check takes about a second of processor."""

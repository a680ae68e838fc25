"""What reading needs from outside: readers of e-invoices, of a PDF's text, of its attachments.

Implementations live in `liasse.adapters`, are made without arguments, run in a child process
under limits, and import neither Django nor anything that is slow to import.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from liasse.reading.types import Finding, Problem, ReadingResult, Word


@dataclass(frozen=True, slots=True)
class PageShape:
    """How wide a page is for its height, as shown; `page` counts from 1."""

    page: int
    width_per_height: float


@dataclass(frozen=True, slots=True)
class PdfText:
    """The words of a PDF in reading order, page by page.

    `page_count` counts all pages; `shapes` has those that were read. `has_hidden_text` tells that invisible words were
    left out; `is_all_hidden` that there are only invisible ones, as scanners' OCR writes them.
    """

    words: tuple[Word, ...] = ()
    page_count: int = 0
    shapes: tuple[PageShape, ...] = ()
    has_hidden_text: bool = False
    is_all_hidden: bool = False
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class EmbeddedFile:
    """An XML file inside a PDF. `relationship` is PDF/A-3's AFRelationship without the slash."""

    name: str
    data: bytes
    relationship: str | None = None


@dataclass(frozen=True, slots=True)
class Claims:
    """What a PDF's metadata (XMP) say: Factur-X's level and file name, and the part of PDF/A; blank where silent."""

    level: str = ""
    file_name: str = ""
    pdfa_part: str = ""


@dataclass(frozen=True, slots=True)
class EmbeddedFiles:
    """The XML files inside a PDF and what its metadata claim, or why the PDF could not be opened."""

    files: tuple[EmbeddedFile, ...] = ()
    problem: Problem | None = None
    claims: Claims = Claims()


CHECK_STOPPED: Final = "CHECK-STOPPED"
"""The finding that says that the official rules could not be asked about this invoice, or not all of them."""


@dataclass(frozen=True, slots=True)
class RulesChecked:
    """The rules an e-invoice breaks, and the artefacts (name, package, version) that it was checked by."""

    findings: tuple[Finding, ...] = ()
    checked_by: tuple[str, ...] = ()


class EInvoiceReader(Protocol):
    """Reads structured e-invoices exactly as they are written."""

    def read(self, data: bytes) -> ReadingResult:
        """Return what the XML says, its `format` without "pdf+".

        Never raises for what the bytes hold: a malformed, refused or unknown document is a
        result with a problem.
        """
        ...


class PdfTextReader(Protocol):
    """Gives the words of a PDF with their places."""

    def read(self, path: Path, *, most_pages: int = 24) -> PdfText:
        """Return the words; a PDF that cannot be opened is an answer with a problem.

        Of one with more pages than ``most_pages``, those at its beginning and its end are read.
        """
        ...


class PdfEmbedded(Protocol):
    """Gives the XML files embedded in a PDF."""

    def read(self, path: Path) -> EmbeddedFiles:
        """Return them in the order of the PDF, names without any path; never raises."""
        ...


class RuleChecker(Protocol):
    """Knows the official rules of e-invoices."""

    def check(self, data: bytes, *, format: str) -> RulesChecked:
        """Return which rules the XML of an invoice breaks; `format` is that of its `ReadingResult`."""
        ...

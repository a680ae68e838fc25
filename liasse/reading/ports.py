"""What reading needs from outside: readers of e-invoices, of a PDF's text, of its attachments.

Implementations live in `liasse.adapters`, are made without arguments, run in a child process
under limits, and import neither Django nor anything that is slow to import.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from liasse.reading.types import Finding, Problem, ReadingResult, Word


@dataclass(frozen=True, slots=True)
class PageShape:
    """How wide a page is for its height, as shown; `page` counts from 1.

    `words` counts those that are seen, `hidden` those that are not, `garbage` the characters that mean nothing, as of
    a font that does not say which letters its shapes are. `pictures` is the share of the page that pictures cover,
    `strokes` the number of drawn shapes, of which letters may be made; both are only looked at where words are few.
    """

    page: int
    width_per_height: float
    words: int = 0
    hidden: int = 0
    garbage: int = 0
    pictures: float = 0.0
    strokes: int = 0


@dataclass(frozen=True, slots=True)
class PdfText:
    """The words of a PDF in reading order, page by page.

    `page_count` counts all pages; `shapes` has those that were read. `has_hidden_text` tells that invisible words were
    left out of a page that has others; `is_all_hidden` that there are only invisible ones, as scanners write them.
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


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page drawn: three bytes a dot (blue, green, red), row by row."""

    width: int
    height: int
    dots: bytes


@dataclass(frozen=True, slots=True)
class OcrWord:
    """A word seen in a picture: its corners in dots, clockwise from the word's own top left.

    `confidence` is that of its least sure character.
    """

    text: str
    corners: tuple[tuple[float, float], ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class OcrPage:
    """What OCR saw in a picture: `turn` is how far, against the clock, it had to be turned to be read.

    `lines` counts what looks like text, read or not; `confidence` is the mean over those lines.
    """

    words: tuple[OcrWord, ...] = ()
    turn: int = 0
    lines: int = 0
    confidence: float = 0.0


type Corners = Sequence[tuple[float, float]]
"""Four corners in dots, clockwise from the top left of what stands between them."""


class OcrReader(Protocol):
    """Reads the words of a picture."""

    name: str

    def warm(self) -> None:
        """Load what every page needs; called before the process forks."""
        ...

    def read(self, picture: PagePicture) -> OcrPage:
        """Return the words of a page, whichever way up it lies; none where there is no text."""
        ...

    def look_again(self, picture: PagePicture, lines: Sequence[Corners]) -> list[tuple[str, ...]]:
        """Return what each of some lines is read as when it is made ready in other ways: as many texts as ways.

        No text of a line says that there was no second look at it.
        """
        ...


class PageDrawer(Protocol):
    """Draws the pages of a file as they are shown, large enough for OCR."""

    def draw(self, path: Path, *, pages: Sequence[int]) -> Iterator[tuple[int, PagePicture]]:
        """Draw the pages, counted from 1; those that cannot be drawn, or are not there, are left out."""
        ...


@dataclass(frozen=True, slots=True)
class PreparedPage:
    """A copy of a page made ready for OCR; `to_drawn` maps its dots to those of the page as drawn (3 × 3, by rows)."""

    picture: PagePicture
    to_drawn: tuple[float, ...]


class PagePreparer(Protocol):
    """Makes a page easier to read: on a copy, never the original."""

    def prepare(self, picture: PagePicture) -> PreparedPage:
        """Cut the paper out of a photo and lay it flat; even out shadows and faintness."""
        ...

"""Words of documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final
from uuid import UUID


class DocumentStatus(StrEnum):
    """The tab in which a document is found; REPLACED is in none: it was cut or joined, others stand in its place.

    DUPLICATE is another one again, and was set aside by a person or by the file's rule.
    """

    PROCESSING = "processing"
    TO_REVIEW = "to-review"
    READY = "ready"
    ARCHIVED = "archived"
    DUPLICATE = "duplicate"
    REPLACED = "replaced"


TABS: Final = (
    DocumentStatus.PROCESSING,
    DocumentStatus.TO_REVIEW,
    DocumentStatus.READY,
    DocumentStatus.ARCHIVED,
    DocumentStatus.DUPLICATE,
)
"""The statuses of documents that people see in lists; each has a kept count."""


class DocumentKind(StrEnum):
    """What a document is."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    RECEIPT = "receipt"
    STATEMENT = "statement"
    QUOTE = "quote"
    DELIVERY_NOTE = "delivery_note"
    OTHER = "other"


class Step(StrEnum):
    """The step that is due on a document."""

    CUT = "cut"
    READ = "read"
    PAGES = "pages"
    DONE = "done"


class Lack(StrEnum):
    """What a document lacks to be ready; SUMS is that net and VAT do not make the gross."""

    SUPPLIER = "supplier"
    DATE = "date"
    GROSS = "gross"
    SUMS = "sums"


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a document that lists show, sort and search; None where not known."""

    kind: DocumentKind | None = None
    supplier_name: str = ""
    number: str = ""
    issue_date: date | None = None
    due_date: date | None = None
    currency: str = ""
    total_net: Decimal | None = None
    total_vat: Decimal | None = None
    total_gross: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """What marking as ready came to: how many are, and what those lack that were left where they are."""

    ready: int
    left: Mapping[UUID, tuple[Lack, ...]]


@dataclass(frozen=True, slots=True)
class PageSize:
    """A page's size, in points for a PDF and pixels for a picture."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Piece:
    """Some pages of one original, from ``first`` to ``last`` (counted from 1), turned clockwise by ``turn`` degrees.

    ``box`` is the part of the turned page that is wanted, as fractions from its top left corner; None for all of it.
    """

    sha256: str
    media_type: str
    part_id: UUID
    first: int
    last: int
    turn: int = 0
    box: tuple[float, float, float, float] | None = None

    def to_json(self) -> dict[str, Any]:
        """Give the piece as `Document.pieces` keeps it."""
        found: dict[str, Any] = {
            "sha256": self.sha256,
            "media_type": self.media_type,
            "part": str(self.part_id),
            "first": self.first,
            "last": self.last,
        }
        return found | ({"turn": self.turn} if self.turn else {}) | ({"box": list(self.box)} if self.box else {})

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Piece:
        """Give the piece of its JSON; raises KeyError, TypeError or ValueError for what is none."""
        piece = cls(
            sha256=str(found["sha256"]),
            media_type=str(found["media_type"]),
            part_id=UUID(str(found["part"])),
            first=int(found["first"]),
            last=int(found["last"]),
            turn=int(found.get("turn", 0)),
            box=_box(found.get("box")),
        )
        if not 1 <= piece.first <= piece.last or piece.turn not in {0, 90, 180, 270}:
            raise ValueError(found)
        return piece


def _box(found: Sequence[float] | None) -> tuple[float, float, float, float] | None:
    if found is None:
        return None
    x0, y0, x1, y1 = map(float, found)
    if not (0 <= x0 < x1 <= 1 and 0 <= y0 < y1 <= 1):
        raise ValueError(found)
    return x0, y0, x1, y1


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document to be made of pieces of originals; the PDF made of them is in the store under ``sha256``.

    ``cuts`` are those that are still to be asked about, as `Document.cuts` keeps them.
    """

    pieces: tuple[Piece, ...]
    filename: str
    sha256: str
    size: int
    cuts: tuple[Mapping[str, Any], ...] = ()

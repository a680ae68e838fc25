"""Words of documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class DocumentStatus(StrEnum):
    """The tab in which a document is found."""

    PROCESSING = "processing"
    TO_REVIEW = "to-review"
    READY = "ready"
    ARCHIVED = "archived"


class DocumentKind(StrEnum):
    """What a document is."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    RECEIPT = "receipt"
    STATEMENT = "statement"
    QUOTE = "quote"
    OTHER = "other"


class Step(StrEnum):
    """The step that is due on a document."""

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
class NewDocument:
    """A document to be made from one part of a receipt, its bytes in the store."""

    receipt_id: UUID
    part_id: UUID
    filename: str
    media_type: str
    size: int
    sha256: str

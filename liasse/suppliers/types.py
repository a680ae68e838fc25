"""Words of suppliers: what is learned of their papers, and what is odd about a document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from liasse.reading.types import FieldName


class MarkKind(StrEnum):
    """By what a supplier is known; in this order one goes before the next."""

    SIREN = "siren"
    VAT = "vat"
    NAME = "name"
    IBAN = "iban"


class Form(StrEnum):
    """What a value looks like that is looked for on a page."""

    AMOUNT = "amount"
    DATE = "date"
    CODE = "code"
    IBAN = "iban"


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a value stood on the page on which a person corrected it.

    ``left`` and ``above`` are the words beside and over it, letters alone; ``shape`` is that of a code, each run of
    letters an A and of digits a 9. ``page`` counts from 1, and ``is_last`` says that it was the last one.
    ``month_first`` reads 03/04 as the fourth of March.
    """

    left: str
    above: str
    page: int
    is_last: bool
    x0: float
    y0: float
    x1: float
    y1: float
    shape: str = ""
    month_first: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON types."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Anchor:
        """Return the anchor that `to_json` was called on."""
        return cls(**data)


@dataclass(frozen=True, slots=True)
class Taught:
    """One thing learned of a layout, as hints use it: a value that stays, or anchors of one that changes.

    ``wrong`` is what had been read where the person corrected it; the same as ``value`` where the person left it so.
    ``kind`` is that of the document it was learned on: a credit note is laid out as an invoice is, and names others.
    """

    id: UUID
    field: FieldName
    value: str | None
    anchors: tuple[Anchor, ...] = ()
    wrong: str | None = None
    kind: str = ""

    @property
    def is_confirmation(self) -> bool:
        """Tell whether the value had been read right: it may make the next one surer, and puts none."""
        return self.value is not None and self.value == self.wrong


@dataclass(frozen=True, slots=True)
class Sketch:
    """What tells the papers of one layout from others.

    ``words`` are those of its head and foot, ``marks`` the numbers and sites that name a firm, ``names`` those of the
    supplier that it prints; ``text`` is that of the whole first page in plain words, which is not kept.
    """

    words: frozenset[str]
    marks: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    text: str = ""


class AlarmCode(StrEnum):
    """What is odd about a document, so that somebody must look."""

    IBAN_CHANGED = "iban-changed"
    OTHER_BUYER = "other-buyer"
    BOOKED = "booked"
    WRONG_VAT = "wrong-vat"
    WRONG_SIREN = "wrong-siren"
    WRONG_SIRET = "wrong-siret"
    FUTURE = "future"
    OLD = "old"
    TOTAL = "total"


class Weight(StrEnum):
    """STOP keeps a document from being ready until a person looked; NOTE is said beside its fields."""

    STOP = "stop"
    NOTE = "note"


class AlarmState(StrEnum):
    """Whether an alarm is still to be looked at."""

    OPEN = "open"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Found:
    """One alarm as it was found: its code, how much it weighs, and the facts that its sentence names."""

    code: AlarmCode
    facts: Mapping[str, str] = field(default_factory=dict)
    weight: Weight = Weight.STOP


@dataclass(frozen=True, slots=True)
class Seen:
    """What one document says, as alarms judge it; None or blank where not known.

    ``is_exact`` says that an e-invoice's data says so, ``is_buyer_sure`` that the customer's name was read surely.
    """

    supplier_vat: str = ""
    supplier_siren: str = ""
    supplier_siret: str = ""
    customer_vat: str = ""
    customer_siren: str = ""
    customer_name: str = ""
    iban: str = ""
    issue_date: date | None = None
    total: Decimal | None = None
    currency: str = ""
    is_exact: bool = False
    is_buyer_sure: bool = False


@dataclass(frozen=True, slots=True)
class Habit:
    """What a supplier's earlier documents say: totals in the document's currency, and accounts, the latest last."""

    name: str = ""
    totals: tuple[Decimal, ...] = ()
    ibans: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Client:
    """Who the file is of: its SIREN, and the names by which it is known, those that a person said among them."""

    siren: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """By what a document names its supplier; blank where it does not."""

    name: str = ""
    vat: str = ""
    siren: str = ""
    siret: str = ""
    iban: str = ""

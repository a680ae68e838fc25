"""Words of outside engines: what they are shown, what they say, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from liasse.reading.types import FieldName, VatLine

ASKED: Final = (
    FieldName.SUPPLIER_NAME,
    FieldName.SUPPLIER_VAT,
    FieldName.SUPPLIER_SIREN,
    FieldName.INVOICE_NUMBER,
    FieldName.ORDER_NUMBER,
    FieldName.ISSUE_DATE,
    FieldName.DUE_DATE,
    FieldName.CURRENCY,
    FieldName.TOTAL_NET,
    FieldName.TOTAL_VAT,
    FieldName.TOTAL_GROSS,
    FieldName.IBAN,
)
"""The fields that an engine is asked for; whatever else it says is not looked at."""


class Sends(StrEnum):
    """What an engine is shown of a page."""

    AUTO = "auto"
    """Its words where it has real text, its picture where it has not."""
    PICTURES = "pictures"
    """Its picture, always."""
    WORDS = "words"
    """Its words, also those that OCR saw; never a picture."""


class Trouble(StrEnum):
    """Why an engine was not asked, or gave no answer that could be used."""

    AWAY = "away"
    BUSY = "busy"
    KEY = "key"
    CREDIT = "credit"
    NOT_THERE = "not-there"
    REFUSED = "refused"
    TOO_LARGE = "too-large"
    REDIRECT = "redirect"
    ANSWER = "answer"
    ADDRESS = "address"
    NOTHING = "nothing"
    OFF = "off"


class State(StrEnum):
    """Where the question about a document stands."""

    WAITING = "waiting"
    ANSWERED = "answered"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Destination:
    """Where documents go: `host` with its port, and whether that is this machine or its own network."""

    host: str
    is_near: bool
    model: str
    sends: Sends


@dataclass(frozen=True, slots=True)
class ShownPage:
    """One page as an engine is shown it: its words in lines, or its picture."""

    page: int
    text: str = ""
    picture: bytes = b""
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What an engine said: texts by field as it wrote them, of known fields alone; none of it is judged yet."""

    values: Mapping[FieldName, str] = field(default_factory=dict)
    vat: tuple[VatLine, ...] = ()
    bytes_sent: int = 0
    seconds: float = 0.0
    requests: int = 1


class Outcome(StrEnum):
    """What became of one value that an engine said."""

    AGREES = "agrees"
    """As it was read, and the page bears it out: surer than before."""
    SAME = "same"
    """As it was read, but nothing on the page bears it out: as sure as before."""
    FILLED = "filled"
    """On the page, where nothing was read: in the field, in doubt."""
    REPLACED = "replaced"
    """On the page, where what was read is not, or does not add up: in the field, in doubt."""
    DIFFERS = "differs"
    """On the page, but something else was read: that stays, less sure."""
    NOT_ON_PAGE = "not-on-page"
    """Left out."""
    SUMS = "sums"
    """An amount of sums that do not add up: left out."""
    KEPT = "kept"
    """A person's value, exact data or what was learned stands there."""
    UNUSABLE = "unusable"
    """No value of this field's kind, or the client's own: left out."""

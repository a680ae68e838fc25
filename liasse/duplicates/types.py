"""Words of documents that may be there twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Ground(StrEnum):
    """Why two documents may be one and the same."""

    BYTES = "bytes"
    NUMBER = "number"
    SUMS = "sums"
    PICTURE = "picture"


class PairState(StrEnum):
    """What was said of two documents: nothing yet, both are wanted, or one is the other again."""

    OPEN = "open"
    KEPT = "kept"
    ASIDE = "aside"


class Verdict(StrEnum):
    """What a person says of two documents; ``THIS`` is the one that is looked at."""

    BOTH = "both"
    THIS = "this"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Facts:
    """What tells documents apart: keys of number and supplier, day and total, blank or None where not known."""

    sha256: str
    number_key: str = ""
    supplier_id: str = ""
    supplier_key: str = ""
    issue_date: date | None = None
    total: Decimal | None = None
    currency: str = ""

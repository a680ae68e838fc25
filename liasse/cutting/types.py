"""Words of cutting and joining."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID


class Reason(StrEnum):
    """What speaks most for a cut between two pages."""

    NUMBER = "number"
    SUPPLIER = "supplier"
    COUNTER = "counter"
    HEAD = "head"
    TOTAL = "total"
    BLANK = "blank"
    SEPARATOR = "separator"
    CODE = "code"
    WISH = "wish"


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What one page says that tells documents apart; blank or None where it does not say.

    ``ids`` are VAT numbers, SIREN and IBANs of whoever wrote the page, ``mentioned`` all that looks like a number of
    a document. ``counter`` is "page 2 of 3" (0 of an unknown number). ``ink`` is the share of the page that is
    not paper, from 0 to 1; None when it was not looked at. ``codes`` are what its barcodes say, and ``is_sheet``
    that it is a separator sheet and nothing else, which is no page of any document.
    """

    has_words: bool = False
    number: str = ""
    number_confidence: float = 0.0
    supplier: str = ""
    ids: frozenset[str] = frozenset()
    date: str = ""
    total: str = ""
    has_title: bool = False
    counter: tuple[int, int] | None = None
    is_carried_over: bool = False
    mentioned: frozenset[str] = frozenset()
    separator: str = ""
    ink: float | None = None
    shape: float = 0.0
    codes: frozenset[str] = frozenset()
    is_sheet: bool = False

    def to_json(self) -> dict[str, Any]:
        """Give the facts as the child answers them."""
        return {
            "has_words": self.has_words,
            "number": self.number,
            "number_confidence": self.number_confidence,
            "supplier": self.supplier,
            "ids": sorted(self.ids),
            "date": self.date,
            "total": self.total,
            "has_title": self.has_title,
            "counter": list(self.counter) if self.counter else None,
            "is_carried_over": self.is_carried_over,
            "mentioned": sorted(self.mentioned),
            "separator": self.separator,
            "ink": self.ink,
            "shape": self.shape,
            "codes": sorted(self.codes),
            "is_sheet": self.is_sheet,
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> PageFacts:
        """Give the facts of their JSON."""
        counter = found.get("counter")
        rest = {name: found[name] for name in found if name not in {"ids", "mentioned", "codes", "counter"}}
        return cls(
            ids=frozenset(found.get("ids", ())),
            mentioned=frozenset(found.get("mentioned", ())),
            codes=frozenset(found.get("codes", ())),
            counter=(int(counter[0]), int(counter[1])) if counter else None,
            **rest,
        )


@dataclass(frozen=True, slots=True)
class Cut:
    """A cut behind a page (counted from 1), how sure it is from 0 to 1, and what speaks most for it."""

    after: int
    confidence: float
    reason: Reason
    detail: str = ""

    def to_json(self) -> dict[str, Any]:
        """Give the cut as `Document.cuts` keeps it."""
        return {"after": self.after, "confidence": self.confidence, "reason": self.reason.value, "detail": self.detail}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Cut:
        """Give the cut of its JSON; raises ValueError, KeyError or TypeError for what is none."""
        return cls(
            after=int(found["after"]),
            confidence=float(found["confidence"]),
            reason=Reason(found["reason"]),
            detail=str(found.get("detail", "")),
        )


@dataclass(frozen=True, slots=True)
class PageOf:
    """One page of a document that lies on a table to be cut or joined, and by how many degrees it is turned."""

    document_id: UUID
    page: int
    turn: int = 0

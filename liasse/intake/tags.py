"""The words after the ``+`` of an address: what a sender wishes without a screen. None is ever refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from liasse.intake.types import Cutting, Side, Wish

_SIDES: Final = {"ventes": Side.SALES, "sales": Side.SALES, "achats": Side.COSTS, "costs": Side.COSTS}
_CUTTINGS: Final = {"pages": Cutting.PAGES, "un": Cutting.WHOLE, "whole": Cutting.WHOLE}
_LONGEST: Final = 40


def wish_of(tag: str, *, owner_id: UUID | None = None) -> Wish:
    """Give the wish that a tag such as ``ventes+pages`` makes; what is not known wishes nothing."""
    side, cutting = Side.COSTS, Cutting.AUTOMATIC
    for word in _words(tag):
        side = _SIDES.get(word, side)
        cutting = _CUTTINGS.get(word, cutting)
    return Wish(owner_id=owner_id, side=side, cutting=cutting)


def unknown_words(envelope_to: str) -> list[str]:
    """Give the words after the + of an address as it was typed that mean nothing here, for whoever looks at it."""
    tag = envelope_to.rpartition("@")[0].partition("+")[2]
    return [word[:_LONGEST] for word in _words(tag) if word not in _SIDES and word not in _CUTTINGS]


def _words(tag: str) -> Iterator[str]:
    return (word for word in tag.lower().split("+") if word)

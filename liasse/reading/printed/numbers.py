"""The number of the document, and that of the order: what stands at their labels and looks like a number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from liasse.reading.page import labels
from liasse.reading.page.labelled import confidence, matches, ways
from liasse.reading.page.values import amounts, days
from liasse.reading.types import Field, Place, Source

if TYPE_CHECKING:
    from liasse.reading.page.layout import Cell, Layout

_TOKEN = re.compile(r"[a-z0-9][a-z0-9._/\-#]*[a-z0-9]|[a-z0-9]")
_DATE_LIKE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
_WORD_LIKE = re.compile(r"[a-z]{2}[0158][a-z]{2}")
_FILLER = re.compile(r"^[\s:.#-]*(?:no\.?|nr\.?|num\.?|numero|number|n\.)?[\s:.#-]*")
_LONGEST: Final = 40
# Two numbers whose labels say so about as surely are rivals.
_RIVALS: Final = 0.08


def read_number(layout: Layout) -> Field | None:
    """Return the number at the surest label, high on the first page; other documents' numbers are left alone."""
    found: dict[str, tuple[float, Place, tuple[str, ...]]] = {}
    for match in matches(layout, labels.NUMBER):
        written = match.cell.label
        if labels.NOT_OUR_NUMBER.search(written) or labels.OTHER_NUMBER.search(written, match.start, match.end):
            continue
        for factor, cell, start, way in ways(layout, match):
            token = _token(cell, start)
            if token is None:
                continue
            score = match.weight * factor - 0.1 * (match.cell.place.page - 1) - 0.1 * match.cell.place.y0
            known = found.get(token[0])
            if known is None or score > known[0]:
                codes: tuple[str, ...] = ("label" if match.weight >= 1 else "weak-label", way)
                codes += () if written == match.cell.folded else ("fuzzy",)
                found[token[0]] = (score, token[1], codes)
            break
    if not found:
        return None
    (value, (score, place, spoken)), *others = sorted(found.items(), key=lambda item: -item[1][0])
    if others and score - others[0][1][0] < _RIVALS and value not in others[0][0] and others[0][0] not in value:
        spoken = (*spoken, "rivals")
    return Field(value, Source.TEXT, confidence(score), "BT-1", place, spoken)


def read_order(layout: Layout) -> Field | None:
    """Return the number at the first label of an order."""
    for match in matches(layout, labels.ORDER):
        for factor, cell, start, way in ways(layout, match):
            found = _token(cell, start)
            if found is not None:
                score = confidence(0.8 * match.weight * factor)
                return Field(found[0], Source.TEXT, score, "BT-13", found[1], ("label", way))
    return None


def _token(cell: Cell, start: int) -> tuple[str, Place] | None:
    """Return the number that the text from `start` begins with: it has a digit and is no date."""
    filler = _FILLER.match(cell.folded[start:])
    at = start + (filler.end() if filler else 0)
    if start and at == start and cell.folded[at : at + 1] != " ":
        return None
    found = _TOKEN.match(cell.folded, at)
    if found is None or not any(character.isdigit() for character in found[0]):
        return None
    if cell.label[found.start() : found.end()] != found[0] and _WORD_LIKE.search(found[0]):
        # A label that OCR misread with a digit in it is no number.
        return None
    if _DATE_LIKE.fullmatch(found[0]) or len(found[0]) > _LONGEST or _is_other(cell, found.start(), found.end()):
        return None
    return cell.text[found.start() : found.end()], cell.place_of(found.start(), found.end())


def _is_other(cell: Cell, start: int, end: int) -> bool:
    """Tell whether what looks like a number is an amount, or part of a date: the 24 of "24 January"."""
    taken = [(amount.start, amount.end) for amount in amounts(cell)]
    taken += [(day.start, day.end) for day in days(cell, month_first=False)]
    return any(first < end and last > start for first, last in taken)

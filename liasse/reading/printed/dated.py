"""The days of a document: issued, due, delivered. Which of 03/04 is the day is decided once for the whole paper."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from liasse.lib.dates import FIRST_YEAR, month_comes_first
from liasse.reading.page import labels, titles
from liasse.reading.page.labelled import LEADING, confidence, matches, ways
from liasse.reading.page.values import Day, days
from liasse.reading.types import Field, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liasse.reading.page.labels import Label
    from liasse.reading.page.layout import Cell, Layout

_TITLE_WORDS: Final = 7
_TITLE_LINE_WORDS: Final = 14
# How many characters may stand between a label and its date.
_BEFORE_DUE: Final = 30
_BEFORE_ISSUED: Final = 12
_RIVALS: Final = 0.1
# An ambiguous date is at most so sure: a person is asked.
_AMBIGUOUS: Final = 0.5
_DAY_FIRST = re.compile(
    r"\u20ac|\beur\b|\u00a3|\bgbp\b|\brm ?\d|sdn\.? ?bhd|\bsiret\b|\bust\b|\btva\b|\bmwst\b|\bbtw\b|\bgst (?:id|"
    r"no|reg)|malaysia"
)
_DOLLARS_ELSEWHERE = re.compile(r"\bcad\b|\baud\b|\bsgd\b|\bhkd\b|\bnzd\b|australia|singapore|new zealand|hong kong")
_DAY_FIRST_LANGUAGES: Final = frozenset({"fr", "de", "es", "it", "nl"})


@dataclass(frozen=True, slots=True)
class DayOrder:
    """Whether the month comes first on a paper, and whether anything decides it."""

    month_first: bool
    is_decided: bool


def day_order(layout: Layout, language: str | None) -> DayOrder:
    """Tell whether 03/04 is the 4th of March: by a date that proves it, else by language, currency or country."""
    text = "\n".join(cell.figures for cell in layout.cells)
    proved = month_comes_first(text)
    if proved is not None:
        return DayOrder(proved, is_decided=True)
    if language in _DAY_FIRST_LANGUAGES or _DAY_FIRST.search(text):
        return DayOrder(month_first=False, is_decided=True)
    has_dollars = "$" in text or re.search(r"\busd\b", text) is not None
    if (has_dollars or titles.US_ADDRESS.search(text)) and not _DOLLARS_ELSEWHERE.search(text):
        return DayOrder(month_first=True, is_decided=True)
    return DayOrder(month_first=False, is_decided=False)


def read_dated(layout: Layout, table: tuple[Label, ...], *, order: DayOrder, term: str) -> Field | None:
    """Return the date of the surest label; the last of equals, since terms stand at the end."""
    best: tuple[float, Day, str] | None = None
    for match in matches(layout, table):
        for factor, cell, start, way in ways(layout, match):
            found = [day for day in days(cell, month_first=order.month_first) if day.start >= start]
            if not found or found[0].start - start > _BEFORE_DUE:
                continue
            score = match.weight * factor * (1.0 if cell is not match.cell or match.start <= LEADING else 0.9)
            if best is None or score > best[0]:
                best = (score, found[0], way)
            break
    return None if best is None else _field(best[1], best[0], term, order=order, codes=("label", best[2]))


def _field(day: Day, score: float, term: str, *, order: DayOrder, codes: tuple[str, ...]) -> Field:
    is_likely = int(day.value[:4]) > FIRST_YEAR
    sure = confidence(score * (0.95 if is_likely else 0.6))
    if day.is_ambiguous and not order.is_decided:
        return Field(day.value, Source.TEXT, min(sure, _AMBIGUOUS), term, day.place, (*codes, "ambiguous"))
    return Field(day.value, Source.TEXT, sure, term, day.place, codes)


def read_issued(layout: Layout, *, order: DayOrder) -> Field | None:
    """Return the invoice's date: of its label, else behind its number, else the first that is no other's."""
    candidates = sorted(_issue_dates(layout, order=order), key=lambda item: -item[0])
    if not candidates:
        return None
    score, day, code = candidates[0]
    others = [other for other in candidates[1:] if other[1].value != day.value]
    codes = (code, "rivals") if others and score - others[0][0] < _RIVALS else (code,)
    if not others:
        codes = (*codes, "only")
    return _field(day, score, "BT-2", order=order, codes=codes)


def _issue_dates(layout: Layout, *, order: DayOrder) -> Iterator[tuple[float, Day, str]]:
    for match in matches(layout, labels.ISSUED):
        written = match.cell.label
        if (match.weight < 1.0 and labels.OTHER_DATES.search(written)) or labels.NOT_OUR_NUMBER.search(written):
            continue
        for factor, cell, start, _ in ways(layout, match):
            found = [day for day in days(cell, month_first=order.month_first) if day.start >= start]
            if found and found[0].start - start <= _BEFORE_ISSUED:
                depth = (0.15 if match.weight >= 1.0 else 0.3) * _depth(match.cell)
                yield match.weight * factor - depth, found[0], "label" if match.weight >= 1.0 else "weak-label"
                break
    for cell in layout.cells:
        yield from _bare_dates(layout, cell, order=order)


def _bare_dates(layout: Layout, cell: Cell, *, order: DayOrder) -> Iterator[tuple[float, Day, str]]:
    found = list(days(cell, month_first=order.month_first))
    if not found:
        return
    is_title = bool(titles.INVOICE_WORDS.search(cell.label)) or bool(titles.CREDIT_TITLES.search(cell.label))
    before = cell.label[: found[0].start]
    if labels.NOT_OUR_NUMBER.search(before):
        return
    if is_title and len(cell.words) <= _TITLE_LINE_WORDS and not labels.OTHER_DATES.search(before):
        yield 0.85 - 0.15 * _depth(cell), found[0], "title"
    elif not labels.OTHER_DATES.search(cell.label) and len(cell.words) <= _TITLE_WORDS:
        yield 0.45 - 0.15 * _depth(cell) - (0.2 if _is_under_other(layout, cell) else 0.0), found[0], "lone"


def _is_under_other(layout: Layout, cell: Cell) -> bool:
    """Tell whether a lone date stands beside or under the label of some other date."""
    line = [other for other in layout.lines[cell.line] if other.place.x1 <= cell.place.x0]
    over = layout.above(cell, reach=2 * cell.height)
    return any(labels.OTHER_DATES.search(other.label) for other in [*line[-1:], *over[:1]])


def _depth(cell: Cell) -> float:
    return min(cell.place.page - 1 + cell.place.y0, 2.0)

"""Where a corrected value stood, and where the value of the next document of that layout stands. Pure.

An anchor is found by matching what a person typed among the words of the page. It is used by looking, among all runs
of words of the same form, for the one with the same label beside or over it; where it stands decides between equals.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from liasse.lib.text import fold
from liasse.reading.types import FieldName, Place, Word
from liasse.suppliers.spans import FORMS, Lines, Span, label_above, left_label, lines_of, spans_of
from liasse.suppliers.types import Anchor, Form

MOST_ANCHORS: Final = 4
"""A value may stand on the page more than once; so many of its places are remembered, the best labelled first."""

_LATEST: Final = frozenset({FieldName.DUE_DATE, FieldName.PERIOD_END})
_LARGEST: Final = frozenset({FieldName.TOTAL_GROSS, FieldName.AMOUNT_DUE})
_REACH: Final = 0.3
"""How far over a value its label may stand, of the page's height: a column's head stands over the last of its rows."""

_ALIKE: Final = 0.6
_NEAR: Final = 0.02
_LEAST: Final = 3.0
_APART: Final = 0.75


@dataclass(frozen=True, slots=True)
class Page:
    """A page's lines, and whether it is the last."""

    number: int
    is_last: bool
    lines: Lines
    labelled: dict[tuple[Form, bool], list[tuple[Span, str, str]]] = field(default_factory=dict)

    def spans(self, form: Form, *, month_first: bool) -> list[tuple[Span, str, str]]:
        """Give the runs of words of a form, each with the words beside and over it; looked for once."""
        key = (form, month_first)
        if key not in self.labelled:
            self.labelled[key] = [
                (span, left_label(self.lines, span), label_above(self.lines, span, reach=_REACH))
                for span in spans_of(self.lines, form, month_first=month_first)
            ]
        return self.labelled[key]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A value that an anchor found. ``is_labelled`` says that words beside or over it were the same as then.

    ``is_alone`` says that nothing else on the page fits nearly as well.
    """

    value: str
    place: Place
    score: float
    is_labelled: bool
    is_alone: bool


def pages_of(words: Iterable[Word]) -> list[Page]:
    """Give the pages that words stand on."""
    known = list(words)
    numbers = sorted({word.place.page for word in known})
    return [Page(number, is_last=number == numbers[-1], lines=lines_of(known, page=number)) for number in numbers]


# ------------------------------------------------------------------------------------------------- remembering


def anchors_of(name: FieldName, value: str, pages: Sequence[Page]) -> tuple[Anchor, ...]:
    """Give where a value stands on the pages; nothing where it does not, or where its field is on no page."""
    form = FORMS.get(name)
    if form is None:
        return ()
    wanted = _compared(value, form)
    for month_first in (False, True):
        found = [
            _anchor(span, page, left=left, above=above, month_first=month_first)
            for page in pages
            for span, left, above in page.spans(form, month_first=month_first)
            if _compared(span.value, form) == wanted
        ]
        if found or form is not Form.DATE:
            return tuple(sorted(found, key=lambda one: (not one.left, not one.above))[:MOST_ANCHORS])
    return ()


def _compared(value: str, form: Form) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(value)) if form is Form.CODE else value


def _anchor(span: Span, page: Page, *, left: str, above: str, month_first: bool) -> Anchor:
    box = span.place
    return Anchor(
        left=left,
        above=above,
        page=page.number,
        is_last=page.is_last,
        x0=round(box.x0, 4),
        y0=round(box.y0, 4),
        x1=round(box.x1, 4),
        y1=round(box.y1, 4),
        shape=shape_of(span.value),
        month_first=month_first,
    )


def shape_of(code: str) -> str:
    """Give the shape of a code: "FA-2026/12" is "A-9/9"."""
    return re.sub(r"\d+", "9", re.sub(r"[^\W\d_]+", "A", code))


# ----------------------------------------------------------------------------------------------------- finding


def sightings(name: FieldName, anchors: Sequence[Anchor], pages: Sequence[Page]) -> list[Sighting]:
    """Give what anchors of a field find on the pages of another document, the best first, each value once."""
    form = FORMS[name]
    best: dict[str, Sighting] = {}
    for anchor in anchors:
        found = _best(anchor, form=form, pages=pages)
        if found is not None and (found.value not in best or best[found.value].score < found.score):
            best[found.value] = found
    ranked = sorted(best.values(), key=lambda one: -one.score)
    near = [one for one in ranked if ranked[0].score - one.score < _APART]
    if len(near) > 1:
        # What stood at several labels then stands at one of them now: nothing tells at which.
        near = [replace(one, is_alone=False) for one in _in_order(name, near)]
    return [*near, *ranked[len(near) :]]


def _in_order(name: FieldName, near: list[Sighting]) -> list[Sighting]:
    """Put sightings that fit equally well in the order of what the field means.

    A value that stood at several labels when it was corrected may differ there on the next document: an issue date is
    the first of its dates and a due date the last, the gross is the largest of its amounts.
    """
    if FORMS[name] is Form.DATE:
        return sorted(near, key=lambda one: one.value, reverse=name in _LATEST)
    if name in _LARGEST:
        return sorted(near, key=lambda one: -Decimal(one.value))
    return near


@dataclass(frozen=True, slots=True)
class _Scored:
    score: float
    away: float
    is_labelled: bool
    span: Span


def _best(anchor: Anchor, *, form: Form, pages: Sequence[Page]) -> Sighting | None:
    scored = sorted(_scored(anchor, form=form, pages=pages), key=lambda one: (-one.score, one.away))
    if not scored or scored[0].score < _LEAST:
        return None
    top = scored[0]
    rivals = [one for one in scored[1:] if one.span.value != top.span.value and top.score - one.score < _APART]
    return Sighting(
        value=top.span.value,
        place=top.span.place,
        score=top.score,
        is_labelled=top.is_labelled,
        # A code of another shape may be anything that stands at that label.
        is_alone=not rivals and (form is not Form.CODE or shape_of(top.span.value) == anchor.shape),
    )


def _scored(anchor: Anchor, *, form: Form, pages: Sequence[Page]) -> Iterator[_Scored]:
    for page in pages:
        if page.number != anchor.page and not (page.is_last and anchor.is_last):
            continue
        for span, left, above in page.spans(form, month_first=anchor.month_first):
            yield _score(anchor, span, form=form, left=likeness(anchor.left, left), above=likeness(anchor.above, above))


def _score(anchor: Anchor, span: Span, *, form: Form, left: float, above: float) -> _Scored:
    """Weigh a run of words against an anchor: its labels first, then where it stands, then its shape."""
    box = span.place
    across = min(abs(box.x0 - anchor.x0), abs(box.x1 - anchor.x1))
    down = abs(box.y0 - anchor.y0)
    score = 3.0 * left + (1.0 if anchor.left else 2.0) * above
    score += max(0.0, 1 - across / (2 * _NEAR)) + max(0.0, 1 - down / (2 * _NEAR))
    if form is Form.CODE:
        score += 1.0 if shape_of(span.value) == anchor.shape else -1.0
    # A value that had no label then is found by its place alone, if it is just there.
    if not anchor.left and not anchor.above and across < _NEAR and down < _NEAR:
        score += 1.5
    return _Scored(score=score, away=across + down, is_labelled=bool(left or above), span=span)


@lru_cache(maxsize=4096)
def likeness(one: str, other: str) -> float:
    """Give how alike two labels are, from 0 to 1, so that a letter or two that OCR misread do not matter."""
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    ratio = SequenceMatcher(None, one.replace(" ", ""), other.replace(" ", "")).ratio()
    return ratio if ratio >= _ALIKE else 0.0

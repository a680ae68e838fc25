"""A second look at the words that a document is booked by, where OCR saw them: read alike again, or otherwise.

A letter misread is as sure of itself as one read well. Read from a picture made ready otherwise, it is seldom
misread the same way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from liasse.lib.text import fold
from liasse.reading.printed.shop_words import mended_name
from liasse.reading.sight import is_in
from liasse.reading.types import Field, FieldName, Place, Source, Word
from liasse.reading.words import Again, Box, PageWords, box_rounded

TWICE: Final = "seen_twice"
"""At every look the words of the value were the same."""
OTHERWISE: Final = "seen_otherwise"
"""At half of the looks or more they were others."""
UNSTEADY: Final = "seen_unsteadily"
"""At some look they were others."""

LOOKED_AT: Final = (
    FieldName.SUPPLIER_NAME,
    FieldName.ISSUE_DATE,
    FieldName.TOTAL_GROSS,
    FieldName.INVOICE_NUMBER,
    FieldName.TOTAL_VAT,
    FieldName.TOTAL_NET,
    FieldName.DUE_DATE,
    FieldName.SUPPLIER_VAT,
)
"""What a document is booked by, the weightiest first."""

_AMOUNTS: Final = frozenset({FieldName.TOTAL_GROSS, FieldName.TOTAL_VAT, FieldName.TOTAL_NET})
_MOST_LINES: Final = 9
_LEAST_APART: Final = 0.5

type Looker = Callable[[int, Sequence[Box]], list[tuple[str, ...]]]
"""Reads lines of a page again, by the boxes round their words on the page made straight."""


def looked_again(pages: Sequence[PageWords], fields: Mapping[FieldName, Field], *, look: Looker) -> list[PageWords]:
    """Return the pages with what a second look at the values saw; pages that OCR did not read stay as they are."""
    wanted = wanted_boxes(pages, fields)
    found = []
    for page in pages:
        boxes = wanted.get(page.page, [])
        looks = look(page.page, boxes) if boxes else []
        again = tuple(Again(box, texts) for box, texts in zip(boxes, looks, strict=True))
        found.append(replace(page, again=again) if again else page)
    return found


def wanted_boxes(pages: Sequence[PageWords], fields: Mapping[FieldName, Field]) -> dict[int, list[Box]]:
    """Return, by page, the lines that the values that matter stand in, as boxes round their words; not too many."""
    boxes: dict[tuple[int, Box], None] = {}
    for name in LOOKED_AT:
        for page, line in _lines_of(fields.get(name), pages):
            boxes[page.page, _box_of(line)] = None
    wanted: dict[int, list[Box]] = {}
    for number, box in list(boxes)[:_MOST_LINES]:
        wanted.setdefault(number, []).append(box)
    return wanted


def with_second_look(fields: Mapping[FieldName, Field], pages: Sequence[PageWords]) -> dict[FieldName, Field]:
    """Return the fields with what the second look saw of them among their evidence."""
    return {name: _compared(name, field, pages) if name in LOOKED_AT else field for name, field in fields.items()}


def _compared(name: FieldName, field: Field, pages: Sequence[PageWords]) -> Field:
    lines: list[tuple[str, tuple[str, ...]]] = []
    for page, line in _lines_of(field, pages):
        again = next((one for one in page.again if one.box == _box_of(line)), None)
        if again is None:
            return field
        lines.append((" ".join(word.text for word in line), again.texts))
    looks = min((len(texts) for _, texts in lines), default=0)
    if not looks:
        return field
    same = sum(_is_same(name, field, [(first, texts[at]) for first, texts in lines]) for at in range(looks))
    code = TWICE if same == looks else OTHERWISE if same <= looks * _LEAST_APART else UNSTEADY
    return replace(field, evidence=(*field.evidence, code))


def _is_same(name: FieldName, field: Field, lines: Sequence[tuple[str, str]]) -> bool:
    """Tell whether a look saw the value; what stands beside it may come into sight or not."""
    if name is FieldName.SUPPLIER_NAME:
        return _key(field.value or "") in _key(mended_name(" ".join(text for _, text in lines)))
    return all(_holds(_key(first), _key(text), is_amount=name in _AMOUNTS) for first, text in lines)


def _holds(first: str, other: str, *, is_amount: bool) -> bool:
    at = other.find(first)
    # A digit before an amount makes another of it.
    return at >= 0 and not (is_amount and at and other[at - 1].isdigit() and first[:1].isdigit())


_NOT_KEY: Final = re.compile(r"[^0-9a-z]")
# Legal forms that OCR misspells and rules know all the same.
_FORM: Final = re.compile(r"s[dou0]n[b8]h[du0o]")


def _key(text: str) -> str:
    return _FORM.sub("sdnbhd", _NOT_KEY.sub("", fold(text)))


def _lines_of(field: Field | None, pages: Sequence[PageWords]) -> Iterator[tuple[PageWords, list[Word]]]:
    """Yield the lines of words that a value stands in, where OCR read its page."""
    if field is None or field.place is None or field.value is None:
        return
    for page in pages:
        if page.page == field.place.page and page.source is Source.OCR:
            for line in _in_lines(word for word in page.words if is_in(word.place, field.place)):
                yield page, line


def _in_lines(words: Iterator[Word]) -> list[list[Word]]:
    lines: list[list[Word]] = []
    for word in words:
        middle = (word.place.y0 + word.place.y1) / 2
        line = next((one for one in lines if one[0].place.y0 <= middle <= one[0].place.y1), None)
        if line is None:
            lines.append([word])
        else:
            line.append(word)
    return [sorted(line, key=_left) for line in sorted(lines, key=lambda one: one[0].place.y0)]


def _left(word: Word) -> float:
    return word.place.x0


def _box_of(words: Sequence[Word]) -> Box:
    places: list[Place] = [word.place for word in words]
    return box_rounded(
        (min(p.x0 for p in places), min(p.y0 for p in places), max(p.x1 for p in places), max(p.y1 for p in places))
    )

"""Runs of words on a page that may be a value: an amount, a date or a code, with the words around them.

Pure. The words are those of a page as shown, from its text or from OCR; what OCR joined ("N°:F-12") is cut first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from liasse.lib.dates import printed_dates
from liasse.lib.identifiers import compact, is_iban
from liasse.lib.money import canonical_amount, parse_printed_amount
from liasse.lib.text import fold
from liasse.reading.types import FieldName, Place, Word
from liasse.suppliers.types import Form

FORMS: Final = {
    **dict.fromkeys(
        (FieldName.TOTAL_NET, FieldName.TOTAL_VAT, FieldName.TOTAL_GROSS, FieldName.AMOUNT_DUE, FieldName.TIP),
        Form.AMOUNT,
    ),
    **dict.fromkeys(
        (
            FieldName.ISSUE_DATE,
            FieldName.DUE_DATE,
            FieldName.DELIVERY_DATE,
            FieldName.PERIOD_START,
            FieldName.PERIOD_END,
        ),
        Form.DATE,
    ),
    FieldName.INVOICE_NUMBER: Form.CODE,
    FieldName.ORDER_NUMBER: Form.CODE,
    FieldName.CARD_LAST4: Form.CODE,
    FieldName.IBAN: Form.IBAN,
}
"""The fields whose value stands somewhere on the page and changes from one document to the next, and their form."""

_MOST_WORDS: Final = {Form.AMOUNT: 4, Form.DATE: 5, Form.CODE: 3, Form.IBAN: 9}
_JOINED: Final = re.compile(r"(?<=[:°º#=|])(?=[^\s:°º#=|])|(?<=[\dA-Za-z])(?=[:°º=|]$)")
_MONEY: Final = re.compile(r"(?:€|\$|£|\b(?:eur|euros?|usd|gbp|chf)\b)", re.IGNORECASE)
_EDGES: Final = " \t.,;:()[]{}|*'\"«»<>"
_DIGIT: Final = re.compile(r"\d")
_LETTER: Final = re.compile(r"[^\W\d_]")
_GAP: Final = 0.035
"""Of the page's width: words closer than this belong to one cell."""
_THIN_GAP: Final = 0.012
"""The blank between the thousands of one amount is no wider; that between two amounts is."""


@dataclass(frozen=True, slots=True)
class Span:
    """Some neighbouring words of a line: the canonical value they are, and their box."""

    value: str
    text: str
    place: Place
    line: int
    first: int
    last: int


type Lines = list[list[Word]]
"""The words of one page: lines from top to bottom, each from left to right."""


def lines_of(words: Iterable[Word], *, page: int) -> Lines:
    """Give the lines of a page."""
    cut = [part for word in words if word.place.page == page for part in _cut(word)]
    lines: Lines = []
    for word in sorted(cut, key=lambda one: (one.place.y0 + one.place.y1, one.place.x0)):
        middle = (word.place.y0 + word.place.y1) / 2
        last = lines[-1] if lines else []
        if last and last[0].place.y0 <= middle <= last[0].place.y1:
            last.append(word)
        else:
            lines.append([word])
    for line in lines:
        line.sort(key=lambda one: one.place.x0)
    return lines


def _cut(word: Word) -> Iterator[Word]:
    """Yield the parts of a word that stands stuck to its label."""
    ends = [found.end() for found in _JOINED.finditer(word.text)]
    if not ends or "://" in word.text or re.fullmatch(r"\d{1,2}:\d{2}(?::\d{2})?", word.text):
        yield word
        return
    box, whole = word.place, len(word.text)
    for start, end in zip([0, *ends], [*ends, whole], strict=True):
        if start < end:
            x0, x1 = (box.x0 + (box.x1 - box.x0) * at / whole for at in (start, end))
            yield Word(word.text[start:end], Place(box.page, x0, box.y0, x1, box.y1))


def spans_of(lines: Lines, form: Form, *, month_first: bool = False) -> Iterator[Span]:
    """Yield every run of words that is a value of this form, the longest that begins with each word."""
    for number, line in enumerate(lines):
        at = 0
        while at < len(line):
            found = _longest(line, at, form=form, number=number, month_first=month_first)
            if found is not None:
                yield found
            # A code may begin inside what another one begins with; an amount may not.
            at = found.last + 1 if found is not None and form is not Form.CODE else at + 1


def _longest(line: Sequence[Word], first: int, *, form: Form, number: int, month_first: bool) -> Span | None:
    for count in range(min(_MOST_WORDS[form], len(line) - first), 0, -1):
        run = line[first : first + count]
        gap = _THIN_GAP if form is Form.AMOUNT else _GAP
        if any(after.place.x0 - before.place.x1 > gap for before, after in pairwise(run)):
            continue
        value = value_of([word.text for word in run], form, month_first=month_first)
        if value is not None:
            text = " ".join(word.text for word in run)
            return Span(value, text, around(run), line=number, first=first, last=first + count - 1)
    return None


def value_of(words: Sequence[str], form: Form, *, month_first: bool = False) -> str | None:
    """Give the canonical value that these words are, all of them; None where they are none of this form."""
    text = " ".join(words)
    if form is Form.AMOUNT:
        return _amount(words)
    if form is Form.DATE:
        plain = fold(text).strip(_EDGES)
        found = next(iter(printed_dates(plain, month_first=month_first)), None)
        return found.day if found and (found.start, found.end) == (0, len(plain)) else None
    if form is Form.IBAN:
        plain = compact(text.strip(_EDGES))
        return plain if is_iban(plain) else None
    code = text.strip(_EDGES)
    is_code = bool(_DIGIT.search(code)) and all(_DIGIT.search(word) or len(word) <= 3 for word in words)  # noqa: PLR2004
    return code if is_code and len(code) <= 40 else None  # noqa: PLR2004 - longer than any number of a document


def _amount(words: Sequence[str]) -> str | None:
    plain = [_MONEY.sub("", word).strip(" :*=") for word in words]
    if not plain[0] or (len(words) > 1 and not plain[-1]):
        return None
    groups = [part for part in plain if part]
    # "1 234,56" is one amount of two words, "20 120,00" two of them.
    if any(not re.match(r"\d{3}(?!\d)", part) for part in groups[1:]) or not re.search(r"\d", groups[-1]):
        return None
    joined = "".join(groups)
    if not re.search(r"[.,]\d{2}\D*$", joined):
        return None
    number = parse_printed_amount(joined)
    return None if number is None else canonical_amount(number)


def around(words: Sequence[Word]) -> Place:
    """Give the box around words of one page."""
    boxes = [word.place for word in words]
    return Place(
        boxes[0].page,
        min(box.x0 for box in boxes),
        min(box.y0 for box in boxes),
        max(box.x1 for box in boxes),
        max(box.y1 for box in boxes),
    )


def left_label(lines: Lines, span: Span) -> str:
    """Give the words left of a value on its line, without figures that stand between; blank where there are none."""
    before = list(reversed(lines[span.line][: span.first]))
    while before and not _is_label(before[0].text):
        before.pop(0)
    label: list[Word] = []
    for word in before:
        if label and (label[-1].place.x0 - word.place.x1 > _GAP or len(label) == 4):  # noqa: PLR2004
            break
        label.append(word)
    return label_key(" ".join(word.text for word in reversed(label)))


def _is_label(text: str) -> bool:
    return bool(_LETTER.search(_MONEY.sub("", text))) and not _DIGIT.search(text)


def label_above(lines: Lines, span: Span, *, reach: float) -> str:
    """Give the words of the nearest line above a value that stand over it; blank where none is within reach."""
    box = span.place
    for line in reversed(lines[: span.line]):
        over = [word for word in line if word.place.x1 > box.x0 - 0.01 and word.place.x0 < box.x1 + 0.01]
        if not over:
            continue
        if box.y0 - over[0].place.y1 > reach:
            break
        key = label_key(" ".join(word.text for word in over if _is_label(word.text)))
        if key:
            return key
    return ""


def label_key(text: str) -> str:
    """Give a label as it is compared: letters alone, folded."""
    return " ".join(re.findall(r"[a-z]+", fold(text)))[:60]

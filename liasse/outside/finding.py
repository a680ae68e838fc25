"""Where a value stands on the pages, in whichever way it is printed there; nowhere means that nobody can check it.

What OCR saw is looked through with the confusions that it makes: O for 0, l for 1, one letter of a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from liasse.lib.dates import printed_dates
from liasse.lib.identifiers import compact
from liasse.lib.money import parse_decimal, parse_printed_amount
from liasse.lib.text import fold
from liasse.reading.types import FieldName, Place, Source
from liasse.reading.words import PageWords

AMOUNTS: Final = (FieldName.TOTAL_NET, FieldName.TOTAL_VAT, FieldName.TOTAL_GROSS)
DATES: Final = (FieldName.ISSUE_DATE, FieldName.DUE_DATE)
NAMES: Final = (FieldName.SUPPLIER_NAME,)
_SIGNS: Final = {"EUR": ("€", "eur", "euro", "euros"), "USD": ("$", "usd"), "GBP": ("£", "gbp"), "CHF": ("chf", "fr.")}
_CURRENCY: Final = re.compile(r"EUR|USD|GBP|CHF|[€$£]")
_AS_DIGITS: Final = str.maketrans("OoQDlLI|SsBZz", "0000111155822")
_LONGEST_RUN: Final = {"amount": 4, "number": 10}
_LEAST_INSIDE: Final = 5
"""From so many characters on, an identifier may be part of a longer word, such as a SIREN of a SIRET."""
_LIKE: Final = 0.86
_THOUSANDS: Final = 3


@dataclass(frozen=True, slots=True)
class Found:
    """Where a value stands; a date is ambiguous where day and month could be the other way round."""

    place: Place
    is_ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class _Run:
    """Words side by side on one line of a page."""

    page: PageWords
    first: int
    last: int

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.page.words[self.first : self.last + 1])

    def part(self, start: int, end: int) -> _Run:
        """Give the words that reach into these characters of its text."""
        at, inside = 0, []
        for number in range(self.first, self.last + 1):
            after = at + len(self.page.words[number].text)
            if at < end and after > start:
                inside.append(number)
            at = after + 1
        return _Run(self.page, inside[0], inside[-1])

    @property
    def is_seen(self) -> bool:
        """Tell whether OCR saw it."""
        return self.page.source is Source.OCR

    @property
    def place(self) -> Place:
        """Give the box round its words, on the page as shown."""
        places = [word.place for word in self.page.words_shown()[self.first : self.last + 1]]
        return Place(
            self.page.page,
            min(place.x0 for place in places),
            min(place.y0 for place in places),
            max(place.x1 for place in places),
            max(place.y1 for place in places),
        )


def find(name: FieldName, value: str, pages: Sequence[PageWords]) -> Found | None:
    """Return where the canonical value of a field stands first, None where it stands nowhere."""
    if name in AMOUNTS:
        return _amount(value, pages)
    if name in DATES:
        return _date(value, pages)
    if name in NAMES:
        return _name(value, pages)
    if name is FieldName.CURRENCY:
        return _currency(value, pages)
    return _number(value, pages)


def _runs(pages: Sequence[PageWords], *, longest: int) -> Iterator[_Run]:
    """Yield all runs of words of a line, the shortest first."""
    ends = [(page, _line_ends(page)) for page in pages]
    for length in range(longest):
        for page, lasts in ends:
            for first, last in enumerate(lasts):
                if first + length <= last:
                    yield _Run(page, first, first + length)


def _line_ends(page: PageWords) -> list[int]:
    """Give for each word the last one behind it on its line."""
    ends = list(range(len(page.words)))
    for at in range(len(page.words) - 2, -1, -1):
        this, after = page.words[at].place, page.words[at + 1].place
        height = max(this.y1 - this.y0, after.y1 - after.y0)
        is_beside = abs((this.y0 + this.y1) - (after.y0 + after.y1)) < height and after.x0 > this.x0
        ends[at] = ends[at + 1] if is_beside else at
    return ends


def _first(pages: Sequence[PageWords], *, kind: str, is_it: Callable[[_Run], bool]) -> Found | None:
    found = next((run for run in _runs(pages, longest=_LONGEST_RUN[kind]) if is_it(run)), None)
    return None if found is None else Found(found.place)


def _amount(value: str, pages: Sequence[PageWords]) -> Found | None:
    wanted = parse_decimal(value)
    if wanted is None:
        return None

    def is_it(run: _Run) -> bool:
        text = _CURRENCY.sub("", run.text).strip(" *:;|%") if any(map(str.isdigit, run.text)) else ""
        if run.is_seen:
            text = text.translate(_AS_DIGITS)
        number = parse_printed_amount(text) if text else None
        return number is not None and abs(number) == abs(wanted) and not _is_tail(run)

    return _first(_with(pages, str(int(abs(wanted))), plain=_digits), kind="amount", is_it=is_it)


def _is_tail(run: _Run) -> bool:
    """Tell whether a run is the end of a longer amount: the 234,56 of 1 234,56."""
    words = run.page.words
    head = re.match(r"\d+", words[run.first].text)
    if run.first == 0 or head is None or len(head[0]) != _THOUSANDS:
        return False
    before, this = words[run.first - 1], words[run.first]
    gap = this.place.x0 - before.place.x1
    width = (this.place.x1 - this.place.x0) / max(len(this.text), 1)
    return bool(re.fullmatch(r"[-+]?\d{1,3}", before.text)) and 0 <= gap < width * 1.2


def _date(value: str, pages: Sequence[PageWords]) -> Found | None:
    for page in pages:
        for line in _lines(page):
            if found := _date_in(line, value):
                return found
    return None


def _date_in(line: _Run, value: str) -> Found | None:
    text = line.text
    if not any(map(str.isdigit, text)):
        return None
    for one in [text, text.translate(_AS_DIGITS)] if line.is_seen else [text]:
        # Folding and reading letters as digits leave every character where it is.
        for month_first in (False, True):
            for date in printed_dates(fold(one), month_first=month_first):
                if date.day == value:
                    return Found(line.part(date.start, date.end).place, is_ambiguous=date.is_ambiguous)
    return None


def _lines(page: PageWords) -> Iterator[_Run]:
    ends, first = _line_ends(page), 0
    while first < len(ends):
        yield _Run(page, first, ends[first])
        first = ends[first] + 1


def _with(pages: Sequence[PageWords], text: str, *, plain: Callable[[str], str]) -> list[PageWords]:
    """Give the pages that have such characters one behind the other at all: few are then looked at word by word."""
    found = []
    for page in pages:
        whole = "".join(word.text for word in page.words)
        forms = [(whole, text), (whole.translate(_AS_DIGITS), text.translate(_AS_DIGITS))]
        told = forms if page.source is Source.OCR else forms[:1]
        if any(plain(wanted) in plain(said) for said, wanted in told):
            found.append(page)
    return found


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))


def _number(value: str, pages: Sequence[PageWords]) -> Found | None:
    wanted = _plain(value)
    if not wanted:
        return None

    def is_it(run: _Run) -> bool:
        text = _plain(run.text)
        if text == wanted or (len(wanted) >= _LEAST_INSIDE and wanted in text and len(text) <= 3 * len(wanted)):
            return True
        return run.is_seen and text.translate(_AS_DIGITS) == wanted.translate(_AS_DIGITS)

    return _first(_with(pages, value, plain=_plain), kind="number", is_it=is_it)


def _plain(text: str) -> str:
    return re.sub(r"[^\w]", "", compact(text))


def _currency(value: str, pages: Sequence[PageWords]) -> Found | None:
    signs = _SIGNS.get(value, (value.lower(),))
    for run in _runs(pages, longest=1):
        text = run.text.lower()
        if any(sign in text if len(sign) == 1 else re.search(rf"(?<![a-z]){re.escape(sign)}(?![a-z])", text)
               for sign in signs):  # fmt: skip
            return Found(run.place)
    return None


def _name(value: str, pages: Sequence[PageWords]) -> Found | None:
    wanted = _letters(value)
    if not any(wanted):
        return None
    for page in pages:
        tokens = [(token, at) for at, word in enumerate(page.words) for token in _letters(word.text)]
        for start in range(len(tokens) - len(wanted) + 1):
            here = tokens[start : start + len(wanted)]
            if _is_like([token for token, _at in here], wanted, is_seen=page.source is Source.OCR):
                return Found(_Run(page, here[0][1], here[-1][1]).place)
    return None


def _letters(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", fold(text))


def _is_like(here: list[str], wanted: list[str], *, is_seen: bool) -> bool:
    if here == wanted:
        return True
    if not is_seen or here[0][:1] != wanted[0][:1]:
        return False
    one, other = "".join(here), "".join(wanted)
    return len(other) >= _LEAST_INSIDE and SequenceMatcher(None, one, other).ratio() >= _LIKE

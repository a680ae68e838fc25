"""Where one file holds several documents: facts of pages in, cuts with confidence and reason out.

The rules would rather leave two documents together than cut one: a person sees at once that two are together, and
cuts them with a key; a torn invoice is two wrong bookings. What speaks for a cut and against it is weighed in points.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from liasse.cutting.types import Cut, PageFacts, Reason
from liasse.intake.types import Cutting

SURE: Final = 0.95
"""From this confidence on a file is cut without asking."""
WORTH_ASKING: Final = 0.5
"""From this confidence on a person is asked whether there are two documents."""
MOST_DOCUMENTS: Final = 200
"""So many documents come of one file at most; a longer one stays whole."""

BLANK_INK: Final = 0.001
"""A page of which less than a thousandth is dark is blank."""

_CERTAIN: Final = 0.99
_NUMBER_SURE: Final = 0.7
_NUMBER_LIKELY: Final = 0.5
_MIDDLE: Final = 3.0
_OTHER_SHAPE: Final = 0.05
_STRONG: Final = frozenset({Reason.NUMBER, Reason.SUPPLIER, Reason.COUNTER, Reason.HEAD})
_NEVER: Final = -20.0


@dataclass(slots=True)
class _Group:
    """The pages since the last likely cut."""

    numbers: dict[str, float] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    suppliers: set[str] = field(default_factory=set)
    counter: tuple[int, int] | None = None
    has_total: bool = False
    has_head: bool = False
    is_loose: bool = False
    shape: float = 0.0
    codes: set[str] = field(default_factory=set)
    is_behind_blank: bool = False

    def take(self, page: PageFacts) -> None:
        """Add a page to the group."""
        if page.number:
            self.numbers[page.number] = max(page.number_confidence, self.numbers.get(page.number, 0.0))
        self.ids |= page.ids
        self.suppliers |= {page.supplier} - {""}
        self.counter = page.counter or self.counter
        self.has_total = self.has_total or bool(page.total)
        self.is_loose = not (page.number or page.mentioned or page.ids or page.supplier or page.total or page.counter)
        self.has_head = self.has_head or _is_head(page)
        self.shape = page.shape or self.shape
        self.codes |= page.codes


@dataclass(slots=True)
class _Weighed:
    """What was found between two pages."""

    points: float = 0.0
    strongest: float = 0.0
    reason: Reason = Reason.TOTAL
    detail: str = ""
    signals: set[Reason] = field(default_factory=set)

    def add(self, points: float, reason: Reason | None = None, detail: str = "") -> None:
        """Weigh one thing; the strongest reason is the one that people are told."""
        self.points += points
        if reason is not None:
            self.signals.add(reason)
            self.tell(points, reason, detail)

    def tell(self, points: float, reason: Reason, detail: str = "") -> None:
        """Note what is worth telling, without its being one of the strong signals."""
        if points > self.strongest:
            self.strongest, self.reason, self.detail = points, reason, detail


def is_blank(page: PageFacts) -> bool:
    """Tell whether nothing stands on a page. One that was not looked at is not blank."""
    return not page.has_words and page.ink is not None and page.ink < BLANK_INK


def cuts_of(pages: Sequence[PageFacts], *, is_scan: bool = False) -> list[Cut]:
    """Give the likely cuts between the pages of a file, in their order, each with how sure it is.

    Of a scan, whose words a machine guessed, none is so sure that nobody need look, but those at separator sheets.
    """
    cuts: list[Cut] = []
    group = _Group()
    sheets = set(sheets_of(pages))
    blanks = [is_blank(page) for page in pages]
    is_duplex = _is_duplex(blanks)
    for index, page in enumerate(pages):
        if index + 1 in sheets:
            # The cut is before the first of them: what comes behind begins with the sheets, which are taken off.
            if index and index not in sheets:
                cuts.append(Cut(index, _CERTAIN, Reason.SEPARATOR))
            group = _Group()
            continue
        if blanks[index]:
            # A blank page goes with what stands before it.
            group.is_behind_blank = not is_duplex
            continue
        if index and index not in sheets and not all(blanks[:index]):
            weighed = _weigh(group, page)
            # A page that nothing ties to those before it may just as well be the first of what comes behind.
            confidence = _confidence(weighed, is_unsure=is_scan or group.is_loose)
            if confidence >= WORTH_ASKING:
                cuts.append(Cut(index, confidence, weighed.reason, weighed.detail))
                group = _Group()
        group.is_behind_blank = False
        group.take(page)
    return cuts


def sheets_of(pages: Sequence[PageFacts]) -> tuple[int, ...]:
    """Give the numbers of the pages (from 1) that are separator sheets or the blank backs of such; none if all are."""
    found: list[int] = []
    for number, page in enumerate(pages, start=1):
        if page.is_sheet or (number - 1 in found and is_blank(page)):
            found.append(number)
    rest = [page for number, page in enumerate(pages, start=1) if number not in found]
    return tuple(found) if any(not is_blank(page) for page in rest) else ()


def _is_head(page: PageFacts) -> bool:
    """Tell whether all that begins and ends a document stands on one page: title, number, day and total."""
    return page.has_title and bool(page.date and page.total) and page.number_confidence >= _NUMBER_SURE


def _is_duplex(blanks: Sequence[bool]) -> bool:
    """Tell whether sheets were scanned on both sides: nearly all blank pages are backs."""
    backs = sum(blanks[1::2])
    return sum(blanks) > 1 and backs >= len(blanks[1::2]) * 0.6 and backs >= sum(blanks) - 1


def _weigh(group: _Group, page: PageFacts) -> _Weighed:
    found = _Weighed()
    if page.separator:
        found.add(_MIDDLE + 1, Reason.SEPARATOR)
    _weigh_number(found, group, page)
    _weigh_supplier(found, group, page)
    _weigh_counter(found, group, page)
    _weigh_codes(found, group, page)
    if page.is_carried_over:
        found.add(_NEVER)
    if page.total and page.number and group.has_total:
        found.add(1.5, Reason.TOTAL)
        if group.has_head and _is_head(page):
            found.add(1.0, Reason.HEAD)
    elif page.has_words and not page.total and not page.number:
        found.add(-1.0)
    if page.has_words and not group.has_total and group.counter is None:
        found.add(-1.0)
    if group.is_behind_blank:
        found.add(1.5 if page.has_words else _MIDDLE, Reason.BLANK)
    if page.has_title:
        found.add(0.5)
    if group.shape and page.shape and abs(group.shape - page.shape) > _OTHER_SHAPE:
        found.add(0.5)
    return found


def _weigh_number(found: _Weighed, group: _Group, page: PageFacts) -> None:
    if not group.numbers.keys().isdisjoint({page.number, *page.mentioned}):
        # A page that names the number of the pages before belongs to them, or speaks of them.
        found.add(-4.0 if page.number in group.numbers else -2.5)
        return
    if not page.number:
        return
    least = min(page.number_confidence, max(group.numbers.values(), default=0.0))
    if least >= _NUMBER_SURE:
        found.add(3.0, Reason.NUMBER, page.number)
    elif least >= _NUMBER_LIKELY:
        found.points += 2.0
        found.tell(2.0, Reason.NUMBER, page.number)
    elif page.number_confidence >= _NUMBER_SURE:
        found.add(0.5)


def _weigh_supplier(found: _Weighed, group: _Group, page: PageFacts) -> None:
    if page.ids and group.ids:
        if group.ids.isdisjoint(page.ids):
            found.add(3.0, Reason.SUPPLIER, page.supplier)
        else:
            found.add(-0.5)
    elif page.supplier and group.suppliers:
        if page.supplier not in group.suppliers:
            found.add(1.5, Reason.SUPPLIER, page.supplier)
        else:
            found.add(-0.5)


def _weigh_counter(found: _Weighed, group: _Group, page: PageFacts) -> None:
    if page.counter is None:
        if group.counter is not None and 0 < group.counter[0] < group.counter[1]:
            # "Page 1 of 3" waits for the second.
            found.add(-2.0)
        elif group.counter is not None and group.counter[0] == group.counter[1]:
            # Behind "3 of 3" comes something else: another document, or its annex.
            found.points += 1.5
            found.tell(1.5, Reason.COUNTER, f"{group.counter[0]}/{group.counter[1]}")
        return
    number, of = page.counter
    if number > 1:
        is_next = group.counter is not None and group.counter[0] == number - 1 and group.counter[1] in {of, 0}
        found.add(_NEVER if is_next or group.counter is None else -2.0)
        return
    if group.counter is None:
        found.add(1.0)
        return
    is_complete = group.counter[1] in {0, group.counter[0]}
    found.add(3.0 if is_complete else 1.0, Reason.COUNTER, f"1/{of}" if of else "1")


def _weigh_codes(found: _Weighed, group: _Group, page: PageFacts) -> None:
    if page.codes and group.codes:
        # The same code stands on the pages of one paper; another may be a stamp on each sheet.
        found.add(1.0 if group.codes.isdisjoint(page.codes) else -2.0, Reason.CODE)


def _confidence(found: _Weighed, *, is_unsure: bool) -> float:
    """Give how sure a cut is: without two strong signals of different kinds it stays below `SURE`."""
    confidence = 1 / (1 + math.exp(_MIDDLE - found.points))
    is_strong = len(found.signals & _STRONG) > 1 or Reason.SEPARATOR in found.signals
    if is_unsure or not is_strong:
        confidence = min(confidence, SURE - 0.05)
    return round(min(confidence, _CERTAIN), 2)


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a file: cut behind these pages by itself, and asked about those that are less sure.

    ``left_out`` are the pages that are separator sheets, which are in no document.
    """

    behind: tuple[int, ...] = ()
    proposed: tuple[Cut, ...] = ()
    left_out: tuple[int, ...] = ()

    @property
    def changes(self) -> bool:
        """Tell whether something else than the file as it is comes of it."""
        return bool(self.behind or self.left_out)


def decide(
    cuts: Sequence[Cut], *, count: int, wish: Cutting, is_whole: bool = False, sheets: Sequence[int] = ()
) -> Decision:
    """Say what becomes of a file of ``count`` pages, as its sender wished it.

    An e-invoice (``is_whole``) is one document whatever was wished, for its data say so. ``sheets`` are the numbers
    of its separator sheets.
    """
    if not 1 < count <= MOST_DOCUMENTS or wish in {Cutting.WHOLE, Cutting.JOINED} or is_whole:
        return Decision()
    if wish is Cutting.PAGES:
        return Decision(behind=tuple(range(1, count)), left_out=tuple(sheets))
    behind = tuple(cut.after for cut in cuts if cut.confidence >= SURE)
    return Decision(behind=behind, proposed=tuple(cuts), left_out=tuple(sheets))


def ranges(behind: Sequence[int], *, count: int, left_out: Sequence[int] = ()) -> list[tuple[int, int]]:
    """Give the first and last page of each document that cuts make of a file.

    Every page is in exactly one, but those left out, with which a document begins or ends.
    """
    ends = [*sorted({after for after in behind if 0 < after < count}), count]
    found = []
    for before, end in zip([0, *ends], ends, strict=False):
        kept = [page for page in range(before + 1, end + 1) if page not in left_out]
        if kept:
            found.append((kept[0], kept[-1]))
    return found


def within(cuts: Sequence[Cut], *, first: int, last: int) -> list[Cut]:
    """Give the cuts inside some pages, counted from the first of them."""
    return [
        Cut(cut.after - first + 1, cut.confidence, cut.reason, cut.detail) for cut in cuts if first <= cut.after < last
    ]


def measured(found: Sequence[int], *, truth: Sequence[int]) -> Mapping[str, int]:
    """Count how cuts that were made agree with those that are right."""
    made, right = set(found), set(truth)
    return {"right": len(made & right), "wrong": len(made - right), "missed": len(right - made)}

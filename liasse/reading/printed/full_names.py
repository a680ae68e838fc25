"""A supplier's name in full: with its second line, or as it is printed in full elsewhere on the page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from liasse.lib.text import fold, name_key
from liasse.reading.page.blocks import is_address
from liasse.reading.page.layout import around
from liasse.reading.page.roles import FORM, Found, party_of
from liasse.reading.printed.name_texts import STREET, clean_name
from liasse.reading.printed.party_names import name_in

if TYPE_CHECKING:
    from liasse.reading.exclude import Exclude
    from liasse.reading.page.layout import Cell, Layout

_SHORTEST: Final = 4
# Fractions of a page; two lines of one print differ less than this in height, and stand nearer than a line.
_OVER: Final = 0.03
_ALIKE: Final = 0.85
_ASIDE: Final = 0.01


def in_full(layout: Layout, name: Found, exclude: Exclude) -> Found:
    """Return the name with the line that it lacks, else as the page prints it elsewhere with its legal form.

    Firms break a long name over two lines: what has no legal form goes on where the line under it has one, and what
    has one began in the line over it.
    """
    if FORM.search(fold(name.value)):
        return _with_line(name, exclude, other=_first(layout.above(name.cell, reach=_OVER)), is_over=True)
    joined = _with_line(name, exclude, other=_first(layout.below(name.cell)), is_over=False)
    return joined if joined is not name else _elsewhere(layout, name, exclude)


def _first(cells: list[Cell]) -> Cell | None:
    return cells[0] if cells else None


def _with_line(name: Found, exclude: Exclude, *, other: Cell | None, is_over: bool) -> Found:
    cell = name.cell
    if other is None or name_key(cell.text) != name_key(name.value) or not _is_one_print(cell, other):
        return name
    text = name_in(other, exclude)
    is_whole = text is not None and name_key(text) == name_key(other.text)
    plain = fold(other.text)
    if not is_whole or STREET.search(plain) or is_address(plain) or bool(FORM.search(plain)) is is_over:
        return name
    first, second = (other, cell) if is_over else (cell, other)
    both = clean_name(f"{first.text} {second.text}", exclude)
    if both is None or name_key(both) != name_key(first.text + second.text):
        return name
    place = around([*first.words, *second.words])
    return replace(name, value=both, place=place, evidence=(*name.evidence, "two-lines"))


def _is_one_print(one: Cell, other: Cell) -> bool:
    """Tell whether two lines are of one size, close together, and begin or are centred alike."""
    low, high = sorted((one.height, other.height))
    gap = max(one.place.y0, other.place.y0) - min(one.place.y1, other.place.y1)
    is_left = abs(one.place.x0 - other.place.x0) < _ASIDE
    is_centred = abs(one.place.x0 + one.place.x1 - other.place.x0 - other.place.x1) < 2 * _ASIDE
    is_near = one.place.page == other.place.page and gap < high
    return is_near and low > _ALIKE * high and (is_left or is_centred)


def _elsewhere(layout: Layout, name: Found, exclude: Exclude) -> Found:
    """Return the name as a foot or a sender's line has it, with its legal form; never as the buyer's part has it."""
    if len(name_key(name.value)) < _SHORTEST:
        return name
    start = f"{fold(name.value)} "
    theirs = (text for cell in layout.cells if party_of(layout, cell) >= 0 and (text := name_in(cell, exclude)))
    full = [text for text in theirs if fold(text).startswith(start) and FORM.search(fold(text))]
    return replace(name, value=min(full, key=len), evidence=(*name.evidence, "in-full")) if full else name

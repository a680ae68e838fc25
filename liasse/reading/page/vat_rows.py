"""Lines of VAT tables, told by arithmetic: a rate, and two or three of base, VAT and gross that it makes.

Invoices print base and VAT; German tills net, VAT and gross; others gross and VAT. Every reading is checked against its
rate (BR-CO-17) to the cent, so that the order of the columns need not be known.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, permutations
from typing import TYPE_CHECKING, Final

from liasse.reading.page import labels
from liasse.reading.page.values import Amount, amounts, bare_rates, rates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from liasse.reading.page.layout import Cell, Layout
    from liasse.reading.types import Place

_TOLERANCE: Final = Decimal("0.02")
_CENT: Final = Decimal("0.011")
_HUNDRED: Final = Decimal(100)
_MOST_AMOUNTS: Final = 6
# The rates of France, Germany, Spain, Italy, the Netherlands, Belgium, Luxembourg, Austria, Switzerland, Malaysia.
KNOWN_RATES: Final = tuple(
    Decimal(rate)
    for rate in ("20", "19", "7", "10", "5.5", "2.1", "21", "22", "9", "6", "16", "5", "4", "8.5", "8.1", "7.7",
                 "2.6", "2.5", "3.8", "3", "8", "12", "13", "14", "17", "23", "25")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class VatRow:
    """A line of a VAT table. `is_whole` says that base, VAT and gross are all printed and agree."""

    rate: Decimal
    base: Decimal
    vat: Decimal
    place: Place
    is_whole: bool = False

    @property
    def gross(self) -> Decimal:
        """Return base and VAT together."""
        return self.base + self.vat


def makes_vat(rate: Decimal, base: Decimal, vat: Decimal, *, may_be_zero: bool) -> bool:
    """Tell whether a rate of a base makes a VAT, to two cents or a ten-thousandth; nought only where it may be."""
    if rate == 0:
        return vat == 0 and may_be_zero
    return abs(base * rate / _HUNDRED - vat) <= max(_TOLERANCE, abs(base) * Decimal("0.0001")) and vat != 0


def vat_rows(layout: Layout, *, is_till: bool = False) -> list[VatRow]:
    """Return the lines with a rate, a base and the VAT that the two give; `is_till` also asks for gross and VAT."""
    found: list[VatRow] = []
    for line in layout.lines:
        for row in _rows_in(line, is_till=is_till):
            if all((row.rate, row.base, row.vat) != (known.rate, known.base, known.vat) for known in found):
                found.append(row)
    return found


def _rows_in(line: list[Cell], *, is_till: bool) -> Iterator[VatRow]:
    printed = [amount for cell in line for amount in amounts(cell)][:_MOST_AMOUNTS]
    shown = [rate for cell in line for rate in rates(cell)]
    bare = [] if shown else [rate for cell in line for rate in bare_rates(cell)]
    whole = _whole(printed, [*shown, *bare], KNOWN_RATES if is_till else ())
    if whole is not None:
        yield whole
        return
    has_words = bool(shown) or any(labels.VAT_WORDS.search(cell.folded) for cell in line)
    for rate in shown or bare:
        row = _pair(rate, printed, is_shown=bool(shown), may_be_zero=has_words)
        if row is None and is_till and rate:
            row = _pair_with_gross(rate, printed)
        if row is not None:
            yield row


def _pair(rate: Decimal, printed: list[Amount], *, is_shown: bool, may_be_zero: bool) -> VatRow | None:
    for base, vat in combinations(printed, 2):
        if not base.value or (not is_shown and rate and rate in {base.value, vat.value}):
            continue
        if makes_vat(rate, base.value, vat.value, may_be_zero=may_be_zero):
            return VatRow(rate, base.value, vat.value, vat.place)
    return None


def _pair_with_gross(rate: Decimal, printed: list[Amount]) -> VatRow | None:
    """Return the line whose gross holds its VAT: the base is what is left."""
    for one, other in permutations(printed, 2):
        gross, vat = one.value, other.value
        if abs(gross) > abs(vat) > 0 and abs(gross * rate / (_HUNDRED + rate) - vat) <= _CENT:
            return VatRow(rate, gross - vat, vat, other.place)
    return None


def _whole(printed: list[Amount], said: Iterable[Decimal], known: Iterable[Decimal]) -> VatRow | None:
    """Return the line of three amounts of which two make the third, and their rate is a printed or a known one."""
    likely = [rate for rate in said if rate]
    for some in combinations(printed, 3):
        for net, vat, gross in permutations(some):
            if not abs(net.value) > abs(vat.value) > 0 or abs(net.value + vat.value - gross.value) > _CENT:
                continue
            for rate in [*likely, *known]:
                if (
                    rate not in {net.value, vat.value, gross.value}
                    and abs(net.value * rate / _HUNDRED - vat.value) <= _CENT
                ):
                    return VatRow(rate, net.value, vat.value, vat.place, is_whole=True)
    return None


def makes_up(rows: list[VatRow], gross: Decimal, *, tolerance: Decimal) -> tuple[VatRow, ...]:
    """Return the rows that together make a gross, the most certain first, none where no rows do."""
    usable = rows[:8] if len(rows) <= 8 else rows[-8:]  # noqa: PLR2004 - no document has more rates than that
    for count in range(1, len(usable) + 1):
        best = min(
            combinations(usable, count),
            key=lambda some: (
                abs(sum((row.gross for row in some), Decimal()) - gross),
                -sum(row.is_whole for row in some),
            ),
        )
        if abs(sum((row.gross for row in best), Decimal()) - gross) <= tolerance:
            return best
    return ()

"""Net, VAT, gross, due and the VAT breakdown: candidates beside labels, chosen by their sums."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, product
from typing import TYPE_CHECKING, Final

from liasse.lib.money import canonical_amount, canonical_number
from liasse.reading.page import labels, titles
from liasse.reading.page.values import Amount, amounts, rates
from liasse.reading.page.vat_rows import VatRow, makes_vat, vat_rows
from liasse.reading.types import Field, FieldName, Place, Source, VatLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from liasse.reading.page.labels import Label
    from liasse.reading.page.layout import Cell, Layout

_TOLERANCE: Final = Decimal("0.02")
_MOST: Final = 14
_SURE: Final = 0.8
# What the sum of the lines adds to a candidate of the same value.
_LINES: Final = 0.2
# How many characters may stand before and behind a label that is not part of a sentence.
_LEADING: Final = 3
_TRAILING: Final = 24
# Below this confidence a value would only have to be deleted.
_LEAST: Final = 0.2
_MAX_ROWS: Final = 8
# So many lines that end in an amount are looked through, and so many under each of them.
_MOST_ENDS: Final = 400
_STACK: Final = 7
# A table that sums up has two rates and the line under them.
_RATES_AND_SUM: Final = 3
_BESIDE: Final = 0.95
_BELOW: Final = 0.8


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that may be a field's, how much speaks for it, and where it stands."""

    value: Decimal
    score: float
    place: Place | None


@dataclass(frozen=True, slots=True)
class Totals:
    """What was chosen."""

    fields: dict[FieldName, Field]
    vat_breakdown: tuple[VatLine, ...]


def read_totals(layout: Layout, *, lines: Decimal | None = None) -> Totals:
    """Return the totals whose net and VAT add up to the gross, else the best of each label.

    Sums are EN 16931's BR-CO-15 and BR-CO-17, with two cents of tolerance. `lines` is what the invoice's lines come
    to, which speaks for the net, or the gross, of that value (BR-CO-10).
    """
    rows = vat_rows(layout)
    net = _labelled(layout, labels.NET)
    vat = _labelled(layout, labels.VAT)
    gross = _labelled(layout, labels.GROSS)
    due = _labelled(layout, labels.DUE)
    for line_net, line_vat, line_gross in [*_summing_up(list(_triples(layout))), *_stacked(layout)]:
        net.append(line_net)
        vat.append(line_vat)
        gross.append(line_gross)
    net += _sums_of(rows, "base")
    vat += _sums_of(rows, "vat")
    gross += [Candidate(item.value, item.score * 0.6, item.place) for item in due]
    net, gross = _backed(net, lines), _backed(gross, lines)
    chosen = _choose(_best(net), _best(vat), _best(gross))
    if not chosen.has_right_sum:
        chosen = _charged(layout, chosen, _best(net))
    fields = _exempt(layout, _fields(chosen))
    owed = _due(due, chosen) or _all_due(layout, fields.get(FieldName.TOTAL_GROSS))
    if owed is not None:
        fields[FieldName.AMOUNT_DUE] = owed
    return Totals(fields=fields, vat_breakdown=_breakdown(layout, rows, chosen, fields))


def _backed(found: list[Candidate], lines: Decimal | None) -> list[Candidate]:
    return [
        Candidate(item.value, item.score + _LINES, item.place) if lines and item.value == lines else item
        for item in found
    ]


def vat_beside_labels(layout: Layout) -> list[Candidate]:
    """Return the amounts beside labels of VAT, the likeliest first."""
    return _best(_labelled(layout, labels.VAT))


def vat_line(rate: Decimal, base: Decimal, vat: Decimal) -> VatLine:
    """Return a line of the breakdown in canonical texts."""
    return VatLine(rate=canonical_number(rate), base=canonical_amount(base), vat=canonical_amount(vat))


def _labelled(layout: Layout, table: tuple[Label, ...]) -> list[Candidate]:
    found: list[Candidate] = []
    for cell in layout.cells:
        weight, end = _label_in(cell, table)
        if weight and not labels.NOT_A_TOTAL.search(cell.label):
            found += _values_for(layout, cell, weight, end)
    return found


def _label_in(cell: Cell, table: tuple[Label, ...]) -> tuple[float, int]:
    """Return the weight of the surest label in a cell, less if it only stands in a sentence."""
    best = (0.0, 0)
    for label in table:
        match = label.pattern.search(cell.label)
        if match is not None and label.weight > best[0]:
            is_alone = match.start() <= _LEADING and len(cell.label) - match.end() <= _TRAILING
            best = (label.weight if is_alone else label.weight * 0.6, match.end())
    return best


def _values_for(layout: Layout, cell: Cell, weight: float, end: int) -> Iterator[Candidate]:
    """Yield the amounts behind a label, right of it, or under it."""
    late = 0.05 * (cell.place.page / layout.last_page) + 0.05 * cell.place.y0
    inside = [amount for amount in amounts(cell) if amount.start >= end - 1]
    if inside:
        yield _candidate(inside[-1], weight + late)
        return
    is_found = False
    beside = [amount for other in layout.right_of(cell) for amount in amounts(other)]
    for position, amount in enumerate(beside[:4]):
        is_found = True
        yield _candidate(amount, weight * _BESIDE * (1 - 0.12 * position) + late)
    if is_found and len(beside) == 1:
        return
    for other in layout.below(cell):
        under = _under(cell, other)
        if under is not None:
            yield _candidate(under, weight * (_BELOW if not is_found else 0.4) + late)
            return


def _under(cell: Cell, other: Cell) -> Amount | None:
    """Return the amount of a lower cell that stands under the label, not merely in the same cell."""
    slack = 2 * (cell.place.x1 - cell.place.x0)
    middle = (cell.place.x0 + cell.place.x1) / 2
    near = [amount for amount in amounts(other) if abs((amount.place.x0 + amount.place.x1) / 2 - middle) <= slack]
    return min(near, key=lambda amount: abs((amount.place.x0 + amount.place.x1) / 2 - middle), default=None)


def _candidate(amount: Amount, score: float) -> Candidate:
    return Candidate(value=amount.value, score=score, place=amount.place)


type _Triple = tuple[Candidate, Candidate, Candidate]


def _summing_up(triples: list[_Triple]) -> Iterator[_Triple]:
    """Raise the score of a line that sums up the others: the bottom of a table of rates."""
    if len(triples) < _RATES_AND_SUM:
        yield from triples
        return
    everything = sum((gross.value for _, _, gross in triples), Decimal())
    for triple in triples:
        is_sum = triple[2].value * 2 == everything
        yield tuple(Candidate(item.value, item.score + 0.4 * is_sum, item.place) for item in triple)  # type: ignore[misc]


def _triples(layout: Layout) -> Iterator[_Triple]:
    """Yield the lines that hold net, VAT and gross, told by their sum and a rate that exists."""
    for line in layout.lines:
        found = [amount for cell in line for amount in amounts(cell)]
        text = " ".join(cell.label for cell in line)
        is_total = any(label.pattern.search(text) for label in labels.GROSS)
        for net, vat, gross in zip(found, found[1:], found[2:], strict=False):
            if net.value and net.value + vat.value == gross.value and 0 <= vat.value / net.value <= Decimal("0.28"):
                score = 0.9 if is_total else 0.6
                late = 0.1 * (net.place.page / layout.last_page)
                yield tuple(_candidate(item, score + late) for item in (net, vat, gross))  # type: ignore[misc]


def _stacked(layout: Layout) -> Iterator[_Triple]:
    """Yield amounts under one another of which two make the third, with a rate that the page prints.

    They say least, and so only where no label says more.
    """
    printed = {rate for cell in layout.cells for rate in rates(cell) if rate}
    ends = [found[-1] for line in layout.lines if (found := [amount for cell in line for amount in amounts(cell)])]
    for index, net in enumerate(ends[:_MOST_ENDS]):
        near = ends[index + 1 : index + _STACK]
        for vat, gross in combinations(near, 2):
            if net.value <= 0 or net.value + vat.value != gross.value or net.place.page != gross.place.page:
                continue
            if any(makes_vat(rate, net.value, vat.value, may_be_zero=False) for rate in printed):
                late = 0.1 * (net.place.page / layout.last_page)
                yield tuple(_candidate(item, 0.35 + late) for item in (net, vat, gross))  # type: ignore[misc]


def _sums_of(rows: list[VatRow], part: str) -> list[Candidate]:
    if not 1 <= len(rows) <= _MAX_ROWS:
        return []
    values: list[Decimal] = [getattr(row, part) for row in rows]
    return [Candidate(sum(values, Decimal()), 0.5, rows[0].place if len(rows) == 1 else None)]


def _best(found: Iterable[Candidate]) -> list[Candidate]:
    """Return the likeliest candidates, one for a value; what is said twice counts a little more."""
    by_value: dict[Decimal, Candidate] = {}
    for item in found:
        known = by_value.get(item.value)
        if known is None:
            by_value[item.value] = item
        else:
            better = max(known, item, key=lambda one: one.score)
            by_value[item.value] = Candidate(better.value, better.score + 0.05, better.place or known.place)
    return sorted(by_value.values(), key=lambda item: -item.score)[:_MOST]


@dataclass(frozen=True, slots=True)
class _Chosen:
    net: Candidate | None
    vat: Candidate | None
    gross: Candidate | None
    has_right_sum: bool


def _choose(net: list[Candidate], vat: list[Candidate], gross: list[Candidate]) -> _Chosen:
    each = _Chosen(_first(net), _first(vat), _first(gross), has_right_sum=False)
    best: tuple[float, _Chosen] = (0.0, each)
    for one, two, three in product(net, vat, gross):
        if not three.value or abs(one.value + two.value - three.value) > _TOLERANCE:
            continue
        if not _is_plausible(one.value, two.value):
            continue
        score = one.score + two.score + three.score
        if score > best[0]:
            best = (score, _Chosen(one, two, three, has_right_sum=True))
    return best[1] if best[0] else _completed(best[1], net, gross)


def _is_plausible(net: Decimal, vat: Decimal) -> bool:
    """Tell whether a VAT could belong to a net: no rate in Europe is above 27 %."""
    return vat == 0 or (net != 0 and 0 <= vat / net <= Decimal("0.28"))


def _charged(layout: Layout, chosen: _Chosen, net: list[Candidate]) -> _Chosen:
    """Return the totals with a net that holds what a line adds to the subtotal or takes off: carriage, a discount."""
    if chosen.vat is None or chosen.gross is None:
        return chosen
    wanted = chosen.gross.value - chosen.vat.value
    if not _is_plausible(wanted, chosen.vat.value):
        return chosen
    extras = {
        abs(amount.value)
        for line in layout.lines
        if titles.CHARGE.search(" ".join(cell.label for cell in line))
        for cell in line
        for amount in amounts(cell)
    }
    for item in net[:3]:
        if abs(wanted - item.value) in extras:
            return _Chosen(Candidate(wanted, item.score, None), chosen.vat, chosen.gross, has_right_sum=True)
    return chosen


def _first(found: list[Candidate]) -> Candidate | None:
    return found[0] if found else None


def _completed(chosen: _Chosen, net: list[Candidate], gross: list[Candidate]) -> _Chosen:
    """Fill what the page does not say from the two that it does; drop what contradicts itself."""
    if chosen.vat is None and net and gross:
        same = next((item for item in net if any(item.value == other.value for other in gross)), None)
        return _Chosen(same, None, same, has_right_sum=True) if same else chosen
    if chosen.vat is not None and chosen.gross is not None and chosen.net is None:
        derived = Candidate(chosen.gross.value - chosen.vat.value, 1.0, None)
        if _is_plausible(derived.value, chosen.vat.value):
            return _Chosen(derived, chosen.vat, chosen.gross, has_right_sum=False)
    return chosen


def _fields(chosen: _Chosen) -> dict[FieldName, Field]:
    fields: dict[FieldName, Field] = {}
    for name, term, item in (
        (FieldName.TOTAL_NET, "BT-109", chosen.net),
        (FieldName.TOTAL_VAT, "BT-110", chosen.vat),
        (FieldName.TOTAL_GROSS, "BT-112", chosen.gross),
    ):
        if item is None:
            continue
        confidence = min(0.97, 0.8 + 0.1 * item.score) if chosen.has_right_sum else min(0.7, 0.55 * item.score)
        if confidence < _LEAST:
            continue
        is_computed = item.place is None
        fields[name] = Field(
            value=canonical_amount(item.value),
            source=Source.RULE if is_computed else Source.TEXT,
            confidence=round(min(confidence, 0.6) if is_computed else confidence, 2),
            term=term,
            place=item.place,
            evidence=(("sums",) if chosen.has_right_sum else ()) + (("derived",) if is_computed else ("label",)),
        )
    return fields


def _exempt(layout: Layout, fields: dict[FieldName, Field]) -> dict[FieldName, Field]:
    """Return the fields with a VAT of nought where the page says why there is none and shows none."""
    gross = fields.get(FieldName.TOTAL_GROSS) or fields.get(FieldName.TOTAL_NET)
    vat = fields.get(FieldName.TOTAL_VAT)
    if gross is None or (vat is not None and ("sums" in vat.evidence or vat.confidence >= _SURE)):
        return fields
    said = next((cell for cell in layout.cells if titles.NO_VAT.search(cell.folded)), None)
    if said is None:
        return fields
    rest = {FieldName.TOTAL_NET: "BT-109", FieldName.TOTAL_GROSS: "BT-112"}
    found = {name: replace(gross, term=term, evidence=(*gross.evidence, "exempt")) for name, term in rest.items()}
    confidence = max(gross.confidence, 0.8)
    nought = Field("0.00", Source.RULE, confidence, "BT-110", said.place, ("exempt",))
    return fields | found | {FieldName.TOTAL_VAT: nought}


def _due(found: list[Candidate], chosen: _Chosen) -> Field | None:
    """Return what is left to pay: the last printed of the surest labels."""
    best = _first(_best(found))
    if best is None:
        return None
    is_gross = chosen.gross is not None and best.value == chosen.gross.value
    confidence = 0.95 if is_gross and chosen.has_right_sum else min(0.8, 0.75 * best.score)
    return Field(
        canonical_amount(best.value),
        Source.TEXT,
        round(confidence, 2),
        "BT-115",
        best.place,
        ("label", "sums") if is_gross else ("label",),
    )


def _all_due(layout: Layout, gross: Field | None) -> Field | None:
    """Return the gross where nothing says that a part of it was paid (BR-CO-16)."""
    if gross is None or gross.confidence < _SURE or any(labels.PAID.search(cell.folded) for cell in layout.cells):
        return None
    return Field(gross.value, Source.RULE, 0.6, "BT-115", gross.place, ("derived",))


def _breakdown(
    layout: Layout, rows: list[VatRow], chosen: _Chosen, fields: dict[FieldName, Field]
) -> tuple[VatLine, ...]:
    """Return the fewest rows whose bases and VAT add up to the chosen totals."""
    if chosen.net is None or chosen.vat is None:
        return ()
    usable = rows[:_MAX_ROWS] if len(rows) <= _MAX_ROWS else rows[-_MAX_ROWS:]
    for count in range(1, len(usable) + 1):
        for some in combinations(usable, count):
            base = sum((row.base for row in some), Decimal())
            vat = sum((row.vat for row in some), Decimal())
            if abs(base - chosen.net.value) <= _TOLERANCE and abs(vat - chosen.vat.value) <= _TOLERANCE:
                return tuple(vat_line(row.rate, row.base, row.vat) for row in some)
    return single_rate(layout, fields.get(FieldName.TOTAL_NET), fields.get(FieldName.TOTAL_VAT))


def single_rate(layout: Layout, net: Field | None, vat: Field | None) -> tuple[VatLine, ...]:
    """Return one line where one printed rate makes the VAT of the net."""
    if net is None or vat is None or not net.value or not vat.value:
        return ()
    base, tax = Decimal(net.value), Decimal(vat.value)
    for rate in {rate for cell in layout.cells for rate in rates(cell)}:
        if rate and makes_vat(rate, base, tax, may_be_zero=True):
            return (vat_line(rate, base, tax),)
    return ()

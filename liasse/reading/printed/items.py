"""The lines of an invoice: what stands under the heads of its table, row by row, checked by quantity times price."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from liasse.lib.money import canonical_amount, canonical_number, parse_printed_amount
from liasse.reading.page.columns import NUMERIC, Column, ColumnKind, columns_of, head_of
from liasse.reading.page.values import amounts
from liasse.reading.page.vat_rows import KNOWN_RATES
from liasse.reading.types import InvoiceLine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from liasse.reading.page.layout import Cell, Layout
    from liasse.reading.types import Place

_STOP = re.compile(
    r"^\W*(?:sous[- ]?total|sub[- ]?total|total\b|montant (?:h\.?t|total|net|hors)|net (?:total|a payer|amount)|"
    r"zwischensumme|summe\b|"
    r"gesamt(?:betrag|summe|netto|brutto)?\b|netto\b|nettobetrag|nettosumme|rechnungs(?:summe|betrag)|"
    r"positionssumme|positionen netto|"
    r"base (?:imponible|h\.?t)|imponibile|totaal|subtotaal|totale\b|warenwert|taux\b|amount due|"
    r"umsatzsteuer\b|mehrwertsteuer\b|(?:umsatz)?steueraufschlusselung|belegsummen|zahlungsbedingungen|"
    r"balance due|total due|tva\b|vat\b|mwst\b|ust\b|zzgl|taxe?s?\b|iva\b|btw\b|detail tva|conditions|iban|"
    r"importe total|exclusief)"
)
# A sum of some of the lines, after which more lines may follow.
_OF_SOME = re.compile(r"^\W*(?:sous[- ]?total|sub[- ]?total|zwischensumme|subtotaal|subtotale)")
# What the lines of a page come to, said at its foot and again at the head of the next.
_CARRIED = re.compile(
    r"^\W*(?:report\b|a reporter|ubertrag|carried (?:forward|over)|brought forward|carry ?over|transport\b|"
    r"suma y sigue|suma anterior|riporto|a riportare|overdracht|transporteren)"
)
_NUMBER = re.compile(
    r"(?<![\w.,/-])-?\d{1,3}(?:[ .'\u202f\u00a0]\d{3})*(?:[.,]\d{1,4})?(?![\d/])"
    r"|(?<![\w.,/-])-?\d+(?:[.,]\d{1,4})?(?![\d/])"
)
_UNIT_BEHIND = re.compile(r"^[ ]?([a-z][a-z().\u00b2\u00b3/]{0,9})")
_MOST_ROWS: Final = 400
# So many lines without an amount end a table.
_MOST_EMPTY: Final = 9
# Between a sum of some lines and the next line stands at most a heading.
_MOST_BETWEEN: Final = 3
_LONGEST_NAME: Final = 200
_TOLERANCE: Final = Decimal("0.02")
# How far, in fractions of the page's width, a figure may stand from the head of its column.
_REACH: Final = 0.09
_HIGHEST_RATE: Final = 30


@dataclass(frozen=True, slots=True)
class _Figure:
    value: Decimal
    place: Place
    unit: str | None
    cell: Cell
    start: int


@dataclass(slots=True)
class _Row:
    cells: dict[ColumnKind, _Figure] = field(default_factory=dict)
    name: str = ""
    number: str | None = None
    unit: str | None = None


def read_items(layout: Layout) -> tuple[InvoiceLine, ...]:
    """Return the lines under every head of a table that is found; none where nothing heads one."""
    found: list[InvoiceLine] = []
    index = 0
    while index < len(layout.lines) and len(found) < _MOST_ROWS:
        index, columns = head_of(layout, index)
        if not columns:
            continue
        index, rows = _body(layout, index, columns)
        found.extend(_line(row) for row in rows)
    return tuple(found)


def _body(layout: Layout, start: int, columns: Sequence[Column]) -> tuple[int, list[_Row]]:
    """Return where the table ends, and its rows."""
    rows: list[_Row] = []
    waiting, empty = "", 0
    index = start
    while index < len(layout.lines):
        line = layout.lines[index]
        text = " ".join(cell.label for cell in line)
        if _CARRIED.match(text) or (_OF_SOME.match(text) and _goes_on(layout, index + 1, columns)):
            waiting, empty = "", 0
            index += 1
            continue
        if _STOP.match(text) or (rows and columns_of(layout, index)):
            break
        row = _row(line, columns)
        index += 1
        if ColumnKind.NET not in row.cells and _misses_only_net(row) and index < len(layout.lines):
            lone = _lone_amount(layout.lines[index])
            if lone is not None:
                row.cells[ColumnKind.NET] = lone
                index += 1
        if ColumnKind.NET not in row.cells:
            waiting, empty = row.name or waiting, empty + 1
            if empty > _MOST_EMPTY:
                break
            continue
        if _is_sum(row, rows):
            break
        row.name = row.name or waiting
        waiting, empty = "", 0
        if row.name:
            rows.append(row)
    return index, rows


def _goes_on(layout: Layout, start: int, columns: Sequence[Column]) -> bool:
    """Tell whether more lines follow a sum of some: a row with its amount and a quantity or price, before any total."""
    for line in layout.lines[start : start + _MOST_BETWEEN]:
        if _STOP.match(" ".join(cell.label for cell in line)):
            return False
        cells = _row(line, columns).cells
        if ColumnKind.NET in cells and (ColumnKind.QUANTITY in cells or ColumnKind.PRICE in cells):
            return True
    return False


def _is_sum(row: _Row, rows: Sequence[_Row]) -> bool:
    """Tell whether a row sums up those over it, whatever it is called: it has no quantity and no price."""
    if not rows or ColumnKind.QUANTITY in row.cells or ColumnKind.PRICE in row.cells:
        return False
    total = sum((other.cells[ColumnKind.NET].value for other in rows), Decimal())
    return row.cells[ColumnKind.NET].value == total


def _misses_only_net(row: _Row) -> bool:
    return ColumnKind.PRICE in row.cells and ColumnKind.QUANTITY in row.cells


def _lone_amount(line: list[Cell]) -> _Figure | None:
    """Return the amount that is all of a line: it slipped under the row that it belongs to."""
    found = [(amount, cell) for cell in line for amount in amounts(cell)]
    if len(found) != 1 or sum(len(cell.words) for cell in line) > 2:  # noqa: PLR2004 - the amount and its currency
        return None
    amount, cell = found[0]
    return _Figure(amount.value, amount.place, None, cell, amount.start)


def _row(line: list[Cell], columns: Sequence[Column]) -> _Row:
    row = _Row()
    figures = [figure for cell in line for figure in _figures(cell)]
    taken: set[int] = set()
    heads = [column for column in columns if column.kind in NUMERIC]
    pairs = sorted(
        (
            (_distance(figure.place, column), number, place)
            for number, figure in enumerate(figures)
            for place, column in enumerate(heads)
        ),
        key=lambda item: item[0],
    )
    used: set[int] = set()
    for distance, number, place in pairs:
        if number in taken or place in used or distance > _REACH:
            continue
        taken.add(number)
        used.add(place)
        row.cells.setdefault(heads[place].kind, figures[number])
    if ColumnKind.NET not in row.cells and _misses_only_net(row):
        product = row.cells[ColumnKind.PRICE].value * row.cells[ColumnKind.QUANTITY].value
        rest = (figure for number, figure in enumerate(figures) if number not in taken)
        net = next((figure for figure in rest if abs(figure.value - product) <= _TOLERANCE), None)
        if net is not None:
            row.cells[ColumnKind.NET] = net
    quantity = row.cells.get(ColumnKind.QUANTITY)
    row.unit = quantity.unit if quantity else None
    _describe(row, line, columns, [figures[number] for number in taken])
    return row


def _distance(place: Place, column: Column) -> float:
    """Return how far a figure is from under its head: both may be set left, right or in the middle."""
    if place.x1 >= column.x0 and place.x0 <= column.x1:
        return min(abs(place.x1 - column.x1), abs(place.x0 - column.x0)) / 10
    return max(column.x0 - place.x1, place.x0 - column.x1)


def _figures(cell: Cell) -> Iterator[_Figure]:
    taken: list[tuple[int, int]] = []
    for amount in amounts(cell):
        taken.append((amount.start, amount.end))
        yield _Figure(amount.value, amount.place, None, cell, amount.start)
    for match in _NUMBER.finditer(cell.figures):
        if any(match.start() < end and match.end() > start for start, end in taken):
            continue
        value = _value(match[0])
        if value is not None:
            unit = _UNIT_BEHIND.match(cell.folded[match.end() :])
            yield _Figure(
                value, cell.place_of(match.start(), match.end()), unit[1] if unit else None, cell, match.start()
            )


def _value(text: str) -> Decimal | None:
    """Return a quantity or a price: three or four digits behind a comma are decimals here."""
    plain = re.fullmatch(r"(-?\d+)[.,](\d{3,4})", text)
    return Decimal(f"{plain[1]}.{plain[2]}") if plain else parse_printed_amount(text)


def _describe(row: _Row, line: list[Cell], columns: Sequence[Column], figures: Sequence[_Figure]) -> None:
    """Set the name of a row: the words that stand where its column is and that are no figure of another."""
    starts = {(id(figure.cell), figure.start) for figure in figures}
    name = next((column for column in columns if column.kind is ColumnKind.NAME), None)
    left = min((figure.place.x0 for figure in figures), default=1.0)
    words: list[str] = []
    for cell in line:
        at = 0
        for word in cell.words:
            is_figure = (id(cell), at) in starts
            at += len(word.text) + 1
            if is_figure:
                continue
            middle = (word.place.x0 + word.place.x1) / 2
            if _is_of(word.place, name, columns) if name else middle < left:
                words.append(word.text)
            elif row.number is None and _is_under(word.place, ColumnKind.ID, columns):
                row.number = word.text
            elif row.unit is None and _is_under(word.place, ColumnKind.UNIT, columns):
                row.unit = word.text
    row.name = " ".join(words).strip(" |·-")[:_LONGEST_NAME]


def _is_of(place: Place, name: Column, columns: Sequence[Column]) -> bool:
    """Tell whether a word stands in the name's column: from its head's beginning to the next head's."""
    after = [column.x0 for column in columns if column.x0 > name.x0]
    before = [column.x1 for column in columns if column.x1 <= name.x0]
    low = (max(before) + name.x0) / 2 if before else 0.0
    return low - 0.01 <= place.x0 and place.x0 < min(after, default=1.0) - 0.01


def _is_under(place: Place, kind: ColumnKind, columns: Sequence[Column]) -> bool:
    return any(
        column.kind is kind and place.x0 <= column.x1 + 0.03 and place.x1 >= column.x0 - 0.03 for column in columns
    )


def _line(row: _Row) -> InvoiceLine:
    net = row.cells[ColumnKind.NET].value
    price, quantity, rate = (
        row.cells[kind].value if kind in row.cells else None
        for kind in (ColumnKind.PRICE, ColumnKind.QUANTITY, ColumnKind.RATE)
    )
    if price is not None and quantity is None and price:
        # Where the quantity is not printed, or not read, the two amounts give it if it is a whole number.
        times = net / price
        quantity = times if times == times.to_integral_value() and abs(times) < 10_000 else None  # noqa: PLR2004
    rate = _rate(rate, net)
    return InvoiceLine(
        id=row.number,
        name=row.name or None,
        quantity=None if quantity is None else canonical_number(quantity),
        unit=row.unit,
        price=None if price is None else canonical_number(price),
        rate=None if rate is None else canonical_number(rate),
        net=canonical_amount(net),
    )


def _rate(printed: Decimal | None, net: Decimal) -> Decimal | None:
    """Return the rate of a row; a column of VAT may also hold its amount, which a known rate of the net makes."""
    if printed is None or printed < 0:
        return None
    for rate in KNOWN_RATES:
        if printed != rate and net and abs(net * rate / 100 - printed) <= _TOLERANCE:
            return rate
    return printed if printed <= _HIGHEST_RATE else None


def checked(
    lines: tuple[InvoiceLine, ...], *, net: Decimal | None, gross: Decimal | None, sums: Sequence[Decimal] = ()
) -> tuple[InvoiceLine, ...]:
    """Return the lines if they can be believed: they come to a known sum, or most are quantity times price.

    Asked are the net, then `sums`, which the paper says of its lines before discounts and carriage, then the gross:
    what a row of VAT adds makes the gross too.
    """
    if not lines:
        return ()
    for known in (net, *sums, gross):
        some = _making(lines, known) if known is not None else ()
        if some:
            return some
    right = sum(1 for line in lines if _is_product(line))
    return lines if right * 5 >= len(lines) * 3 else ()


def _making(lines: tuple[InvoiceLine, ...], known: Decimal) -> tuple[InvoiceLine, ...]:
    """Return the lines that come to a sum: the first of them, or all but one that is no quantity times price."""
    for count in range(len(lines), 0, -1):
        # Rows of the next table may have been taken for more lines: those that come to the total are enough.
        if _is_sum_of(lines[:count], known):
            return lines[:count]
    for number, line in enumerate(lines):
        rest = (*lines[:number], *lines[number + 1 :])
        if rest and not _is_product(line) and line.net and Decimal(line.net) and _is_sum_of(rest, known):
            return rest
    return ()


def _is_sum_of(lines: Sequence[InvoiceLine], known: Decimal) -> bool:
    return abs(abs(sum_of(lines)) - abs(known)) <= _TOLERANCE


_SUM_OF_LINES = re.compile(
    r"^\W*(?:positionssumme|summe (?:der )?positionen|positionen netto|warenwert|zwischensumme|"
    r"sous[- ]?total|total brut(?: h\.?t\.?)?|total lignes|sub[- ]?total|subtotaal|subtotale?|"
    r"total merchandise)(?![a-z])"
)


def printed_sums(layout: Layout) -> list[Decimal]:
    """Return what the paper says that its lines come to (BT-106), before discounts and carriage: by its own labels."""
    return [
        found[-1].value
        for cell in layout.cells
        if _SUM_OF_LINES.match(cell.label)
        and (found := [amount for other in (cell, *layout.right_of(cell)[:2]) for amount in amounts(other)])
    ]


def _is_product(line: InvoiceLine) -> bool:
    if line.quantity is None or line.price is None or line.net is None:
        return False
    return abs(Decimal(line.quantity) * Decimal(line.price) - Decimal(line.net)) <= _TOLERANCE


def sum_of(lines: Sequence[InvoiceLine]) -> Decimal:
    """Return what the lines come to (BR-CO-10)."""
    return sum((Decimal(line.net) for line in lines if line.net), Decimal())

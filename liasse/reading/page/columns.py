"""The heads of a table of invoice lines: which words head a column, what it holds, and how far it reaches."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from liasse.reading.page.layout import Cell, Layout


class ColumnKind(StrEnum):
    """What a column holds. OTHER is known and left alone: a discount, the amount of VAT, the gross."""

    ID = "id"
    NAME = "name"
    QUANTITY = "quantity"
    UNIT = "unit"
    PRICE = "price"
    RATE = "rate"
    NET = "net"
    OTHER = "other"


NUMERIC: Final = frozenset({ColumnKind.QUANTITY, ColumnKind.PRICE, ColumnKind.RATE, ColumnKind.NET, ColumnKind.OTHER})

# In the order in which they are tried: "unit price" is a price, though "unit" alone is none.
_HEADS: Final = (
    (
        ColumnKind.OTHER,
        (
            r"montant tva|montant de (?:la )?tva|(?:vat|tax|gst) ?(?:amount|amt)|"
            r"(?:mwst|ust|steuer)[.-]? ?betrag|btw[- ]bedrag|remise|rem\.?|discount|disc\.?|rabatt|rabais|"
            r"korting|descuento|dto\.?|sconto|(?:total|montant|prix(?: total)?) ttc|ttc|"
            r"brutto(?:preis|betrag)?|gross|zu-/abschlag|vke/geb"
        ),
    ),
    (
        ColumnKind.PRICE,
        (
            r"prix unitaire(?: h\.?t\.?)?|prix unit\.?|p\.? ?u\.?(?: ?h\.?t\.?v?a?)?|unit ?price|u/price|u/p|"
            r"unit cost|einzel-?preis|e-?preis|stuck-?preis|nettopreis|preis ?/ ?(?:einh\w*|einheit|stk)|"
            r"preis|precio(?: unitario| unit\.?)?|prezzo(?: unitario)?|stukprijs|eenheidsprijs|prijs|price|"
            r"tarif|s/price|cost"
        ),
    ),
    (
        ColumnKind.NET,
        (
            r"montant(?: ?h\.?t\.?(?:v\.?a\.?)?| net)?|total(?: ?h\.?t\.?(?:v\.?a\.?)?| net| price)?|"
            r"prix (?:total|ht)|amount|line total|gesamt-?(?:preis|betrag)?|betrag|summe|"
            r"netto?-?(?:betrag|wert|summe)|positions-?(?:betrag|summe|wert|preis)|zeilen-?(?:betrag|summe)|"
            r"extended(?: price| amount)?|importe|importo|bedrag|totaal|totale|net(?:to)?|value|amt\.?|"
            r"subtotal|sous-total"
        ),
    ),
    (
        ColumnKind.QUANTITY,
        (
            r"qte\.?s?|qty\.?|qt\.?|quantites?|quantity|menge|anzahl|anz\.?|cantidad|cant\.?|quantita|q\.?ta|aantal|"
            r"hoeveelheid|heures|hours|hrs|nombre|nb\.?|jours|days|stunden|units|jrs"
        ),
    ),
    (
        ColumnKind.RATE,
        (
            r"(?:taux )?(?:de )?tva(?: ?%)?|vat(?: ?%| rate)?|mwst\.?-?(?: ?%|satz)?|ust\.?-?(?: ?%|satz)?|"
            r"iva(?: ?%)?|btw(?: ?%)?|taux|tax(?: rate)?|steuersatz|steuer|gst"
        ),
    ),
    (
        ColumnKind.UNIT,
        (r"unites?|unit|einheit|einh\.?|meng\.?-|unidad|u\.?m\.?|eenheid|me"),
    ),
    (
        ColumnKind.NAME,
        (
            r"designations?|descriptions?|descr\.?|libelles?|articles?|produits?|prestations?|details?|objet|"
            r"nature|bezeichnung|beschreibung|artikel-?(?:bezeichnung|beschreibung)?|leistung(?:en)?|"
            r"descripcion|concepto|descrizione|omschrijving|items?|products?|services?|produkte?|ware|dienst|"
            r"material/beschreibung|service details"
        ),
    ),
    (
        ColumnKind.ID,
        (
            r"ref(?:erence)?s?\.?|code(?: article)?|art(?:ikel)?\.?-? ?(?:nr|no)\.?|sku|pos(?:ition)?\.?|"
            r"no\.?|nr\.?|#|ligne|line|referencia|codice|artikelnummer|date|datum|gtin|ean"
        ),
    ),
)
_HEAD = re.compile(
    "|".join(rf"(?P<k{index}>(?<![a-z0-9/])(?:{words})(?![a-z]))" for index, (_, words) in enumerate(_HEADS))
)
# A table with these is one of VAT, not of what was bought.
_OTHER_TABLE: Final = re.compile(
    r"(?<![a-z])(?:base (?:tva|h\.?t|imponible)|basis(?:betrag)?|steuerbasis\w*|taxable|grondslag|kategorie|category|"
    r"steuerbetrag|montant tva|code tva|imponibile|echeance|due date|skonto)(?![a-z])"
)
# More words than these, or a price, make a line no head of a table.
_MOST_WORDS: Final = 24
_MOST_OF_TWO: Final = 4
_FEWEST: Final = 3
_HEAD_LINES: Final = 2
_LINES_OVER: Final = 3
# In heights of a line: so near stand the lines of one head.
_OF_ONE_HEAD: Final = 5


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it holds, the text of its head, and from where to where the head reaches."""

    kind: ColumnKind
    head: str
    x0: float
    x1: float


def columns_of(layout: Layout, index: int) -> list[Column]:
    """Return the columns that a line heads, from left to right; none where it heads no table of invoice lines."""
    line = layout.lines[index]
    if sum(len(cell.words) for cell in line) > _MOST_WORDS or any(
        re.search(r"\d[.,]\d{2}\b", cell.label) for cell in line
    ):
        return []
    if _OTHER_TABLE.search(" ".join(cell.label for cell in line)):
        return []
    found = [column for cell in line for column in _heads_in(cell)]
    kinds = {column.kind for column in found}
    words = sum(len(cell.words) for cell in line)
    is_table = len(found) >= _FEWEST and ColumnKind.NET in kinds | (
        {ColumnKind.NET} if ColumnKind.PRICE in kinds else set()
    )
    is_plain = kinds == {ColumnKind.NAME, ColumnKind.NET} and words <= _MOST_OF_TWO and len(line) > 1
    if not (is_plain or (is_table and kinds & {ColumnKind.NAME, ColumnKind.QUANTITY})):
        return []
    return sorted(_one_net(_priced(found)), key=lambda column: column.x0)


def head_of(layout: Layout, index: int) -> tuple[int, list[Column]]:
    """Return the columns that a line heads together with the two lines below it, and the line after the head.

    Heads of several lines are one head: "Prix" stands over "unitaire", "Menge" a line over "Betrag".
    """
    columns = columns_of(layout, index)
    if not columns:
        return index + 1, []
    for above in range(max(index - _LINES_OVER, 0), index):
        upper = _plain_heads(layout.lines[above])
        if above < index - 1:
            # Further up only the head of the amounts is looked for; other words there may head nothing.
            upper = [column for column in upper if column.kind is ColumnKind.NET and _is_near(layout, above, index)]
        # "Preis/" over "Einheit" is the price of a unit, not the unit.
        columns = [column for column in columns if column.kind is not ColumnKind.UNIT or _apart([column], upper)]
        columns += _apart(upper, columns)
    last = index
    for below in range(index + 1, min(index + 1 + _HEAD_LINES, len(layout.lines))):
        more = columns_of(layout, below)
        columns += _apart(more, columns)
        if more:
            last = below
    return last + 1, sorted(_one_net(columns), key=lambda column: column.x0)


def _is_near(layout: Layout, above: int, index: int) -> bool:
    upper, lower = layout.lines[above][0], layout.lines[index][0]
    gap = lower.place.y0 - upper.place.y0
    return upper.place.page == lower.place.page and gap <= _OF_ONE_HEAD * lower.height


def _plain_heads(line: list[Cell]) -> list[Column]:
    """Return the heads in a line that has hardly anything else: the upper half of a head of two lines."""
    found = [column for cell in line for column in _heads_in(cell)]
    words = sum(len(cell.words) for cell in line)
    return (
        found if found and words <= 2 * len(found) and not any(map(str.isdigit, "".join(c.text for c in line))) else []
    )


def _apart(more: list[Column], columns: list[Column]) -> list[Column]:
    """Return the columns that stand over or under none of the others."""
    return [new for new in more if all(new.x1 < known.x0 or new.x0 > known.x1 for known in columns)]


def _heads_in(cell: Cell) -> list[Column]:
    found: list[Column] = []
    for match in _HEAD.finditer(cell.label):
        kind = next(kind for number, (kind, _) in enumerate(_HEADS) if match[f"k{number}"] is not None)
        place = cell.place_of(match.start(), match.end())
        found.append(Column(kind, match[0], place.x0, place.x1))
    return found


def _priced(found: list[Column]) -> list[Column]:
    """Return the columns with "rate" as a price where nothing else is one: hours at a rate."""
    if any(column.kind is ColumnKind.PRICE for column in found):
        return found
    return [
        Column(ColumnKind.PRICE, column.head, column.x0, column.x1) if column.head == "rate" else column
        for column in found
    ]


def _one_net(found: list[Column]) -> list[Column]:
    """Return the columns with one of amounts without VAT: the one that says so, else the last."""
    nets = [column for column in found if column.kind is ColumnKind.NET]
    if len(nets) < 2:  # noqa: PLR2004 - there is no choice
        return found
    said = [column for column in nets if re.search(r"h\.?t|net", column.head)]
    chosen = said[-1] if said else nets[-1]
    return [
        column
        if column.kind is not ColumnKind.NET or column is chosen
        else Column(ColumnKind.OTHER, column.head, column.x0, column.x1)
        for column in found
    ]

"""Tills' papers: whether a document is one, and which of its amounts was to be paid.

A till prints its total, what was rounded off, what was given and what was given back. Where these agree, the total is
certain whatever its label; where a label alone speaks, it is weighed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from liasse.reading.page import titles
from liasse.reading.page.values import Amount, amounts
from liasse.reading.types import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liasse.reading.page.layout import Cell, Layout


def _loose(pattern: str) -> re.Pattern[str]:
    """Return a pattern that does without its blanks: OCR reads "Total Sales" as "TotalSales"."""
    return re.compile(pattern.replace(" ", " ?"))


def _word(words: str) -> re.Pattern[str]:
    return _loose(rf"(?<![a-z])(?:{words})(?![a-z])")


# Kinds of words that tills print; one of a kind counts once.
_TILL: Final = (
    _word(r"cash(?:ier)?|especes?|bar(?:zahlung)?|geg\.?(?:eben)?|tendered|contant|pay|efectivo|contanti"),
    _word(r"change(?: due| amt)?|(?:wechsel|ruck)geld|zuruck|rendu(?: monnaie)?|a rendre|rest[oi]|cambio|wisselgeld"),
    _word(
        r"receipt|kassen?(?:bon|beleg|zettel)|bon-?nr|beleg-?nr|kundenbeleg|handlerbeleg|vorgangs-?nr|quittung|"
        r"ticket(?: de caisse| client)?|recu|scontrino|"
        r"kassabon|caisse|kasse|bediener|vendeur|hotesse|kassierer(?:in)?"
    ),
    _word(
        r"ec[- ]?(?:karte|cash)|girocard|carte bancaire|cb(?: emv| sans contact)?|visa|mastercard|maestro|debit card|"
        r"kartenzahlung|contactless|sans contact|kontaktlos|terminal(?:-?id)?|ta-?nr|trace(?:-?nr)?|autorisation|"
        r"approval"
    ),
    _word(
        r"thank you(?: for)?|please come again|vielen dank|danke(?: fur)?|merci (?:de|pour) votre (?:visite|achat)|"
        r"merci et a bientot|a bientot|besuch|gracias por su|grazie"
    ),
    _word(
        r"tse(?:-?[a-z]+)?|signatur(?:zahler)?|seriennr|bon[- ]?nummer|table|tisch|couverts|pax|server|staff|counter|"
        r"kellner"
    ),
    _word(r"gst(?: (?:id|no|reg|summary))?|sdn\.? bhd\.?|goods sold are not|rounding(?: adj(?:ustment)?)?|item count"),
    _word(r"summe|zu zahlen|nombre d'articles|articles?|posten|anzahl"),
)
# So many kinds of a till's words make a document a till's paper; fewer where it is as narrow as a roll.
_KINDS: Final = 5
_KINDS_NARROW: Final = 2
_KINDS_BETWEEN: Final = 3
# How many heights of its letters a till's paper is wide; a sheet of A4 is half as wide again and more.
_FEWEST_PRICED: Final = 2
_NARROW: Final = 31.0
_BETWEEN: Final = 40.0
_LETTER_WORDS: Final = _loose(
    r"(?<![a-z])(?:rechnungsempfanger|bill(?:ed)? to|ship to|facture a|adresse de facturation|due date|echeance|"
    r"zahlungsziel|zahlbar bis|payment terms|conditions de (?:paiement|reglement)|iban)(?![a-z])"
)

_POINTLESS = re.compile(r"(?<![\d.,/:-])(\d{1,4})(?: ?[:;*'-]{1,2} ?| |)(\d{2})(?!\d)\W*(?:[a-z]{1,2})?$")
_NOT_LETTERS = re.compile(r"[^a-z]+")
_SPLIT = re.compile(
    r"(?:grand|sub|nett?)?total|change|cash|rounding|tender(?:ed)?|amount|balance|summe|ruckgeld|gegeben|zuzahlen|betrag|"
    r"montant|rendu|especes|discount|subtotal"
)
_LETTERS = re.compile(r"[a-z]{3}")
_WORD = re.compile(r"[a-z]{4}")
_GOES_ON = re.compile(r"\W*(?:incl|inkl|with tax|of gst|ttc|toutes taxes)")
_QUANTITY: Final = _loose(
    r"(?<![a-z])(?:total|no\.?|nombre|anzahl|number|item)s? ?(?:of |de |d')?(?:item|article|artikel|piece|posten|"
    r"qty|quantity|qte|count|stamp|point|pcs)(?:s|\(s\))?|qty ?:|item count|points?(?![a-z])|bonus|punkte|"
    r"total loading|anzahl artikel|stuck(?![a-z])"
)
_ROUNDING: Final = _loose(
    r"(?<![a-z])(?:\w{0,6} ?rounding|round(?:ing)?[. ]?adj\w*|rundung|arrondi|afronding|rnd(?:ing)?)(?![a-z])"
)
_ROUNDED: Final = _loose(
    r"(?<![a-z])(?:total rounded|rounded total|(?:(?:total|ttl) )?(?:after|aft|atf) (?:rounding|rnd|adj\w*)|"
    r"nett? total|total nett?)(?![a-z])"
)
_CHANGE: Final = _loose(
    r"(?<![a-z])(?:change(?: due| amt| amount)?|(?:wechsel|ruck)geld|zuruck|rendu(?: monnaie)?|a rendre|"
    r"monnaie rendue|"
    r"cambio|resto|wisselgeld|terug|balance|baki)(?![a-z])"
)
_GIVEN: Final = _loose(
    r"(?<![a-z])(?:cash|tendered?|(?:amount |total )?paid|payment|especes?|bar(?:zahlung)?|geg\.?|gegeben|"
    r"bezahlt|erhalten|"
    r"contant|pay|efectivo|entregado|contanti|betaald|recu|visa(?: card)?|master ?card|mastercard|maestro|amex|"
    r"(?:credit|debit) card|ec[- ]?(?:karte|cash)|girocard|karten?zahlung|kreditkarte|carte (?:bancaire|bleue)|carte|"
    r"cb(?: emv)?|cheque|ticket restaurant|kreditk\.?|card|bankcard|debit|tunai)(?![a-z])"
)
_LESS: Final = _loose(
    r"(?<![a-z])(?:discount|disc|rabatt|remise|reduction|nachlass|saving|savings|ersparnis|gespart|you saved|"
    r"economie|"
    r"korting|descuento|sconto|avantage|coupon|voucher|gutschein|deposit|pfand|loading|round|previous|"
    r"guthaben)s?(?![a-z])"
)
_TAX: Final = _loose(
    r"(?<![a-z])(?:gst|sst|tax|taxes|mwst|m\.w\.st\.?|ust|u\.st\.?|tva|t\.v\.a\.?|steuer|iva|btw|vat|mehrwertsteuer|"
    r"service (?:charge|tax)|serv\.? charge|svc|bedienung|tip|pourboire|trinkgeld)(?![a-z])"
)
_BEFORE_TAX: Final = _loose(
    r"(?<![a-z])(?:excl?(?:uding|usive|\.)?|before|without|ohne|netto|nett?(?= ?(?:amount|sales))|h\.?t\.?|"
    r"hors taxes?|"
    r"ex gst|\(ex\)|taxable|base|imponible|imponibile|zonder)(?![a-z])"
)
_WITH_TAX: Final = _loose(
    r"(?<![a-z])(?:incl?(?:usive|uding|\.)?(?: of)?|inkl\.?|brutto|t\.?t\.?c\.?|with|iva inc\w*|incluso)(?![a-z])"
)
_SUB: Final = _loose(
    r"(?<![a-z])(?:sub[- ]?total|zwischensumme|zw\.?summe|sous[- ]?total|subtotaal|subtotale|item value|sub)(?![a-z])"
)
_STRONG: Final = _loose(
    r"(?<![a-z])(?:grand[- ]?total|total ?(?:amount|amt|due|payable|sales?|bill|price|eur|rm|a payer|a pagar|ttc|"
    r"generale?|general|complessivo|du|da pagare|rounded|incl)|amount ?(?:due|payable|to pay)|net a payer|"
    r"(?:montant|reste) (?:du|a payer|ttc|total)|zu ?zahlen|zahlbetrag|gesamt(?:betrag|summe|preis)?|endbetrag|"
    r"endsumme|"
    r"summe(?: ?eur)?|rechnungsbetrag|gesamt eur|balance due|due|bill total|te betalen|totaal|importe total|a pagar|"
    r"sales ?\(?incl|takeout total|eat[- ]?in total|dine[- ]?in total|take[- ]?away total|payable|jumlah)"
)
# What is under this sums up the tax again.
_SUMMARY: Final = _loose(r"(?<![a-z])(?:gst|sst|tax|vat) (?:summary|analysis|details)")
_TIP: Final = _loose(r"(?<![a-z])(?:tips?|gratuity|pourboire|trinkgeld|propina|mancia|fooi)(?![a-z])")
_SUM: Final = _loose(r"(?<![a-z])tota[li1]|(?<![a-z])(?:summe|betrag|montant|qty|posten|netto|brutto)(?![a-z])")
# Behind "total" OCR may leave out the blank, so that no end of the word is asked for.
_PLAIN: Final = _loose(
    r"(?<![a-z])(?:tota[li1]|nettotal|to pay)|(?<![a-z])(?:betrag|summe|montant|amount|amt|ttl|importe|umsatz|"
    r"nett?|bar)(?![a-z])"
)

_GAIN_PAID: Final = 0.9
_GAIN_CHANGE: Final = 0.6
# So many lines above the change stands what was given.
_NEAR_CHANGE: Final = 4
_GAIN_CARD: Final = 0.35
_GAIN_ROUNDED: Final = 0.6
_GAIN_TAXED: Final = 0.3
_GAIN_AGAIN: Final = 0.1
_LARGEST_ROUNDING: Final = Decimal("0.05")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a till's paper: what stands before its last amount, or all of it, and its amounts."""

    text: str
    amounts: tuple[Amount, ...]
    cells: tuple[Cell, ...]
    has_lost_point: bool = False

    @property
    def last(self) -> Amount | None:
        """Return the amount at the end of the line, where a till prints what counts."""
        return self.amounts[-1] if self.amounts else None


@dataclass(frozen=True, slots=True)
class Paid:
    """An amount that may be a till paper's total, how much speaks for it, where it stands, and what speaks."""

    value: Decimal
    score: float
    place: Place
    evidence: tuple[str, ...]


def rows_of(layout: Layout) -> list[Row]:
    """Return the lines of a document as a till's paper has them: a label, and its amounts behind it.

    A line that holds several labels with an amount each, "QTY 4  TOTAL 9.20", is as many rows.
    """
    return [row for line in layout.lines for row in _rows_in(line)]


def _rows_in(line: list[Cell]) -> Iterator[Row]:
    cells = tuple(line)
    parts: list[tuple[str, Amount | None]] = []
    text = ""
    for cell in line:
        at = 0
        for amount in amounts(cell):
            parts.append((f"{text} {cell.label[at : amount.start]}".strip(), amount))
            text, at = "", amount.end
        text = f"{text} {cell.label[at:]}".strip()
    tail = text
    labelled = [index for index, (label, _) in enumerate(parts) if _LETTERS.search(label)]
    if len(labelled) < 2:  # noqa: PLR2004 - one label, or none: the line is one row
        whole = " ".join([*(label for label, _ in parts), tail]).strip()
        found = tuple(amount for _, amount in parts if amount is not None)
        guessed = _without_point(whole, line[-1]) if not found else None
        yield Row(_whole(whole), (guessed,) if guessed else found, cells, has_lost_point=guessed is not None)
        return
    for index, end in zip(labelled, [*labelled[1:], len(parts)], strict=True):
        found = tuple(amount for _, amount in parts[index:end] if amount is not None)
        yield Row(_whole(parts[index][0]), found, cells)


def _whole(text: str) -> str:
    """Return a label without the blanks that OCR put into it: "ch ange" is "change"."""
    letters = _NOT_LETTERS.sub("", text)
    return letters if _SPLIT.fullmatch(letters) else text


def _without_point(text: str, last: Cell) -> Amount | None:
    """Return the amount at the end of a labelled line whose point OCR lost or misread: 1315, 13:15, 13 15."""
    found = _POINTLESS.search(last.figures)
    if found is None or not (
        _STRONG.search(text) or _PLAIN.search(text) or _GIVEN.search(text) or _CHANGE.search(text)
    ):
        return None
    if _QUANTITY.search(text):
        return None
    value = Decimal(f"{found[1]}.{found[2]}")
    return Amount(value, None, last.place_of(found.start(1), found.end(2)), found.start(1), found.end(2))


def is_till_paper(layout: Layout) -> bool:
    """Tell whether a document came out of a till: by its words, and by how narrow what is printed is."""
    if layout.last_page > 1 or not layout.cells:
        return False
    text = "\n".join(" ".join(cell.label for cell in line) for line in layout.lines)
    kinds = sum(1 for pattern in _TILL if pattern.search(text))
    letters = len({match[0] for match in _LETTER_WORDS.finditer(text)})
    width = layout.width_in_letters()
    needed = _KINDS_NARROW if width <= _NARROW else _KINDS_BETWEEN if width <= _BETWEEN else _KINDS
    if not titles.INVOICE_WORDS.search(text):
        # What names no invoice is a till's paper on less: when narrow, on its shape and its amounts alone.
        needed -= 2
    priced = sum(1 for line in layout.lines if any(amounts(cell) for cell in line))
    return priced >= _FEWEST_PRICED and kinds - letters >= needed


def is_no_item(text: str) -> bool:
    """Tell whether a line is a sum, a payment, a tax or a number of things rather than something bought."""
    return any(pattern.search(text) is not None for pattern in (_STRONG, _SUM, _SUB, _CHANGE, _GIVEN, _ROUNDING, _TAX))


def subtotal_with(layout: Layout, tax: Decimal, gross: Decimal) -> Decimal | None:
    """Return the subtotal to which the tax was added, where a tip made the total larger still."""
    rows = rows_of(layout)
    tips = [row.last.value for row in rows if row.last is not None and _TIP.search(row.text)]
    for row in rows:
        if row.last is None or not _SUB.search(row.text) or row.last.value + tax >= gross:
            continue
        if any(row.last.value + tax + tip == gross for tip in tips):
            return row.last.value
    return None


def paid_candidates(layout: Layout) -> list[Paid]:
    """Return what may be the total of a till's paper, the likeliest first.

    What was given less the change is the total; so is a total with its rounding; amounts behind "cash", "change",
    "discount" or a number of things are none themselves.
    """
    rows = rows_of(layout)
    scores: dict[Decimal, float] = defaultdict(float)
    places: dict[Decimal, Place] = {}
    evidence: dict[Decimal, list[str]] = defaultdict(list)
    weights: dict[Decimal, list[float]] = defaultdict(list)
    summary = next((index for index, row in enumerate(rows) if _SUMMARY.search(row.text)), len(rows))
    for index, row in enumerate(rows):
        weight = _weight(row.text) * (1.0 if index < summary else 0.7)
        if weight <= 0:
            continue
        for amount, factor in _amounts_for(rows, index):
            if amount.value:
                weights[amount.value].append(weight * factor + 0.04 * index / len(rows))
                places.setdefault(amount.value, amount.place)
    for value, heights in weights.items():
        scores[value] = max(heights) + min(len(heights) - 1, 3) * _GAIN_AGAIN
        evidence[value].append("label")
    for value, gain, code, place in _agreements(rows, set(weights)):
        if code not in evidence[value]:
            scores[value] += gain
            evidence[value].append(code)
            places.setdefault(value, place)
    found = [item for item in _unlabelled(rows) if item.value not in scores]
    found += [
        Paid(value, score, places[value], tuple(evidence[value])) for value, score in scores.items() if value in places
    ]
    return sorted(found, key=lambda item: -item.score)


def _unlabelled(rows: list[Row]) -> list[Paid]:
    """Return the largest amounts, those printed more than once first: OCR may have missed the word "total"."""
    ends = [row.last for row in rows if row.last is not None and not _CHANGE.search(row.text)]
    times = Counter(amount.value for amount in ends if amount.value > 0)
    ranked = sorted(times, key=lambda value: (-min(times[value], 2), -value))[:3]
    places = {amount.value: amount.place for amount in ends}
    return [Paid(value, 0.3 + 0.1 * times[value], places[value], ("largest",)) for value in ranked]


def _weight(text: str) -> float:
    """Return how surely the amount of a line is the total, 0 where it is something else."""
    is_rounded = bool(_ROUNDED.search(text))
    if (
        _QUANTITY.search(text)
        or _CHANGE.search(text)
        or (not is_rounded and (_ROUNDING.search(text) or _LESS.search(text)))
    ):
        return 0.0
    is_with_tax = bool(_WITH_TAX.search(text))
    ways = (
        (_SUB.search(text), 0.45),
        (not _STRONG.search(text) and not _PLAIN.search(text), 0.0),
        (_BEFORE_TAX.search(text) and not is_with_tax, 0.3),
        (is_rounded, 1.1),
        (_TAX.search(text) and not is_with_tax, 0.2),
        (_STRONG.search(text), 1.0),
    )
    return next((weight for applies, weight in ways if applies), 0.85)


def _amounts_for(rows: list[Row], index: int) -> Iterator[tuple[Amount, float]]:
    """Yield the amounts of a labelled line; where it has none, those of the next."""
    row = rows[index]
    if row.last is not None:
        # The last of a line that sums up columns, net and tax, is the lesser: no total.
        is_of_table = len(row.amounts) > 1 and abs(row.last.value) * 2 < max(abs(one.value) for one in row.amounts)
        yield row.last, 0.3 if is_of_table else 0.6 if row.has_lost_point else 1.0
        if len(row.amounts) > 1:
            yield max(row.amounts, key=lambda amount: amount.value), 0.7
        return
    # On crooked paper the amount stands a line lower, or higher.
    for other, factor in ((index + 1, 0.9), (index - 1, 0.75), (index + 2, 0.6)):
        near = rows[other] if 0 <= other < len(rows) else None
        if near is not None and near.last is not None and (not _WORD.search(near.text) or _GOES_ON.match(near.text)):
            yield near.last, factor
            return


type _Agreement = tuple[Decimal, float, str, Place]


def _agreements(rows: list[Row], labelled: set[Decimal]) -> Iterator[_Agreement]:
    """Yield the values that two lines together prove: given less change, total with rounding, net with tax."""
    yield from _given(rows, labelled)
    yield from _rounded(rows, labelled)
    printed = {amount.value: amount.place for row in rows for amount in row.amounts}
    for tax in (row.last for row in rows if row.last is not None and _TAX.search(row.text)):
        for value in labelled:
            if tax.value > 0 and value - tax.value in labelled and tax.value * 3 < value:
                yield value, _GAIN_TAXED, "sums", printed[value]


def _given(rows: list[Row], labelled: set[Decimal]) -> Iterator[_Agreement]:
    printed = {amount.value: amount.place for row in rows for amount in row.amounts}
    for row in rows:
        if row.last is None or not _GIVEN.search(row.text) or _CHANGE.search(row.text):
            continue
        if row.last.value in labelled:
            yield row.last.value, _GAIN_CARD, "given", row.last.place
    for index, row in enumerate(rows):
        if row.last is None or not _CHANGE.search(row.text):
            continue
        back = abs(row.last.value)
        near = [other for other in rows[max(index - _NEAR_CHANGE, 0) : index + 2] if other is not row]
        given = [other for other in near if _GIVEN.search(other.text)]
        # A line whose label is misread may be what was given; one that is called a total is not.
        unread = [other for other in near if not is_no_item(other.text)] if back else []
        for before, gain in [*((one, _GAIN_PAID) for one in given), *((one, _GAIN_CHANGE) for one in unread)]:
            total = before.last.value - back if before.last is not None else None
            if total is None or total <= 0 or total not in printed or before.last is None:
                continue
            yield total, gain, "paid", printed[total]
            if back:
                # What was handed over is no total, whatever stands beside it.
                yield before.last.value, -_GAIN_CHANGE, "handed-over", before.last.place


def _rounded(rows: list[Row], labelled: set[Decimal]) -> Iterator[_Agreement]:
    printed = {amount.value: amount.place for row in rows for amount in row.amounts}
    for rounding in (row.last for row in rows if row.last is not None and _ROUNDING.search(row.text)):
        if not 0 < abs(rounding.value) <= _LARGEST_ROUNDING:
            continue
        for value in labelled:
            for total in (value + abs(rounding.value), value - abs(rounding.value)):
                if total in printed and total % _LARGEST_ROUNDING == 0:
                    yield total, _GAIN_ROUNDED, "rounding", printed[total]

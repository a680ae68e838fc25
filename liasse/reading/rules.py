"""What the words on a page say: labels, values beside or below them, and what speaks for each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from liasse.lib.dates import FIRST_YEAR, month_comes_first
from liasse.lib.money import CENT
from liasse.reading import labels
from liasse.reading.labels import Label
from liasse.reading.layout import Cell, Layout
from liasse.reading.parties import Exclude, read_parties
from liasse.reading.receipts import is_till_paper
from liasse.reading.till import read_till
from liasse.reading.totals import read_totals
from liasse.reading.types import DocType, Field, FieldName, Place, ReadingResult, Source, Word
from liasse.reading.values import CURRENCY_SIGNS, Day, amounts, days

_TOKEN = re.compile(r"[a-z0-9][a-z0-9._/\-#]*[a-z0-9]|[a-z0-9]")
_DATE_LIKE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
_FILLER = re.compile(r"^[\s:.#-]*(?:no\.?|nr\.?|num\.?|numero|number|n\.)?[\s:.#-]*")
_TITLE_WORDS: Final = 7
_TITLE_LINE_WORDS: Final = 14
# The title of a paper stands in its upper part.
_TITLE_DEPTH: Final = 0.4
# How many characters may stand before a label that still begins its cell: a bullet, a bracket.
_LEADING: Final = 2
_LONGEST_NUMBER: Final = 40
# How many characters may stand between a label and its date.
_BEFORE_DUE: Final = 30
_BEFORE_ISSUED: Final = 12
_BESIDE: Final = 0.95
_BELOW: Final = 0.85


def read_text(
    words: Sequence[Word], *, shapes: Mapping[int, float], exclude: Exclude, source: Source = Source.TEXT
) -> ReadingResult:
    """Return the fields that plain labels allow, each with its place and an honest confidence.

    `shapes` has the width of each page for its height. Amounts are chosen by their sums; what
    is in `exclude` belongs to the client and is never the supplier's. `source` says where the
    words come from: the text of a PDF or OCR.
    """
    layout = Layout(words, shapes=shapes, is_ocr=source is Source.OCR)
    totals = read_totals(layout)
    fields = dict(totals.fields)
    fields.update(read_parties(layout, exclude=exclude))
    month_first = _is_month_first(layout)
    readers = {
        FieldName.DOC_TYPE: _doc_type(layout, totals.fields.get(FieldName.TOTAL_GROSS)),
        FieldName.INVOICE_NUMBER: _number(layout),
        FieldName.CURRENCY: _currency(layout),
        FieldName.ORDER_NUMBER: _order(layout),
        FieldName.DELIVERY_DATE: _dated(layout, labels.DELIVERED, month_first=month_first, term="BT-72"),
        FieldName.DUE_DATE: _dated(layout, labels.DUE_DATE, month_first=month_first, term="BT-9"),
    }
    fields.update({name: field for name, field in readers.items() if field is not None})
    issued = _issued(layout, month_first=month_first)
    if issued is not None:
        fields[FieldName.ISSUE_DATE] = issued
    breakdown = totals.vat_breakdown
    if is_till_paper(layout):
        till = read_till(layout, fields, exclude=exclude)
        for name in (FieldName.TOTAL_NET, FieldName.TOTAL_VAT, FieldName.TOTAL_GROSS, FieldName.AMOUNT_DUE):
            if till.vat_breakdown is not None:
                fields.pop(name, None)
        fields.update(till.fields)
        breakdown = totals.vat_breakdown if till.vat_breakdown is None else till.vat_breakdown
    if source is not Source.TEXT:
        fields = {
            name: replace(field, source=source) if field.source is Source.TEXT else field
            for name, field in fields.items()
        }
    return ReadingResult(fields=fields, vat_breakdown=breakdown)


def sums_agree(result: ReadingResult) -> bool | None:
    """Tell whether net and VAT make the gross within a cent (BR-CO-15), None where one is missing."""
    net, vat, gross = (result.value(name) for name in (FieldName.TOTAL_NET, FieldName.TOTAL_VAT, FieldName.TOTAL_GROSS))
    if net is None or vat is None or gross is None:
        return None
    return abs(Decimal(net) + Decimal(vat) - Decimal(gross)) <= CENT


@dataclass(frozen=True, slots=True)
class _Match:
    """A label in a cell: what follows it begins at `end`."""

    cell: Cell
    start: int
    end: int
    weight: float


def _matches(layout: Layout, table: tuple[Label, ...]) -> Iterator[_Match]:
    """Yield the surest label of every cell; one in the middle of a sentence weighs less."""
    for cell in layout.cells:
        best: _Match | None = None
        for label in table:
            found = label.pattern.search(cell.folded)
            if found is None:
                continue
            weight = label.weight * (1.0 if found.start() <= _LEADING else 0.75)
            if best is None or weight > best.weight or (weight == best.weight and found.end() > best.end):
                best = _Match(cell, found.start(), found.end(), weight)
        if best is not None:
            yield best


def _is_month_first(layout: Layout) -> bool:
    """Tell whether 03/04 is the 4th of March: by a date that proves it, else by dollars alone."""
    text = "\n".join(cell.folded for cell in layout.cells)
    proved = month_comes_first(text)
    if proved is not None:
        return proved
    return ("$" in text or "usd" in text) and not re.search(r"\u20ac|\beur\b|\u00a3|\bgbp\b|\bcad\b|\baud\b", text)


def _doc_type(layout: Layout, gross: Field | None) -> Field | None:
    """Return the kind by the title; an invoice over less than nothing is a credit note."""
    titled = _titled(layout)
    if titled and titled.value == DocType.INVOICE and gross and (gross.value or "").startswith("-"):
        return Field(DocType.CREDIT_NOTE.value, Source.RULE, 0.75, "BT-3", titled.place, ("title", "negative"))
    return titled


def _titled(layout: Layout) -> Field | None:
    """Return the kind that the first short cell says; words elsewhere count less."""
    for cell in layout.cells:
        if cell.place.page > 1 or len(cell.words) > _TITLE_WORDS:
            continue
        if labels.PRO_FORMA.search(cell.folded):
            return Field(DocType.QUOTE.value, Source.TEXT, 0.8, "BT-3", cell.place, ("title",))
        if labels.CREDIT_TITLES.search(cell.folded):
            return Field(DocType.CREDIT_NOTE.value, Source.TEXT, 0.85, "BT-3", cell.place, ("title",))
        if labels.INVOICE_WORDS.search(cell.folded) and not labels.NOT_OUR_NUMBER.search(cell.folded):
            return Field(DocType.INVOICE.value, Source.TEXT, 0.9, "BT-3", cell.place, ("title",))
    # An invoice names its quote, its order and its delivery too, so these are asked where nothing titles one.
    other = _no_invoice(layout)
    if other is not None:
        return other
    for pattern, kind in ((labels.RECEIPT_WORDS, DocType.RECEIPT), (labels.INVOICE_WORDS, DocType.INVOICE)):
        for cell in layout.cells:
            if pattern.search(cell.folded):
                return Field(kind.value, Source.TEXT, 0.6, "BT-3", cell.place, ("word",))
    return None


def _no_invoice(layout: Layout) -> Field | None:
    """Return the kind of what calls itself no invoice, by the title in its upper part."""
    for cell in layout.cells:
        if cell.place.page > 1 or cell.place.y0 > _TITLE_DEPTH or len(cell.words) > _TITLE_WORDS:
            continue
        for pattern, kind in (
            (labels.QUOTE_TITLES, DocType.QUOTE),
            (labels.STATEMENT_TITLES, DocType.STATEMENT),
            (labels.OTHER_TITLES, DocType.OTHER),
        ):
            if pattern.search(cell.folded):
                return Field(kind.value, Source.TEXT, 0.8, "BT-3", cell.place, ("title",))
    return None


def _number(layout: Layout) -> Field | None:
    best: tuple[float, str, Place] | None = None
    for match in _matches(layout, labels.NUMBER):
        written = match.cell.folded
        if labels.NOT_OUR_NUMBER.search(written) or labels.OTHER_NUMBER.search(written, match.start, match.end):
            continue
        for factor, cell, start in _ways(layout, match):
            found = _token(cell, start)
            if found is None:
                continue
            score = match.weight * factor - 0.1 * (match.cell.place.page - 1) - 0.1 * match.cell.place.y0
            if best is None or score > best[0]:
                best = (score, *found)
            break
    return None if best is None else Field(best[1], Source.TEXT, _confidence(best[0]), "BT-1", best[2], ("label",))


def _ways(layout: Layout, match: _Match) -> Iterator[tuple[float, Cell, int]]:
    """Yield where a label's value may stand, the likeliest first: behind, beside, below."""
    yield 1.0, match.cell, match.end
    for other in layout.right_of(match.cell)[:2]:
        yield _BESIDE, other, 0
    for other in layout.below(match.cell)[:2]:
        yield _BELOW, other, 0


def _token(cell: Cell, start: int) -> tuple[str, Place] | None:
    """Return the number that the text from `start` begins with: it has a digit and is no date."""
    filler = _FILLER.match(cell.folded[start:])
    at = start + (filler.end() if filler else 0)
    if start and at == start and cell.folded[at : at + 1] != " ":
        return None
    found = _TOKEN.match(cell.folded, at)
    if found is None or not any(character.isdigit() for character in found[0]):
        return None
    if (
        _DATE_LIKE.fullmatch(found[0])
        or len(found[0]) > _LONGEST_NUMBER
        or _is_amount(cell, found.start(), found.end())
    ):
        return None
    return cell.text[found.start() : found.end()], cell.place_of(found.start(), found.end())


def _is_amount(cell: Cell, start: int, end: int) -> bool:
    return any(amount.start < end and amount.end > start for amount in amounts(cell))


def _order(layout: Layout) -> Field | None:
    for match in _matches(layout, labels.ORDER):
        for factor, cell, start in _ways(layout, match):
            found = _token(cell, start)
            if found is not None:
                return Field(
                    found[0], Source.TEXT, _confidence(0.8 * match.weight * factor), "BT-13", found[1], ("label",)
                )
    return None


def _dated(layout: Layout, table: tuple[Label, ...], *, month_first: bool, term: str) -> Field | None:
    """Return the date of the surest label; the last of equals, since terms stand at the end."""
    best: tuple[float, Day] | None = None
    for match in _matches(layout, table):
        for factor, cell, start in _ways(layout, match):
            found = [day for day in days(cell, month_first=month_first) if day.start >= start]
            if not found or found[0].start - start > _BEFORE_DUE:
                continue
            score = match.weight * factor * (1.0 if cell is not match.cell or match.start <= _LEADING else 0.9)
            if best is None or score > best[0]:
                best = (score, found[0])
            break
    return None if best is None else _date_field(best[1], best[0], term)


def _date_field(day: Day, score: float, term: str) -> Field:
    is_likely = int(day.value[:4]) > FIRST_YEAR
    return Field(day.value, Source.TEXT, _confidence(score * (0.95 if is_likely else 0.6)), term, day.place)


def _issued(layout: Layout, *, month_first: bool) -> Field | None:
    """Return the invoice's date: of its label, else behind its number, else the first that is no other's."""
    candidates = list(_issue_dates(layout, month_first=month_first))
    if not candidates:
        return None
    score, day = max(candidates, key=lambda item: item[0])
    return _date_field(day, score, "BT-2")


def _issue_dates(layout: Layout, *, month_first: bool) -> Iterator[tuple[float, Day]]:
    for match in _matches(layout, labels.ISSUED):
        if match.weight < 1.0 and labels.OTHER_DATES.search(match.cell.folded):
            continue
        if labels.NOT_OUR_NUMBER.search(match.cell.folded):
            continue
        for factor, cell, start in _ways(layout, match):
            found = [day for day in days(cell, month_first=month_first) if day.start >= start]
            if found and found[0].start - start <= _BEFORE_ISSUED:
                yield match.weight * factor - (0.15 if match.weight >= 1.0 else 0.3) * _depth(match.cell), found[0]
                break
    for cell in layout.cells:
        found = list(days(cell, month_first=month_first))
        if not found:
            continue
        is_title = bool(labels.INVOICE_WORDS.search(cell.folded)) or bool(labels.CREDIT_TITLES.search(cell.folded))
        before = cell.folded[: found[0].start]
        if is_title and len(cell.words) <= _TITLE_LINE_WORDS and not labels.OTHER_DATES.search(before):
            yield 0.85 - 0.15 * _depth(cell), found[0]
        elif not labels.OTHER_DATES.search(cell.folded) and len(cell.words) <= _TITLE_WORDS:
            yield 0.45 - 0.15 * _depth(cell) - (0.2 if _is_under_other(layout, cell) else 0.0), found[0]


def _is_under_other(layout: Layout, cell: Cell) -> bool:
    """Tell whether a lone date stands beside or under the label of some other date."""
    line = [other for other in layout.lines[cell.line] if other.place.x1 <= cell.place.x0]
    over = layout.above(cell, reach=2 * cell.height)
    return any(labels.OTHER_DATES.search(other.folded) for other in [*line[-1:], *over[:1]])


def _depth(cell: Cell) -> float:
    return min(cell.place.page - 1 + cell.place.y0, 2.0)


def _currency(layout: Layout) -> Field | None:
    for match in _matches(layout, labels.CURRENCY):
        for factor, cell, start in _ways(layout, match):
            for word in re.findall(r"[a-z]{3,5}|[\u20ac$\u00a3]", cell.folded[start:])[:2]:
                code = CURRENCY_SIGNS.get(word)
                if code is not None:
                    return Field(code, Source.TEXT, _confidence(0.95 * factor), "BT-5", cell.place, ("label",))
    seen = Counter(amount.currency for cell in layout.cells for amount in amounts(cell) if amount.currency)
    if not seen:
        return _lone_currency(layout)
    (code, count), *others = seen.most_common(2)
    confidence = 0.95 if not others else 0.5 + 0.4 * (count - others[0][1]) / count
    return Field(code, Source.TEXT, round(confidence, 2), "BT-5", evidence=("rivals",) if others else ("sign",))


def _lone_currency(layout: Layout) -> Field | None:
    """Return the currency that the text names once or more, away from amounts."""
    seen = Counter(
        CURRENCY_SIGNS[word]
        for cell in layout.cells
        for word in re.findall(r"\b(?:eur|usd|gbp|chf|euros?)\b|[\u20ac\u00a3]", cell.folded)
    )
    return Field(seen.most_common(1)[0][0], Source.TEXT, 0.8, "BT-5", evidence=("lone",)) if len(seen) == 1 else None


def _confidence(score: float) -> float:
    return round(min(max(score * 0.95, 0.05), 0.95), 2)

"""The fields of a till's paper: its shop, its total, its VAT, its kind."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from liasse.lib.money import canonical_amount
from liasse.lib.text import name_key
from liasse.reading.page.vat_rows import VatRow, makes_up, vat_rows
from liasse.reading.printed.receipts import Paid, paid_candidates, subtotal_with
from liasse.reading.printed.shops import Shop, shop_candidates
from liasse.reading.printed.totals import single_rate, vat_beside_labels, vat_line
from liasse.reading.types import DocType, Field, FieldName, Source, VatLine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from liasse.reading.exclude import Exclude
    from liasse.reading.page.layout import Layout

_LEAST: Final = 0.3
_MARGIN: Final = 0.25
# What is less likely than this to be a shop's name is no rival of one.
_LEAST_RIVAL: Final = 0.6
_CENT: Final = Decimal("0.01")
# Cash is rounded to five cents in Malaysia, Switzerland, Belgium, the Netherlands: the VAT table is not.
_ROUNDING: Final = Decimal("0.05")
_HIGHEST: Final = Decimal("0.28")
# What proves that an amount was paid as it is printed.
_CASH: Final = frozenset({"paid", "given", "rounding"})

ROUNDED: Final = "rounded"
"""Net and VAT come to some cents less or more than the total, which was rounded for cash."""


@dataclass(frozen=True, slots=True)
class Till:
    """What a till's paper says: fields, and its VAT table."""

    fields: dict[FieldName, Field]
    vat_breakdown: tuple[VatLine, ...] | None


def read_till(layout: Layout, known: Mapping[FieldName, Field], *, exclude: Exclude) -> Till:
    """Return what a till's paper says otherwise than an invoice; `known` is what the common rules found."""
    fields: dict[FieldName, Field] = {}
    title = known.get(FieldName.DOC_TYPE)
    if title is None or title.value in {DocType.INVOICE.value, DocType.RECEIPT.value}:
        place = title.place if title else None
        source = Source.TEXT if place else Source.RULE
        fields[FieldName.DOC_TYPE] = Field(DocType.RECEIPT.value, source, 0.9, "BT-3", place, ("till",))
    shops = shop_candidates(layout, exclude)
    if shops and shops[0].score >= _LEAST:
        fields[FieldName.SUPPLIER_NAME] = _named(shops)
    rows = vat_rows(layout, is_till=True)
    chosen = _choose(paid_candidates(layout), rows)
    if chosen is None:
        return Till(fields, None)
    fields[FieldName.TOTAL_GROSS] = chosen.field
    fields[FieldName.AMOUNT_DUE] = Field(
        chosen.field.value, Source.RULE, 0.6, "BT-115", chosen.paid.place, ("derived",)
    )
    if chosen.rows:
        fields |= _taxed(chosen)
        return Till(fields, tuple(vat_line(row.rate, row.base, row.vat) for row in chosen.rows))
    fields |= _untabled(layout, chosen.paid.value)
    return Till(fields, single_rate(layout, fields.get(FieldName.TOTAL_NET), fields.get(FieldName.TOTAL_VAT)))


def _named(shops: list[Shop]) -> Field:
    """Return the likeliest name; another that is hardly less likely, as a sign beside the firm's, makes it unsure."""
    best, score, codes = shops[0], shops[0].score, shops[0].evidence
    key = name_key(best.name)
    others = [shop.score for shop in shops[1:] if name_key(shop.name) not in key and key not in name_key(shop.name)]
    if others and others[0] >= _LEAST_RIVAL and score - others[0] < _MARGIN:
        codes, score = (*codes, "rivals"), score - 0.3
    return Field(best.name, Source.TEXT, round(max(min(0.95, 0.9 * score), 0.1), 2), "BT-27", best.place, codes)


@dataclass(frozen=True, slots=True)
class _Chosen:
    paid: Paid
    rows: tuple[VatRow, ...]
    field: Field


def _choose(candidates: list[Paid], rows: list[VatRow]) -> _Chosen | None:
    """Return the total: the likeliest, or one hardly less likely that the VAT table makes up."""
    if not candidates:
        return None
    ranked = []
    for item in candidates:
        exact = makes_up(rows, item.value, tolerance=_CENT)
        table = exact or makes_up(rows, item.value, tolerance=_ROUNDING)
        ranked.append((item.score + (0.5 if exact else 0.3 if table else 0.0), item, table))
    ranked.sort(key=lambda one: -one[0])
    score, best, table = ranked[0]
    codes = best.evidence + (("table",) if table else ())
    if table and _is_rounded(best, table):
        codes = (*codes, ROUNDED)
    if len(ranked) > 1 and score - ranked[1][0] < _MARGIN:
        codes, score = (*codes, "rivals"), score - 0.3
    confidence = round(min(0.97, 0.3 + 0.35 * score), 2)
    field = Field(canonical_amount(best.value), Source.TEXT, confidence, "BT-112", best.place, codes)
    return _Chosen(best, table, field)


def _is_rounded(paid: Paid, rows: tuple[VatRow, ...]) -> bool:
    """Tell whether what was paid is the table's sum rounded to five cents, as cash is."""
    apart = abs(sum((row.base + row.vat for row in rows), Decimal()) - paid.value)
    is_proved = not _CASH.isdisjoint(paid.evidence)
    return _CENT < apart <= _ROUNDING and paid.value % _ROUNDING == 0 and is_proved


def _taxed(chosen: _Chosen) -> dict[FieldName, Field]:
    net = sum((row.base for row in chosen.rows), Decimal())
    vat = sum((row.vat for row in chosen.rows), Decimal())
    place = chosen.rows[0].place if len(chosen.rows) == 1 else None
    is_exact = abs(net + vat - chosen.paid.value) <= _CENT
    codes = ("table", "sums") if is_exact else ("table",)
    confidence = min(0.95 if is_exact else 0.8, chosen.field.confidence)
    source = Source.TEXT if place else Source.RULE
    return {
        FieldName.TOTAL_NET: Field(canonical_amount(net), source, confidence, "BT-109", place, codes),
        FieldName.TOTAL_VAT: Field(canonical_amount(vat), source, confidence, "BT-110", place, codes),
    }


def _untabled(layout: Layout, gross: Decimal) -> dict[FieldName, Field]:
    """Return the VAT of a till that prints no table: what stands beside its label, the net what is left."""
    for item in vat_beside_labels(layout):
        if 0 < item.value <= gross * _HIGHEST:
            below = subtotal_with(layout, item.value, gross)
            net = canonical_amount(below if below is not None else gross - item.value)
            return {
                FieldName.TOTAL_VAT: Field(
                    canonical_amount(item.value), Source.TEXT, 0.5, "BT-110", item.place, ("label",)
                ),
                FieldName.TOTAL_NET: Field(net, Source.RULE, 0.45, "BT-109", None, ("derived",)),
            }
    return {}

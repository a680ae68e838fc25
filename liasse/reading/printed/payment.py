"""How a document was or is to be paid, the last digits of the card, the tip, and the period that it is for."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from liasse.lib.money import canonical_amount
from liasse.reading.page.values import amounts, days
from liasse.reading.types import Field, FieldName, PaymentMethod, Source

if TYPE_CHECKING:
    from liasse.reading.page.layout import Cell, Layout


def _word(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?:{words})(?![a-z])")


_CARD: Final = (
    r"(?:carte (?:bancaire|bleue|de credit)|cb(?: emv| sans contact)?|carte|credit card|debit card|"
    r"visa(?: card)?|master ?card|"
    r"mastercard|maestro|v ?pay|amex|american express|ec[- ]?(?:karte|cash)|girocard|kreditkarte|karten?zahlung|"
    r"bankcard|"
    r"debit mastercard|contactless|sans contact|kontaktlos|tarjeta|carta di credito|bancomat|pin(?:pas)?|"
    r"bancontact|card)"
)
_CASH: Final = r"(?:cash|especes?|bar(?:zahlung)?|bargeld|contant|efectivo|contanti|liquide|tunai|numeraire)"
_TRANSFER: Final = (
    r"(?:virement(?: bancaire)?|bank transfer|wire transfer|uberweisung|uberweisen|transferencia|bonifico|"
    r"overschrijving|bankoverschrijving|sepa credit)"
)
_DEBIT: Final = (
    r"(?:prelevement(?: automatique| sepa)?|preleve|direct debit|lastschrift|bankeinzug|sepa-lastschrift|"
    r"abgebucht|eingezogen|"
    r"domiciliacion|recibo domiciliado|addebito(?: diretto)?|automatische incasso|incasso)"
)
_CHEQUE: Final = r"(?:cheques?|check|scheck|assegno|talon)"
_WAYS: Final = (
    (PaymentMethod.DIRECT_DEBIT, _DEBIT),
    (PaymentMethod.CARD, _CARD),
    (PaymentMethod.CHEQUE, _CHEQUE),
    (PaymentMethod.TRANSFER, _TRANSFER),
    (PaymentMethod.CASH, _CASH),
)
_LABEL: Final = _word(
    r"(?:mode|moyen|methode|type)s? (?:de |du )?(?:paiement|reglement)|payment (?:method|type|mode|means)|"
    r"paid (?:by|with|via)|"
    r"(?:paye|payee|regle|reglee|reglement|paiement) (?:par|en)|zahlungs(?:art|weise|methode|mittel)|"
    r"bezahlt (?:mit|per)|zahlung per|"
    r"forma de pago|metodo de pago|(?:modalita|metodo) di pagamento|betaal(?:wijze|methode)|betaald (?:met|per)|"
    r"means of payment"
)
# A till prints these before what was given; "carte de fidelite" and "cash back" are none.
_NOT_PAID: Final = _word(
    r"fidelite|member|payback|points?|bonus|cash ?back|cash(?:ier|iere)|privilege|vorteil|gift card|carte cadeau|"
    r"id card|cash bill"
)
_MASKED = re.compile(r"(?:[x*#•.]{2,}[ -]?){1,4}(\d{4})(?![\d.,])")
_ENDING = _word(
    r"(?:ending(?: in| with)?|se terminant par|finissant par|endend(?: auf)?|last (?:4|four)(?: digits)?|"
    r"endziffern?|die endet auf)"
)
_FOUR = re.compile(r"\D{0,4}(\d{4})(?!\d)")
_TIP: Final = _word(r"tip|tips|gratuity|pourboire|trinkgeld|propina|mancia|fooi")
_SUGGESTED: Final = re.compile(r"suggest|guide|%|recommand|vorschlag|not included|non compris")
_PERIOD: Final = _word(
    r"periode(?: de facturation| du| de)?|period(?: of)?|billing period|service period|service date|"
    r"leistungszeitraum|abrechnungszeitraum|"
    r"zeitraum|lieferzeitraum|periodo(?: de facturacion| di fatturazione)?|factuurperiode|du|vom|from|de|"
    r"abonnement|prestation"
)
_BETWEEN: Final = re.compile(
    r"^\s*(?:inclus\s*)?(?:au|a|to|until|through|bis(?: zum)?|al?|tot(?: en met)?|t/m|-|--|/)\s*(?:le\s*|the\s*)?$"
)


def read_payment(layout: Layout, *, is_till: bool, month_first: bool) -> dict[FieldName, Field]:
    """Return the payment method, the card's last four digits, the tip and the period, as far as they are printed."""
    found = {
        FieldName.PAYMENT_METHOD: _method(layout, is_till=is_till),
        FieldName.CARD_LAST4: _last_four(layout),
        FieldName.TIP: _tip(layout),
    }
    fields = {name: field for name, field in found.items() if field is not None}
    return fields | _period(layout, month_first=month_first)


def _method(layout: Layout, *, is_till: bool) -> Field | None:
    for cell in layout.cells:
        label = _LABEL.search(cell.folded)
        if label is None:
            continue
        beside = [(cell, cell.folded[label.end() :])]
        beside += [(other, other.folded) for other in [*layout.right_of(cell)[:1], *layout.below(cell)[:1]]]
        for other, text in beside:
            for method, words in _WAYS:
                if _word(words).search(text):
                    return Field(method.value, Source.TEXT, 0.92, "BT-81", other.place, ("label",))
    if is_till:
        return _till_method(layout)
    for method, words in ((PaymentMethod.DIRECT_DEBIT, _DEBIT), (PaymentMethod.TRANSFER, _TRANSFER)):
        for cell in layout.cells:
            if _word(words).search(cell.folded):
                return Field(method.value, Source.TEXT, 0.6, "BT-81", cell.place, ("word",))
    return None


def _till_method(layout: Layout) -> Field | None:
    """Return what was given at a till: a word of payment in a line with an amount."""
    for method, words in _WAYS[1:]:
        for line in layout.lines:
            text = " ".join(cell.folded for cell in line)
            if _word(words).search(text) and not _NOT_PAID.search(text) and any(amounts(cell) for cell in line):
                return Field(method.value, Source.TEXT, 0.85, "BT-81", line[0].place, ("word", "amount"))
    for method, words in _WAYS[1:2]:
        for cell in layout.cells:
            if _word(words).search(cell.folded) and not _NOT_PAID.search(cell.folded):
                return Field(method.value, Source.TEXT, 0.6, "BT-81", cell.place, ("word",))
    return None


def _last_four(layout: Layout) -> Field | None:
    for cell in layout.cells:
        match = _MASKED.search(cell.folded)
        if match and not re.search(r"iban|konto|compte|account|tel", cell.folded):
            return Field(match[1], Source.TEXT, 0.85, "BT-87", cell.place_of(match.start(1), match.end(1)), ("masked",))
        ending = _ENDING.search(cell.folded)
        if ending:
            digits = _FOUR.match(cell.folded, ending.end())
            if digits:
                place = cell.place_of(digits.start(1), digits.end(1))
                return Field(digits[1], Source.TEXT, 0.85, "BT-87", place, ("label",))
    return None


def _tip(layout: Layout) -> Field | None:
    for line in layout.lines:
        text = " ".join(cell.folded for cell in line)
        if not _TIP.search(text) or _SUGGESTED.search(text):
            continue
        printed = [amount for cell in line for amount in amounts(cell)]
        if printed and printed[-1].value > 0:
            return Field(canonical_amount(printed[-1].value), Source.TEXT, 0.8, None, printed[-1].place, ("label",))
    return None


def _period(layout: Layout, *, month_first: bool) -> dict[FieldName, Field]:
    """Return the two days of a period: one behind the other in a cell, surer with a word of a period before."""
    for cell in layout.cells:
        found = list(days(cell, month_first=month_first))
        for first, second in pairwise(found):
            between = cell.figures[first.end : second.start]
            if not _BETWEEN.match(between) or first.value > second.value:
                continue
            before = cell.folded[: first.start]
            is_labelled = bool(_PERIOD.search(before)) or _is_labelled(layout, cell)
            codes = ("label",) if is_labelled else ("range",)
            score = 0.85 if is_labelled else 0.55
            return {
                FieldName.PERIOD_START: Field(first.value, Source.TEXT, score, "BT-73", first.place, codes),
                FieldName.PERIOD_END: Field(second.value, Source.TEXT, score, "BT-74", second.place, codes),
            }
    return {}


def _is_labelled(layout: Layout, cell: Cell) -> bool:
    left = [other for other in layout.lines[cell.line] if other.place.x1 <= cell.place.x0][-1:]
    return any(_PERIOD.search(other.folded) for other in [*left, *layout.above(cell, reach=2 * cell.height)[:1]])

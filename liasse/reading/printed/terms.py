"""The day until which to pay, worked out of printed terms where no such day is printed: "30 jours fin de mois"."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from liasse.reading.types import Field, Source

if TYPE_CHECKING:
    from liasse.reading.page.layout import Cell, Layout
    from liasse.reading.types import Place

_DAYS: Final = r"(?:jours?|tagen?|days?|dias|giorni|gg\.?|dagen|j\.?)(?![a-z])"
# What says that days are those to pay in; the words of a sentence may stand on both sides.
_PAY: Final = re.compile(
    r"(?<![a-z])(?:paiement|payable|reglement|regler|payer|echeance|a (?=\d)|zahlbar|zahlung\w*|zahlen|uberweis\w+|"
    r"begleich\w+|netto|ohne abzug|pay|payable|payment|due|terms|net|pago|pagar|pagamento|pagare|scadenza|vencimiento|"
    r"betaling\w*|betalen|voldoen|betaaltermijn)(?![a-z])"
)
_NUMBER = re.compile(rf"(?<![\d.,])(?P<days>\d{{1,3}}) ?(?:\(\w+\) )?(?:calendar |kalender|ouvres )?{_DAYS}")
_NET = re.compile(r"(?<![a-z])net(?:to)? ?(?P<days>\d{1,3})(?![\d.,%])")
_MONTH_END = re.compile(
    r"fin (?:de |du )?mois|end of (?:the )?month|e\.?o\.?m\.?(?![a-z])|(?:zum |bis )?monatsende|fine mese|f\.m\.|"
    r"fin de mes|einde (?:van de )?maand"
)
_THEN_DAY = re.compile(r"^ ?,?(?:le|the|am|el|il) (?P<day>\d{1,2})(?![\d/.])")
_AT_ONCE = re.compile(
    r"(?<![a-z])(?:(?:payable|paiement|reglement|a regler|echeance|conditions?)[a-z :]{0,24} "
    r"(?:a|des) (?:la )?reception|"
    r"a reception de (?:la )?facture|paiement comptant|payable comptant|due (?:up)?on receipt|"
    r"payable (?:up)?on receipt|payment (?:due )?(?:up)?on receipt|"
    r"(?:sofort|zahlbar)[a-z ,]{0,24} (?:nach|bei) erhalt|sofort (?:zahlbar|fallig|ohne abzug)|zahlbar sofort|"
    r"al ricevimento|a vista fattura|al recibo|bij ontvangst)"
)
# Days of something else: a discount, what being late costs, a right, a delivery, an offer.
_OTHER = re.compile(
    r"skonto|escompte|discount|rabatt|rabais|sconto|korting|%|verzug|retard|late|mahn|interet|zinsen|interest|penal|"
    r"reclam|complain|widerruf|retract|refund|return|ruckgabe|rembours|livr|liefer|deliver|garant|valable|gultig|valid|"
    r"nach falligkeit|arbeitstage|abonnement|preavis|notice"
)
_LONGEST: Final = 120
_PART: Final = re.compile(r";|,(?!\d)|(?<!\d)\.|\.(?!\d)| (?:oder|ou|or|bzw\.?) ")
_SURE: Final = 0.85
_AT_ONCE_SURE: Final = 0.7
_DECEMBER: Final = 12


@dataclass(frozen=True, slots=True)
class _Terms:
    days: int
    place: Place
    is_month_end: bool = False
    then_day: int | None = None
    sure: float = _SURE


def due_by_terms(layout: Layout, issued: Field | None) -> Field | None:
    """Return the due date (BT-9) that printed terms and the date of the invoice make; None where none are printed.

    The code "terms" says that the day itself is not printed. "30 jours fin de mois" is the end of the month in which
    the thirtieth day lies (art. L441-10 of the French code of commerce). Terms that contradict each other make no day.
    """
    if issued is None or issued.value is None:
        return None
    found = [terms for cell in layout.cells for terms in _terms_of(layout, cell)]
    printed = [terms for terms in found if terms.days] or found
    days = {_day(date.fromisoformat(issued.value), terms) for terms in printed}
    if len(days) != 1:
        return None
    day, first = days.pop(), printed[0]
    codes = ("terms", "derived", *(code for code in issued.evidence if code in {"ambiguous", "rivals"}))
    return Field(day.isoformat(), Source.RULE, min(first.sure, issued.confidence), "BT-9", first.place, codes)


def _terms_of(layout: Layout, cell: Cell) -> list[_Terms]:
    """Return the terms in a cell: each part of a sentence is looked at by itself, for a discount has days too."""
    found: list[_Terms] = []
    before = _before(layout, cell)
    start = 0
    for end in [*(match.start() for match in _PART.finditer(cell.folded)), len(cell.folded)]:
        part = cell.folded[start:end]
        terms = None if _OTHER.search(part) else _in_part(cell, part, start, said=f"{before} {cell.folded[:end]}")
        if terms is not None:
            found.append(terms)
        start = end
    return found


def _in_part(cell: Cell, part: str, start: int, *, said: str) -> _Terms | None:
    """Return the terms that a part of a sentence says; `said` is the part with what leads to it."""
    number = _NUMBER.search(part) or _NET.search(part)
    is_month_end = bool(_MONTH_END.search(part))
    if number is not None and (is_month_end or _PAY.search(said)):
        days = int(number["days"])
        behind = part[max((match.end() for match in _MONTH_END.finditer(part)), default=number.end()) :]
        then = _THEN_DAY.match(behind) if is_month_end else None
        place = cell.place_of(start + number.start(), start + len(part.rstrip()))
        if 0 < days <= _LONGEST:
            return _Terms(days, place, is_month_end, int(then["day"]) if then else None)
    at_once = _AT_ONCE.search(part)
    if at_once is not None and number is None:
        return _Terms(0, cell.place_of(start + at_once.start(), start + at_once.end()), sure=_AT_ONCE_SURE)
    return None


def _before(layout: Layout, cell: Cell) -> str:
    """Return the label of a cell, beside or over it, where it is one of terms."""
    left = [other for other in layout.lines[cell.line] if other.place.x1 <= cell.place.x0][-1:]
    over = layout.above(cell, reach=2 * cell.height)[:1]
    return " ".join(other.folded for other in (*left, *over) if not _OTHER.search(other.folded))


def _day(issued: date, terms: _Terms) -> date:
    day = issued + timedelta(days=terms.days)
    if not terms.is_month_end:
        return day
    end = day.replace(day=calendar.monthrange(day.year, day.month)[1])
    if terms.then_day is None:
        return end
    year, month = (end.year + 1, 1) if end.month == _DECEMBER else (end.year, end.month + 1)
    return date(year, month, min(terms.then_day, calendar.monthrange(year, month)[1]))

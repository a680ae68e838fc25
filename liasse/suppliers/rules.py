"""What is odd about a document, and what a supplier's habits are: facts in, answer out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from typing import Final

from stdnum.ch import vat as swiss_vat
from stdnum.eu import vat as european_vat
from stdnum.gb import vat as british_vat

from liasse.lib.identifiers import compact, is_siren, is_siret, siren_of_vat
from liasse.lib.text import fold
from liasse.suppliers.types import AlarmCode, Client, Found, Habit, Seen, Weight

LEAST_EARLIER: Final = 5
"""So many earlier documents of a supplier make a habit."""

MOST_EARLIER: Final = 50
"""So many of the latest are looked at: habits change."""

_OLD: Final = timedelta(days=366)
_TOMORROW: Final = timedelta(days=1)
_SPREADS: Final = 5
_TIMES: Final = 3
_LEAST_WORD: Final = 3
_NO_NAMES: Final = frozenset(
    {
        *("sarl", "sas", "sasu", "eurl", "sci", "snc", "scop", "selarl", "gmbh", "ltd", "inc", "les", "des", "aux"),
        *("societe", "ste", "ets", "etablissements", "entreprise", "monsieur", "madame", "mme", "and", "und", "the"),
        *("france", "paris", "groupe", "group", "compagnie", "cie", "association", "cabinet", "client"),
    }
)


def judge(seen: Seen, *, client: Client, habit: Habit | None, today: date) -> list[Found]:
    """Give what is odd about a document of costs; ``habit`` is None for a supplier that is new.

    Whether the same invoice is there already needs the other documents (`alarms`).
    """
    found = [*_of_numbers(seen), *_of_date(seen, today)]
    if habit is not None:
        found += [*_of_account(seen, habit), *_of_total(seen, habit)]
    other = _other_buyer(seen, client)
    return [*found, other] if other is not None else found


def _of_account(seen: Seen, habit: Habit) -> Iterator[Found]:
    new = compact(seen.iban)
    if new and habit.ibans and new not in habit.ibans:
        yield Found(AlarmCode.IBAN_CHANGED, {"supplier": habit.name, "old": habit.ibans[-1], "new": new})


def _of_numbers(seen: Seen) -> Iterator[Found]:
    vat, siren, siret = compact(seen.supplier_vat), compact(seen.supplier_siren), compact(seen.supplier_siret)
    if vat and is_vat_wrong(vat):
        yield Found(AlarmCode.WRONG_VAT, {"number": vat})
    if siren and siren.isdigit() and not is_siren(siren):
        yield Found(AlarmCode.WRONG_SIREN, {"number": siren})
    if siret and siret.isdigit() and not is_siret(siret):
        yield Found(AlarmCode.WRONG_SIRET, {"number": siret})


def is_vat_wrong(vat: str) -> bool:
    """Tell whether a compact VAT number of a country that is known fails its check; what is none is not wrong."""
    country = vat[:2]
    if country == "GB":
        return not british_vat.is_valid(vat)
    if vat[:3] == "CHE":
        return not swiss_vat.is_valid(vat) and not swiss_vat.is_valid(f"{vat}MWST")
    if country.lower() not in european_vat.MEMBER_STATES and country not in {"EL", "XI"}:
        return False
    return not european_vat.is_valid(vat)


def _of_date(seen: Seen, today: date) -> Iterator[Found]:
    if seen.issue_date is None:
        return
    # Where the server stands it may still be yesterday.
    if seen.issue_date > today + _TOMORROW:
        yield Found(AlarmCode.FUTURE, {"day": seen.issue_date.isoformat()})
    elif seen.issue_date < today - _OLD:
        # An e-invoice's date cannot be misread: it is said, and nobody need look.
        weight = Weight.NOTE if seen.is_exact else Weight.STOP
        yield Found(AlarmCode.OLD, {"day": seen.issue_date.isoformat()}, weight)


def _of_total(seen: Seen, habit: Habit) -> Iterator[Found]:
    if seen.total is None or len(habit.totals) < LEAST_EARLIER:
        return
    middle, spread = habit_of(habit.totals)
    total, usual = abs(seen.total), abs(middle)
    is_far = abs(total - usual) > _SPREADS * spread
    is_much = total >= _TIMES * usual
    if usual and is_far and (is_much or total * _TIMES <= usual):
        facts = {"supplier": habit.name, "total": str(seen.total), "usual": str(middle), "currency": seen.currency}
        yield Found(AlarmCode.TOTAL, facts, Weight.STOP if is_much else Weight.NOTE)


def habit_of(totals: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """Give the median of some totals and their median distance from it, to the cent."""
    middle = median(totals)
    spread = median([abs(total - middle) for total in totals])
    cent = Decimal("0.01")
    return middle.quantize(cent), spread.quantize(cent)


def _other_buyer(seen: Seen, client: Client) -> Found | None:
    """Say that the document names another buyer than the client: by SIREN where both are known, else by name."""
    siren = siren_of(siren=seen.customer_siren, vat=seen.customer_vat)
    name = " ".join(seen.customer_name.split())
    if siren and client.siren:
        return None if siren == client.siren else Found(AlarmCode.OTHER_BUYER, {"siren": siren, "name": name})
    if not name or not seen.is_buyer_sure or is_same_firm(name, client.names):
        return None
    return Found(AlarmCode.OTHER_BUYER, {"siren": siren, "name": name})


def siren_of(*, siren: str, vat: str) -> str:
    """Give a right SIREN out of a SIREN or a French VAT number; blank where there is none."""
    plain = compact(siren)
    found = plain if is_siren(plain) else siren_of_vat(vat) or ""
    return found if is_siren(found) else ""


def is_same_firm(name: str, names: Sequence[str]) -> bool:
    """Tell whether a printed name may be one of these: a word that says something is in both."""
    words = name_words(name)
    return not words or any(words & name_words(known) for known in names) or not any(map(name_words, names))


def name_words(name: str) -> set[str]:
    """Give the words of a firm's name that tell it from others."""
    return {word for word in re.findall(r"[a-z0-9]+", fold(name)) if len(word) >= _LEAST_WORD} - _NO_NAMES

"""What an outside engine's answer is worth: each value is held against the page, the sums, and what was read.

An engine never decides. What it says must stand on the page; amounts must also make sense together. Where it says what
was read, that is surer by a written rule; where it says something else, that is less sure; where nothing was read,
its value is taken in doubt. A person's value, exact data and what was learned stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from liasse.lib.dates import parse_machine_date, printed_dates
from liasse.lib.identifiers import compact, is_siren, is_sure_iban, is_vat_shape, siren_of_vat
from liasse.lib.money import canonical_amount, parse_decimal, parse_printed_amount
from liasse.lib.text import fold, name_key
from liasse.outside.finding import AMOUNTS, DATES, Found, find
from liasse.outside.types import ASKED, Outcome, Told
from liasse.reading.calibration import LEARNED
from liasse.reading.exclude import Exclude
from liasse.reading.types import Field, FieldName, ReadingResult, Source, VatLine
from liasse.reading.words import PageWords

ENGINE: Final = "engine"
"""Evidence: an outside engine says the same."""
_RIVALS: Final = "rivals"
_AMBIGUOUS: Final = "ambiguous"
_NOT_CLEAR: Final = frozenset({"dim", "pale"})
_NUMBERS: Final = frozenset({FieldName.SUPPLIER_SIREN, FieldName.SUPPLIER_VAT, FieldName.IBAN})
_EXACT: Final = frozenset({Source.XML, Source.PERSON})

FILLED: Final = 0.75
"""How sure what only the engine says can be: below every threshold, and marked on the screen."""
UNPROVED: Final = 0.5
"""The same of an amount that no sum proves."""
_MOST_AGREED: Final = 0.995
_LESS: Final = 0.5
_CENT: Final = Decimal("0.01")
_ROW_CENTS: Final = Decimal("0.02")
_HIGHEST_RATE: Final = Decimal("0.3")
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Weighed:
    """A reading with an engine's answer in it, and what became of each value; `others` are values that differ."""

    result: ReadingResult
    outcomes: Mapping[FieldName, Outcome] = field(default_factory=dict)
    others: Mapping[FieldName, str] = field(default_factory=dict)

    @property
    def has_changed(self) -> bool:
        """Tell whether any field is another one now, or more or less sure."""
        return bool(self.names(Outcome.AGREES, Outcome.FILLED, Outcome.REPLACED, Outcome.DIFFERS))

    def names(self, *outcomes: Outcome) -> list[FieldName]:
        """Give the fields with one of these outcomes."""
        return [name for name, outcome in self.outcomes.items() if outcome in outcomes]


def weigh(result: ReadingResult, told: Told, pages: Sequence[PageWords], *, own: Exclude, saw_picture: bool) -> Weighed:
    """Return the reading with what an engine said of it; exact data are returned as they are.

    ``own`` is the client's own, which never names a supplier. Without ``saw_picture`` the engine saw the same words
    as the rules: it then bears out which word is meant, but not what OCR did not see clearly.
    """
    if result.is_structured:
        return Weighed(result)
    values = {name: value for name in ASKED if (value := canonical(name, told.values.get(name), own=own))}
    found = {name: find(name, value, pages) for name, value in values.items()}
    proof = _Proof.of(result, values, found, told.vat)
    fields = dict(result.fields)
    outcomes = dict.fromkeys((name for name in ASKED if told.values.get(name)), Outcome.UNUSABLE)
    others: dict[FieldName, str] = {}
    for name, value in values.items():
        outcome, now = _one(name, value, fields.get(name), found[name], proof=proof, saw_picture=saw_picture)
        outcomes[name] = outcome
        if now is not None:
            fields[name] = now
        if outcome is Outcome.DIFFERS:
            others[name] = value
    return Weighed(replace(result, fields=fields), outcomes, others)


def _one(
    name: FieldName, value: str, read: Field | None, found: Found | None, *, proof: _Proof, saw_picture: bool
) -> tuple[Outcome, Field | None]:
    if read is None or not read.value:
        return _where_nothing_was_read(name, value, found, proof=proof)
    if read.source in _EXACT or LEARNED in read.evidence:
        return Outcome.KEPT, None
    if is_same(name, value, read.value):
        is_borne_out = found is not None and (proof.holds or name not in AMOUNTS)
        is_clear = saw_picture or not _NOT_CLEAR & set(read.evidence)
        return (Outcome.AGREES, _surer(read)) if is_borne_out and is_clear else (Outcome.SAME, None)
    return _otherwise(name, value, read, found, proof=proof)


def _where_nothing_was_read(
    name: FieldName, value: str, found: Found | None, *, proof: _Proof
) -> tuple[Outcome, Field | None]:
    if found is None:
        return Outcome.NOT_ON_PAGE, None
    if name not in AMOUNTS:
        return Outcome.FILLED, _filled(value, found, FILLED)
    if proof.is_broken:
        return Outcome.SUMS, None
    return Outcome.FILLED, _filled(value, found, FILLED if proof.holds else UNPROVED)


def _otherwise(
    name: FieldName, value: str, read: Field, found: Found | None, *, proof: _Proof
) -> tuple[Outcome, Field | None]:
    if found is None:
        return Outcome.NOT_ON_PAGE, None
    is_amount = name in AMOUNTS
    if is_amount and not proof.holds:
        return Outcome.SUMS, None
    if proof.replaces if is_amount else read.place is None:
        return Outcome.REPLACED, _filled(value, found, FILLED)
    return Outcome.DIFFERS, _less_sure(read)


def _surer(read: Field) -> Field:
    """Halve the doubt, once: two who looked without each other say the same."""
    if ENGINE in read.evidence:
        return read
    confidence = max(read.confidence, min(round(1 - (1 - read.confidence) / 2, 4), _MOST_AGREED))
    return replace(read, confidence=confidence, evidence=(*read.evidence, ENGINE))


def _less_sure(read: Field) -> Field:
    if _RIVALS in read.evidence:
        return replace(read, confidence=round(read.confidence * _LESS, 4))
    return replace(read, confidence=round(read.confidence * _LESS, 4), evidence=(*read.evidence, _RIVALS))


def _filled(value: str, found: Found, confidence: float) -> Field:
    evidence = (_AMBIGUOUS,) if found.is_ambiguous else ()
    return Field(value, Source.ENGINE, confidence, place=found.place, evidence=evidence)


# ------------------------------------------------------------------------------------------------- canonical


def canonical(name: FieldName, text: str | None, *, own: Exclude) -> str | None:
    """Return a value in canonical form; None for what cannot be one of this field, or is the client's own."""
    said = " ".join((text or "").split())
    if not said or len(said) > _LONGEST:
        return None
    if name in AMOUNTS:
        return _amount(said)
    if name in DATES:
        return parse_machine_date(said) or next((found.day for found in printed_dates(fold(said))), None)
    if name is FieldName.CURRENCY:
        return said.upper() if len(said) == 3 and said.isascii() and said.isalpha() else None  # noqa: PLR2004 - ISO 4217
    is_name = name is FieldName.SUPPLIER_NAME
    number = compact(said)
    is_one = (name_key(said) and name_key(said) not in own.names) if is_name else _is_number(name, number, own=own)
    return (number if name in _NUMBERS else said) if is_one else None


def _amount(said: str) -> str | None:
    exact = parse_decimal(said)
    amount = parse_printed_amount(said) if exact is None else exact
    return None if amount is None else canonical_amount(amount)


def _is_number(name: FieldName, number: str, *, own: Exclude) -> bool:
    """Tell whether a number can be one of this field; those of invoices and orders have any shape."""
    if name is FieldName.SUPPLIER_SIREN:
        return is_siren(number) and number not in own.siren
    if name is FieldName.IBAN:
        return is_sure_iban(number) and number not in own.iban
    if name is FieldName.SUPPLIER_VAT:
        return is_vat_shape(number) and number not in own.vat and siren_of_vat(number) not in own.siren
    return True


def is_same(name: FieldName, one: str, other: str) -> bool:
    """Tell whether two values of a field mean the same, however they are written."""
    if name in AMOUNTS:
        first, second = parse_decimal(one), parse_decimal(other)
        return first is not None and second is not None and abs(first) == abs(second)
    if name is FieldName.SUPPLIER_NAME:
        return name_key(one) == name_key(other)
    return compact(one) == compact(other)


# ------------------------------------------------------------------------------------------------------ sums


@dataclass(frozen=True, slots=True)
class _Proof:
    """What the sums say of an engine's amounts.

    ``holds``: net, VAT and gross stand on the page and add up (BR-CO-15), and so do the rates (BR-CO-17).
    ``is_broken``: they do not. Neither where one is missing. ``replaces``: what was read does not add up, theirs does.
    """

    holds: bool = False
    is_broken: bool = False
    replaces: bool = False

    @classmethod
    def of(
        cls,
        result: ReadingResult,
        values: Mapping[FieldName, str],
        found: Mapping[FieldName, Found | None],
        vat: Sequence[VatLine],
    ) -> _Proof:
        said = {name: parse_decimal(values[name]) for name in AMOUNTS if name in values and found.get(name)}
        if not said:
            return cls()
        own = {name: parse_decimal(result.value(name)) for name in AMOUNTS}
        three = [said.get(name, own[name]) for name in AMOUNTS]
        if any(amount is None for amount in three):
            return cls()
        net, tax, gross = (amount for amount in three if amount is not None)
        rows = tuple(vat) or (tuple(result.vat_breakdown) if len(said) == len(AMOUNTS) else ())
        if abs(net + tax - gross) > _CENT or not _rates_hold(rows, net=net, tax=tax):
            return cls(is_broken=True)
        return cls(holds=True, replaces=_may_replace(result, own, is_whole=len(said) == len(AMOUNTS)))


def _may_replace(result: ReadingResult, own: Mapping[FieldName, Decimal | None], *, is_whole: bool) -> bool:
    """Tell whether what was read does not add up, and nothing of it is known otherwise."""
    read = [result.fields[name] for name in AMOUNTS if name in result.fields]
    if not is_whole or any(one.source in _EXACT or LEARNED in one.evidence for one in read):
        return False
    net, tax, gross = (own[name] for name in AMOUNTS)
    if net is None or tax is None or gross is None:
        return False
    return abs(net + tax - gross) > _CENT


def _rates_hold(rows: Sequence[VatLine], *, net: Decimal, tax: Decimal) -> bool:
    """Tell whether rates times bases make the VAT, and the rows make the totals; without rows, whether it can be."""
    if not rows:
        return abs(tax) <= abs(net) * _HIGHEST_RATE
    parsed = [(parse_decimal(row.rate), parse_decimal(row.base), parse_decimal(row.vat)) for row in rows]
    whole = [
        (rate, base, vat) for rate, base, vat in parsed if rate is not None and base is not None and vat is not None
    ]
    if len(whole) != len(rows):
        return abs(tax) <= abs(net) * _HIGHEST_RATE
    if any(abs(base * rate / 100 - vat) > _ROW_CENTS for rate, base, vat in whole):
        return False
    room = _ROW_CENTS * len(whole)
    return (
        abs(sum(vat for _r, _b, vat in whole) - tax) <= room and abs(sum(base for _r, base, _v in whole) - net) <= room
    )

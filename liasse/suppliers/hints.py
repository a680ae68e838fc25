"""What was learned, put into what was read of the next document of that layout. Pure: no database, no Django.

A value that stays (a supplier's name, a kind) is put where the same was wrong before. One that changes is looked for
by its anchors. Neither goes over what an e-invoice says exactly. Sums decide between several places, and speak for or
against what was found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from typing import Final
from uuid import UUID

from liasse.lib.money import canonical_amount, parse_decimal
from liasse.reading.types import Field, FieldName, ReadingResult, Source, Word
from liasse.suppliers.anchors import Page, Sighting, pages_of, sightings
from liasse.suppliers.types import Form, Taught

LESSON: Final = "lesson:"
"""Before the id of what was learned, in the evidence of a value that it gave."""

LEARNED: Final = "learned"
_CONSTANT: Final = 0.995
_LABELLED: Final = 0.995
_PLACED: Final = 0.97
_DOUBTFUL: Final = 0.6
_AGAINST: Final = 0.5
_WITH_SUMS: Final = 0.999
_NOT_FOUND: Final = 0.6
_CENT: Final = Decimal("0.01")
_SUMS: Final = (FieldName.TOTAL_NET, FieldName.TOTAL_VAT, FieldName.TOTAL_GROSS)
_OF_THE_SUPPLIER: Final = frozenset(
    {
        FieldName.SUPPLIER_NAME,
        FieldName.SUPPLIER_VAT,
        FieldName.SUPPLIER_SIREN,
        FieldName.SUPPLIER_SIRET,
        FieldName.SUPPLIER_ADDRESS,
    }
)
CONSTANTS: Final = frozenset(
    {*_OF_THE_SUPPLIER, FieldName.DOC_TYPE, FieldName.CURRENCY, FieldName.PAYMENT_METHOD, FieldName.LANGUAGE}
)
"""Fields that are the same on every document of a layout."""


@dataclass(frozen=True, slots=True)
class Hinted:
    """What was read with what was learned in it, and which lessons gave a value."""

    result: ReadingResult
    used: frozenset[UUID] = frozenset()


def applied(result: ReadingResult, taught: Sequence[Taught], words: Iterable[Word]) -> Hinted:
    """Put what was learned of a document's layout into what was read of it.

    ``taught`` are the lessons of its layout, those of the likest layout first: of two about one field the first counts.
    """
    if result.is_structured or not taught:
        return Hinted(result)
    first = _first([lesson for lesson in taught if not lesson.is_confirmation])
    pages = pages_of(words)
    fields = dict(result.fields)
    used: set[UUID] = set()
    for name, lesson in first.items():
        if name in CONSTANTS and _holds(lesson, fields.get(name)):
            fields[name] = _constant(lesson)
            used.add(lesson.id)
    seen = {
        name: found
        for name, lesson in first.items()
        if lesson.anchors and (found := sightings(name, lesson.anchors, pages))
    }
    lost = {name for name, lesson in first.items() if lesson.anchors and name not in seen}
    chosen = _chosen(seen, fields, lost=lost, pages=pages)
    kind = _value(fields, FieldName.DOC_TYPE)
    for name, sighting in chosen.items():
        is_same_kind = not (kind and first[name].kind) or kind == first[name].kind
        fields[name] = _anchored(first[name], sighting, is_same_kind=is_same_kind)
        used.add(first[name].id)
    for name in first.keys() - chosen.keys() - CONSTANTS:
        _doubt(fields, name)
    for name, lesson in _first([one for one in taught if one.is_confirmation]).items():
        if name not in first:
            _confirm(fields, lesson, pages)
    return Hinted(_with_sums(replace(result, fields=fields), frozenset(chosen)), frozenset(used))


def _first(taught: Sequence[Taught]) -> dict[FieldName, Taught]:
    found: dict[FieldName, Taught] = {}
    for lesson in taught:
        found.setdefault(lesson.field, lesson)
    return found


def _confirm(fields: dict[FieldName, Field], lesson: Taught, pages: Sequence[Page]) -> None:
    """Make a value surer that stands where the same field was read right before, or doubt one that stands elsewhere."""
    read = fields.get(lesson.field)
    if read is None or read.value is None:
        return
    if lesson.anchors:
        found = sightings(lesson.field, lesson.anchors, pages)
        is_so = bool(found) and found[0].value == read.value
        is_other = bool(found) and not is_so and found[0].is_labelled and found[0].is_alone
        sure = _LABELLED if is_so and found[0].is_labelled and found[0].is_alone else _PLACED
    else:
        is_so, is_other, sure = read.value == lesson.value, False, _CONSTANT
    if is_so and sure > read.confidence:
        fields[lesson.field] = replace(
            read, confidence=sure, evidence=(*read.evidence, LEARNED, "confirmed", f"{LESSON}{lesson.id}")
        )
    elif is_other:
        _doubt(fields, lesson.field)


def _holds(lesson: Taught, read: Field | None) -> bool:
    """Tell whether a value that stays is put: a supplier's always; a kind only where the same was wrong before."""
    if lesson.field in _OF_THE_SUPPLIER or read is None or read.value is None:
        return True
    return read.value in {lesson.wrong, lesson.value}


def _evidence(lesson: Taught, *more: str) -> tuple[str, ...]:
    return (LEARNED, *more, f"{LESSON}{lesson.id}")


def _constant(lesson: Taught) -> Field:
    return Field(lesson.value, Source.RULE, _CONSTANT, evidence=_evidence(lesson))


def _anchored(lesson: Taught, sighting: Sighting, *, is_same_kind: bool) -> Field:
    is_sure = sighting.is_alone and is_same_kind
    confidence = _DOUBTFUL if not is_sure else _LABELLED if sighting.is_labelled else _PLACED
    how = "label" if sighting.is_labelled else "place"
    more = (how,) if is_sure else (how, "rivals" if is_same_kind else "other_kind")
    return Field(sighting.value, Source.RULE, confidence, place=sighting.place, evidence=_evidence(lesson, *more))


def _doubt(fields: dict[FieldName, Field], name: FieldName) -> None:
    """Take confidence off a value that was wrong on this layout before, where what was learned finds none."""
    read = fields.get(name)
    if read is not None and read.value is not None:
        fields[name] = replace(
            read, confidence=min(read.confidence, _NOT_FOUND), evidence=(*read.evidence, "wrong_before")
        )


def _chosen(
    seen: Mapping[FieldName, Sequence[Sighting]],
    fields: Mapping[FieldName, Field],
    *,
    lost: Collection[FieldName],
    pages: Sequence[Page],
) -> dict[FieldName, Sighting]:
    """Choose one sighting of each field: the best, unless others make net and VAT the gross and the best do not.

    ``lost`` are fields whose place was learned and not found. One amount that is lost is what the two others leave,
    where the page prints that.
    """
    best = {name: found[0] for name, found in seen.items()}
    choices: list[Sequence[Sighting | None]] = [seen.get(name, (None,)) for name in _SUMS]
    missing = [name for name in _SUMS if name in lost]
    if len(missing) > 1 or not any(name in seen for name in _SUMS):
        return best
    for options in product(*choices):
        chosen = {name: one for name, one in zip(_SUMS, options, strict=True) if one is not None}
        if missing:
            chosen |= _left_over(missing[0], chosen, fields, pages)
        values = [chosen[name].value if name in chosen else _value(fields, name) for name in _SUMS]
        if _add_up(values):
            return best | chosen
    return best


def _left_over(
    name: FieldName, chosen: Mapping[FieldName, Sighting], fields: Mapping[FieldName, Field], pages: Sequence[Page]
) -> dict[FieldName, Sighting]:
    """Find the amount on the page that makes the sums of the two others; nothing where it prints none such."""
    values = {one: chosen[one].value if one in chosen else _value(fields, one) for one in _SUMS if one is not name}
    net, vat, gross = (parse_decimal(values.get(one)) for one in _SUMS)
    if name is FieldName.TOTAL_GROSS:
        wanted = net + vat if net is not None and vat is not None else None
    else:
        other = vat if name is FieldName.TOTAL_NET else net
        wanted = gross - other if gross is not None and other is not None else None
    if wanted is None:
        return {}
    text = canonical_amount(wanted)
    for page in reversed(pages):
        for span, _left, _above in page.spans(Form.AMOUNT, month_first=False):
            if span.value == text:
                return {name: Sighting(text, span.place, 0.0, is_labelled=False, is_alone=True)}
    return {}


def _value(fields: Mapping[FieldName, Field], name: FieldName) -> str | None:
    found = fields.get(name)
    return found.value if found else None


def _add_up(values: Sequence[str | None]) -> bool | None:
    """Tell whether net and VAT make the gross; None where one of them is not known."""
    net, vat, gross = map(parse_decimal, values)
    if net is None or vat is None or gross is None:
        return None
    return abs(net + vat - gross) <= _CENT


def _with_sums(result: ReadingResult, found: frozenset[FieldName]) -> ReadingResult:
    """Let the sums speak for what was found, or against it."""
    fields = dict(result.fields)
    agree = _add_up([result.value(name) for name in _SUMS])
    # What was said of the sums before is about other amounts.
    notes = tuple(note for note in result.notes if note != "sums_differ")
    if agree is None or not found & set(_SUMS):
        return result
    for name in _SUMS:
        field = fields[name]
        if agree:
            # The third amount is as sure as the two that make it: the table of what rules read knows nothing of them.
            learned = () if LEARNED in field.evidence else (LEARNED,)
            fields[name] = replace(
                field, confidence=max(field.confidence, _WITH_SUMS), evidence=(*field.evidence, *learned, "sums")
            )
        else:
            fields[name] = replace(
                field, confidence=min(field.confidence, _AGAINST), evidence=(*field.evidence, "sums_against")
            )
    return replace(result, fields=fields, notes=notes if agree else (*notes, "sums_differ"))

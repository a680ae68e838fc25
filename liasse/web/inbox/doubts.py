"""What a person should look at in a document, field by field, with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from liasse.reading.decisions import MAY_BE_SEVERAL, Reason, ReasonCode
from liasse.reading.selectors import ShownField, ShownReading
from liasse.reading.types import FieldName
from liasse.ui.formats import format_day
from liasse.web.inbox.evidence import SOURCES, against, percent_of

if TYPE_CHECKING:
    from liasse.web.inbox.fields import FieldView

_AMBIGUOUS: Final = "ambiguous"
_MISSING: Final = "missing"
_BY_FIELD: Final = frozenset({ReasonCode.DOUBT, ReasonCode.AMBIGUOUS})


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a field must be looked at: a code that screens and scripts know, a sentence, and how sure it is."""

    code: str
    text: str
    percent: str = ""

    @property
    def is_told_apart(self) -> bool:
        """Tell whether what is said of the value's origin does not say it already."""
        return self.code in {_AMBIGUOUS, _MISSING}


@dataclass(frozen=True, slots=True)
class DoubtLink:
    """A field that must be looked at, as a link to it."""

    name: str
    label: str
    percent: str = ""


@dataclass(frozen=True, slots=True)
class DoubtLine:
    """One line of the list on top of the fields: why, and which fields."""

    text: str
    fields: list[DoubtLink]
    is_first: bool = False
    """Whether the reason stands before its fields, of which there may be several."""


@dataclass(frozen=True, slots=True)
class Doubts:
    """The whole list."""

    lines: list[DoubtLine]
    count: int


def doubt_of(name: FieldName, *, reading: ShownReading) -> Doubt | None:
    """Give why a field must be looked at, None where nothing speaks against it."""
    shown = reading.fields.get(name)
    if shown is None or shown.field.value is None:
        is_missed = any(reason.code is ReasonCode.MISSING and name in reason.fields for reason in reading.reasons)
        return Doubt(_MISSING, _("not found: enter it, or click it on the page")) if is_missed else None
    if not shown.is_unsure:
        return None
    if days := both_days(shown):
        both = {"first": format_day(days[0]), "second": format_day(days[1])}
        return Doubt(_AMBIGUOUS, _("can be read two ways: %(first)s or %(second)s") % both)
    percent = percent_of(shown.field)
    said = _("%(source)s, sure to %(percent)s") % {"source": SOURCES[shown.field.source], "percent": percent}
    why = against(shown.field)
    if why:
        return Doubt("against", f"{said}. {why}".removesuffix("."))
    return Doubt("unsure", said, percent)


def both_days(shown: ShownField) -> tuple[str, ...]:
    """Give both days that an ambiguous date can be, the one that was taken first; none for any other."""
    value = shown.field.value
    if _AMBIGUOUS not in shown.field.evidence or not value:
        return ()
    with suppress(ValueError):
        taken = date.fromisoformat(value)
        return (value, taken.replace(day=taken.month, month=taken.day).isoformat())
    return ()


def doubts_of(fields: Iterable[FieldView]) -> Doubts:
    """Give the fields that must be looked at in the order of the page; those with the same reason in one line."""
    marked = [item for item in fields if item.doubt]
    told = {_MISSING: _("Not found:"), "unsure": _("Not sure enough:")}
    alone = [
        DoubtLine(item.doubt.text, [DoubtLink(item.name, str(item.field.label))])
        for item in marked
        if item.doubt and item.doubt.code not in told
    ]
    grouped = [DoubtLine(text, _links(marked, code=code), is_first=True) for code, text in told.items()]
    return Doubts(lines=[line for line in [*alone, *grouped] if line.fields], count=len(marked))


def _links(marked: Iterable[FieldView], *, code: str) -> list[DoubtLink]:
    return [
        DoubtLink(item.name, str(item.field.label), item.doubt.percent)
        for item in marked
        if item.doubt and item.doubt.code == code
    ]


def without_fields(reasons: Sequence[Reason]) -> list[Reason]:
    """Give the reasons that neither the list of fields nor the notices above it say already."""
    codes, details = {*_BY_FIELD, ReasonCode.ALARM}, {_MISSING, MAY_BE_SEVERAL}
    return [reason for reason in reasons if reason.code not in codes and reason.detail not in details]

"""What the check of an e-invoice found, as the document's page tells it: calmly, rule by rule, with the figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liasse.lib.money import canonical_amount, parse_decimal
from liasse.reading.findings import ADVICE, Weight, page_and_data, told
from liasse.reading.ports import CHECK_STOPPED
from liasse.reading.selectors import ShownReading
from liasse.reading.types import FieldName, Finding

_ORDER: Final = (Weight.DIFFERS, Weight.AMOUNTS, Weight.FORM, Weight.UNKNOWN)
_TONES: Final = {Weight.DIFFERS: "danger", Weight.AMOUNTS: "warn", Weight.FORM: "info", Weight.UNKNOWN: "neutral"}
_WITHOUT_DATA: Final = frozenset({"", "pdf", "image"})
_SOON: Final = timedelta(minutes=10)
"""After this time nobody waits for a check any more: it was read before there were checks, or the worker is away."""

_MOST: Final = 12
"""Rules shown of one kind; who has more has a supplier whose software is wrong throughout."""

_DATES: Final = frozenset({"PAGE-BT-2", "PAGE-BT-9"})
_AMOUNTS: Final = frozenset({"PAGE-BT-109", "PAGE-BT-110", "PAGE-BT-112", "PAGE-BT-115"})


@dataclass(frozen=True, slots=True)
class Line:
    """A figure beside its name."""

    label: str
    value: str
    is_amount: bool = False
    is_day: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that is not kept: the sentence, its figures, and its own id and words; how often it is broken."""

    rule: str
    sentence: str
    official: str
    places: list[str]
    figures: list[Line]
    times: int


@dataclass(frozen=True, slots=True)
class Group:
    """Rules that ask the same of a person."""

    advice: str
    tone: str
    rules: list[Rule]
    left_out: int


@dataclass(frozen=True, slots=True)
class Conformity:
    """The whole section: in a few words, by what it was checked and when, and what is wrong."""

    summary: str
    tone: str
    groups: list[Group]
    checked_by: list[str]
    checked_at: datetime | None
    is_open: bool
    is_awaited: bool
    can_be_checked: bool
    """Whether a person may ask for a check: there was none, as before there were checks, or it stopped."""


def conformity_of(reading: ShownReading, *, asked_at: datetime | None = None) -> Conformity | None:
    """Give what the check of an e-invoice found; None for what is no e-invoice.

    ``asked_at`` is when a person asked for a check, of which nothing may be there yet.
    """
    if reading.format in _WITHOUT_DATA:
        return None
    is_awaited = _is_awaited(reading, asked_at=asked_at)
    is_checked = reading.checked_at is not None and all(one.rule != CHECK_STOPPED for one in reading.findings)
    by_rule: dict[str, list[Finding]] = {}
    for finding in reading.findings:
        by_rule.setdefault(finding.rule, []).append(finding)
    weights = {rule: told(found[0]).weight for rule, found in by_rule.items()}
    groups = [_group(weight, by_rule, weights, reading) for weight in _ORDER if weight in weights.values()]
    grave = [weight for weight in _ORDER[:2] if weight in weights.values()]
    return Conformity(
        summary=_("Being checked")
        if is_awaited
        else _summary(reading, [one for one in by_rule if one != CHECK_STOPPED]),
        tone=_TONES[grave[0]] if grave else "neutral",
        groups=groups,
        checked_by=list(reading.checked_by),
        checked_at=reading.checked_at,
        is_open=bool(grave),
        is_awaited=is_awaited,
        can_be_checked=not is_awaited and not is_checked,
    )


def _is_awaited(reading: ShownReading, *, asked_at: datetime | None) -> bool:
    """Tell whether a check is on its way: one follows each reading, and one was asked for at ``asked_at``."""
    since = asked_at or (reading.read_at if reading.checked_at is None else None)
    if since is None or timezone.now() - since > _SOON:
        return False
    return reading.checked_at is None or reading.checked_at < since


def _summary(reading: ShownReading, rules: list[str]) -> str:
    if rules:
        return ngettext("%(count)d remark", "%(count)d remarks", len(rules)) % {"count": len(rules)}
    if reading.findings or reading.checked_at is None:
        return _("Not checked")
    return _("Keeps the rules") if reading.checked_by else _("No rules for this format")


def _group(
    weight: Weight, by_rule: dict[str, list[Finding]], weights: dict[str, Weight], reading: ShownReading
) -> Group:
    rules = [rule for rule in by_rule if weights[rule] is weight]
    return Group(
        advice=str(ADVICE[weight]),
        tone=_TONES[weight],
        rules=[_rule(by_rule[rule], reading) for rule in rules[:_MOST]],
        left_out=max(len(rules) - _MOST, 0),
    )


def _rule(found: list[Finding], reading: ShownReading) -> Rule:
    first = found[0]
    both = page_and_data(first)
    return Rule(
        rule=first.rule,
        sentence=told(first).sentence,
        official="" if both else first.text,
        places=list(dict.fromkeys(finding.location for finding in found if finding.location))[:3],
        figures=_both(first.rule, both) if both else list(_figures(first, reading)),
        times=len(found),
    )


def _both(rule: str, both: tuple[str, str]) -> list[Line]:
    kinds = {"is_amount": rule in _AMOUNTS, "is_day": rule in _DATES}
    return [Line(_("On the page"), both[0], **kinds), Line(_("In the data"), both[1], **kinds)]


def _figures(finding: Finding, reading: ShownReading) -> Iterator[Line]:
    """Give the figures of a sum that does not come out, and what it would be."""
    rule = finding.rule.replace("BR-FXEXT-", "BR-").removesuffix("rev")
    net, vat, gross, due = (_amount(reading, name) for name in _TOTALS)
    if rule == "BR-CO-15" and net is not None and vat is not None and gross is not None:
        yield from _sum(((_("Net"), net), (_("VAT"), vat)), total=(_("Total"), gross))
    elif rule == "BR-CO-16" and gross is not None and due is not None:
        rest = [(row.reason or str(row.kind), parse_decimal(row.amount)) for row in reading.adjustments]
        yield Line(_("Total"), canonical_amount(gross), is_amount=True)
        yield from (Line(name, canonical_amount(amount), is_amount=True) for name, amount in rest if amount)
        yield Line(_("Amount due"), canonical_amount(due), is_amount=True)
    elif rule == "BR-CO-14" and vat is not None:
        yield from _sum(_rates(reading), total=(_("VAT"), vat))
    elif rule in {"BR-CO-10", "BR-CO-13"}:
        lines = [amount for line in reading.lines if (amount := parse_decimal(line.net)) is not None]
        if lines:
            yield Line(_("Sum of the lines"), canonical_amount(sum(lines, Decimal(0))), is_amount=True)
        if net is not None:
            yield Line(_("Net"), canonical_amount(net), is_amount=True)


_TOTALS: Final = (FieldName.TOTAL_NET, FieldName.TOTAL_VAT, FieldName.TOTAL_GROSS, FieldName.AMOUNT_DUE)


def _amount(reading: ShownReading, name: FieldName) -> Decimal | None:
    return parse_decimal(reading.value(name))


def _rates(reading: ShownReading) -> list[tuple[str, Decimal]]:
    rows = [(f"{_('VAT')} {row.rate or ''} %", parse_decimal(row.vat)) for row in reading.vat]
    return [(label, amount) for label, amount in rows if amount is not None]


def _sum(parts: Iterable[tuple[str, Decimal]], *, total: tuple[str, Decimal]) -> Iterator[Line]:
    added = list(parts)
    yield from (Line(label, canonical_amount(amount), is_amount=True) for label, amount in added)
    yield Line(_("Makes"), canonical_amount(sum((amount for _name, amount in added), Decimal(0))), is_amount=True)
    yield Line(_("%(what)s in the data") % {"what": total[0]}, canonical_amount(total[1]), is_amount=True)

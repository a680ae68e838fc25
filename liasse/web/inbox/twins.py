"""Two documents that may be the same, side by side: what each says, and what was said of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liasse.documents.models import Document
from liasse.documents.sentences import KIND_LABELS, STATUS_LABELS, label
from liasse.documents.types import DocumentStatus
from liasse.duplicates.finding import is_doubtful, pairs_of
from liasse.duplicates.models import Pair
from liasse.duplicates.sentences import grounds_text
from liasse.duplicates.types import PairState
from liasse.ui.formats import format_day, format_money
from liasse.web.inbox.rows import title_of


@dataclass(frozen=True, slots=True)
class TwinNotice:
    """What a document's page says of its likes; blank texts say nothing."""

    question: str = ""
    said: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class TwinLine:
    """One fact of both; ``differs`` marks those that tell the two apart."""

    label: str
    own: str
    other: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Twins:
    """A document and one that may be the same."""

    pair: Pair
    own: Document
    other: Document
    why: str
    verdict: str
    lines: Sequence[TwinLine]
    is_open: bool


def twin_url(document: Document, *, other_id: UUID | None = None) -> str:
    """Give the address where a document stands beside one that may be the same."""
    at = reverse("duplicate", args=[document.client_file_id, document.id])
    return f"{at}?with={other_id}" if other_id else at


def twin_notice(document: Document) -> TwinNotice | None:
    """Give what is to be said on a document's page; None, without a query, for one that is like no other."""
    if document.status == DocumentStatus.DUPLICATE:
        aside = next((pair for pair in pairs_of(document.id) if pair.aside_id == document.id), None)
        if aside is None:
            return TwinNotice(said=_("This document was set aside as a duplicate."))
        other = other_of(aside, document)
        text = _("Set aside as a duplicate of %(name)s. It is kept, and left out of exports.")
        return TwinNotice(said=text % {"name": title_of(other)}, url=twin_url(document, other_id=other.id))
    if not document.doubts:
        return None
    count = document.doubts
    text = ngettext(
        "Possible duplicate: %(count)s other document looks the same.",
        "Possible duplicate: %(count)s other documents look the same.",
        count,
    )
    return TwinNotice(question=text % {"count": count}, url=twin_url(document))


def other_of(pair: Pair, document: Document) -> Document:
    """Give the other one of a pair."""
    return pair.second if pair.first_id == document.id else pair.first


def twins_of(document: Document, *, other_id: UUID | None) -> Twins | None:
    """Give a document with the one asked for, else with the first that somebody is still to decide about.

    None where there is no such pair. One query.
    """
    pairs = pairs_of(document.id)
    if other_id is not None:
        pairs = [pair for pair in pairs if other_id in {pair.first_id, pair.second_id}]
    pair = next((pair for pair in pairs if is_doubtful(pair)), pairs[0] if pairs else None)
    if pair is None:
        return None
    other = other_of(pair, document)
    return Twins(
        pair=pair,
        own=document,
        other=other,
        why=grounds_text(pair.grounds),
        verdict=_verdict(pair),
        lines=_lines(document, other),
        is_open=is_doubtful(pair),
    )


def _verdict(pair: Pair) -> str:
    if pair.state == PairState.OPEN or pair.decided_at is None:
        return ""
    facts = {
        "who": pair.decided_by or _("the rule of the file"),
        "day": date_format(localtime(pair.decided_at), "SHORT_DATE_FORMAT"),
    }
    if pair.state == PairState.KEPT:
        return _("Both are kept, said %(who)s on %(day)s.") % facts
    aside = pair.first if pair.aside_id == pair.first_id else pair.second
    facts["name"] = title_of(aside)
    received = date_format(localtime(aside.received_at), "SHORT_DATETIME_FORMAT")
    return _("%(name)s, received %(at)s, is the duplicate, said %(who)s on %(day)s.") % (facts | {"at": received})


def _lines(own: Document, other: Document) -> list[TwinLine]:
    rows = [
        (_("Supplier"), own.supplier_name, other.supplier_name),
        (_("Kind"), label(KIND_LABELS, own.kind), label(KIND_LABELS, other.kind)),
        (_("Number"), own.number, other.number),
        (_("Date"), _day(own), _day(other)),
        (_("Net"), _money(own, "total_net"), _money(other, "total_net")),
        (_("VAT"), _money(own, "total_vat"), _money(other, "total_vat")),
        (_("Total"), _money(own, "total_gross"), _money(other, "total_gross")),
        (_("Received on"), _received(own), _received(other)),
        (_("Owner"), own.owner.name if own.owner else "", other.owner.name if other.owner else ""),
        (_("Status"), label(STATUS_LABELS, own.status), label(STATUS_LABELS, other.status)),
        (_("File"), own.filename, other.filename),
        (_("Pages"), str(len(own.pages) or ""), str(len(other.pages) or "")),
        (_("Bytes"), own.sha256[:12], other.sha256[:12]),
    ]
    return [TwinLine(label=name, own=one, other=two, differs=one != two) for name, one, two in rows if one or two]


def _day(document: Document) -> str:
    return format_day(document.issue_date.isoformat()) if document.issue_date else ""


def _money(document: Document, name: str) -> str:
    amount = getattr(document, name)
    return "" if amount is None else f"{format_money(str(amount))} {document.currency}".strip()


def _received(document: Document) -> str:
    return date_format(localtime(document.received_at), "SHORT_DATETIME_FORMAT")

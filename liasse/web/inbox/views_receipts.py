"""Historique d'envoi: everything that arrived in a file, and what became of each part of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from liasse.core import audit
from liasse.core.access import Level, Rule, access
from liasse.core.audit import Subject
from liasse.documents.models import Document
from liasse.documents.names import safe_name
from liasse.documents.selectors import documents_of_receipts
from liasse.documents.sentences import STATUS_LABELS, label
from liasse.intake.models import Receipt, ReceiptPart
from liasse.intake.sender_sentences import Badge, Task, badge_of, hold_sentence, task_of
from liasse.intake.sentences import DOORS, left_out_sentence, reason
from liasse.intake.tags import unknown_words
from liasse.intake.types import Door, ReceiptState, Verdict
from liasse.intake.waiting import open_tasks
from liasse.lib import media_types
from liasse.passes.holders import named_holder
from liasse.pipeline import flow
from liasse.pipeline.alarm import is_late
from liasse.pipeline.journeys import arrivals, count_late, of_file
from liasse.ui.shell import Crumb
from liasse.web.arrivals.journey import journey_of
from liasse.web.arrivals.screen import DOOR_ICONS, STATES, asked_arrivals, filter_words, query_of
from liasse.web.inbox.loaders import address, receipt_or_404
from liasse.web.inbox.rows import TONES, title_of
from liasse.web.inbox.views_takeout import attachment
from liasse.web.requests import FileRequest

_PAGE: Final = 25


@dataclass(frozen=True, slots=True)
class PartView:
    """A part and what became of it: the document that it is, or the sentence why it is none."""

    part: ReceiptPart
    reason: str
    url: str = ""
    title: str = ""
    status: str = ""
    tone: str = ""
    bytes_url: str = ""

    @property
    def name(self) -> str:
        """Name the part by its file, else by what it is."""
        return self.part.filename or _nameless(self.part.media_type)


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """One thing that arrived."""

    receipt: Receipt
    url: str
    sender: str
    state: str
    tone: str
    door: str
    door_icon: str
    problem: str
    parts: list[PartView]
    can_retry: bool
    is_late: bool
    can_see: bool
    badge: Badge | None
    hold: str
    words: str
    task: Task | None


@access(Rule.FILE_READ)
@require_safe
def receipts(request: FileRequest, file_id: UUID) -> HttpResponse:
    client_file = request.client_file
    here, chosen, after = reverse("receipts", args=[file_id]), asked_arrivals(request.GET), request.GET.get("after", "")
    reached = of_file(client_file)
    page = arrivals(reached, query_of(chosen), before=cursor(after), limit=_PAGE)
    found = [item.receipt for item in page.items]
    prefetch_related_objects(found, "parts")
    late = {item.receipt.id: item.is_late for item in page.items}
    context = {
        "client_file": client_file,
        "chosen": chosen,
        "items": [(item, late[item.receipt.id]) for item in views_of(request, found)],
        "more_url": chosen.url(here, after=f"{page.after[0].isoformat()}~{page.after[1]}") if page.after else "",
        "address": address(client_file) if not found and not chosen.is_set else "",
    }
    if request.htmx and after:
        return render(request, "web/inbox/receipt_items.html", context)
    context |= filter_words(chosen, here=here, count_late=count_late(reached))
    context["may_work"] = request.file_level.allows(Level.CODING)
    if request.htmx:
        return render(request, "web/inbox/receipt_list.html", context)
    context["tasks"] = [(one, task_of(one)) for one in open_tasks(client_file)]
    template = "web/inbox/receipts.html"
    return render(request, template, context)


@access(Rule.FILE_READ)
@require_safe
def receipt(request: FileRequest, file_id: UUID, receipt_id: UUID) -> HttpResponse:
    del file_id
    found = receipt_or_404(request, receipt_id)
    documents = documents_of_receipts(request.client_file, receipts=[found])
    item = _view(found, documents=documents, can_work=request.file_level.allows(Level.CODING))
    crumbs = [Crumb(label=_("Submission history"), url=reverse("receipts", args=[request.client_file.id]))]
    context = {"client_file": request.client_file, "item": item, "crumbs": crumbs}
    context["holder"] = named_holder(found.holder, practice_id=found.practice_id)
    context["journey"] = journey_of(found, documents=documents)
    return render(request, "web/inbox/receipt.html", context)


@access(Rule.FILE_READ)
@require_safe
def original(request: FileRequest, file_id: UUID, receipt_id: UUID) -> HttpResponseBase:
    """Send the bytes that arrived, as they were; not those in quarantine."""
    del file_id
    found = receipt_or_404(request, receipt_id)
    if found.infection:
        raise Http404
    return _arrived(found)


@access(Rule.FILE_MANAGE, is_sensitive=True)
@require_POST
def quarantined(request: FileRequest, file_id: UUID, receipt_id: UUID) -> HttpResponseBase:
    """Send bytes in quarantine to an administrator who asks for them knowingly; the trail says so."""
    del file_id
    found = receipt_or_404(request, receipt_id)
    if not found.infection or not request.actor.is_administrator or request.POST.get("knowing") != "yes":
        raise Http404
    subject = Subject(kind="receipt", id=found.id, client_file_id=found.client_file_id)
    audit.record(
        "receipt.quarantine-downloaded",
        actor=request.actor,
        practice_id=found.practice_id,
        subject=subject,
        after={"infection": found.infection},
    )
    return _arrived(found)


def _arrived(found: Receipt) -> HttpResponseBase:
    if found.door == Door.MAIL:
        name = safe_name(found.subject, media_type="message/rfc822", fallback="mail")
    else:
        name = safe_name(found.filename, media_type="", fallback="file")
    return attachment(found.sha256, name=name)


@access(Rule.FILE_READ)
@require_safe
def part_original(request: FileRequest, file_id: UUID, receipt_id: UUID, part_id: UUID) -> HttpResponseBase:
    """Send the bytes of one part, also of one that is no document."""
    del file_id
    found = receipt_or_404(request, receipt_id)
    part = next((part for part in found.parts.all() if part.id == part_id and part.has_bytes), None)
    if part is None or found.infection:
        raise Http404
    return attachment(part.sha256, name=safe_name(part.filename, media_type="", fallback="file"))


@access(Rule.FILE_WORK)
@require_POST
def retry(request: FileRequest, file_id: UUID, receipt_id: UUID) -> HttpResponse:
    del file_id
    found = receipt_or_404(request, receipt_id)
    if not _may_be_tried_again(found):
        raise Http404
    flow.retry_receipt(found)
    messages.success(request, _("It is being opened again."))
    return redirect("receipt", file_id=found.client_file_id, receipt_id=found.id)


def _may_be_tried_again(receipt: Receipt) -> bool:
    return receipt.state == ReceiptState.FAILED or (receipt.state == ReceiptState.STORED and is_late(receipt))


def views_of(request: FileRequest, found: list[Receipt]) -> list[ReceiptView]:
    """Give receipts with all that a screen shows of them."""
    documents = documents_of_receipts(request.client_file, receipts=found)
    can_work = request.file_level.allows(Level.CODING)
    return [_view(receipt, documents=documents, can_work=can_work) for receipt in found]


def _view(receipt: Receipt, *, documents: Mapping[UUID, list[Document]], can_work: bool) -> ReceiptView:
    state, tone = STATES.get(receipt.state, (receipt.state, "neutral"))
    icon = DOOR_ICONS.get(receipt.door, "arrow-down-tray")
    door = DOORS.get(receipt.door, receipt.door)
    return ReceiptView(
        receipt=receipt,
        url=reverse("receipt", args=[receipt.client_file_id, receipt.id]),
        sender=receipt.sender,
        state=str(state),
        tone=tone,
        door=str(door),
        door_icon=icon,
        problem=str(reason(receipt.problem)) if receipt.problem else "",
        parts=[
            view
            for part in sorted(receipt.parts.all(), key=lambda part: part.index)
            for view in _parts(receipt, part, documents=documents)
        ],
        can_retry=can_work and _may_be_tried_again(receipt),
        is_late=is_late(receipt),
        can_see=can_work and receipt.state == ReceiptState.FAILED and receipt.waits_since is not None,
        badge=badge_of(receipt),
        hold=hold_sentence(receipt) if receipt.state in {ReceiptState.HELD, ReceiptState.ASIDE} else "",
        words=", ".join(unknown_words(receipt.envelope_to)),
        task=task_of(receipt) if receipt.has_task else None,
    )


def _parts(receipt: Receipt, part: ReceiptPart, *, documents: Mapping[UUID, list[Document]]) -> list[PartView]:
    """Give a line for each document that a part became, or one that says why it is none."""
    found = documents.get(part.id, [])
    if not found or part.verdict != Verdict.DOCUMENT:
        words = str(reason(part.reason)) if part.reason else ""
        return [PartView(part=part, reason=words, bytes_url=_bytes_url(receipt, part))]
    made = [
        PartView(
            part=part,
            reason="",
            url=reverse("document", args=[document.client_file_id, document.id]),
            title=title_of(document),
            status=label(STATUS_LABELS, document.status),
            tone=TONES.get(document.status, "neutral"),
        )
        for document in found
    ]
    if part.left_out:
        made.append(PartView(part=part, reason=left_out_sentence(part.left_out), bytes_url=_bytes_url(receipt, part)))
    return made


def _nameless(media_type: str) -> str:
    """Give what a part without a name is called, in words and not by its media type."""
    kind = next((kind for begins, kind in _KINDS if media_type.startswith(begins)), "")
    return _("Part without a name (%(kind)s)") % {"kind": kind} if kind else _("Part without a name")


_KINDS: Final[tuple[tuple[str, Promise | str], ...]] = (
    (media_types.PDF, "PDF"),
    ("image/", pgettext_lazy("kind of a file", "picture")),
    (media_types.HTML, pgettext_lazy("kind of a file", "web page")),
    (media_types.XML, "XML"),
    ("text/calendar", pgettext_lazy("kind of a file", "calendar")),
    ("text/", pgettext_lazy("kind of a file", "text")),
    (media_types.ZIP, "ZIP"),
    ("message/", pgettext_lazy("kind of a file", "mail")),
    ("audio/", pgettext_lazy("kind of a file", "sound")),
    ("video/", pgettext_lazy("kind of a file", "video")),
)


def _bytes_url(receipt: Receipt, part: ReceiptPart) -> str:
    ids = [receipt.client_file_id, receipt.id, part.id]
    return reverse("receipt-part", args=ids) if part.has_bytes and part.size else ""


def cursor(text: str) -> tuple[datetime, UUID] | None:
    """Read where a page of receipts goes on; None for what is no such place."""
    at, _separator, last = text.partition("~")
    try:
        moment, found = datetime.fromisoformat(at), UUID(last)
    except ValueError:
        return None
    return (moment, found) if moment.tzinfo else None

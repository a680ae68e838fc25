"""À trier: deliveries that wait for a person, each let in, trusted or put aside with one click."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from liasse.core.access import Actor, Level, Rule, access
from liasse.core.errors import ConflictError, InvalidError
from liasse.intake import senders
from liasse.intake.holding import is_shared_domain
from liasse.intake.models import Receipt
from liasse.intake.types import Hold
from liasse.intake.waiting import receipts_to_sort
from liasse.ui.shell import Tab
from liasse.web.inbox.loaders import receipt_or_404
from liasse.web.inbox.views_receipts import ReceiptView, cursor, views_of
from liasse.web.requests import FileRequest

_PAGE: Final = 25
_TRUSTABLE: Final = (Hold.UNKNOWN_SENDER, Hold.NO_MEMBER)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery that waits, and the senders that a click would trust; blank where that makes no sense."""

    item: ReceiptView
    address: str
    domain: str


@access(Rule.FILE_READ)
@require_safe
def to_sort(request: FileRequest, file_id: UUID) -> HttpResponse:
    del file_id
    client_file, is_aside = request.client_file, "aside" in request.GET
    found = receipts_to_sort(
        client_file, is_aside=is_aside, before=cursor(request.GET.get("after", "")), limit=_PAGE + 1
    )
    shown = found[:_PAGE]
    here = reverse("to-sort", args=[client_file.id])
    context = {
        "client_file": client_file,
        "waiting": [_waiting(item) for item in views_of(request, shown)],
        "more_url": _more_url(here, shown[-1], is_aside=is_aside) if len(found) > _PAGE else "",
        "is_aside": is_aside,
        "may_work": request.file_level.allows(Level.CODING),
        "tabs": [
            Tab(label=_("To sort"), url=here, is_current=not is_aside, count=client_file.count_held),
            Tab(label=_("Set aside"), url=f"{here}?aside=1", is_current=is_aside),
        ],
    }
    template = "web/reception/items.html" if request.htmx else "web/reception/to_sort.html"
    return render(request, template, context)


def _waiting(item: ReceiptView) -> Waiting:
    address = item.receipt.from_address.strip().lower()
    domain = address.rpartition("@")[2]
    is_trustable = item.receipt.held in _TRUSTABLE and bool(domain)
    return Waiting(
        item=item,
        address=address if is_trustable else "",
        domain=f"@{domain}" if is_trustable and not is_shared_domain(domain) else "",
    )


def _more_url(here: str, last: Receipt, *, is_aside: bool) -> str:
    words = {"after": f"{last.received_at.isoformat()}~{last.id}"} | ({"aside": "1"} if is_aside else {})
    return f"{here}?{urlencode(words)}"


@access(Rule.FILE_WORK)
@require_POST
def accept(request: FileRequest, file_id: UUID, receipt_id: UUID) -> HttpResponse:
    del file_id
    return _decide(request, receipt_id, senders.accept, said=_("Accepted: its documents are on their way."))


@access(Rule.FILE_WORK)
@require_POST
def put_aside(request: FileRequest, file_id: UUID, receipt_id: UUID) -> HttpResponse:
    del file_id
    return _decide(request, receipt_id, senders.put_aside, said=_("Put aside. It stays under “Set aside”."))


@access(Rule.FILE_WORK)
@require_POST
def take_back(request: FileRequest, file_id: UUID, receipt_id: UUID) -> HttpResponse:
    del file_id
    return _decide(request, receipt_id, senders.take_back, said=_("Back among what is to be sorted."))


def _decide(request: FileRequest, receipt_id: UUID, decision: Callable[..., None], *, said: str) -> HttpResponse:
    actor: Actor = request.actor
    try:
        decision(receipt_or_404(request, receipt_id), actor=actor)
    except ConflictError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, said)
    return redirect("to-sort", file_id=request.client_file.id)


@access(Rule.FILE_WORK)
@require_POST
def trust(request: FileRequest, file_id: UUID, receipt_id: UUID) -> HttpResponse:
    """Trust the author's address, or the whole domain, and let in all that waits of it."""
    del file_id
    address = receipt_or_404(request, receipt_id).from_address
    wanted = f"@{address.rpartition('@')[2]}" if request.POST.get("whole") == "domain" else address
    try:
        count = senders.trust(request.client_file, sender=wanted, actor=request.actor)
    except InvalidError as error:
        messages.error(request, error.fields["sender"])
    else:
        said = ngettext(
            "%(sender)s is trusted: %(count)d delivery was let in.",
            "%(sender)s is trusted: %(count)d deliveries were let in.",
            count,
        )
        messages.success(request, said % {"sender": wanted, "count": count})
    return redirect("to-sort", file_id=request.client_file.id)


@access(Rule.FILE_WORK)
@require_POST
def task_done(request: FileRequest, file_id: UUID, receipt_id: UUID) -> HttpResponse:
    del file_id
    senders.finish_task(receipt_or_404(request, receipt_id), actor=request.actor)
    messages.success(request, _("Done."))
    return redirect("receipts", file_id=request.client_file.id)

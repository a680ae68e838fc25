"""Boîte d'envoi: every outgoing message, with its text, its link to copy, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from liasse.clients.rules import readable_phone
from liasse.core.access import Rule, access
from liasse.core.errors import LiasseError
from liasse.lib.ids import as_uuid
from liasse.messaging.limits import Spending, spending
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.selectors import OPEN, count_by_state, message_of, rendered
from liasse.messaging.selectors import outbox as outbox_of
from liasse.messaging.services import can_send_email, can_send_sms, cancel, retry
from liasse.messaging.types import Channel, MessageState
from liasse.ui.errors import of_error
from liasse.ui.formats import format_count, format_money
from liasse.ui.shell import Tab
from liasse.web.requests import PracticeRequest

_PAGE: Final = 25
_STATES: Final[dict[str, tuple[Promise, str]]] = {
    MessageState.WAITING: (pgettext_lazy("message", "waits"), "warn"),
    MessageState.SENT: (pgettext_lazy("message", "sent"), "ok"),
    MessageState.FAILED: (pgettext_lazy("message", "failed"), "danger"),
    MessageState.BOUNCED: (pgettext_lazy("message", "came back"), "danger"),
    MessageState.COMPLAINED: (pgettext_lazy("message", "called unwanted"), "danger"),
    MessageState.CANCELLED: (pgettext_lazy("message", "cancelled"), "neutral"),
}
_HIDDEN: Final = "••••••"
_LEAVING: Final = (pgettext_lazy("message", "on its way"), "busy")
_TRIED_AGAIN: Final = (pgettext_lazy("message", "failed, tried again"), "warn")
_NOT_DELIVERED: Final = (pgettext_lazy("message", "not delivered"), "danger")
_ARRIVED: Final = (pgettext_lazy("message", "delivered"), "ok")
_FILTERS: Final[dict[str, Promise]] = {
    "": pgettext_lazy("messages", "All"),
    MessageState.WAITING: pgettext_lazy("messages", "Waiting"),
    MessageState.FAILED: pgettext_lazy("messages", "Failed"),
    MessageState.BOUNCED: pgettext_lazy("messages", "Came back"),
    MessageState.COMPLAINED: pgettext_lazy("messages", "Unwanted"),
    MessageState.SENT: pgettext_lazy("messages", "Sent"),
    MessageState.CANCELLED: pgettext_lazy("messages", "Cancelled"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One message as the screen shows it."""

    message: OutgoingMessage
    to: str
    title: str
    text: str
    link: str
    state: str
    tone: str
    problem: str
    price: str
    can_retry: bool
    can_cancel: bool


@access(Rule.ADMINISTRATOR)
@require_safe
def outbox(request: PracticeRequest) -> HttpResponse:
    chosen = request.GET.get("state", "")
    state = MessageState(chosen) if chosen in set(MessageState) else None
    before = as_uuid(request.GET.get("before", ""))
    found = outbox_of(practice_id=request.practice.id, state=state, before=before, limit=_PAGE + 1)
    shown = found[:_PAGE]
    context: dict[str, Any] = {"rows": [_row(message) for message in shown]}
    if len(found) > _PAGE:
        context["more_url"] = _address(request, state=state, before=shown[-1].id)
    if request.htmx:
        return render(request, "web/outbox/rows.html", context)
    context |= {
        "tabs": _tabs(request, state=state),
        "is_filtered": state is not None,
        "has_relay": can_send_email(),
        "budget": _budget(spending(request.practice)) if can_send_sms() else "",
    }
    return render(request, "web/outbox/outbox.html", context)


def _address(request: PracticeRequest, *, state: MessageState | None, before: UUID | None = None) -> str:
    query = {"state": str(state or ""), "before": str(before or "")}
    words = urlencode({name: value for name, value in query.items() if value})
    return f"{request.path}?{words}" if words else request.path


def _tabs(request: PracticeRequest, *, state: MessageState | None) -> list[Tab]:
    counts = count_by_state(request.practice.id)
    return [
        Tab(
            label=str(label),
            url=_address(request, state=MessageState(name) if name else None),
            is_current=name == (state or ""),
            count=counts.get(name) or None,
        )
        for name, label in _FILTERS.items()
    ]


def _budget(spending: Spending) -> str:
    facts = {
        "spent": format_money(spending.spent, currency="EUR"),
        "cap": format_money(spending.cap, currency="EUR"),
        "today": format_count(spending.today),
        "a_day": format_count(spending.a_day),
    }
    return _("SMS this month: %(spent)s of %(cap)s. In the last 24 hours: %(today)s of %(a_day)s.") % facts


def _row(message: OutgoingMessage) -> Row:
    shown, is_sms = rendered(message), message.channel == Channel.SMS
    is_waiting = message.state == MessageState.WAITING
    can_leave = can_send_sms() if is_sms else can_send_email()
    state, tone = _STATES[message.state]
    if is_waiting and can_leave:
        state, tone = _TRIED_AGAIN if message.trouble else _LEAVING
    elif message.state == MessageState.SENT and message.delivered_at:
        state, tone = _ARRIVED
    elif message.state == MessageState.BOUNCED and is_sms:
        state, tone = _NOT_DELIVERED
    is_open = message.state in OPEN
    return Row(
        message=message,
        to=readable_phone(message.to_address) if is_sms else message.to_address,
        title=message.subject or str(gettext_lazy("SMS")),
        # A code proves who reads the mail. Only where none leaves by itself is it handed over from here.
        text=shown.text.replace(shown.code, _HIDDEN) if shown.code and can_leave else shown.text,
        # Whoever cancelled it did not want it handed over, or the link was replaced or used up.
        link=shown.link if message.state != MessageState.CANCELLED else "",
        state=str(state),
        tone=tone,
        problem=message.problem,
        price=format_money(message.price, currency="EUR") if is_sms and message.price else "",
        can_retry=is_open and can_leave,
        can_cancel=is_open,
    )


@access(Rule.ADMINISTRATOR)
@require_POST
def retry_message(request: PracticeRequest, message_id: UUID) -> HttpResponse:
    return _do(request, message_id, retry, said=_("The message is on its way again."))


@access(Rule.ADMINISTRATOR)
@require_POST
def cancel_message(request: PracticeRequest, message_id: UUID) -> HttpResponse:
    return _do(request, message_id, cancel, said=_("The message will not be sent."))


def _do(request: PracticeRequest, message_id: UUID, service: Callable[..., Any], *, said: str) -> HttpResponse:
    message = message_of(practice_id=request.practice.id, message_id=message_id)
    if message is None:
        raise Http404
    try:
        changed = service(message, actor=request.actor)
    except LiasseError as error:
        return of_error(request, error)
    if not request.htmx:
        messages.success(request, said)
        return redirect("outbox")
    response = render(request, "web/outbox/rows.html", {"rows": [_row(changed)]})
    return trigger_client_event(response, "toast", {"text": said})

"""Boîte d'envoi: every outgoing message, with its text, its link to copy, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
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
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.selectors import message_of, rendered
from liasse.messaging.selectors import outbox as outbox_of
from liasse.messaging.services import can_send_email, can_send_sms, cancel, retry
from liasse.messaging.types import Channel, MessageState
from liasse.ui.errors import of_error
from liasse.web.requests import PracticeRequest

_PAGE: Final = 25
_STATES: Final[dict[str, tuple[Promise, str]]] = {
    MessageState.WAITING: (pgettext_lazy("message", "waits"), "warn"),
    MessageState.SENT: (pgettext_lazy("message", "sent"), "ok"),
    MessageState.FAILED: (pgettext_lazy("message", "failed"), "danger"),
    MessageState.CANCELLED: (pgettext_lazy("message", "cancelled"), "neutral"),
}
_LEAVING: Final = (pgettext_lazy("message", "on its way"), "busy")


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
    can_retry: bool
    can_cancel: bool


@access(Rule.ADMINISTRATOR)
@require_safe
def outbox(request: PracticeRequest) -> HttpResponse:
    found = outbox_of(practice_id=request.practice.id, before=_uuid(request.GET.get("before", "")), limit=_PAGE + 1)
    shown = found[:_PAGE]
    context = {
        "rows": [_row(message) for message in shown],
        "more_url": f"{request.path}?before={shown[-1].id}" if len(found) > _PAGE else "",
        "has_relay": can_send_email(),
    }
    template = "web/outbox/rows.html" if request.htmx else "web/outbox/outbox.html"
    return render(request, template, context)


def _row(message: OutgoingMessage) -> Row:
    shown, is_sms = rendered(message), message.channel == Channel.SMS
    is_waiting = message.state == MessageState.WAITING
    can_leave = can_send_sms() if is_sms else can_send_email()
    state, tone = _LEAVING if is_waiting and can_leave else _STATES[message.state]
    is_open = message.state in {MessageState.WAITING, MessageState.FAILED}
    return Row(
        message=message,
        to=readable_phone(message.to_address) if is_sms else message.to_address,
        title=message.subject or str(gettext_lazy("SMS")),
        text=shown.text,
        # Whoever cancelled it did not want it handed over, or the link was replaced or used up.
        link=shown.link if message.state != MessageState.CANCELLED else "",
        state=str(state),
        tone=tone,
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


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

"""Where the invitations of a file's members stand, and what became of their messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from liasse.clients.models import ClientFile
from liasse.core.tokens import derive_token
from liasse.invitations.models import Invitation
from liasse.invitations.types import InvitationState
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.types import MessageState

_PENDING = (InvitationState.WAITING, InvitationState.OPENED)


@dataclass(frozen=True, slots=True)
class Standing:
    """One member's newest invitation: when it ends, how its messages fare, and its secret link.

    ``message_state`` is the worst of its messages, failed before waiting before sent.
    """

    is_expired: bool
    expires_at: datetime
    message_state: str
    problem: str
    link: str
    by_email: bool
    by_sms: bool


def pending_invitations(client_file: ClientFile) -> dict[UUID, Standing]:
    """Give for each member with an open invitation where it stands. Two queries for all."""
    invitations = Invitation.objects.filter(
        practice_id=client_file.practice_id, member__client_file=client_file, state__in=_PENDING
    )
    newest = {invitation.member_id: invitation for invitation in invitations.order_by("id")}
    subjects = {invitation.id for invitation in newest.values()}
    found = OutgoingMessage.objects.filter(practice_id=client_file.practice_id, link_subject_id__in=subjects)
    messages: dict[UUID, list[OutgoingMessage]] = {}
    for message in found.order_by("id"):
        if message.link_subject_id is not None:
            messages.setdefault(message.link_subject_id, []).append(message)
    return {
        member_id: _standing(invitation, messages=messages.get(invitation.id, []))
        for member_id, invitation in newest.items()
        if member_id is not None
    }


def _standing(invitation: Invitation, *, messages: list[OutgoingMessage]) -> Standing:
    current = [message for message in messages if message.link_nonce == invitation.nonce]
    order = (MessageState.FAILED, MessageState.WAITING, MessageState.SENT)
    states = {message.state for message in current}
    return Standing(
        is_expired=invitation.expires_at <= timezone.now(),
        expires_at=invitation.expires_at,
        message_state=next((str(state) for state in order if state in states), ""),
        problem=next((message.last_error for message in current if message.state == MessageState.FAILED), ""),
        link=link_of(current[-1]) if current else "",
        by_email=any(message.channel == "email" for message in current),
        by_sms=any(message.channel == "sms" for message in current),
    )


def link_of(message: OutgoingMessage) -> str:
    """Give the secret link that a message carries; it is derived each time, never stored."""
    if not message.link_path or message.link_subject_id is None:
        return ""
    token = derive_token(message.link_purpose, subject_id=message.link_subject_id, nonce=message.link_nonce)
    path = message.link_path.replace("{token}", token)
    return f"{settings.LIASSE_PUBLIC_URL}{path}"

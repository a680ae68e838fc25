"""Where the invitations of a file's members stand, and what became of their messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from liasse.clients.models import ClientFile, Member
from liasse.invitations.models import Invitation
from liasse.invitations.types import InvitationState
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.selectors import rendered
from liasse.messaging.services import is_served
from liasse.messaging.types import Channel, MessageState

_PENDING = (InvitationState.WAITING, InvitationState.OPENED)


@dataclass(frozen=True, slots=True)
class Standing:
    """One member's newest invitation: when it ends, how its messages fare, and its secret link.

    ``message_state`` is the worst of its messages, failed before waiting before sent; one that came back
    failed too. ``is_stuck``: a message waits that nothing here sends by itself.
    """

    is_expired: bool
    expires_at: datetime
    message_state: str
    problem: str
    link: str
    is_stuck: bool = False


def pending_invitations(client_file: ClientFile) -> dict[UUID, Standing]:
    """Give for each member with an open invitation where it stands. Two queries for all."""
    invitations = Invitation.objects.filter(
        practice_id=client_file.practice_id, member__client_file=client_file, state__in=_PENDING
    ).select_related("member")
    newest = {invitation.member_id: invitation for invitation in invitations.order_by("id")}
    subjects = {invitation.id for invitation in newest.values()}
    found = OutgoingMessage.objects.filter(practice_id=client_file.practice_id, subject_id__in=subjects)
    messages: dict[UUID, list[OutgoingMessage]] = {}
    for message in found.order_by("id"):
        messages.setdefault(message.subject_id, []).append(message)
    return {
        member_id: _standing(invitation, messages=messages.get(invitation.id, []))
        for member_id, invitation in newest.items()
        if member_id is not None
    }


def _standing(invitation: Invitation, *, messages: list[OutgoingMessage]) -> Standing:
    current = [message for message in messages if message.link_nonce == invitation.nonce]
    order = (MessageState.FAILED, MessageState.WAITING, MessageState.SENT)
    states = {MessageState.FAILED if message.has_failed else MessageState(message.state) for message in current}
    waiting = [message for message in current if message.state == MessageState.WAITING]
    # A link to an address that is not the person's any more opens nothing.
    is_stale = invitation.member is None or invitation.member.email != invitation.email
    is_expired = is_stale or invitation.expires_at <= timezone.now()
    return Standing(
        is_expired=is_expired,
        expires_at=invitation.expires_at,
        message_state=next((str(state) for state in order if state in states), ""),
        problem=next((message.problem for message in [*_failed(current), *waiting] if message.problem), ""),
        link=rendered(current[-1]).link if current and not is_expired else "",
        is_stuck=any(not is_served(message.channel) for message in waiting),
    )


def _failed(messages: list[OutgoingMessage]) -> list[OutgoingMessage]:
    return [message for message in messages if message.has_failed]


def newest_pending(member: Member) -> Invitation | None:
    """Give a person's newest invitation that was neither used nor revoked."""
    invitations = Invitation.objects.filter(practice_id=member.practice_id, member=member, state__in=_PENDING)
    return invitations.order_by("-id").first()


def ways_of(invitation: Invitation) -> tuple[bool, bool]:
    """Tell by which ways an invitation was sent: by email, by SMS."""
    messages = OutgoingMessage.objects.filter(practice_id=invitation.practice_id, subject_id=invitation.id)
    channels = set(messages.filter(link_nonce=invitation.nonce).values_list("channel", flat=True))
    return Channel.EMAIL in channels, Channel.SMS in channels


def invitation_ids(client_file: ClientFile, *, limit: int = 200) -> list[UUID]:
    """Give the newest invitations of a file's members, for its history."""
    invitations = Invitation.objects.filter(practice_id=client_file.practice_id, member__client_file=client_file)
    return list(invitations.order_by("-id").values_list("id", flat=True)[:limit])

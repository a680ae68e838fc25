"""Where invitations stand for those who sent them: state, messages and clock in one word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from liasse.clients.models import ClientFile, Member
from liasse.core.models import AuditEvent
from liasse.core.tokens import derive_token
from liasse.invitations.bounds import MayInvite, runs_file_once, state_of
from liasse.invitations.mails import PATH, PURPOSE
from liasse.invitations.models import Invitation
from liasse.invitations.sentences import ended_sentence, shown_label
from liasse.invitations.services import RELATED
from liasse.invitations.types import PENDING, InvitationState, LinkState, Shown
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.selectors import rendered
from liasse.messaging.services import is_served
from liasse.messaging.types import Channel, MessageState
from liasse.practices.models import Colleague

_ENDS = {
    InvitationState.ACCEPTED: Shown.ACCEPTED,
    InvitationState.REVOKED: Shown.REVOKED,
    InvitationState.DECLINED: Shown.DECLINED,
}
_CLOSED = {LinkState.OPEN: None, LinkState.EXPIRED: Shown.EXPIRED, LinkState.USED: Shown.ACCEPTED}
_NEWEST = 200


@dataclass(frozen=True, slots=True)
class Standing:
    """One person's newest invitation: where it stands, why, until when, and its secret link while it holds.

    A message that came back counts as not sent. ``is_pending``: nobody answered or cancelled it, so it can be
    sent again and cancelled, whatever became of its link.
    """

    invitation: Invitation
    shown: Shown
    problem: str = ""
    link: str = ""

    @property
    def is_pending(self) -> bool:
        """Tell whether the invitation was neither answered nor cancelled."""
        return self.invitation.state in PENDING

    @property
    def is_expired(self) -> bool:
        """Tell whether its link opens nothing although nobody ended it."""
        return self.is_pending and not self.link

    @property
    def is_asked_again(self) -> bool:
        """Tell whether the holder of the ended link asked for another."""
        return self.invitation.asked_again_at is not None and self.shown is not Shown.ACCEPTED

    @property
    def expires_at(self) -> datetime:
        """Give when the link ends by itself."""
        return self.invitation.expires_at

    @property
    def label(self) -> str:
        """Name where it stands."""
        return shown_label(self.shown)[0]

    @property
    def tone(self) -> str:
        """Give the tone in which that is said."""
        return shown_label(self.shown)[1]


def standings_of_members(client_file: ClientFile) -> dict[UUID, Standing]:
    """Give for each person of a file who was ever invited where the newest invitation stands. Two queries for all."""
    rows = Invitation.objects.filter(practice_id=client_file.practice_id, member__client_file=client_file)
    newest = {row.member_id: row for row in rows.select_related(*RELATED).order_by("id") if row.member_id}
    return standings(newest)


def standing_of(member: Member) -> Standing | None:
    """Give where a person's newest invitation stands, or None for somebody who was never invited."""
    rows = Invitation.objects.filter(practice_id=member.practice_id, member=member).select_related(*RELATED)
    newest = rows.order_by("-id").first()
    return standings({member.id: newest})[member.id] if newest else None


def standings(newest: dict[UUID, Invitation]) -> dict[UUID, Standing]:
    """Tell where each of some invitations of one practice stands; one query for their messages."""
    if not newest:
        return {}
    some = next(iter(newest.values()))
    ids = [invitation.id for invitation in newest.values()]
    found = OutgoingMessage.objects.filter(
        practice_id=some.practice_id, subject_id__in=ids, link_purpose=PURPOSE
    ).order_by("id")
    messages: dict[UUID, list[OutgoingMessage]] = {}
    for message in found:
        messages.setdefault(message.subject_id, []).append(message)
    may_invite = runs_file_once()
    return {
        person_id: _standing(invitation, messages=messages.get(invitation.id, []), may_invite=may_invite)
        for person_id, invitation in newest.items()
    }


def _standing(invitation: Invitation, *, messages: list[OutgoingMessage], may_invite: MayInvite) -> Standing:
    ended = _ENDS.get(InvitationState(invitation.state))
    if ended is not None:
        return Standing(invitation, ended)
    state = state_of(invitation, may_invite=may_invite)
    closed = _CLOSED.get(state, Shown.ENDED)
    if closed is not None:
        return Standing(invitation, closed, problem=ended_sentence(state))
    current = [message for message in messages if message.link_nonce == invitation.nonce]
    problem = next((message.problem for message in [*_failed(current), *_waiting(current)] if message.problem), "")
    return Standing(invitation, _of_messages(invitation, current), problem=problem, link=_link(invitation, current))


def _of_messages(invitation: Invitation, current: list[OutgoingMessage]) -> Shown:
    """Give the state of the invitation's messages, the worst of them, unless somebody opened the link already."""
    if invitation.state == InvitationState.OPENED:
        return Shown.OPENED
    if _failed(current):
        return Shown.FAILED
    waiting = _waiting(current)
    if any(not is_served(message.channel) for message in waiting):
        return Shown.STUCK
    return Shown.SENT if current and not waiting else Shown.WAITING


def _link(invitation: Invitation, current: list[OutgoingMessage]) -> str:
    """Give the link as its messages hold it; it can be copied even when no message is left."""
    if current:
        return rendered(current[-1]).link
    token = derive_token(PURPOSE, subject_id=invitation.id, nonce=invitation.nonce)
    return settings.LIASSE_PUBLIC_URL + PATH.replace("{token}", token)


def _failed(messages: list[OutgoingMessage]) -> list[OutgoingMessage]:
    return [message for message in messages if message.has_failed]


def _waiting(messages: list[OutgoingMessage]) -> list[OutgoingMessage]:
    return [message for message in messages if message.state == MessageState.WAITING]


def newest_pending(member: Member) -> Invitation | None:
    """Give a person's newest invitation that was neither answered nor cancelled."""
    invitations = Invitation.objects.filter(practice_id=member.practice_id, member=member, state__in=PENDING)
    return invitations.select_related(*RELATED).order_by("-id").first()


def newest_of_colleague(colleague: Colleague) -> Invitation | None:
    """Give a colleague's newest invitation that was neither answered nor cancelled."""
    rows = Invitation.objects.filter(practice_id=colleague.practice_id, colleague=colleague, state__in=PENDING)
    return rows.select_related(*RELATED).order_by("-id").first()


def ways_of(invitation: Invitation) -> tuple[bool, bool]:
    """Tell by which ways an invitation was sent: by email, by SMS."""
    messages = OutgoingMessage.objects.filter(
        practice_id=invitation.practice_id, subject_id=invitation.id, link_purpose=PURPOSE
    )
    channels = set(messages.filter(link_nonce=invitation.nonce).values_list("channel", flat=True))
    return Channel.EMAIL in channels, Channel.SMS in channels


def invitation_ids(client_file: ClientFile, *, limit: int = _NEWEST) -> list[UUID]:
    """Give the newest invitations of a file's members, for its history."""
    invitations = Invitation.objects.filter(practice_id=client_file.practice_id, member__client_file=client_file)
    return list(invitations.order_by("-id").values_list("id", flat=True)[:limit])


def events_of(practice_id: UUID, invitations: Iterable[UUID], *, limit: int = 50) -> list[AuditEvent]:
    """Give what happened to some invitations and their messages, newest first."""
    events = AuditEvent.objects.filter(practice_id=practice_id, subject_id__in=list(invitations))
    return list(events.order_by("-sequence")[:limit])

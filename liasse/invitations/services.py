"""Inviting people, sending again, taking back. Each is one transaction: row, audit line, message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from liasse.clients.models import Member
from liasse.clients.types import FileStatus, MemberStatus
from liasse.core import audit
from liasse.core.access import Actor
from liasse.core.errors import InvalidError
from liasse.core.tokens import new_nonce
from liasse.invitations.bounds import state_of
from liasse.invitations.errors import CannotInviteError, InvitationClosedError
from liasse.invitations.mails import draft_of, hash_of
from liasse.invitations.models import FormerLink, Invitation
from liasse.invitations.sentences import closed_sentence
from liasse.invitations.types import (
    LIFETIMES,
    MOST_BY_CLIENT,
    PENDING,
    InvitationKind,
    InvitationState,
    LinkState,
)
from liasse.messaging import services as messaging
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.types import Channel
from liasse.practices.models import Colleague
from liasse.practices.types import ColleagueStatus

RELATED: Final = ("practice", "colleague", "member__client_file", "invited_by", "invited_by_member")
"""What every judgment on an invitation needs beside it."""

_MENDED: Final = (LinkState.OPEN, LinkState.EXPIRED, LinkState.INVITER_SUSPENDED, LinkState.ROLE_CHANGED)
"""States in which the same invitation can be sent again; for the others a new one is made."""


@transaction.atomic
def invite_colleague(colleague: Colleague, *, actor: Actor) -> Invitation:
    """Write to a colleague who has not accepted yet; a former link ends. Raises CannotInviteError."""
    locked = Colleague.objects.select_for_update().get(practice_id=colleague.practice_id, id=colleague.id)
    if locked.status != ColleagueStatus.INVITED:
        raise CannotInviteError(_("This colleague has access already, or was suspended."))
    _end_pending(Invitation.objects.filter(practice_id=locked.practice_id, colleague=locked), actor=actor)
    invitation = _new(
        Invitation(practice_id=locked.practice_id, kind=InvitationKind.COLLEAGUE, colleague=locked),
        person=locked,
        actor=actor,
    )
    _write(invitation, channels=(Channel.EMAIL,), verb="invitation.sent", actor=actor)
    return invitation


@transaction.atomic
def invite_member(member: Member, *, actor: Actor, by_email: bool = True, by_sms: bool = False) -> Invitation:
    """Write to a person of a client, who then sets a password; a former link ends.

    The row stays the same, so that its documents do. Raises InvalidError (email, phone, channels)
    and CannotInviteError, also to a client's people who invited ``MOST_BY_CLIENT`` within a day.
    """
    locked = (
        Member.objects.select_for_update(of=("self",))
        .select_related("client_file")
        .get(practice_id=member.practice_id, id=member.id)
    )
    if locked.status not in {MemberStatus.NO_LOGIN, MemberStatus.INVITED}:
        raise CannotInviteError(_("This person has access already, or it was taken away."))
    if locked.client_file.status != FileStatus.ACTIVE:
        raise CannotInviteError(_("This file is archived, so nobody can be invited to it."))
    _require_ways(locked, by_email=by_email, by_sms=by_sms)
    _require_room(locked, actor=actor)
    _end_pending(Invitation.objects.filter(practice_id=locked.practice_id, member=locked), actor=actor)
    invitation = _new(
        Invitation(practice_id=locked.practice_id, kind=InvitationKind.MEMBER, member=locked),
        person=locked,
        actor=actor,
    )
    _set_member_status(locked, MemberStatus.INVITED)
    member.status = locked.status
    ways = {Channel.EMAIL: by_email, Channel.SMS: by_sms}
    _write(
        invitation, channels=[way for way, is_wanted in ways.items() if is_wanted], verb="invitation.sent", actor=actor
    )
    return invitation


@transaction.atomic
def invite_new(members: Sequence[Member], *, actor: Actor) -> list[Invitation]:
    """Write a mail to each first member of files that a colleague opened in this very transaction.

    As ``invite_member`` does each, with the looks left out that cannot find anything: nobody else saw these
    rows. Each comes with its file and practice. About ten queries, however many they are.
    """
    invitations = []
    for member in members:
        practice = member.client_file.practice
        invitation = Invitation(practice=practice, kind=InvitationKind.MEMBER, member=member)
        invitation.email, invitation.role = member.email, member.role
        _require_ways(member, by_email=True, by_sms=False)
        _sign(invitation, actor=actor)
        _renew(invitation)
        member.status = MemberStatus.INVITED
        invitations.append(invitation)
    if not invitations:
        return []
    practice_id = invitations[0].practice_id
    Invitation.objects.bulk_create(invitations)
    Member.objects.filter(id__in=[member.id for member in members]).update(status=MemberStatus.INVITED)
    facts = [_fact("invitation.sent", invitation) for invitation in invitations]
    audit.record_all(facts, actor=actor, practice_id=practice_id)
    drafts = [(draft_of(one, channel=Channel.EMAIL), subject_of(one)) for one in invitations]
    messaging.queue_mails(drafts, practice_id=practice_id, actor=actor)
    return invitations


def _require_ways(member: Member, *, by_email: bool, by_sms: bool) -> None:
    problems: dict[str, str] = {}
    if not member.email:
        problems["email"] = _("Type the email address: this person signs in with it.")
    if by_sms and not member.phone:
        problems["phone"] = _("Type a phone number, or do not invite by SMS.")
    if not (by_email or by_sms):
        problems["channels"] = _("Choose at least one way to invite.")
    if problems:
        raise InvalidError(problems)


def _require_room(member: Member, *, actor: Actor) -> None:
    """Let the people of a client write to a few a day only: whatever they type goes out from this instance."""
    if actor.kind != "member":
        return
    recent = Invitation.objects.filter(
        practice_id=member.practice_id,
        member__client_file_id=member.client_file_id,
        invited_by_member__isnull=False,
        created_at__gt=timezone.now() - timedelta(days=1),
    )
    if recent.count() >= MOST_BY_CLIENT:
        sentence = _("At most %(count)d people can be invited within a day. Go on tomorrow, or ask the practice.")
        raise CannotInviteError(sentence % {"count": MOST_BY_CLIENT})


@transaction.atomic
def resend(invitation: Invitation, *, actor: Actor) -> Invitation:
    """Write once more by the same ways, with a new link and a new term; the older link says that it was replaced.

    Raises InvitationClosedError for one that was answered or taken back, or whose ground is gone.
    """
    locked = lock(invitation)
    state = state_of(locked)
    if state not in _MENDED:
        raise InvitationClosedError(closed_sentence(state))
    channels = _channels_of(locked)
    messaging.withdraw(practice_id=locked.practice_id, subject_id=locked.id, actor=actor)
    FormerLink.objects.create(practice_id=locked.practice_id, invitation=locked, token_hash=locked.token_hash)
    locked.state, locked.opened_at, locked.asked_again_at = InvitationState.WAITING, None, None
    locked.code_nonce, locked.code_at, locked.count_codes, locked.count_tries = "", None, 0, 0
    person = locked.colleague or locked.member
    locked.role = person.role if person else ""
    _sign(locked, actor=actor)
    _renew(locked)
    locked.save()
    _write(locked, channels=channels, verb="invitation.resent", actor=actor)
    return locked


@transaction.atomic
def revoke(invitation: Invitation, *, actor: Actor) -> Invitation:
    """End a link that was not used. Twice is once. Raises InvitationClosedError for an accepted one."""
    locked = lock(invitation)
    if locked.state == InvitationState.ACCEPTED:
        raise InvitationClosedError(closed_sentence(LinkState.USED))
    if locked.state not in PENDING:
        return locked
    end(locked, actor=actor)
    take_back(locked)
    return locked


@transaction.atomic
def end_invitations(member: Member, *, actor: Actor) -> None:
    """End whatever was offered to a person of a client, because the person's place ends."""
    _end_pending(Invitation.objects.filter(practice_id=member.practice_id, member=member), actor=actor)


def lock(invitation: Invitation) -> Invitation:
    """Lock an invitation, loaded with all that a judgment on it needs."""
    rows = Invitation.objects.select_for_update(of=("self",)).select_related(*RELATED)
    return rows.get(practice_id=invitation.practice_id, id=invitation.id)


def end(
    invitation: Invitation,
    *,
    actor: Actor,
    state: InvitationState = InvitationState.REVOKED,
    verb: str = "invitation.revoked",
) -> None:
    """End a locked invitation: whatever of it still waits to be sent is sent no more."""
    invitation.state = state
    invitation.save(update_fields=["state"])
    messaging.withdraw(practice_id=invitation.practice_id, subject_id=invitation.id, actor=actor)
    record(verb, invitation, actor=actor)


def take_back(invitation: Invitation) -> None:
    """Let a person of a client who is not invited any more be what they were: somebody without a login."""
    if invitation.member and invitation.member.status == MemberStatus.INVITED:
        _set_member_status(invitation.member, MemberStatus.NO_LOGIN)


def record(verb: str, invitation: Invitation, *, actor: Actor) -> None:
    """Write into the trail what was done with an invitation."""
    fact = _fact(verb, invitation)
    audit.record(verb, actor=actor, practice_id=invitation.practice_id, subject=fact.subject, after=fact.after)


def _fact(verb: str, invitation: Invitation) -> audit.Fact:
    person = invitation.colleague or invitation.member
    after = {invitation.kind: person.name if person else "", "email": invitation.email}
    return audit.Fact(verb, subject=subject_of(invitation), after=after)


def subject_of(invitation: Invitation) -> audit.Subject:
    """Name an invitation as the subject of an event."""
    client_file_id = invitation.member.client_file_id if invitation.member else None
    return audit.Subject(kind="invitation", id=invitation.id, client_file_id=client_file_id)


def _new(invitation: Invitation, *, person: Colleague | Member, actor: Actor) -> Invitation:
    invitation.email, invitation.role = person.email, person.role
    _sign(invitation, actor=actor)
    _renew(invitation)
    invitation.save(force_insert=True)
    return Invitation.objects.select_related(*RELATED).get(practice_id=invitation.practice_id, id=invitation.id)


def _sign(invitation: Invitation, *, actor: Actor) -> None:
    """Note who invites: the link holds for as long as that person may."""
    if actor.is_colleague:
        invitation.invited_by_id, invitation.invited_by_member_id = actor.person_id, None
    elif actor.kind == "member":
        invitation.invited_by_id, invitation.invited_by_member_id = None, actor.person_id


def _renew(invitation: Invitation) -> None:
    invitation.nonce = new_nonce()
    invitation.token_hash = hash_of(invitation)
    invitation.expires_at = timezone.now() + LIFETIMES[InvitationKind(invitation.kind)]


def _write(invitation: Invitation, *, channels: list[Channel] | tuple[Channel, ...], verb: str, actor: Actor) -> None:
    record(verb, invitation, actor=actor)
    for channel in channels:
        draft = draft_of(invitation, channel=channel)
        messaging.queue(draft, practice_id=invitation.practice_id, subject=subject_of(invitation), actor=actor)


def _channels_of(invitation: Invitation) -> list[Channel]:
    messages = OutgoingMessage.objects.filter(practice_id=invitation.practice_id, subject_id=invitation.id)
    used = set(messages.filter(link_nonce=invitation.nonce).values_list("channel", flat=True))
    return [channel for channel in Channel if channel in used] or [Channel.EMAIL]


def _end_pending(invitations: QuerySet[Invitation], *, actor: Actor) -> None:
    for invitation in invitations.filter(state__in=PENDING).select_related(*RELATED):
        end(invitation, actor=actor)


def _set_member_status(member: Member, status: MemberStatus) -> None:
    if member.status != status:
        member.status = status
        member.save(update_fields=["status"])

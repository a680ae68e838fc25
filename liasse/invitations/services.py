"""Inviting people, and what they do with the link. Each is one transaction: row, audit line, message."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from liasse.clients.models import Member
from liasse.clients.types import FileStatus, MemberStatus
from liasse.core import audit
from liasse.core.access import Actor
from liasse.core.errors import InvalidError
from liasse.core.scope import instance_scope
from liasse.core.tokens import new_nonce, token_hash
from liasse.identity.models import User
from liasse.identity.selectors import user_of_email
from liasse.identity.services import create_user
from liasse.invitations.errors import (
    AccountExistsError,
    CannotInviteError,
    InvitationClosedError,
    OtherAddressError,
)
from liasse.invitations.mails import draft_of, hash_of
from liasse.invitations.models import Invitation
from liasse.invitations.sentences import closed_sentence
from liasse.invitations.types import LIFETIMES, InvitationKind, InvitationState, LinkState
from liasse.messaging import services as messaging
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.types import Channel
from liasse.practices.models import Colleague
from liasse.practices.types import ColleagueStatus

_PENDING = (InvitationState.WAITING, InvitationState.OPENED)
_RELATED = ("practice", "colleague", "member__client_file", "invited_by")


@transaction.atomic
def invite_colleague(colleague: Colleague, *, actor: Actor) -> Invitation:
    """Write to a colleague who has not accepted yet; a former link ends. Raises CannotInviteError."""
    locked = Colleague.objects.select_for_update().get(practice_id=colleague.practice_id, id=colleague.id)
    if locked.status != ColleagueStatus.INVITED:
        raise CannotInviteError(_("This colleague has access already, or was suspended."))
    _end_pending(Invitation.objects.filter(practice_id=locked.practice_id, colleague=locked), actor=actor)
    invitation = _new(
        Invitation(practice_id=locked.practice_id, kind=InvitationKind.COLLEAGUE, colleague=locked, email=locked.email),
        actor=actor,
    )
    _write(invitation, channels=(Channel.EMAIL,), verb="invitation.sent", actor=actor)
    return invitation


@transaction.atomic
def invite_member(member: Member, *, actor: Actor, by_email: bool = True, by_sms: bool = False) -> Invitation:
    """Write to a person of a client, who then sets a password; a former link ends.

    The row stays the same, so that its documents do. Raises InvalidError (email, phone, channels)
    and CannotInviteError.
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
    _end_pending(Invitation.objects.filter(practice_id=locked.practice_id, member=locked), actor=actor)
    invitation = _new(
        Invitation(practice_id=locked.practice_id, kind=InvitationKind.MEMBER, member=locked, email=locked.email),
        actor=actor,
    )
    _set_member_status(locked, MemberStatus.INVITED)
    member.status = locked.status
    ways = {Channel.EMAIL: by_email, Channel.SMS: by_sms}
    _write(
        invitation, channels=[way for way, is_wanted in ways.items() if is_wanted], verb="invitation.sent", actor=actor
    )
    return invitation


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


@transaction.atomic
def resend(invitation: Invitation, *, actor: Actor) -> Invitation:
    """Write once more by the same ways, with a new link and a new term; the older link ends.

    Raises InvitationClosedError for one that was accepted or revoked, or whose ground is gone.
    """
    locked = _locked(token=None, invitation=invitation)
    state = state_of(locked)
    if state not in {LinkState.OPEN, LinkState.EXPIRED, LinkState.INVITER_SUSPENDED}:
        raise InvitationClosedError(closed_sentence(state))
    channels = _channels_of(locked)
    messaging.withdraw(practice_id=locked.practice_id, subject_id=locked.id, actor=actor)
    locked.state = InvitationState.WAITING
    locked.invited_by_id = actor.person_id if actor.is_colleague else locked.invited_by_id
    _renew(locked)
    locked.save(update_fields=["state", "invited_by", "nonce", "token_hash", "expires_at"])
    _write(locked, channels=channels, verb="invitation.resent", actor=actor)
    return locked


@transaction.atomic
def revoke(invitation: Invitation, *, actor: Actor) -> Invitation:
    """End a link that was not used. Twice is once. Raises InvitationClosedError for an accepted one."""
    locked = _locked(token=None, invitation=invitation)
    if locked.state == InvitationState.ACCEPTED:
        raise InvitationClosedError(closed_sentence(LinkState.USED))
    if locked.state == InvitationState.REVOKED:
        return locked
    _end(locked, actor=actor)
    _take_back(locked)
    return locked


def decline(token: str, *, user: User) -> None:
    """End a link because whom it was sent to does not want it; the practice may invite again.

    Raises InvitationClosedError, OtherAddressError when the account has another address.
    """
    with instance_scope(), transaction.atomic():
        invitation = _locked_for(token, user=user)
        actor = _actor_of(invitation, user=user)
        _end(invitation, actor=actor, verb="invitation.declined")
        _take_back(invitation)


def _take_back(invitation: Invitation) -> None:
    if invitation.member and invitation.member.status == MemberStatus.INVITED:
        _set_member_status(invitation.member, MemberStatus.NO_LOGIN)


def find(token: str) -> Invitation | None:
    """Give the invitation of a link with its practice, people and file, whatever its state; None when there is none."""
    with instance_scope():
        return Invitation.objects.filter(token_hash=token_hash(token)).select_related(*_RELATED).first()


def state_of(invitation: Invitation) -> LinkState:
    """Say what a link's holder may do with it now; needs what ``find`` loads."""
    if invitation.state == InvitationState.ACCEPTED:
        return LinkState.USED
    if invitation.state == InvitationState.REVOKED or not _is_still_wanted(invitation):
        return LinkState.REVOKED
    if invitation.member and invitation.member.client_file.status != FileStatus.ACTIVE:
        return LinkState.FILE_ARCHIVED
    if invitation.invited_by and invitation.invited_by.status != ColleagueStatus.ACTIVE:
        return LinkState.INVITER_SUSPENDED
    if invitation.state == InvitationState.EXPIRED or invitation.expires_at <= timezone.now():
        return LinkState.EXPIRED
    return LinkState.OPEN


def _is_still_wanted(invitation: Invitation) -> bool:
    """Tell whether the person still waits to be let in, under the address that was written to."""
    if invitation.colleague:
        return invitation.colleague.status == ColleagueStatus.INVITED and invitation.colleague.email == invitation.email
    member = invitation.member
    return member is not None and member.status == MemberStatus.INVITED and member.email == invitation.email


def accept_as_new(token: str, *, name: str, password: str) -> User:
    """Make the account of the invited address and let it in; the link is used up.

    Raises InvitationClosedError, AccountExistsError, InvalidError with a sentence a field.
    """
    with instance_scope(), transaction.atomic():
        invitation = _locked(token=token)
        _require_open(invitation)
        if user_of_email(invitation.email):
            raise AccountExistsError(_("This address has an account already. Sign in with it to accept."))
        user = create_user(email=invitation.email, name=name, password=password)
        _let_in(invitation, user=user)
    return user


def accept_as_user(token: str, *, user: User) -> None:
    """Let somebody in who has an account already; the link is used up.

    Raises InvitationClosedError, OtherAddressError when the account has another address.
    """
    with instance_scope(), transaction.atomic():
        _let_in(_locked_for(token, user=user), user=user)


def _locked_for(token: str, *, user: User) -> Invitation:
    invitation = _locked(token=token)
    _require_open(invitation)
    if user.email != invitation.email:
        raise OtherAddressError(
            _("This invitation is for another address than yours. Sign out, then sign in with the invited one.")
        )
    return invitation


def _locked(*, token: str | None, invitation: Invitation | None = None) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",)).select_related(*_RELATED)
    found = (
        rows.filter(practice_id=invitation.practice_id, id=invitation.id)
        if invitation
        else rows.filter(token_hash=token_hash(token or ""))
    ).first()
    if found is None:
        raise InvitationClosedError(closed_sentence(LinkState.REVOKED))
    return found


def _require_open(invitation: Invitation) -> None:
    state = state_of(invitation)
    if state is not LinkState.OPEN:
        raise InvitationClosedError(closed_sentence(state))


def _let_in(invitation: Invitation, *, user: User) -> None:
    invitation.state, invitation.accepted_at = InvitationState.ACCEPTED, timezone.now()
    invitation.save(update_fields=["state", "accepted_at"])
    if invitation.colleague:
        colleague = invitation.colleague
        colleague.user, colleague.status = user, ColleagueStatus.ACTIVE
        colleague.save(update_fields=["user", "status"])
    if invitation.member:
        member = invitation.member
        member.user, member.status = user, MemberStatus.ACTIVE
        member.save(update_fields=["user", "status"])
    actor = _actor_of(invitation, user=user)
    messaging.withdraw(practice_id=invitation.practice_id, subject_id=invitation.id, actor=actor)
    _record("invitation.accepted", invitation, actor=actor)


def _actor_of(invitation: Invitation, *, user: User) -> Actor:
    person = invitation.colleague or invitation.member
    return Actor(
        kind=invitation.kind,
        user_id=user.id,
        practice_id=invitation.practice_id,
        person_id=person.id if person else None,
        name=person.name if person else user.name,
    )


def _new(invitation: Invitation, *, actor: Actor) -> Invitation:
    invitation.invited_by_id = actor.person_id if actor.is_colleague else None
    _renew(invitation)
    invitation.save(force_insert=True)
    return Invitation.objects.select_related(*_RELATED).get(practice_id=invitation.practice_id, id=invitation.id)


def _renew(invitation: Invitation) -> None:
    invitation.nonce = new_nonce()
    invitation.token_hash = hash_of(invitation)
    invitation.expires_at = timezone.now() + LIFETIMES[InvitationKind(invitation.kind)]


def _write(invitation: Invitation, *, channels: list[Channel] | tuple[Channel, ...], verb: str, actor: Actor) -> None:
    _record(verb, invitation, actor=actor)
    for channel in channels:
        draft = draft_of(invitation, channel=channel)
        messaging.queue(draft, practice_id=invitation.practice_id, subject=_subject(invitation), actor=actor)


def _channels_of(invitation: Invitation) -> list[Channel]:
    messages = OutgoingMessage.objects.filter(practice_id=invitation.practice_id, subject_id=invitation.id)
    used = set(messages.filter(link_nonce=invitation.nonce).values_list("channel", flat=True))
    return [channel for channel in Channel if channel in used] or [Channel.EMAIL]


def _end_pending(invitations: QuerySet[Invitation], *, actor: Actor) -> None:
    for invitation in invitations.filter(state__in=_PENDING).select_related(*_RELATED):
        _end(invitation, actor=actor)


def _end(invitation: Invitation, *, actor: Actor, verb: str = "invitation.revoked") -> None:
    invitation.state = InvitationState.REVOKED
    invitation.save(update_fields=["state"])
    messaging.withdraw(practice_id=invitation.practice_id, subject_id=invitation.id, actor=actor)
    _record(verb, invitation, actor=actor)


def _set_member_status(member: Member, status: MemberStatus) -> None:
    if member.status != status:
        member.status = status
        member.save(update_fields=["status"])


def _subject(invitation: Invitation) -> audit.Subject:
    client_file_id = invitation.member.client_file_id if invitation.member else None
    return audit.Subject(kind="invitation", id=invitation.id, client_file_id=client_file_id)


def _record(verb: str, invitation: Invitation, *, actor: Actor) -> None:
    person = invitation.colleague or invitation.member
    after = {invitation.kind: person.name if person else "", "email": invitation.email}
    audit.record(verb, actor=actor, practice_id=invitation.practice_id, subject=_subject(invitation), after=after)

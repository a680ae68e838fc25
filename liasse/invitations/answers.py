"""What people do with an invitation's link: look, go on, accept, decline, ask for another. Each is one transaction.

The holder of a link has no practice yet, so all of it opens the instance's scope by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from liasse.clients.types import MemberStatus
from liasse.core.access import Actor
from liasse.core.scope import instance_scope
from liasse.core.tokens import token_hash
from liasse.identity.codes import note_proved
from liasse.identity.models import User
from liasse.identity.selectors import user_of_email
from liasse.identity.services import create_user
from liasse.invitations.bounds import state_of
from liasse.invitations.errors import (
    AccountExistsError,
    InvitationClosedError,
    NotProvedError,
    OtherAddressError,
)
from liasse.invitations.mails import CLIENTS_PATH, MEMBERS_PATH, TEAM_PATH, asked_again_draft
from liasse.invitations.models import FormerLink, Invitation
from liasse.invitations.proofs import needs_proof
from liasse.invitations.sentences import ASKABLE, closed_sentence
from liasse.invitations.services import RELATED, end, lock, record, subject_of, take_back
from liasse.invitations.types import InvitationState, LinkState
from liasse.messaging import services as messaging
from liasse.practices.models import Colleague
from liasse.practices.types import ColleagueStatus, Role

_TOLD_AT_MOST = 5


@dataclass(frozen=True, slots=True)
class Looked:
    """What a link leads to, and what its holder may do with it; without an invitation it leads nowhere."""

    state: LinkState
    invitation: Invitation | None = None


def look(token: str) -> Looked:
    """Say what a link leads to now. Changes nothing."""
    with instance_scope():
        invitation = find(token)
        if invitation is None:
            was_there = FormerLink.objects.filter(token_hash=token_hash(token)).exists()
            return Looked(LinkState.REPLACED if was_there else LinkState.UNKNOWN)
        state = state_of(invitation)
        if state is LinkState.REVOKED and _has_newer(invitation):
            state = LinkState.REPLACED
        return Looked(state, invitation)


def _has_newer(invitation: Invitation) -> bool:
    same = Invitation.objects.filter(
        practice_id=invitation.practice_id, member=invitation.member, colleague=invitation.colleague
    )
    return same.filter(id__gt=invitation.id).exists()


def find(token: str) -> Invitation | None:
    """Give the invitation of a link with its practice, people and file, whatever its state; None when there is none."""
    with instance_scope():
        return Invitation.objects.filter(token_hash=token_hash(token)).select_related(*RELATED).first()


def mark_opened(token: str) -> None:
    """Note that a person, not a program that checks mail, went on with an open link. Twice is once."""
    with instance_scope(), transaction.atomic():
        invitation = _locked(token)
        if invitation.state == InvitationState.WAITING and state_of(invitation) is LinkState.OPEN:
            invitation.state, invitation.opened_at = InvitationState.OPENED, timezone.now()
            invitation.save(update_fields=["state", "opened_at"])
            record("invitation.opened", invitation, actor=_holder_of(invitation))


def accept_as_new(token: str, *, name: str, password: str, is_proved: bool = False) -> User:
    """Make the account of the invited address and let it in; the link is used up.

    ``is_proved`` says that a code proved the address; without a relay none can be sent, and the practice,
    which hands the link over by itself, answers for it. Raises InvitationClosedError, AccountExistsError,
    NotProvedError, InvalidError with a sentence a field.
    """
    with instance_scope(), transaction.atomic():
        invitation = _locked(token)
        _require_open(invitation)
        if user_of_email(invitation.email):
            raise AccountExistsError(_("This address has an account already. Sign in with it to accept."))
        if needs_proof() and not is_proved:
            raise NotProvedError(_("Prove first that the address is yours."))
        user = create_user(email=invitation.email, name=name, password=password)
        if is_proved:
            note_proved(user)
        _let_in(invitation, user=user)
    return user


def accept_as_user(token: str, *, user: User) -> None:
    """Let somebody in who has an account already; the link is used up.

    Raises InvitationClosedError, OtherAddressError when the account has another address.
    """
    with instance_scope(), transaction.atomic():
        _let_in(_locked_for(token, user=user), user=user)


def decline(token: str, *, user: User | None = None) -> None:
    """End a link because whom it was sent to does not want it; the practice may invite again.

    Without a user, for somebody new who proved the address. Raises InvitationClosedError, and
    OtherAddressError when the account has another address, or when somebody has the invited one.
    """
    with instance_scope(), transaction.atomic():
        invitation = _locked_for(token, user=user)
        end(
            invitation,
            actor=_actor_of(invitation, user=user) if user else _holder_of(invitation),
            state=InvitationState.DECLINED,
            verb="invitation.declined",
        )
        take_back(invitation)


def ask_again(token: str) -> None:
    """Tell whoever invites here that the holder of an ended link would like another. Once for each invitation.

    Nothing is sent to the holder: only those who may invite decide. Raises InvitationClosedError.
    """
    with instance_scope(), transaction.atomic():
        invitation = _locked(token)
        state = state_of(invitation)
        if state not in ASKABLE:
            raise InvitationClosedError(closed_sentence(state))
        if invitation.asked_again_at is not None:
            return
        invitation.asked_again_at = timezone.now()
        invitation.save(update_fields=["asked_again_at"])
        actor = _holder_of(invitation)
        record("invitation.asked-again", invitation, actor=actor)
        for name, email in _those_who_invite(invitation):
            draft = asked_again_draft(invitation, name=name, email=email, url=_url_of(invitation))
            messaging.queue(draft, practice_id=invitation.practice_id, subject=subject_of(invitation), actor=actor)


def _those_who_invite(invitation: Invitation) -> list[tuple[str, str]]:
    by, member = invitation.invited_by, invitation.invited_by_member
    if by and by.status == ColleagueStatus.ACTIVE:
        return [(by.name, by.email)]
    if member and member.status == MemberStatus.ACTIVE:
        return [(member.name, member.email)]
    chiefs = Colleague.objects.filter(
        practice_id=invitation.practice_id, role=Role.ADMINISTRATOR, status=ColleagueStatus.ACTIVE
    )
    return [(chief.name, chief.email) for chief in chiefs.order_by("id")[:_TOLD_AT_MOST]]


def _url_of(invitation: Invitation) -> str:
    if invitation.member is None:
        path = TEAM_PATH
    else:
        is_by_client = invitation.invited_by_member is not None
        path = (CLIENTS_PATH if is_by_client else MEMBERS_PATH).format(file_id=invitation.member.client_file_id)
    return settings.LIASSE_PUBLIC_URL + path


def _locked(token: str) -> Invitation:
    found = find(token)
    if found is None:
        raise InvitationClosedError(closed_sentence(LinkState.REVOKED))
    locked = lock(found)
    # A link that was replaced while this waited for the lock leads nowhere any more.
    if locked.token_hash != found.token_hash:
        raise InvitationClosedError(closed_sentence(LinkState.REPLACED))
    return locked


def _locked_for(token: str, *, user: User | None) -> Invitation:
    invitation = _locked(token)
    _require_open(invitation)
    is_theirs = user.email == invitation.email if user else user_of_email(invitation.email) is None
    if not is_theirs:
        raise OtherAddressError(
            _("This invitation is for another address than yours. Sign out, then sign in with the invited one.")
        )
    return invitation


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
    record("invitation.accepted", invitation, actor=actor)


def _actor_of(invitation: Invitation, *, user: User) -> Actor:
    person = invitation.colleague or invitation.member
    return Actor(
        kind=invitation.kind,
        user_id=user.id,
        practice_id=invitation.practice_id,
        person_id=person.id if person else None,
        name=person.name if person else user.name,
    )


def _holder_of(invitation: Invitation) -> Actor:
    """Give whoever holds the link as one who acts: by name, for who it is has not been proved."""
    person = invitation.colleague or invitation.member
    return Actor(kind="link-holder", practice_id=invitation.practice_id, name=person.name if person else "")

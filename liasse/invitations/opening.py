"""Opening a client file and inviting the client: one confirmation, one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from liasse.clients import services
from liasse.clients.member_rights import require_may_manage
from liasse.clients.models import ClientFile, Member
from liasse.clients.people import MemberForm, add_member, change_member, lock_file, lock_member
from liasse.clients.services import OpenedFile
from liasse.clients.types import Invitee, MemberStatus, NewClientFile
from liasse.core.access import Actor
from liasse.core.errors import ConflictError
from liasse.invitations.models import Invitation
from liasse.invitations.services import invite_colleague, invite_member, invite_new, resend, revoke
from liasse.invitations.standing import newest_of_colleague, newest_pending, ways_of
from liasse.messaging.limits import SmsRefusedError
from liasse.messaging.services import can_send_email, can_send_sms, require_sms_reachable
from liasse.practices.models import Colleague


@dataclass(frozen=True, slots=True)
class Opening:
    """The file that the wizard opened, and the invitation that left with it, if one was wanted."""

    opened: OpenedFile
    invitation: Invitation | None = None


def open_client_file(new: NewClientFile, *, actor: Actor) -> Opening:
    """Open a file and, where the wizard says so, invite its first member; both or neither.

    Inviting writes rows only; mail and SMS leave later, so their failure cannot take the file
    away. A file that an earlier click opened is given back, and nobody is written to again.
    Raises what ``clients.services.open_file`` raises.
    """
    return open_client_files([new], actor=actor)[0]


@transaction.atomic
def open_client_files(wanted: Sequence[NewClientFile], *, actor: Actor) -> list[Opening]:
    """Open several files as ``open_client_file`` does each, in the order given; all of them or none."""
    made = services.open_files(wanted, actor=actor)
    fresh = [
        (opened, new.invitee)
        for opened, new in zip(made, wanted, strict=True)
        if new.invitee is not None and not opened.was_already_there
    ]
    by_mail = [opened.member for opened, invitee in fresh if not invitee.by_sms]
    invitations = {one.member_id: one for one in invite_new(by_mail, actor=actor)}
    for opened, invitee in fresh:
        if invitee.by_sms:
            member = opened.member
            invitations[member.id] = invite_member(member, actor=actor, by_email=invitee.by_email, by_sms=True)
    return [Opening(opened=opened, invitation=invitations.get(opened.member.id)) for opened in made]


def clean_invitation(member: Member, *, typed: MemberForm, by_email: bool, by_sms: bool, actor: Actor) -> None:
    """Say whether somebody of a file can be invited so, before anything is done or looked up.

    Raises InvalidError with a sentence a field, ConflictError for somebody who has a login already,
    ForbiddenError to a client's person who may not.
    """
    if member.status == MemberStatus.ACTIVE:
        raise ConflictError(_("This person has access already."))
    client_file = member.client_file
    require_may_manage(client_file, roles=[member.role, typed.role], actor=actor)
    invitee = Invitee(name=typed.name, email=typed.email, phone=typed.phone, by_email=by_email, by_sms=by_sms)
    services.clean_invitee(invitee, country=client_file.practice.country)


@transaction.atomic
def invite_person(member: Member, *, typed: MemberForm, by_email: bool, by_sms: bool, actor: Actor) -> Invitation:
    """Invite somebody who is in the file already, with what was typed about them.

    The row stays the same, so that it keeps its documents. Raises what ``clean_invitation`` raises, and
    CannotInviteError.
    """
    lock_file(member.client_file_id)
    locked = lock_member(member)
    clean_invitation(locked, typed=typed, by_email=by_email, by_sms=by_sms, actor=actor)
    changed = change_member(locked, typed=typed, actor=actor)
    return invite_member(changed, actor=actor, by_email=by_email, by_sms=by_sms)


@transaction.atomic
def add_and_invite(
    client_file: ClientFile, *, typed: MemberForm, invites: bool, actor: Actor
) -> tuple[Member, Invitation | None]:
    """Add a person to a file and, if so wanted, invite them by email; both or neither.

    Raises InvalidError with a sentence a field, ForbiddenError to a client's person who may not, and
    CannotInviteError.
    """
    member = add_member(client_file, typed=typed, actor=actor)
    return member, invite_member(member, actor=actor) if invites else None


@transaction.atomic
def invite_known(member: Member, *, actor: Actor) -> Invitation:
    """Invite somebody of a file by email, as they are known there. Raises what ``invite_person`` raises."""
    typed = MemberForm(name=member.name, email=member.email, phone=member.phone, role=member.role)
    return invite_person(member, typed=typed, by_email=True, by_sms=False, actor=actor)


@transaction.atomic
def resend_to(member: Member, *, actor: Actor) -> Invitation:
    """Write to the same person again by the same ways; the former link ends.

    To an address that was changed meanwhile, the invitation is a new one. Raises ConflictError.
    """
    invitation = newest_pending(member)
    if invitation is not None and invitation.email == member.email:
        require_may_manage(member.client_file, roles=[member.role], actor=actor)
        return resend(invitation, actor=actor)
    if member.status != MemberStatus.INVITED or not member.email:
        raise ConflictError(_("There is no open invitation for this person."))
    by_email, by_sms = ways_of(invitation) if invitation else (True, False)
    return invite_member(
        member, actor=actor, by_email=by_email or not member.phone, by_sms=by_sms and bool(member.phone)
    )


def withdraw_from(member: Member, *, actor: Actor) -> None:
    """End a person's open invitation: its link opens nothing any more. Raises ConflictError without one."""
    invitation = newest_pending(member)
    if invitation is None:
        raise ConflictError(_("There is no open invitation for this person."))
    require_may_manage(member.client_file, roles=[member.role], actor=actor)
    revoke(invitation, actor=actor)


@transaction.atomic
def resend_to_colleague(colleague: Colleague, *, actor: Actor) -> Invitation:
    """Write to an invited colleague again; the former link ends. Raises CannotInviteError."""
    invitation = newest_of_colleague(colleague)
    if invitation is not None and invitation.email == colleague.email:
        return resend(invitation, actor=actor)
    return invite_colleague(colleague, actor=actor)


def withdraw_from_colleague(colleague: Colleague, *, actor: Actor) -> None:
    """End a colleague's open invitation; it can be sent again. Raises ConflictError without one."""
    invitation = newest_of_colleague(colleague)
    if invitation is None:
        raise ConflictError(_("There is no open invitation for this person."))
    revoke(invitation, actor=actor)


def is_sms_offered() -> bool:
    """Tell whether an SMS provider is set up, so that invitations can leave that way."""
    return can_send_sms()


def sms_problem(number: str) -> str:
    """Say why no SMS may go to a number in international form; blank when one may."""
    try:
        require_sms_reachable(number)
    except SmsRefusedError as error:
        return error.sentence
    return ""


def leaves_by_itself(*, by_email: bool, by_sms: bool) -> bool:
    """Tell whether an invitation by these ways leaves without anybody's help."""
    return (not by_email or can_send_email()) and (not by_sms or can_send_sms())


def is_on_its_way(invitation: Invitation) -> bool:
    """Tell whether every message of an invitation leaves without anybody's help."""
    by_email, by_sms = ways_of(invitation)
    return leaves_by_itself(by_email=by_email, by_sms=by_sms)


def is_mail_sent() -> bool:
    """Tell whether a relay is set up; without one, invitations wait in the outbox, with their links."""
    return can_send_email()

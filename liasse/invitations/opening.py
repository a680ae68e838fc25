"""Opening a client file and inviting the client: one confirmation, one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from liasse.clients import services
from liasse.clients.models import ClientFile, Member
from liasse.clients.people import MemberForm, change_member
from liasse.clients.services import OpenedFile
from liasse.clients.types import Invitee, MemberStatus, NewClientFile
from liasse.core.access import Actor
from liasse.core.errors import ConflictError
from liasse.invitations.models import Invitation
from liasse.invitations.services import invite_member, resend, revoke
from liasse.invitations.standing import newest_pending, ways_of
from liasse.messaging.limits import SmsRefusedError
from liasse.messaging.services import can_send_email, can_send_sms, require_sms_reachable


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
    return [_with_invitation(opened, new=new, actor=actor) for opened, new in zip(made, wanted, strict=True)]


def _with_invitation(opened: OpenedFile, *, new: NewClientFile, actor: Actor) -> Opening:
    if opened.was_already_there or new.invitee is None:
        return Opening(opened=opened)
    invitation = invite_member(opened.member, actor=actor, by_email=new.invitee.by_email, by_sms=new.invitee.by_sms)
    return Opening(opened=opened, invitation=invitation)


@transaction.atomic
def invite_person(member: Member, *, typed: MemberForm, by_email: bool, by_sms: bool, actor: Actor) -> Invitation:
    """Invite somebody who is in the file already, with what was typed about them.

    The row stays the same, so that it keeps its documents. Raises InvalidError with a sentence a
    field, ConflictError for somebody who has a login already.
    """
    client_file = (
        ClientFile.objects.select_for_update(of=("self",)).select_related("practice").get(id=member.client_file_id)
    )
    if member.status == MemberStatus.ACTIVE:
        raise ConflictError(_("This person has access already."))
    invitee = Invitee(name=typed.name, email=typed.email, phone=typed.phone, by_email=by_email, by_sms=by_sms)
    services.clean_invitee(invitee, country=client_file.practice.country)
    changed = change_member(member, typed=typed, actor=actor)
    return invite_member(changed, actor=actor, by_email=by_email, by_sms=by_sms)


@transaction.atomic
def resend_to(member: Member, *, actor: Actor) -> Invitation:
    """Write to the same person again by the same ways; the former link ends.

    To an address that was changed meanwhile, the invitation is a new one. Raises ConflictError.
    """
    invitation = newest_pending(member)
    if invitation is not None and invitation.email == member.email:
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

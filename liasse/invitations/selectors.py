"""Reads of invitations."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.utils import timezone

from liasse.clients.models import ClientFile
from liasse.core.scope import instance_scope
from liasse.core.tokens import derive_token
from liasse.identity.models import User
from liasse.invitations.bounds import runs_file_once, state_of
from liasse.invitations.mails import PURPOSE
from liasse.invitations.models import Invitation
from liasse.invitations.services import RELATED
from liasse.invitations.types import PENDING, LinkState

_SHOWN: Final = 10


def latest_of_members(client_file: ClientFile) -> dict[UUID, Invitation]:
    """Give the newest invitation of each member of a file who has one, in one query."""
    rows = Invitation.objects.filter(practice_id=client_file.practice_id, member__client_file=client_file)
    return {row.member_id: row for row in rows.order_by("id") if row.member_id}


def latest_of_colleagues(practice_id: UUID) -> dict[UUID, Invitation]:
    """Give the newest invitation of each colleague of a practice who has one, in one query."""
    rows = Invitation.objects.filter(practice_id=practice_id, colleague__isnull=False)
    newest = rows.select_related(*RELATED).order_by("id")
    return {row.colleague_id: row for row in newest if row.colleague_id}


def invitations_to(user: User) -> list[Invitation]:
    """Give what is offered to a signed-in person at this moment, newest first; one query when it is nothing.

    Nothing before a mail to the address came back: without the link, the address alone says whom it is for,
    and an account whose address nobody proved may be somebody else's.
    """
    if user.email_proved_at is None:
        return []
    with instance_scope():
        rows = Invitation.objects.filter(email=user.email, state__in=PENDING, expires_at__gt=timezone.now())
        found = list(rows.select_related(*RELATED).order_by("-id")[:_SHOWN])
        may_invite = runs_file_once()
        return [one for one in found if state_of(one, may_invite=may_invite) is LinkState.OPEN]


def token_for(user: User, *, invitation_id: UUID) -> str | None:
    """Give the token of an invitation that is offered to a signed-in person; None for every other."""
    found = next((one for one in invitations_to(user) if one.id == invitation_id), None)
    return derive_token(PURPOSE, subject_id=found.id, nonce=found.nonce) if found else None

"""Reads of invitations."""

from __future__ import annotations

from uuid import UUID

from liasse.clients.models import ClientFile
from liasse.invitations.models import Invitation
from liasse.invitations.services import RELATED


def latest_of_members(client_file: ClientFile) -> dict[UUID, Invitation]:
    """Give the newest invitation of each member of a file who has one, in one query."""
    rows = Invitation.objects.filter(practice_id=client_file.practice_id, member__client_file=client_file)
    return {row.member_id: row for row in rows.order_by("id") if row.member_id}


def latest_of_colleagues(practice_id: UUID) -> dict[UUID, Invitation]:
    """Give the newest invitation of each colleague of a practice who has one, in one query."""
    rows = Invitation.objects.filter(practice_id=practice_id, colleague__isnull=False)
    newest = rows.select_related(*RELATED).order_by("id")
    return {row.colleague_id: row for row in newest if row.colleague_id}

"""People who are signed in, as those who hand files in."""

from __future__ import annotations

from uuid import UUID

from liasse.clients.models import ClientFile, Member
from liasse.intake.types import Depositor, Door


def colleague(client_file: ClientFile, *, user_id: UUID, peer: str = "") -> Depositor:
    """Give a colleague who works in the file; who owns what they hand in is theirs to say."""
    return Depositor(
        practice_id=client_file.practice_id,
        client_file_id=client_file.id,
        door=Door.WEB,
        holder=f"user:{user_id}",
        user_id=user_id,
        peer=peer,
    )


def person_of_client(client_file: ClientFile, *, member: Member, door: Door = Door.WEB, peer: str = "") -> Depositor:
    """Give a person of the client. Whoever sees all documents hands in for others too, the rest for themselves."""
    return Depositor(
        practice_id=client_file.practice_id,
        client_file_id=client_file.id,
        door=door,
        holder=f"member:{member.id}",
        user_id=member.user_id,
        owner_id=None if member.sees_all else member.id,
        peer=peer,
    )

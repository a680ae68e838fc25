"""What a change of somebody's login means for the files in which they are a person of the client."""

from __future__ import annotations

from django.db import transaction

from liasse.clients.models import Member
from liasse.clients.people import record_member
from liasse.core.access import Actor
from liasse.core.scope import instance_scope
from liasse.identity.models import User


@transaction.atomic
def follow_member_address(user: User, *, former: str) -> None:
    """Let the files know a person of the client by a new address, which was proved; each history says so.

    Where somebody else of the file is known by it, the person keeps the former one there.
    """
    with instance_scope():
        members = Member.objects.select_for_update(of=("self",)).filter(user=user, email=former)
        for member in members.select_related("client_file").order_by("id"):
            same = Member.objects.filter(practice_id=member.practice_id, client_file_id=member.client_file_id)
            if same.filter(email=user.email).exists():
                continue
            member.email = user.email
            member.save(update_fields=["email"])
            actor = Actor(
                kind="member", user_id=user.id, practice_id=member.practice_id, person_id=member.id, name=member.name
            )
            record_member("member.changed", member, actor=actor, before={"email": former}, after={"email": user.email})

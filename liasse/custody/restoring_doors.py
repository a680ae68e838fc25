"""How mail reaches a restored file: its addresses, those of its members, and the senders that it trusts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from liasse.clients.models import ClientFile, InboundAddress, Member
from liasse.clients.services import give_address
from liasse.custody.restoring_rows import LOCAL_PART, Restoring, Row, moment
from liasse.intake.holding import is_everybodys, sender_name
from liasse.intake.models import TrustedSender

_MOST: Final = 10_000


def trusted_of(file: Row, *, restoring: Restoring) -> Iterator[TrustedSender]:
    """Yield the senders that the file trusts, each as it could be typed here; of older ZIPs none."""
    for number, row in enumerate(file.get("trusted_senders", ())):
        sender = sender_name(str(row["sender"]))
        if number >= _MOST or sender is None or is_everybodys(sender):
            raise ValueError(row)
        trusted = TrustedSender(
            practice_id=restoring.practice_id,
            client_file_id=restoring.file_id,
            sender=sender,
            trusted_by=row["trusted_by"],
            created_at=moment(row["created_at"]),
        )
        restoring.judge(trusted)
        yield trusted


def wished_addresses(rows: Iterator[Row], *, restoring: Restoring, of_members: bool) -> list[InboundAddress]:
    """Give the addresses that the file, or its members, had last, as far as Liasse would give such ones.

    They carry their old id. Of the file there is always one, blank where its ZIP names none.
    """
    found: dict[UUID | None, InboundAddress] = {} if of_members else {None: InboundAddress()}
    for number, row in enumerate(rows):
        if number >= _MOST:
            raise ValueError(number)
        if bool(row.get("member")) is not of_members or row["retired_at"] is not None:
            continue
        member_id = restoring.member(row["member"]) if of_members else None
        if LOCAL_PART.fullmatch(str(row["local_part"])):
            found[member_id] = InboundAddress(
                id=UUID(str(row["id"])), local_part=row["local_part"], member_id=member_id
            )
    return list(found.values())


def give_wished(wished: InboundAddress, *, restoring: Restoring) -> None:
    """Give the file or its member the wished address, or another if it was ever given out in this instance."""
    file = ClientFile.objects.get(id=restoring.file_id)
    member = Member.objects.get(id=wished.member_id) if wished.member_id else None
    try:
        with transaction.atomic():
            given = give_address(file, wished=wished.local_part, member=member)
    except IntegrityError:
        # Somebody was given the wished one between the look and the writing.
        given = give_address(file, member=member)
    if given == wished.local_part:
        restoring.addresses[str(wished.id)] = InboundAddress.objects.get(local_part=given).id

"""The submission addresses of a file and of its members: given, changed, and how long a former one still serves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from liasse.clients.models import ClientFile, InboundAddress, Member
from liasse.clients.people import lock_file, lock_member, record_member
from liasse.clients.selectors import members_of
from liasse.clients.services import give_address, subject_of
from liasse.core import audit
from liasse.core.access import Actor
from liasse.core.errors import ConflictError
from liasse.core.scope import instance_scope

SERVES_ON_FOR: Final = timedelta(days=90)
"""How long an address that was changed still takes mail (reliability.md 3.4)."""

MOST_FORMER: Final = 3
"""Changes within that time; more would be somebody who plays with the button."""


@dataclass(frozen=True, slots=True)
class Former:
    """An address that was changed, and until when it still takes mail."""

    local_part: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Owned:
    """The address of the file itself, or of one member; blank where a member has none yet."""

    member: Member | None
    local_part: str = ""
    former: list[Former] = field(default_factory=list)


def addresses_of(client_file: ClientFile) -> list[Owned]:
    """Give the file's own address first, then its members by name, each with what still serves. Two queries."""
    now = timezone.now()
    rows = InboundAddress.objects.filter(practice_id=client_file.practice_id, client_file=client_file)
    serving: dict[object, list[InboundAddress]] = {}
    for row in rows.order_by("-id"):
        if row.retired_at is None or row.retired_at > now:
            serving.setdefault(row.member_id, []).append(row)
    people: list[Member | None] = [None, *members_of(client_file)]
    return [_owned(member, serving.get(member.id if member else None, [])) for member in people]


def address_of_member(member: Member) -> str:
    """Give the part before the @ of a member's own address; blank when there is none."""
    rows = InboundAddress.objects.filter(practice_id=member.practice_id, member=member, retired_at__isnull=True)
    return rows.order_by("-id").values_list("local_part", flat=True).first() or ""


def addresses_of_members(members: Sequence[Member]) -> dict[UUID, tuple[str, str]]:
    """Give for each member the open part before the @ of the file's address and of their own; one query.

    Blank where there is none. The members may be of several practices, so the instance's scope is opened.
    """
    files = {member.client_file_id for member in members}
    with instance_scope():
        rows = InboundAddress.objects.filter(client_file_id__in=files, retired_at__isnull=True).order_by("id")
        found = {(row.client_file_id, row.member_id): row.local_part for row in rows}
    return {
        member.id: (found.get((member.client_file_id, None), ""), found.get((member.client_file_id, member.id), ""))
        for member in members
    }


def _owned(member: Member | None, rows: list[InboundAddress]) -> Owned:
    current = next((row.local_part for row in rows if row.retired_at is None), "")
    former = [Former(local_part=row.local_part, until=row.retired_at) for row in rows if row.retired_at is not None]
    return Owned(member=member, local_part=current, former=former)


@transaction.atomic
def give_to_member(member: Member, *, actor: Actor) -> str:
    """Give a member an address of their own: what comes there belongs to them. Twice is once."""
    file = lock_file(member.client_file_id)
    locked = lock_member(member)
    there = address_of_member(locked)
    if there:
        return there
    given = give_address(file, member=locked)
    record_member("member.address-given", locked, actor=actor, after={"address": given})
    return given


@transaction.atomic
def change(client_file: ClientFile, *, member: Member | None = None, actor: Actor) -> str:
    """Give the file, or a member, another address; the former takes mail for 90 more days.

    Raises ConflictError when it was changed too often of late.
    """
    file = lock_file(client_file.id)
    now = timezone.now()
    rows = InboundAddress.objects.filter(practice_id=file.practice_id, client_file=file, member=member)
    if rows.filter(retired_at__gt=now).count() >= MOST_FORMER:
        raise ConflictError(_("This address was changed often lately. Wait until one of the former ones has ended."))
    current = rows.filter(retired_at__isnull=True)
    before = current.order_by("-id").values_list("local_part", flat=True).first() or ""
    current.update(retired_at=now + SERVES_ON_FOR)
    after = give_address(file, member=member)
    ClientFile.objects.filter(id=file.id).update(activity=F("activity") + 1)
    words = {"before": {"address": before}, "after": {"address": after}}
    if member is not None:
        record_member("member.address-changed", member, actor=actor, **words)
    else:
        practice_id, subject = file.practice_id, subject_of(file)
        audit.record("file.address-changed", actor=actor, practice_id=practice_id, subject=subject, **words)
    return after

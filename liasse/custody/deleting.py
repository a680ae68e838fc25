"""Deleting a whole file: its rows at once, in one transaction; its bytes after it, by a job."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db.models import Max, Model, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from liasse.clients.models import ClientFile, InboundAddress, Member
from liasse.clients.types import MemberStatus
from liasse.core import audit, jobs
from liasse.core.access import Actor
from liasse.core.adapters import adapter
from liasse.core.blobs import BlobStore
from liasse.core.errors import InvalidError
from liasse.core.scope import instance_scope
from liasse.custody import rules
from liasse.custody.decision import decision
from liasse.custody.errors import MustBeKeptError
from liasse.custody.models import LeftBytes
from liasse.custody.moving import lock_file
from liasse.custody.people import require_administrator
from liasse.custody.rows import FileTable, file_tables, tenant_keys
from liasse.custody.types import Obstacles
from liasse.documents.models import Document
from liasse.intake.models import Receipt
from liasse.lib.ids import uuid7

DROP_BYTES: Final = "drop-bytes"
"""The job that takes bytes out of the store which no row needs any more."""

_YOUNG: Final = timedelta(hours=1)
"""Bytes put so lately may belong to something whose row is still on its way."""

_AT_ONCE: Final = 500


def obstacles_of(client_file: ClientFile) -> Obstacles:
    """Say what stands in the way of deleting a file. Three queries."""
    received = Receipt.objects.filter(client_file_id=client_file.id).aggregate(day=Max("received_at"))["day"]
    documents = Document.objects.filter(client_file_id=client_file.id)
    written = documents.aggregate(arrived=Max("received_at"), issued=Max("issue_date"))
    arrivals = [at for at in (received, written["arrived"]) if at is not None]
    zone = ZoneInfo(client_file.time_zone or client_file.practice.time_zone)
    piece = rules.last_piece(
        received=max(arrivals).astimezone(zone).date() if arrivals else None, issued=written["issued"]
    )
    members = Member.objects.filter(client_file_id=client_file.id, status=MemberStatus.ACTIVE)
    return Obstacles(
        kept_until=_still(rules.kept_until(piece), zone=zone) if piece else None,
        members=tuple(members.order_by("name", "id").values_list("name", flat=True)[:10]),
    )


def _still(until: date, *, zone: ZoneInfo) -> date | None:
    return until if until >= timezone.now().astimezone(zone).date() else None


def obstacle_sentences(obstacles: Obstacles) -> list[str]:
    """Say to a person why a file may not be deleted, and what may be done instead."""
    sentences = []
    if obstacles.kept_until is not None:
        said = _(
            "The law asks for its pieces until %(day)s: ten years from the close of the financial year"
            " (Code de commerce, art. L123-22)."
        )
        sentences.append(said % {"day": date_format(obstacles.kept_until, "SHORT_DATE_FORMAT")})
    if obstacles.members:
        said = _("These people of the client can sign in, and the file is theirs too: %(names)s.")
        sentences.append(said % {"names": ", ".join(obstacles.members)})
    return sentences


@decision
def delete_file(client_file: ClientFile, *, typed_name: str, actor: Actor) -> None:
    """Delete a file with everything in it, as an administrator of its practice who typed its name.

    The audit trail keeps that it was there and who deleted it, and its address is never given out
    again. Raises NotInChargeError, FileWentError, InvalidError (``name``), and MustBeKeptError while the
    law asks for its pieces or people of the client can sign in.
    """
    locked = lock_file(client_file)
    require_administrator(locked, actor=actor)
    if not rules.is_name(typed_name, name=locked.name):
        raise InvalidError({"name": _("This is not the name of the file. Type it as it stands above.")})
    obstacles = obstacles_of(locked)
    if not obstacles.is_free:
        raise MustBeKeptError(" ".join(obstacle_sentences(obstacles)))
    before = _words(locked)
    _leave_bytes(locked)
    _retire_addresses(locked)
    tables = [table for table in reversed(file_tables()) if table.model is not InboundAddress]
    for table in tables:
        jobs.drop(table.of(locked.id).order_by().values("id"))
    for table in tables:
        _delete_rows(table, file_id=locked.id)
    subject = audit.Subject(kind="practice", id=locked.practice_id, client_file_id=locked.id)
    audit.record("practice.file-deleted", actor=actor, practice_id=locked.practice_id, subject=subject, before=before)


def _words(client_file: ClientFile) -> dict[str, Any]:
    addresses = InboundAddress.objects.filter(client_file_id=client_file.id).order_by("id")
    return {
        "file": client_file.name,
        "opened": client_file.created_at.isoformat(),
        "addresses": list(addresses.values_list("local_part", flat=True)),
        "receipts": Receipt.objects.filter(client_file_id=client_file.id).count(),
        "documents": Document.objects.filter(client_file_id=client_file.id).count(),
    }


def _retire_addresses(client_file: ClientFile) -> None:
    """Keep the addresses without their file: the row is what keeps another file from ever getting one."""
    addresses = InboundAddress.objects.filter(client_file_id=client_file.id)
    now = timezone.now()
    addresses.filter(Q(retired_at__isnull=True) | Q(retired_at__gt=now)).update(retired_at=now)
    Receipt.objects.filter(client_file_id=client_file.id).update(address=None)
    addresses.update(client_file=None, member=None)


def _delete_rows(table: FileTable, *, file_id: UUID) -> None:
    rows = table.of(file_id)
    # A row that points to another of its own table would protect it.
    own = [key.name for key in tenant_keys(table.model) if key.related_model is table.model and key.null]
    if own:
        rows.update(**dict.fromkeys(own))
    rows.delete()


def _leave_bytes(client_file: ClientFile) -> None:
    """Write down which bytes the file had, and ask for the job that looks who else needs them."""
    found: set[str] = set()
    for table in file_tables():
        for name in _names_of_bytes(table.model):
            found |= set(table.of(client_file.id).order_by().values_list(name, flat=True).distinct())
    found.discard("")
    if not found:
        return
    deletion_id, practice_id = uuid7(), client_file.practice_id
    left = [LeftBytes(practice_id=practice_id, deletion_id=deletion_id, sha256=sha256) for sha256 in sorted(found)]
    LeftBytes.objects.bulk_create(left, batch_size=_AT_ONCE)
    jobs.enqueue(DROP_BYTES, subject_id=deletion_id, practice_id=practice_id)


def drop_bytes(deletion_id: UUID) -> datetime | None:
    """Take the bytes of a deleted file out of the store, but for those that another row needs.

    Gives when to look again, while some were put too lately to be sure that no row is on its way.
    Can be run again at any point.
    """
    store: BlobStore = adapter("blobs")
    limit = timezone.now() - _YOUNG
    names = list(LeftBytes.objects.filter(deletion_id=deletion_id).order_by("sha256").values_list("sha256", flat=True))
    is_left = False
    for start in range(0, len(names), _AT_ONCE):
        some = names[start : start + _AT_ONCE]
        needed = set(_needed(some))
        free = [sha256 for sha256 in some if sha256 not in needed]
        gone = [sha256 for sha256 in free if store.remove(sha256, unless_put_since=limit)]
        is_left = is_left or len(gone) < len(free)
        LeftBytes.objects.filter(deletion_id=deletion_id, sha256__in=[*needed, *gone]).delete()
    return timezone.now() + _YOUNG if is_left else None


def _needed(names: list[str]) -> Iterator[str]:
    """Give those that any row of the instance names, whatever table it is in."""
    with instance_scope():
        for model in apps.get_models():
            if model is LeftBytes:
                continue
            for name in _names_of_bytes(model):
                rows = model._base_manager.filter(**{f"{name}__in": names})
                yield from rows.order_by().values_list(name, flat=True).distinct()


def _names_of_bytes(model: type[Model]) -> list[str]:
    """Give the columns of a table that name bytes of the store; by house rule they end in ``sha256``."""
    return [field.name for field in model._meta.local_concrete_fields if field.name.endswith("sha256")]

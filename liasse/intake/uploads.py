"""Files that come in piece by piece: begun, grown, given up. `pipeline.deposits` makes receipts of them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liasse.clients import counters
from liasse.clients.models import Member
from liasse.core.adapters import adapter
from liasse.core.blobs import BlobStore
from liasse.core.errors import ConflictError, NotThereError
from liasse.core.jobs import enqueue
from liasse.intake import spool
from liasse.intake.errors import OffsetError, UploadPutOffError, UploadRefusedError
from liasse.intake.models import Receipt, Upload
from liasse.intake.rules import given_name, is_archive_name, least_free, most_bytes
from liasse.intake.spool import Body, Checksum
from liasse.intake.types import Depositor, NewUpload, Room, UploadLimits
from liasse.lib import media_types
from liasse.lib.ids import uuid7

FINISH_UPLOAD: Final = "finish-upload"
"""The job that makes a receipt of an upload whose sender did not wait for it."""

EXPIRE_UPLOAD: Final = "expire-upload"
"""The job that throws away what was begun and not finished in time, and forgets what was."""

_PATIENCE: Final = timedelta(minutes=1)
"""So long a sender has time to finish an upload whose bytes are all there."""

_MEMORY: Final = 30.0
"""Seconds for which the sum of what a practice stores is taken for known."""

_LONGEST_NOTE: Final = 5_000
_stored: dict[UUID, tuple[float, int]] = {}


def limits() -> UploadLimits:
    """Give the limits of this instance."""
    found: UploadLimits = settings.LIASSE_UPLOAD_LIMITS
    return found


def begin(new: NewUpload, *, depositor: Depositor) -> Upload:
    """Begin an upload; asked for again with the same key, it is the one that is there.

    Raises UploadRefusedError and UploadPutOffError as `check` does, link-full where the holder has no room,
    ConflictError for a key that named another file, NotThereError when the client file is not in the practice any more.
    """
    name, key = given_name(new.filename), new.key[:100] or uuid7().hex
    there: Upload | None = _own(depositor).filter(client_key=key).first()
    if there is None:
        check(name, size=new.size, depositor=depositor)
        _check_open(depositor)
        there = _begun(new, depositor=depositor, name=name, key=key)
    if (there.filename, there.size, there.client_file_id) != (name, new.size, depositor.client_file_id):
        raise ConflictError(_("This key was used for another file."), code="key-mismatch")
    return there


def _begun(new: NewUpload, *, depositor: Depositor, name: str, key: str) -> Upload:
    wish, until = new.wish, _until()
    owner_id = depositor.owner_id or wish.owner_id
    with transaction.atomic():
        counters.hold(depositor.client_file_id)
        _check_room(depositor, key=key, size=new.size)
        owners = Member.objects.filter(client_file_id=depositor.client_file_id)
        upload, is_new = Upload.objects.get_or_create(
            practice_id=depositor.practice_id,
            holder=depositor.holder,
            client_key=key,
            defaults={
                "client_file_id": depositor.client_file_id,
                "door": depositor.door,
                "user_id": depositor.user_id,
                "peer": depositor.peer[:60],
                "given_sender": new.given_sender.replace("\0", "").strip()[:500],
                "filename": name,
                "size": new.size,
                "owner": owners.filter(id=owner_id).first() if owner_id else None,
                "side": depositor.side or wish.side,
                "cutting": wish.cutting,
                "note": wish.note.replace("\0", "").strip()[:_LONGEST_NOTE],
                "expires_at": until,
            },
        )
        if is_new:
            enqueue(EXPIRE_UPLOAD, subject_id=upload.id, practice_id=upload.practice_id, due_at=until)
    return upload


def check(filename: str, *, size: int, depositor: Depositor) -> None:
    """Say whether a file of this name and size would be taken now, before any byte of it was sent.

    Raises UploadRefusedError (empty, too-large, quota) or UploadPutOffError (disk-full).
    """
    bounds = limits()
    if size <= 0:
        raise UploadRefusedError(_("This file is empty: it holds no bytes."), code="empty")
    most = most_bytes(filename, limits=bounds)
    if size > most:
        said = _("This file is too large: at most %(limit)s. Send it in smaller parts.")
        raise UploadRefusedError(said % {"limit": megabytes(most)}, code="too-large")
    if bounds.practice_bytes and stored_bytes(depositor.practice_id) + size > bounds.practice_bytes:
        said = _(
            "The practice has no room left for this file. Nothing was kept: tell an administrator of the practice."
        )
        raise UploadRefusedError(said, code="quota")
    store: BlobStore = adapter("blobs")
    free, total = store.free_bytes()
    # The bytes are in the spool and in the store for a moment.
    if free - 2 * size < least_free(total, wished=settings.LIASSE_MIN_FREE):
        raise UploadPutOffError(_("The server has no room at this moment. Try again later."), code="disk-full")


def megabytes(size: int) -> str:
    """Give a limit as people read it, in whole megabytes of 1024 × 1024 bytes."""
    return _("%(count)s MB") % {"count": size // 1024**2}


def _check_open(depositor: Depositor) -> None:
    most = limits().open_uploads
    if _own(depositor).filter(receipt=None).count() >= most:
        said = ngettext(
            "You have %(count)s unfinished upload: finish or cancel it first.",
            "You have %(count)s unfinished uploads: finish or cancel some first.",
            most,
        )
        raise UploadPutOffError(said % {"count": most}, code="too-many")


def _check_room(depositor: Depositor, *, key: str, size: int) -> None:
    """Say whether one more fits what this holder may hand in; under the file's lock, so that two come in order."""
    if depositor.room is None or _own(depositor).filter(client_key=key).exists():
        return
    taken = taken_of_each(depositor.practice_id, holders=[depositor.holder])[depositor.holder]
    if taken.files >= depositor.room.files or taken.size + size > depositor.room.size:
        raise UploadRefusedError(_("This link takes no more. Ask your contact for another one."), code="link-full")


def taken_of_each(practice_id: UUID, *, holders: Sequence[str]) -> dict[str, Room]:
    """Give how many files and bytes came in by links or tokens, with those that are on their way. Two queries."""
    taken = dict.fromkeys(holders, Room(files=0, size=0))
    received = Receipt.objects.filter(practice_id=practice_id, holder__in=holders)
    coming = Upload.objects.filter(practice_id=practice_id, holder__in=holders, receipt=None)
    for rows in (received, coming):
        for holder, files, size in rows.values_list("holder").annotate(Count("id"), Sum("size")):
            taken[holder] = Room(files=taken[holder].files + files, size=taken[holder].size + int(size))
    return taken


def stored_bytes(practice_id: UUID) -> int:
    """Give how many bytes the receipts of a practice have, as of half a minute ago at most."""
    at, known = _stored.get(practice_id, (-_MEMORY, 0))
    if time.monotonic() - at < _MEMORY:
        return known
    total = Receipt.objects.filter(practice_id=practice_id).aggregate(total=Sum("size"))["total"] or 0
    _stored[practice_id] = (time.monotonic(), total)
    return int(total)


def forget_sums() -> None:
    """Add up anew what practices store, the next time somebody asks."""
    _stored.clear()


def _own(depositor: Depositor) -> Any:  # noqa: ANN401 - a query of the scoped manager
    return Upload.objects.filter(practice_id=depositor.practice_id, holder=depositor.holder)


def upload_of(depositor: Depositor, *, upload_id: UUID) -> Upload:
    """Give one of a person's own uploads into this client file; NotThereError for any other, and for a missing one."""
    found: Upload | None = _own(depositor).filter(client_file_id=depositor.client_file_id, id=upload_id).first()
    if found is None:
        raise NotThereError
    return found


def safe_offset(upload: Upload) -> int:
    """Give how many bytes of an upload are safe: what its row says, unless the spool has lost some."""
    if upload.receipt_id is not None:
        return upload.size
    return min(upload.offset, spool.length(upload.id))


def append(
    upload: Upload, *, offset: int, body: Body, length: int | None = None, checksum: Checksum | None = None
) -> Upload:
    """Add bytes behind those that are there; when this returns they survive a loss of power.

    ``length`` is how many are announced, None where that is not known. The same piece sent again for an upload that
    became a receipt is taken for the repetition that it is. Raises OffsetError, ChecksumError, UploadBusyError,
    UploadRefusedError (too-large, not-a-zip), NotThereError for one that was given up or whose client file moved
    away meanwhile, and StorageFaultError.
    """
    with spool.held(upload.id) as file:
        found = Upload.objects.filter(id=upload.id).first()
        if found is None or found.receipt_id is not None:
            spool.discard(upload.id)
        if found is None:
            raise NotThereError
        at = safe_offset(found)
        if found.receipt_id is not None and offset + (length or 0) == found.size:
            return found
        if offset != at:
            raise OffsetError(at)
        if length is not None and offset + length > found.size:
            raise UploadRefusedError(_("More bytes came than the file was said to have."), code="too-large")
        added = file.append(body, at=at, most=found.size - at, checksum=checksum)
        if at == 0 and added:
            _check_kind(found)
        return _note_growth(found, to=at + added)


def _check_kind(upload: Upload) -> None:
    """Throw away what is as large as only a ZIP may be, and is none."""
    if upload.size <= limits().file_bytes or not is_archive_name(upload.filename):
        return
    with spool.reading(upload.id) as begin_of_it:
        head = begin_of_it.read(media_types.HEAD_SIZE)
    if media_types.sniff(head) != media_types.ZIP:
        _give_up(upload)
        said = _("This is not a ZIP, and too large for any other file. Nothing was kept.")
        raise UploadRefusedError(said, code="not-a-zip")


def _note_growth(upload: Upload, *, to: int) -> Upload:
    upload.offset, upload.expires_at = to, _until()
    with transaction.atomic():
        # In the open scope: of a file that moved away meanwhile there is no row here any more.
        row = Upload.objects.filter(id=upload.id)
        if not row.update(offset=to, expires_at=upload.expires_at):
            raise NotThereError
        if upload.is_whole:
            due_at = timezone.now() + _PATIENCE
            enqueue(FINISH_UPLOAD, subject_id=upload.id, practice_id=upload.practice_id, due_at=due_at)
    return upload


def cancel(upload: Upload) -> None:
    """Give an upload up, with its bytes. One that became a receipt stays received: ConflictError."""
    with spool.held(upload.id):
        found = Upload.objects.filter(id=upload.id).first()
        if found is not None and found.receipt_id is not None:
            raise ConflictError(_("This file was received already."), code="received")
        _give_up(upload)


def _give_up(upload: Upload) -> None:
    Upload.objects.filter(id=upload.id, receipt=None).delete()
    spool.discard(upload.id)


def whole_upload(upload_id: UUID) -> Upload | None:
    """Give an upload all of whose bytes are there or became a receipt; None otherwise."""
    found = Upload.objects.filter(id=upload_id, offset=F("size")).select_related("receipt").first()
    return found if found is not None and safe_offset(found) == found.size else None


def note_receipt(upload: Upload, receipt: Receipt) -> None:
    """Write which receipt an upload became. Needs the instance's scope: its client file may be elsewhere by now."""
    Upload.objects.filter(id=upload.id).update(receipt=receipt)


def expire(upload_id: UUID) -> datetime | None:
    """Throw away an upload that its sender left, or forget one that became a receipt; gives when to look again.

    One whose bytes are all there is never thrown away: it is made a receipt first.
    """
    spool.sweep(older_than=2 * _lifetime())
    upload = Upload.objects.filter(id=upload_id).first()
    if upload is None:
        return None
    if upload.expires_at > timezone.now():
        return upload.expires_at
    if upload.receipt_id is None and safe_offset(upload) == upload.size:
        enqueue(FINISH_UPLOAD, subject_id=upload.id, practice_id=upload.practice_id)
        return timezone.now() + _lifetime()
    with spool.held(upload_id):
        Upload.objects.filter(id=upload_id).delete()
        spool.discard(upload_id)
    return None


def _lifetime() -> timedelta:
    return timedelta(hours=limits().hours)


def _until() -> datetime:
    return timezone.now() + _lifetime()

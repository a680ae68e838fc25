"""From an upload whose bytes are all there to a receipt; from a form's file to a receipt at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from django.utils import timezone

from liasse.core.blobs import BlobSource
from liasse.core.errors import LiasseError
from liasse.core.scope import instance_scope
from liasse.intake import spool, uploads
from liasse.intake.models import Receipt, Upload
from liasse.intake.rules import given_name, sender_of, wish_of
from liasse.intake.types import Cutting, Depositor, Door, IncomingFile, NewUpload, Side, Wish
from liasse.pipeline import child, flow


class FormFile(Protocol):
    """A file as a form brings it."""

    @property
    def name(self) -> str | None:
        """Give its name."""

    @property
    def size(self) -> int | None:
        """Give how many bytes it has."""

    def chunks(self) -> Iterable[bytes]:
        """Give its bytes in pieces."""
        ...

    def read(self, size: int, /) -> bytes:
        """Give at most so many of its bytes."""
        ...

    def seek(self, offset: int, /) -> int | None:
        """Go on reading from there."""
        ...


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a form's file: its receipt, or in a sentence why it was not taken."""

    filename: str
    receipt: Receipt | None = None
    sentence: str = ""


def finish_upload(upload_id: UUID) -> Receipt | None:
    """Make the receipt of an upload whose bytes are all there; None while some are missing.

    The order lets a kill come anywhere: bytes into the store, then the receipt under the upload's own key, then the
    receipt's name in the upload's row, then the spool's file goes. Each can be done again and changes nothing.
    Raises UploadBusyError while somebody else does it.
    """
    upload = uploads.whole_upload(upload_id)
    if upload is None:
        return None
    if upload.receipt is None:
        with spool.held(upload_id):
            upload = uploads.whole_upload(upload_id)
            if upload is None:
                return None
            if upload.receipt is None:
                upload.receipt = _received(upload)
    spool.discard(upload_id)
    return upload.receipt


def _delivery_key(upload: Upload) -> str:
    """Name the delivery after its sender's own key: what is sent again after its upload was forgotten is the same."""
    named = hashlib.sha256(f"{upload.holder}\0{upload.client_key}".encode()).hexdigest()
    return f"upload:{named[:48]}"


def _received(upload: Upload) -> Receipt:
    with spool.reading(upload.id) as content:
        blob = child.blobs().put(content)
    receipt = flow.receive(
        IncomingFile(
            door=Door(upload.door),
            practice_id=upload.practice_id,
            client_file_id=upload.client_file_id,
            address_id=None,
            sha256=blob.sha256,
            size=blob.size,
            received_at=timezone.now(),
            peer=upload.peer,
            filename=upload.filename,
            delivery_key=_delivery_key(upload),
            user_id=upload.user_id,
            holder="" if upload.user_id else upload.holder,
            given_sender=upload.given_sender,
            wish=Wish(
                owner_id=upload.owner_id,
                side=Side(upload.side),
                cutting=Cutting(upload.cutting),
                note=upload.note,
            ),
        )
    )
    with instance_scope():
        uploads.note_receipt(upload, receipt)
    return receipt


def take(content: BlobSource, new: NewUpload, *, depositor: Depositor) -> Receipt:
    """Take a file in one piece, as a plain form sends it; the same key is the same receipt, however often it comes.

    Raises UploadRefusedError and UploadPutOffError as ``intake.uploads.check`` does, and StorageFaultError.
    """
    name = given_name(new.filename)
    uploads.check(name, size=new.size, depositor=depositor)
    blob = child.blobs().put(content)
    wish = new.wish
    return flow.receive(
        IncomingFile(
            door=depositor.door,
            practice_id=depositor.practice_id,
            client_file_id=depositor.client_file_id,
            address_id=None,
            sha256=blob.sha256,
            size=blob.size,
            received_at=timezone.now(),
            peer=depositor.peer,
            filename=name,
            delivery_key=f"form:{new.key}" if new.key else "",
            user_id=depositor.user_id,
            holder="" if depositor.user_id else depositor.holder,
            given_sender=new.given_sender,
            wish=Wish(
                owner_id=depositor.owner_id or wish.owner_id, side=wish.side, cutting=wish.cutting, note=wish.note
            ),
        )
    )


def take_form(files: Iterable[FormFile], words: Mapping[str, str], *, depositor: Depositor) -> list[Taken]:
    """Take each file of a plain form, as its words wish; one that is refused keeps no other back.

    The form's ``key`` makes each of its files one receipt, however often the form is sent.
    """
    wish, key = wish_of(words), words.get("key", "")[:60]
    taken = []
    for position, file in enumerate(files):
        new = NewUpload(filename=file.name or "", size=file.size or 0, wish=wish)
        new = replace(new, key=f"{depositor.holder}:{key}:{position}") if key else new
        try:
            receipt = take(file.chunks(), new, depositor=depositor)
        except LiasseError as error:
            taken.append(Taken(filename=given_name(new.filename), sentence=str(error.sentence)))
        else:
            taken.append(Taken(filename=receipt.filename, receipt=receipt))
    return taken


def take_by_upload(files: Iterable[FormFile], words: Mapping[str, str], *, depositor: Depositor) -> list[Taken]:
    """Take each file of a plain form by way of an upload, which keeps to the room that a link has.

    Otherwise as `take_form`.
    """
    wish, key, sender = wish_of(words), words.get("key", "")[:60], sender_of(words)
    taken = []
    for position, file in enumerate(files):
        named = f"form:{key}:{position}" if key else ""
        new = NewUpload(filename=file.name or "", size=file.size or 0, wish=wish, key=named, given_sender=sender)
        try:
            receipt = _by_upload(file, new, depositor=depositor)
        except LiasseError as error:
            taken.append(Taken(filename=given_name(new.filename), sentence=str(error.sentence)))
        else:
            taken.append(Taken(filename=given_name(new.filename), receipt=receipt))
    return taken


def _by_upload(file: FormFile, new: NewUpload, *, depositor: Depositor) -> Receipt | None:
    begun = uploads.begin(new, depositor=depositor)
    at = uploads.safe_offset(begun)
    if at < begun.size:
        file.seek(at)
        uploads.append(begun, offset=at, body=file)
    return finish_upload(begun.id)


def received_before(depositor: Depositor, *, key: str) -> Receipt | None:
    """Give the receipt that `take` made for this key; None when it made none."""
    receipts = Receipt.objects.filter(practice_id=depositor.practice_id)
    found: Receipt | None = receipts.filter(delivery_key=f"form:{key}").first()
    return found

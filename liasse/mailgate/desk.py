"""The desk behind the receiver: addresses of client files, the blob store, the pipeline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.db import close_old_connections, connection

from liasse.clients import selectors
from liasse.clients.types import AddressKind, FoundAddress
from liasse.core.blobs import BlobStore, StoredBlob
from liasse.core.scope import instance_scope
from liasse.intake.tags import wish_of
from liasse.intake.types import Door, IncomingFile
from liasse.mailgate.ledger import Ledger
from liasse.mailgate.types import Answer, Delivery, ReceivedMail, Recipient, Standing
from liasse.pipeline import flow, mailroom

_STANDINGS = {
    AddressKind.OPEN: Standing.KNOWN,
    AddressKind.CLOSED: Standing.CLOSED,
    AddressKind.UNKNOWN: Standing.UNKNOWN,
}


class PipelineDesk:
    """A ``MailDesk`` on the database and the blob store of this instance."""

    def __init__(self, *, blobs: BlobStore, minimum_free: int) -> None:
        """Keep at least this many bytes free; 0 means 5 GB or 5 % of the disk, whichever is more."""
        self._blobs = blobs
        self._minimum_free = minimum_free
        self._ledger = Ledger(_register, lock_file=_lock_file())

    def has_room(self) -> bool:
        """Ask the store's disk."""
        return mailroom.has_room(minimum_free=self._minimum_free, blobs=self._blobs)

    def lookup_all(self, local_parts: Sequence[str], *, domain: str) -> list[Answer]:  # noqa: ARG002 - one domain is served
        """Find the files' addresses; an answer's note is what the clients' area found."""
        with _database():
            found = selectors.find_addresses(local_parts)
        return [_answer(found[local_part]) for local_part in local_parts]

    def deliver_all(self, mails: Sequence[ReceivedMail]) -> list[Delivery]:
        """Bytes first, outside any transaction; then the receipts of all recipients of all messages in one."""
        stored = self._blobs.put_all([iter(mail.content) for mail in mails])
        kept = [
            (place, index, _incoming(mail, recipient, blob))
            for place, (mail, blob) in enumerate(zip(mails, stored, strict=True))
            if isinstance(blob, StoredBlob)
            for index, recipient in enumerate(mail.recipients)
        ]
        faults: list[list[Exception | None]] = [
            [blob if isinstance(blob, Exception) else None] * len(mail.recipients)
            for mail, blob in zip(mails, stored, strict=True)
        ]
        if kept:
            registered = self._ledger.register([incoming for _place, _index, incoming in kept])
            for (place, index, _), row in zip(kept, registered, strict=True):
                faults[place][index] = row if isinstance(row, Exception) else None
        return [
            Delivery(sha256=blob.sha256 if isinstance(blob, StoredBlob) else "", faults=tuple(of_mail))
            for blob, of_mail in zip(stored, faults, strict=True)
        ]


def _register(incomings: Sequence[IncomingFile]) -> list[flow.Registered]:
    with _database():
        return flow.receive_all(incomings)


def _lock_file() -> Path | None:
    """Give the file on which the receivers of one SQLite database take turns; other databases need none."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or "memory" in name:
        return None
    return Path(f"{name}.turn")


def _answer(found: FoundAddress) -> Answer:
    return Answer(
        standing=_STANDINGS[found.kind],
        ticket=found,
        practice=str(found.practice_id),
        file=str(found.client_file_id),
    )


def _incoming(mail: ReceivedMail, recipient: Recipient, blob: StoredBlob) -> IncomingFile:
    found = recipient.ticket
    if not isinstance(found, FoundAddress) or found.practice_id is None or found.client_file_id is None:
        raise TypeError(recipient)
    return IncomingFile(
        door=Door.MAIL,
        practice_id=found.practice_id,
        client_file_id=found.client_file_id,
        address_id=found.id,
        sha256=blob.sha256,
        size=blob.size,
        received_at=mail.received_at,
        envelope_from=mail.sender,
        envelope_to=recipient.mailbox.given,
        peer=mail.peer,
        wish=wish_of(recipient.mailbox.tag, owner_id=found.member_id),
    )


@contextmanager
def _database() -> Iterator[None]:
    """Use this thread's connection, and leave no broken or outlived one to the next message."""
    close_old_connections()
    try:
        with instance_scope():
            yield
    finally:
        close_old_connections()

"""The desk behind the receiver: addresses of client files, the blob store, the pipeline."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import close_old_connections, connection, transaction

from liasse.clients import selectors
from liasse.clients.types import AddressKind, FoundAddress
from liasse.core.blobs import BlobStore, StoredBlob
from liasse.core.errors import TransientError
from liasse.core.scope import instance_scope
from liasse.intake.types import Door, IncomingFile
from liasse.mailgate.types import Answer, ReceivedMail, Recipient, Standing
from liasse.pipeline import flow

_LEAST_FREE = 5 * 1000**3
_LEAST_FREE_SHARE = 20
_PATIENCE = 20.0
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
        # SQLite takes one writer at a time and makes the others sleep: threads of one process
        # that wait for each other here come to their turn sooner.
        self._turn = threading.Lock() if connection.vendor == "sqlite" else None

    def has_room(self) -> bool:
        """Ask the store's disk."""
        free, total = self._blobs.free_bytes()
        return free >= (self._minimum_free or max(_LEAST_FREE, total // _LEAST_FREE_SHARE))

    def lookup(self, local_part: str, *, domain: str) -> Answer:  # noqa: ARG002 - one domain is served
        """Find the file's address; its note is what the clients' area found."""
        with _database():
            found = selectors.find_address(local_part)
        return Answer(
            standing=_STANDINGS[found.kind],
            ticket=found,
            practice=str(found.practice_id),
            file=str(found.client_file_id),
        )

    def deliver(self, mail: ReceivedMail) -> str:
        """Bytes first, outside any transaction; then the receipts of all recipients in one."""
        blob = self._blobs.put(iter(mail.content))
        arrivals = [_incoming(mail, recipient, blob) for recipient in mail.recipients]
        # One order for everybody, so that two messages for the same files do not lock each other out.
        arrivals.sort(key=lambda incoming: (incoming.practice_id, incoming.client_file_id))
        with self._in_turn(), _database(), transaction.atomic():
            for incoming in arrivals:
                flow.receive(incoming)
        return blob.sha256

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        if self._turn is None:
            yield
            return
        if not self._turn.acquire(timeout=_PATIENCE):
            raise TransientError
        try:
            yield
        finally:
            self._turn.release()


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

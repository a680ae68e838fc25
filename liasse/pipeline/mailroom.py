"""Mails that another server took already and that are fetched from it, or brought by it: by mailbox, by webhook.

Nothing that is found out here can be told to their senders any more. What is known is stored and registered as the
receiver does it; for an unknown address nothing is kept here, and the caller leaves the mail where it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from liasse.clients import selectors
from liasse.clients.types import AddressKind, FoundAddress
from liasse.core.blobs import BlobSource, BlobStore, StoredBlob
from liasse.core.scope import instance_scope
from liasse.intake.rules import least_free
from liasse.intake.tags import wish_of
from liasse.intake.types import Door, IncomingFile
from liasse.lib.mailboxes import AddressSyntaxError, Mailbox, parse_mailbox
from liasse.pipeline import child, flow


@dataclass(frozen=True, slots=True)
class Addressed:
    """Whom a mail is for: the files' addresses among its recipients, and those that are none."""

    known: tuple[tuple[Mailbox, FoundAddress], ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Brought:
    """What is known of a mail from outside it; ``sender`` and ``peer`` are blank where nobody tells."""

    received_at: datetime
    sender: str = ""
    peer: str = ""


def has_room(*, minimum_free: int, blobs: BlobStore | None = None) -> bool:
    """Tell whether the store's disk has room to begin another mail; 0 means 5 GB or 5 % of it, whichever is more."""
    free, total = (blobs or child.blobs()).free_bytes()
    return free >= least_free(total, wished=minimum_free)


def addressed(recipients: Sequence[str], *, domain: str) -> Addressed:
    """Find the files that these addresses of the domain lead to; each address once."""
    mailboxes: dict[str, Mailbox] = {}
    unknown: list[str] = []
    for recipient in recipients:
        try:
            mailbox = parse_mailbox(recipient.strip())
        except AddressSyntaxError:
            unknown.append(recipient)
            continue
        if mailbox.domain == domain:
            mailboxes.setdefault(mailbox.local_part, mailbox)
        else:
            unknown.append(recipient)
    with instance_scope():
        found = selectors.find_addresses(list(mailboxes))
    known = tuple((mailboxes[name], one) for name, one in found.items() if one.kind == AddressKind.OPEN)
    unknown += [mailboxes[name].given for name, one in found.items() if one.kind != AddressKind.OPEN]
    return Addressed(known=known, unknown=tuple(unknown))


def keep(content: BlobSource, *, to: Addressed, brought: Brought) -> str:
    """Store a mail and register its receipts; gives its SHA-256 once both survive a loss of power.

    The same bytes for the same address are one receipt, however often they come. Raises what the store
    or the database raises, and then the mail counts as not brought.
    """
    blob = child.blobs().put(content)
    register(blob, to=to, brought=brought)
    return blob.sha256


def register(blob: StoredBlob, *, to: Addressed, brought: Brought) -> None:
    """Register the receipts of a mail that is stored, in the caller's transaction if there is one."""
    incomings = [_incoming(mailbox, found, blob.sha256, blob.size, brought=brought) for mailbox, found in to.known]
    with transaction.atomic(), instance_scope():
        for registered in flow.receive_all(incomings):
            if isinstance(registered, Exception):
                raise registered


def _incoming(mailbox: Mailbox, found: FoundAddress, sha256: str, size: int, *, brought: Brought) -> IncomingFile:
    if found.practice_id is None or found.client_file_id is None:
        raise TypeError(found)
    return IncomingFile(
        door=Door.MAIL,
        practice_id=found.practice_id,
        client_file_id=found.client_file_id,
        address_id=found.id,
        sha256=sha256,
        size=size,
        received_at=brought.received_at,
        envelope_from=brought.sender,
        envelope_to=mailbox.given,
        peer=brought.peer,
        wish=wish_of(mailbox.tag, owner_id=found.member_id),
    )

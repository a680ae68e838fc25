"""What arrived, registered: several at once in one transaction, so that they share the wait for the disk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import DataError, IntegrityError, transaction

from liasse.clients import counters
from liasse.clients.models import Member
from liasse.core.errors import TransientError
from liasse.core.jobs import enqueue_new
from liasse.core.rows import insert_all
from liasse.core.scope import instance_scope
from liasse.intake.models import Receipt
from liasse.intake.rules import search_text_of
from liasse.intake.services import OPEN_RECEIPT
from liasse.intake.types import IncomingFile

type Registered = Receipt | Exception
"""The row of what arrived, or why there is none."""


def register(incoming: IncomingFile) -> Receipt:
    """Commit the row of what arrived; its bytes are in the store before this is called.

    The same delivery is one receipt, however often it comes: that of its key, or of the same bytes at
    the same address. An owner who is no member of the file is left out. Returns only
    after the commit, so that whoever delivered may be told "received". A file that moved to another
    practice since the address was looked up gets it there; raises TransientError for one that was
    deleted, and who tries again is told so at the door.
    """
    (registered,) = register_all([incoming])
    if isinstance(registered, Exception):
        raise registered
    return registered


def register_all(incomings: Sequence[IncomingFile]) -> list[Registered]:
    """Commit the rows of several, as ``register`` does of one; gives them in the order of what came.

    What came in one delivery, the same bytes at the same moment for several files, is registered for all of them
    or for none. One that cannot be registered stands as its error in its place, and does not spoil the others.
    A fault that is everybody's, such as a database that is away, is raised.
    """
    try:
        return _in_one_transaction(incomings)
    except (IntegrityError, DataError):
        # One of them is at fault, or another process has just registered it: each delivery on its own.
        deliveries = groupby(incomings, key=_delivery)
        return [registered for _key, group in deliveries for registered in _alone(list(group))]


def _delivery(incoming: IncomingFile) -> tuple[str, datetime]:
    return incoming.sha256, incoming.received_at


def _alone(delivery: Sequence[IncomingFile]) -> list[Registered]:
    try:
        return _in_one_transaction(delivery)
    except IntegrityError:
        try:
            # Registered by somebody else between the look and the insertion: now it is there to be found.
            return _in_one_transaction(delivery)
        except IntegrityError as error:
            return [error] * len(delivery)
    except DataError as error:
        return [error] * len(delivery)


def _in_one_transaction(incomings: Sequence[IncomingFile]) -> list[Registered]:
    with transaction.atomic(), instance_scope():
        practices = counters.hold_all_wherever_they_are({incoming.client_file_id for incoming in incomings})
        gone = {_delivery(incoming) for incoming in incomings if incoming.client_file_id not in practices}
        keyed = [(practices.get(incoming.client_file_id), _key(incoming)) for incoming in incomings]
        known = _known(keyed)
        new: dict[tuple[UUID, str], Receipt] = {}
        registered: list[Registered] = []
        for incoming, (practice_id, key) in zip(incomings, keyed, strict=True):
            if practice_id is None or _delivery(incoming) in gone:
                registered.append(TransientError())
                continue
            place = (practice_id, key)
            receipt = known.get(place) or new.get(place)
            if receipt is None:
                receipt = new[place] = _row(incoming, practice_id=practice_id, key=key)
            registered.append(receipt)
        _keep(list(new.values()))
    return registered


def _key(incoming: IncomingFile) -> str:
    return incoming.delivery_key or f"{incoming.address_id or incoming.door}:{incoming.sha256}"


def _known(keyed: Sequence[tuple[UUID | None, str]]) -> dict[tuple[UUID, str], Receipt]:
    """Find those that came before; the files' locks keep others from adding more until the end."""
    practices = {practice_id for practice_id, _key in keyed if practice_id is not None}
    found = Receipt.objects.filter(practice_id__in=practices, delivery_key__in={key for _practice, key in keyed})
    # Hardly ever are there any, and then all columns need not even be named.
    if not found.exists():
        return {}
    return {(receipt.practice_id, receipt.delivery_key): receipt for receipt in found}


def _row(incoming: IncomingFile, *, practice_id: UUID, key: str) -> Receipt:
    receipt = Receipt(practice_id=practice_id, delivery_key=key, **_of_the_delivery(incoming), **_of_the_wish(incoming))
    receipt.search_text = search_text_of(receipt)
    return receipt


def _keep(receipts: Sequence[Receipt]) -> None:
    """Write the rows, their jobs, and their files' last arrivals."""
    insert_all(Receipt, receipts)
    by_practice: dict[UUID, list[UUID]] = {}
    for receipt in receipts:
        by_practice.setdefault(receipt.practice_id, []).append(receipt.id)
    for practice_id, ids in by_practice.items():
        enqueue_new(OPEN_RECEIPT, subject_ids=ids, practice_id=practice_id)
    last = {receipt.client_file_id: receipt for receipt in sorted(receipts, key=lambda one: one.received_at)}
    counters.note_arrivals({file_id: (one.received_at, one.door) for file_id, one in last.items()})


def _of_the_delivery(incoming: IncomingFile) -> dict[str, Any]:
    return {
        "client_file_id": incoming.client_file_id,
        "address_id": incoming.address_id,
        "door": incoming.door,
        "sha256": incoming.sha256,
        "size": incoming.size,
        "received_at": incoming.received_at,
        "envelope_from": incoming.envelope_from[:320],
        "envelope_to": incoming.envelope_to[:320],
        "peer": incoming.peer[:60],
        "filename": incoming.filename[:200],
        "handed_in_by_id": incoming.user_id,
        "holder": incoming.holder[:60],
        "given_sender": incoming.given_sender[:500],
    }


def _of_the_wish(incoming: IncomingFile) -> dict[str, Any]:
    wish = incoming.wish
    owner_id = wish.owner_id
    if owner_id is not None:
        members = Member.objects.filter(client_file_id=incoming.client_file_id, id=owner_id)
        owner_id = members.values_list("id", flat=True).first()
    return {"owner_id": owner_id, "side": wish.side, "cutting": wish.cutting, "note": wish.note}

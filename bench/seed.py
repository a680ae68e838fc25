"""A practice of a given size, the same for the same seed: files with people, grants and documents."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bulk import Table, bulk_loading, kept, load
from django.db import connection

from liasse.clients.models import ClientFile, FileAccess, InboundAddress, Member
from liasse.clients.rules import name_sort, search_text
from liasse.clients.sectors import SECTORS
from liasse.core.models import AuditEvent, AuditHead
from liasse.core.scope import instance_scope
from liasse.documents.models import Document, PageImage
from liasse.documents.types import DocumentStatus
from liasse.identity.models import User
from liasse.intake.models import Receipt, ReceiptPart
from liasse.practices.models import Colleague, Practice
from liasse.practices.types import ColleagueStatus, Role
from liasse.reading.models import Reading

HEAVY = 20_000
GRANTED = 20
START = datetime(2024, 11, 24, 8, tzinfo=UTC)
SPAN = timedelta(days=730)
_TRADES = ("Boulangerie", "Garage", "Menuiserie", "Bistrot", "Cabinet", "Atelier", "Transports", "Fleurs", "Domaine")
_NAMES = ("Morvan", "Tessier", "Lecointe", "Abadie", "Ferrand", "Guillou", "Perrot", "Saunier", "Vasseur", "Delmas")
_SUPPLIERS = tuple(f"{word} {name}" for word in ("Ets", "Maison", "SARL", "Comptoir") for name in _NAMES)
_STATUSES = (
    *[DocumentStatus.PROCESSING] * 2,
    *[DocumentStatus.TO_REVIEW] * 55,
    *[DocumentStatus.READY] * 25,
    *[DocumentStatus.ARCHIVED] * 18,
)
_COUNTED = {status: f"count_{status.value.replace('-', '_')}" for status in DocumentStatus}


@dataclass
class _File:
    """What is needed of a file while its documents are made."""

    id: str
    name: str
    sector: str
    member: str
    address: str
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_COUNTED.values(), 0))
    last: str | None = None
    samples: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Seeded:
    """What a bench asks for: the people, files of usual size, a heavy one, and documents of each."""

    administrator: str
    restricted: str
    files: list[tuple[str, list[str]]]
    heavy: tuple[str, list[str]] | None


class _Ids:
    """UUIDs of version 7 as hexadecimal text, in the order of time."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def at(self, moment: float) -> str:
        chance = self._chance.getrandbits(72)
        return f"{int(moment * 1000):012x}7{chance & 0xFFF:03x}8{chance >> 12:015x}"


def seed(*, files: int, documents: int) -> Seeded:
    """Fill an empty, migrated database."""
    chance = random.Random(files)
    with instance_scope():
        practice = Practice.objects.create(name="Cabinet de mesure")
        people = _people(practice, others=max(4, files // 250))
        made = _files(files, ids=_Ids(chance), chance=chance)
        models = (ClientFile, FileAccess, Member, InboundAddress, Receipt, ReceiptPart, Document, Reading, PageImage)
        with bulk_loading((*models, AuditEvent)):
            heavy = made[len(made) // 2] if documents >= 10 * HEAVY else None
            order = _order(made, heavy=heavy, documents=documents, chance=chance)
            _documents(order, practice=practice.id.hex, chance=chance)
            _write_files(made, practice=practice.id.hex, people=people, heavy=heavy, chance=chance)
        AuditHead.objects.create(practice_id=practice.id, sequence=documents, hash="0" * 64)
    # The next connection is opened as the product opens it, without the load's large cache.
    connection.close()
    near = made[:: max(1, len(made) // (GRANTED * 2))][: GRANTED - 1]
    return Seeded(
        administrator=str(people[0].user_id),
        restricted=str(people[1].user_id),
        files=[(file.id, file.samples) for file in near],
        heavy=(heavy.id, heavy.samples) if heavy else None,
    )


def _people(practice: Practice, *, others: int) -> list[Colleague]:
    people = []
    for number in range(2 + others):
        user = User.objects.create(email=f"personne{number}@mesure.example", name=f"Personne {number:03d}")
        role = Role.COLLEAGUE if number else Role.ADMINISTRATOR
        people.append(
            Colleague.objects.create(
                practice=practice, user=user, email=user.email, name=user.name, role=role, status=ColleagueStatus.ACTIVE
            )
        )
    return people


def _files(count: int, *, ids: _Ids, chance: random.Random) -> list[_File]:
    made = []
    for number in range(count):
        moment = START.timestamp() - (count - number) * 60
        name = f"{chance.choice(_TRADES)} {chance.choice(_NAMES)} {number:05d}"
        made.append(_File(ids.at(moment), name, chance.choice(list(SECTORS)), ids.at(moment + 1), ids.at(moment + 2)))
    return made


def _order(made: list[_File], *, heavy: _File | None, documents: int, chance: random.Random) -> list[_File]:
    """Give the file of each document in the order of arrival: all files get mail all the time."""
    order = [heavy] * HEAVY if heavy else []
    usual = [file for file in made if file is not heavy]
    order += [usual[number % len(usual)] for number in range(documents - len(order))]
    chance.shuffle(order)
    return order


def _documents(order: list[_File], *, practice: str, chance: random.Random) -> None:
    loads = {
        "receipts": Table(Receipt, "id", "practice_id", "client_file_id", "address_id", "delivery_key", "sha256",
                          "size", "received_at", "state", "from_name", "subject", "count_documents"),
        "parts": Table(ReceiptPart, "id", "practice_id", "receipt_id", "index", "filename", "media_type", "verdict"),
        "documents": Table(Document, "id", "practice_id", "client_file_id", "receipt_id", "part_id", "owner_id",
                           "filename", "media_type", "size", "sha256", "received_at", "status", "step", "pages", "kind",
                           "supplier_name", "number", "issue_date", "currency", "total_net", "total_vat", "total_gross",
                           "search_text"),
        "readings": Table(Reading, "id", "practice_id", "document_id", "format", "fields", "read_at"),
        "images": Table(PageImage, "id", "practice_id", "document_id", "page", "sha256", "media_type"),
        "events": Table(AuditEvent, "id", "practice_id", "sequence", "at", "actor_kind", "verb", "client_file_id",
                        "subject_kind", "subject_id", "before", "after", "previous_hash", "hash"),
    }  # fmt: skip
    facts = _facts(order, chance=chance)
    for part in iter(lambda: [one for _, one in zip(range(50_000), facts, strict=False)], []):
        for name, table in loads.items():
            load(table, (_values(name, one, practice=practice) for one in part))


@dataclass(slots=True)
class _Fact:
    number: int
    file: _File
    id: str
    receipt: str
    part: str
    at: str
    status: str
    supplier: str
    issued: str
    net: int


def _facts(order: list[_File], *, chance: random.Random) -> Iterator[_Fact]:
    ids, step = _Ids(chance), SPAN / len(order)
    for number, file in enumerate(order):
        moment = START + step * number
        stamp, at = moment.timestamp(), kept(moment)
        status = chance.choice(_STATUSES)
        one = _Fact(number, file, ids.at(stamp + 2), ids.at(stamp), ids.at(stamp + 1), at, status.value,
                    _SUPPLIERS[number * 7 % len(_SUPPLIERS)], f"{moment - timedelta(days=number % 40):%Y-%m-%d}",
                    number * 37 % 900_000 + 1000)  # fmt: skip
        file.counts[_COUNTED[status]] += 1
        file.last = at
        if len(file.samples) < GRANTED or number % 500 == 0:
            file.samples.append(one.id)
        yield one


def _values(name: str, one: _Fact, *, practice: str) -> tuple[Any, ...]:
    sha, vat = f"{one.number:064x}", one.net // 5
    if name == "receipts":
        return (one.receipt, practice, one.file.id, one.file.address, f"{one.file.address}:{sha}", sha, 48_211, one.at,
                "opened", one.supplier, "Facture", 1)  # fmt: skip
    if name == "parts":
        return (one.part, practice, one.receipt, 0, f"facture-{one.number}.pdf", "application/pdf", "document")
    if name == "documents":
        return (one.id, practice, one.file.id, one.receipt, one.part, one.file.member, f"facture-{one.number}.pdf",
                "application/pdf", 45_102, sha, one.at, one.status, "done", '[{"width":595,"height":842}]', "invoice",
                one.supplier, f"F{one.number}", one.issued, "EUR", _money(one.net), _money(vat), _money(one.net + vat),
                f"{one.supplier} f{one.number} facture-{one.number}.pdf".lower())  # fmt: skip
    if name == "readings":
        return (one.receipt, practice, one.id, "pdf+cii", _reading(one, vat=vat), one.at)
    if name == "images":
        return (one.part, practice, one.id, 1, sha, "image/webp")
    return (one.id, practice, one.number + 1, one.at, "system", "document.received", one.file.id, "document", one.id,
            "{}", "{}", sha, sha)  # fmt: skip


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _reading(one: _Fact, *, vat: int) -> str:
    values = {
        "doc_type": "invoice", "supplier_name": one.supplier, "invoice_number": f"F{one.number}",
        "issue_date": one.issued, "currency": "EUR", "total_net": _money(one.net), "total_vat": _money(vat),
        "total_gross": _money(one.net + vat),
    }  # fmt: skip
    fields = (
        f'"{name}":{{"value":{json.dumps(value)},"source":"xml","confidence":1.0,"term":"BT-1","place":null}}'
        for name, value in values.items()
    )
    return "{" + ",".join(fields) + "}"


def _write_files(
    made: list[_File], *, practice: str, people: list[Colleague], heavy: _File | None, chance: random.Random
) -> None:
    """Write the files last, when their counts are known; two colleagues each, and the restricted one's few."""
    table = Table(ClientFile, "id", "practice_id", "name", "name_sort", "search_text", "sector", "creation_key",
                  "creation_fingerprint", "created_at", "count_members", "count_colleagues", "last_arrival_at",
                  "last_arrival_door", "activity", *_COUNTED.values())  # fmt: skip
    created = kept(START)
    load(table, ((file.id, practice, file.name, name_sort(file.name), search_text(file.name), file.sector, file.id, "-",
                  created, 2, 2, file.last, "mail", 1, *file.counts.values()) for file in made))  # fmt: skip
    member = Table(Member, "id", "practice_id", "client_file_id", "name", "created_at")
    load(member, ((file.member, practice, file.id, file.name, created) for file in made))
    address = Table(InboundAddress, "id", "practice_id", "client_file_id", "local_part", "created_at")
    load(address, ((file.address, practice, file.id, f"f{number}.{file.id[-12:]}", created)
                   for number, file in enumerate(made)))  # fmt: skip
    near = {file.id for file in made[:: max(1, len(made) // (GRANTED * 2))][: GRANTED - 1]}
    ids, others = _Ids(chance), [person.id.hex for person in people[2:]]
    grants = []
    for file in made:
        seen = chance.sample(others, 2)
        if file.id in near or file is heavy:
            seen[0] = people[1].id.hex
        grants += [(ids.at(START.timestamp()), practice, file.id, one, created) for one in seen]
    load(Table(FileAccess, "id", "practice_id", "client_file_id", "colleague_id", "created_at"), grants)

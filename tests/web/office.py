"""A practice with two files and one person of each level, and documents of any kind in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.test import Client
from django.utils import timezone

from liasse.clients.models import ClientFile, FileAccess, InboundAddress, Member
from liasse.core.access import Level
from liasse.core.scope import instance_scope, practice_scope
from liasse.documents.models import Document
from liasse.documents.rules import folded
from liasse.documents.types import DocumentStatus, Step
from liasse.identity.models import User
from liasse.intake.models import Receipt, ReceiptPart
from liasse.intake.types import ReceiptState, Verdict
from liasse.lib.ids import uuid7
from liasse.pipeline import child
from liasse.practices.models import Colleague, Practice
from liasse.practices.types import ColleagueStatus, Role
from liasse.reading.models import Reading
from liasse.reading.types import Field, FieldName, Source

COMPLETE: dict[str, Any] = {"issue_date": date(2026, 3, 1), "total_gross": Decimal(1200)}
"""What a document needs beside its supplier to be marked as ready."""

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


@dataclass
class Office:
    """The practice, its files, and its people by what they may do in ``file``."""

    practice: Practice
    file: ClientFile
    sibling: ClientFile
    member: Member
    users: dict[str, User] = field(default_factory=dict)
    made: int = 0

    def as_(self, name: str) -> Client:
        """Give a browser in which this person is signed in."""
        client = Client(HTTP_ACCEPT_LANGUAGE="fr")
        client.force_login(self.users[name])
        return client

    @contextmanager
    def scope(self) -> Iterator[None]:
        """Open the practice's scope."""
        with practice_scope(self.practice.id):
            yield

    def receipt(self, *, file: ClientFile | None = None, **values: Any) -> Receipt:  # noqa: ANN401 - any column
        """Give something that arrived; each a minute after the one before."""
        self.made += 1
        at_hand = {
            "delivery_key": str(uuid7()),
            "sha256": "0" * 64,
            "size": 10,
            "received_at": NOON + timedelta(minutes=self.made),
            "state": ReceiptState.OPENED,
            "from_name": "Claire Martin",
            "from_address": "claire@lepidor.example",
            "subject": "Factures du mois",
            "text": "Bonjour",
        }
        owner = file or self.file
        with self.scope():
            return Receipt.objects.create(practice=self.practice, client_file=owner, **(at_hand | values))

    def document(
        self,
        *,
        content: bytes = b"%PDF-1.4 a document",
        file: ClientFile | None = None,
        fields: dict[FieldName, str] | None = None,
        **values: Any,  # noqa: ANN401 - any column
    ) -> Document:
        """Give a document with its receipt; ``fields`` make a reading as from an e-invoice."""
        owner_file = file or self.file
        receipt = self.receipt(file=owner_file, count_documents=1)
        blob = child.blobs().put(content)
        at_hand: dict[str, Any] = {
            "filename": "facture.pdf",
            "media_type": "application/pdf",
            "sha256": blob.sha256,
            "size": blob.size,
            "received_at": receipt.received_at,
            "status": DocumentStatus.TO_REVIEW,
            "step": Step.DONE,
            "supplier_name": "Au bon moulin",
            "number": f"F-{self.made}",
            "currency": "EUR",
        } | values
        words = " ".join((at_hand["supplier_name"], at_hand["number"], at_hand["filename"]))
        with self.scope():
            part = ReceiptPart.objects.create(
                practice=self.practice,
                receipt=receipt,
                index=0,
                filename=at_hand["filename"],
                media_type=at_hand["media_type"],
                verdict=Verdict.DOCUMENT,
            )
            document = Document.objects.create(
                practice=self.practice,
                client_file=owner_file,
                receipt=receipt,
                part=part,
                **({"search_text": folded(words), "owner": None} | at_hand),
            )
            _count(document)
            if fields is not None:
                read = {name: Field(text, Source.XML, 1.0, "BT-1").to_json() for name, text in fields.items()}
                Reading.objects.create(
                    practice=self.practice, document=document, fields=read, read_at=timezone.now(), format="cii"
                )
        return document


def _count(document: Document) -> None:
    name = f"count_{document.status.replace('-', '_')}"
    files = ClientFile.objects.filter(id=document.client_file_id)
    file = files.get()
    files.update(**{name: getattr(file, name) + 1, "activity": file.activity + 1, "last_arrival_at": NOON})


def build() -> Office:
    """Make the office."""
    with instance_scope():
        practice = Practice.objects.create(name="Cabinet Delmas")
        file, sibling = _file(practice, "Boulangerie L’Épi d’Or"), _file(practice, "Garage du Pont")
        member = Member.objects.create(practice=practice, client_file=file, name="Claire Martin")
        office = Office(practice=practice, file=file, sibling=sibling, member=member)
        office.users["administrator"] = _colleague(practice, "administrator", role=Role.ADMINISTRATOR)
        for level in Level:
            office.users[level.value] = user = _colleague(practice, level.value)
            colleague = Colleague.objects.get(user=user)
            FileAccess.objects.create(practice=practice, client_file=file, colleague=colleague, level=level)
    return office


def _file(practice: Practice, name: str) -> ClientFile:
    file = ClientFile.objects.create(
        practice=practice, name=name, name_sort=name, search_text=name, creation_key=uuid7(), creation_fingerprint="-"
    )
    InboundAddress.objects.create(practice=practice, client_file=file, local_part=f"{name[:4].lower()}.x")
    return file


def _colleague(practice: Practice, name: str, *, role: Role = Role.COLLEAGUE) -> User:
    user = User.objects.create(email=f"{name}@delmas.example", name=name)
    Colleague.objects.create(
        practice=practice, user=user, email=user.email, name=name, role=role, status=ColleagueStatus.ACTIVE
    )
    return user

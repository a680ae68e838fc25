"""Two practices and a file with at least one row in every table that belongs to files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from liasse.clients.models import ClientFile, InboundAddress, Member, TeamAccess
from liasse.clients.services import subject_of
from liasse.core import audit
from liasse.core.access import Actor
from liasse.core.jobs import enqueue
from liasse.core.scope import instance_scope
from liasse.custody.models import AccessGrant, WholeExport
from liasse.custody.rows import tenant_keys, tenant_models
from liasse.documents.models import Document, PageImage
from liasse.documents.services import ADVANCE_DOCUMENT
from liasse.documents.types import DocumentStatus, Step
from liasse.duplicates.models import Pair, Trait
from liasse.identity.models import User
from liasse.intake.models import AnsweredSender, Receipt, ReceiptPart, TrustedSender, Upload
from liasse.intake.services import OPEN_RECEIPT
from liasse.intake.types import ReceiptState
from liasse.invitations.services import invite_member, resend
from liasse.outside.models import Asking, EngineSwitch
from liasse.passes.models import UploadLink
from liasse.pipeline import child
from liasse.practices.models import Team
from liasse.practices.selectors import actor_of
from liasse.reading.models import Reading
from liasse.suppliers.models import Alarm, Appearance, Layout, Lesson, Mark, Supplier
from tests import cast
from tests.cast import Cast

OLD = datetime(2010, 3, 31, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """The cast, and what the file holds."""

    people: Cast
    document: Document

    @property
    def file(self) -> ClientFile:
        """The file as it is now, wherever it is."""
        with instance_scope():
            return ClientFile.objects.select_related("practice").get(id=self.people.file.id)

    @property
    def administrator(self) -> Actor:
        return actor_of(self.people.administrator)

    @property
    def client(self) -> Actor:
        member = self.people.client_administrator
        return Actor(
            kind="member", user_id=member.user_id, practice_id=member.practice_id, person_id=member.id, name=member.name
        )


def build(*, received_at: datetime | None = None) -> World:
    """Make the world; the file holds one document that arrived now, or then."""
    people = cast.build()
    with instance_scope():
        document = fill(people.file, content=b"bytes of the file", received_at=received_at)
        fill(people.sibling, content=b"bytes of its sibling")
        fill(people.other_file, content=b"bytes of another practice")
        invited = Member.objects.create(
            practice=people.practice, client_file=people.file, name="Paul Invite", email="paul@example.fr"
        )
        resend(invite_member(invited, actor=people.actor), actor=people.actor)
        AccessGrant.objects.create(
            practice=people.practice,
            client_file=people.file,
            user=User.objects.get(email=people.client_administrator.email),
            email_hash="-",
            is_given=False,
        )
        WholeExport.objects.create(
            practice=people.practice, client_file=people.file, asked_by=people.administrator, sha256="0" * 64
        )
        audit.record(
            "file.changed", actor=people.actor, practice_id=people.practice.id, subject=subject_of(people.file)
        )
        team = Team.objects.create(practice=people.practice, name="Sud")
        TeamAccess.objects.create(practice=people.practice, client_file=people.file, team=team)
        ClientFile.objects.filter(id=people.file.id).update(
            created_by=people.administrator, responsible=people.colleague
        )
    return World(people=people, document=document)


def fill(file: ClientFile, *, content: bytes, received_at: datetime | None = None) -> Document:
    """Give a file a receipt with a part, a document, a page image, a reading and waiting jobs."""
    at, practice = received_at or timezone.now(), file.practice
    blob = child.blobs().put(content)
    address = InboundAddress.objects.get(client_file=file)
    receipt = Receipt.objects.create(
        practice=practice, client_file=file, address=address, delivery_key=f"{address.id}:{blob.sha256}",
        sha256=blob.sha256, size=blob.size, received_at=at, state=ReceiptState.OPENED,
    )  # fmt: skip
    part = ReceiptPart.objects.create(practice=practice, receipt=receipt, index=0, verdict="document")
    document = Document.objects.create(
        practice=practice, client_file=file, receipt=receipt, part=part, media_type="application/pdf",
        size=blob.size, sha256=blob.sha256, received_at=at, status=DocumentStatus.TO_REVIEW, step=Step.DONE,
    )  # fmt: skip
    PageImage.objects.create(practice=practice, document=document, page=1, sha256=blob.sha256, media_type="image/webp")
    Reading.objects.create(practice=practice, document=document, read_at=at)
    words = {"host": "-", "switched_by": "-", "switched_at": at}
    EngineSwitch.objects.update_or_create(practice=practice, client_file=file, defaults=words)
    Asking.objects.create(practice=practice, document=document, host="-", reading_at=at)
    Trait.objects.create(practice=practice, client_file=file, document=document, sha256=blob.sha256)
    Pair.objects.create(practice=practice, client_file=file, first=document, second=document, grounds="bytes")
    supplier = Supplier.objects.create(practice=practice, client_file=file, name="Moulin", name_sort="moulin")
    of_it = {"practice": practice, "client_file": file}
    Mark.objects.create(**of_it, supplier=supplier, kind="name", key="moulin", text="Moulin")
    Appearance.objects.create(**of_it, supplier=supplier, document=document)
    layout = Layout.objects.create(**of_it, supplier=supplier)
    Lesson.objects.create(
        **of_it, layout=layout, document=document, field="supplier_name", value="Moulin", learned_by="-", learned_at=at
    )
    Alarm.objects.create(**of_it, document=document, code="future")
    Upload.objects.create(
        practice=practice, client_file=file, door="web", holder="user:-", client_key=blob.sha256, size=blob.size,
        offset=blob.size, expires_at=at, receipt=receipt,
    )  # fmt: skip
    UploadLink.objects.create(
        practice=practice, client_file=file, nonce="-", token_hash=str(document.id), side="costs", most_files=1,
        most_bytes=1, expires_at=at,
    )  # fmt: skip
    TrustedSender.objects.get_or_create(practice=practice, client_file=file, sender="@moulin.example")
    AnsweredSender.objects.get_or_create(
        practice=practice, client_file=file, sender="zoe@moulin.example", defaults={"answered_at": at}
    )
    enqueue(ADVANCE_DOCUMENT, subject_id=document.id, practice_id=practice.id)
    enqueue(OPEN_RECEIPT, subject_id=receipt.id, practice_id=practice.id)
    ClientFile.objects.filter(id=file.id).update(count_to_review=1)
    return document


type Counts = dict[tuple[str, UUID], int]


def counts() -> Counts:
    """Count the rows of every table with a practice, by practice."""
    found: Counts = {}
    with instance_scope():
        for model in tenant_models():
            for practice_id in model._base_manager.values_list("practice_id", flat=True):
                key = (model.__name__, practice_id)
                found[key] = found.get(key, 0) + 1
    return found


def strays() -> list[str]:
    """Name each row that points into another practice, over all tables and keys."""
    found: list[str] = []
    with instance_scope():
        for model in tenant_models():
            for key in tenant_keys(model):
                rows = model._base_manager.exclude(**{key.name: None})
                astray = rows.exclude(**{f"{key.name}__practice_id": F("practice_id")})
                found += [f"{model.__name__}.{key.name} of {row.pk}" for row in astray]
    return found

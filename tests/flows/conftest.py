"""A client file with an address, and a way to let a mail arrive and be worked on to its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage

import pytest
from django.utils import timezone

from liasse.clients.models import ClientFile, InboundAddress, Member
from liasse.core.jobs import claim, finish
from liasse.core.scope import instance_scope, practice_scope
from liasse.intake.models import Receipt
from liasse.intake.types import Door, IncomingFile, Wish
from liasse.lib.ids import uuid7
from liasse.pipeline import child, flow
from liasse.practices.models import Practice

_NONE = Wish()


@dataclass
class Ground:
    """A practice with one client file, its address and its member."""

    practice: Practice
    client_file: ClientFile
    address: InboundAddress
    member: Member

    def arrive(self, raw: bytes) -> Receipt:
        """Let bytes come in at the file's address, as the mail receiver does."""
        blob = child.blobs().put(raw)
        return flow.receive(
            IncomingFile(
                door=Door.MAIL,
                practice_id=self.practice.id,
                client_file_id=self.client_file.id,
                address_id=self.address.id,
                sha256=blob.sha256,
                size=blob.size,
                received_at=timezone.now(),
                envelope_from="expediteur@example.fr",
            )
        )

    def hand_in(
        self, raw: bytes, *, filename: str, door: Door = Door.WEB, key: str = "", wish: Wish = _NONE
    ) -> Receipt:
        """Let a file come in by another door than the mail's."""
        blob = child.blobs().put(raw)
        return flow.receive(
            IncomingFile(
                door=door,
                practice_id=self.practice.id,
                client_file_id=self.client_file.id,
                address_id=None,
                sha256=blob.sha256,
                size=blob.size,
                received_at=timezone.now(),
                filename=filename,
                delivery_key=key,
                wish=wish,
            )
        )


@pytest.fixture
def ground(db: None) -> Iterator[Ground]:
    """The ground, in the practice's scope."""
    del db
    practice = Practice.objects.create(name="Cabinet")
    with practice_scope(practice.id):
        client_file = ClientFile.objects.create(
            practice=practice,
            name="Boulangerie",
            name_sort="boulangerie",
            search_text="boulangerie",
            creation_key=uuid7(),
            creation_fingerprint="-",
        )
        member = Member.objects.create(practice=practice, client_file=client_file, name="Boulangerie")
        address = InboundAddress.objects.create(practice=practice, client_file=client_file, local_part="b.x")
        yield Ground(practice, client_file, address, member)


@pytest.fixture
def work_off() -> Callable[[], int]:
    """Do every due job, as a worker does; gives how many there were."""

    def work() -> int:
        from liasse.worker.handlers import HANDLERS

        count = 0
        while True:
            with instance_scope():
                job = claim()
            if job is None:
                return count
            with practice_scope(job.practice_id):
                HANDLERS[job.kind].do(job.subject_id)
            with instance_scope():
                finish(job)
            count += 1

    return work


def mail(*attachments: tuple[str, bytes], sender: str = "Zoé <zoe@example.fr>", text: str = "Bonjour") -> bytes:
    """Give a mail with these files."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "b.x@liasse.localhost", "Factures"
    message["Message-ID"] = f"<{uuid7()}@example.fr>"
    message.set_content(text)
    for name, content in attachments:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()

"""Mail and work that are under way while a file moves to another practice: nothing is lost, nothing goes astray."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest

from liasse.clients import counters
from liasse.clients.models import ClientFile, InboundAddress
from liasse.core.errors import NotThereError, TransientError
from liasse.core.models import Job
from liasse.core.scope import instance_scope, practice_scope
from liasse.custody.decision import decision
from liasse.custody.deleting import delete_file
from liasse.custody.moving import lock_file, move
from liasse.documents.models import Document
from liasse.intake.models import Receipt
from liasse.intake.types import ReceiptState
from liasse.pipeline import child
from liasse.practices.models import Practice
from liasse.practices.selectors import actor_of
from liasse.practices.types import Role
from liasse.worker.main import run_next
from tests import factories
from tests.flows.conftest import Ground
from tests.unit.custody.world import strays

pytestmark = pytest.mark.django_db


@pytest.fixture
def target() -> Practice:
    return factories.practice("Cabinet Voisin")


@decision
def move_to(target: Practice, *, ground: Ground) -> None:
    file = ClientFile.objects.get(id=ground.client_file.id)
    move(lock_file(file), to=target, given_to=None, actor=actor_of(factories.colleague(target, "Zoe Voisin")))


def a_mail() -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "expediteur@example.fr", "Facture"
    message.set_content("Bonjour")
    message.add_attachment(b"a,b\n1,2\n", maintype="text", subtype="csv", filename="facture.csv")
    message.add_attachment(b"<Invoice/>", maintype="application", subtype="xml", filename="facture.xml")
    message.set_boundary("one-and-the-same")
    return message.as_bytes()


def test_a_mail_whose_address_was_looked_up_before_the_move_arrives_after_it(ground: Ground, target: Practice) -> None:
    move_to(target, ground=ground)
    receipt = ground.arrive(a_mail())
    assert receipt.practice_id == target.id
    with instance_scope():
        assert Job.objects.get(subject_id=receipt.id).practice_id == target.id
        assert ClientFile.objects.get(id=ground.client_file.id).last_arrival_at is not None
    assert strays() == []


def test_the_same_mail_before_and_after_the_move_is_one_receipt(ground: Ground, target: Practice) -> None:
    before = ground.arrive(a_mail())
    move_to(target, ground=ground)
    assert ground.arrive(a_mail()).id == before.id


@pytest.mark.parametrize("step", ["open_receipt", "read", "describe"])
def test_work_in_a_child_while_the_file_moves_is_done_again_in_the_new_practice(
    ground: Ground, target: Practice, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    real: Callable[..., Any] = getattr(child, step)
    moved: list[bool] = []

    def moving(*words: Any) -> Any:  # noqa: ANN401 - whatever the step takes and gives
        answer = real(*words)
        if not moved:
            moved.append(True)
            move_to(target, ground=ground)
        return answer

    monkeypatch.setattr(child, step, moving)
    receipt = ground.arrive(a_mail())
    while run_next():
        pass
    assert moved
    with practice_scope(target.id):
        assert Receipt.objects.get(id=receipt.id).state == ReceiptState.OPENED
        documents = list(Document.objects.all())
        assert documents
        assert {(document.step, document.status) for document in documents} == {("done", "to-review")}
        assert not Job.objects.exists()
        file = ClientFile.objects.get()
        assert (file.count_to_review, file.count_processing) == (len(documents), 0)
    with practice_scope(ground.practice.id):
        assert not Job.objects.exists()
    assert strays() == []


def test_a_mail_for_a_file_that_was_just_deleted_is_put_off_and_then_refused(ground: Ground) -> None:
    administrator = factories.colleague(ground.practice, "Anne Martin", role=Role.ADMINISTRATOR)
    delete_file(
        ClientFile.objects.select_related("practice").get(), typed_name="boulangerie", actor=actor_of(administrator)
    )
    with pytest.raises(TransientError):
        ground.arrive(a_mail())
    with instance_scope():
        assert (Receipt.objects.count(), InboundAddress.objects.get().client_file_id) == (0, None)


def test_the_old_practice_cannot_hold_a_file_that_moved(ground: Ground, target: Practice) -> None:
    with practice_scope(ground.practice.id):
        counters.hold(ground.client_file.id)
    move_to(target, ground=ground)
    with practice_scope(ground.practice.id), pytest.raises(NotThereError):
        counters.hold(ground.client_file.id)

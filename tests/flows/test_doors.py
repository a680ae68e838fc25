"""What comes by another door than the mail's becomes documents in the same way, as its sender wished."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from liasse.core.scope import practice_scope
from liasse.documents.models import Document
from liasse.intake.models import Receipt
from liasse.intake.types import Door, ReceiptState, Side, Wish
from liasse.lib.ids import uuid7
from tests.flows.conftest import Ground, mail
from tests.paper import ubl

WorkOff = Callable[[], int]
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_file_from_the_web_becomes_a_document_as_wished(ground: Ground, work_off: WorkOff) -> None:
    wish = Wish(owner_id=ground.member.id, side=Side.SALES, note="Salon de mai")
    receipt = ground.hand_in(ubl(number="F-7"), filename="F-7.xml", wish=wish)
    work_off()
    document = Document.objects.get()
    assert (document.number, document.owner, document.side) == ("F-7", ground.member, Side.SALES)
    assert document.note == "Salon de mai"
    receipt.refresh_from_db()
    assert (receipt.state, receipt.subject, receipt.door) == (ReceiptState.OPENED, "F-7.xml", Door.WEB)


def test_a_mail_that_was_saved_as_a_file_is_opened_as_one(ground: Ground, work_off: WorkOff) -> None:
    ground.hand_in(mail(("f.xml", ubl(number="F-8"))), filename="Facture.eml")
    work_off()
    assert Document.objects.get().number == "F-8"


def test_a_delivery_is_known_by_its_key(ground: Ground) -> None:
    first, again = (ground.hand_in(ubl(), filename="a.xml", key="upload:1") for _ in range(2))
    other = ground.hand_in(ubl(), filename="a.xml", key="upload:2")
    assert (first.id, Receipt.objects.count()) == (again.id, 2)
    assert other.id != first.id


def test_an_owner_of_another_file_is_left_out(ground: Ground) -> None:
    receipt = ground.hand_in(ubl(), filename="a.xml", wish=Wish(owner_id=uuid7()))
    with practice_scope(ground.practice.id):
        assert Receipt.objects.get(id=receipt.id).owner is None

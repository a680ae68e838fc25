"""Handing in for people of the client, and what the plain form does: their own alone, with every refusal said."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from liasse.clients.models import Member
from liasse.clients.types import MemberRole, MemberStatus
from liasse.core.scope import instance_scope
from liasse.intake import uploads
from liasse.intake.models import Receipt
from tests import factories
from tests.api.sender import Sender
from tests.web.office import Office, build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(transactional_db: None) -> Office:
    del transactional_db
    uploads.forget_sums()
    return build()


@pytest.fixture
def employee(office: Office) -> Member:
    return factories.member(office.file, "Paul Employe", role=MemberRole.STANDARD)


def sender(office: Office, person: Member) -> Sender:
    return Sender(factories.signed_in(person), f"/portal/{office.file.id}/uploads/")


def receipts() -> list[Receipt]:
    with instance_scope():
        return list(Receipt.objects.order_by("filename"))


def test_an_employee_hands_in_for_themselves_whatever_is_wished(office: Office, employee: Member) -> None:
    sender(office, employee).send(b"abc", filename="a.txt", owner=str(office.member.id))
    [receipt] = receipts()
    assert (receipt.owner_id, receipt.handed_in_by_id) == (employee.id, employee.user_id)


def test_whoever_sees_all_hands_in_for_another(office: Office) -> None:
    owner = factories.member(office.file, "Claire Patronne")
    sender(office, owner).send(b"abc", filename="a.txt", owner=str(office.member.id))
    assert receipts()[0].owner_id == office.member.id


def test_an_employee_is_told_of_their_own_receipts_alone(office: Office, employee: Member) -> None:
    own = sender(office, employee).send(b"abc", filename="a.txt")
    other = factories.member(office.file, "Zoe Employe", role=MemberRole.STANDARD)
    theirs = sender(office, other).send(b"def", filename="b.txt")
    assert [one["id"] for one in sender(office, employee).outcomes(own, theirs)] == [own]
    assert office.as_("coding").get(f"/portal/{office.file.id}/uploads/").status_code == 404


def test_the_app_on_a_phone_says_that_it_is_one(office: Office, employee: Member) -> None:
    phone = Sender(factories.signed_in(employee), f"/portal/{office.file.id}/uploads/?door=phone")
    assert phone.begin(3, body=b"abc", filename="a.txt").status_code == 201
    assert receipts()[0].door == "phone"


def test_access_taken_in_the_middle_is_refused_at_the_next_piece(office: Office, employee: Member) -> None:
    line = sender(office, employee)
    url = line.begin(6, filename="a.txt")["Location"]
    assert line.patch(url, b"abc", offset=0).status_code == 204
    with instance_scope():
        Member.objects.filter(id=employee.id).update(status=MemberStatus.SUSPENDED)
    assert line.patch(url, b"def", offset=3).status_code == line.head(url).status_code == 404
    assert receipts() == []


def form(browser: Client, at: str, *files: tuple[str, bytes], key: str = "k") -> str:
    given = [SimpleUploadedFile(name, content) for name, content in files]
    answer = browser.post(at, {"files": given, "key": key, "side": "sales"}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_form_sent_twice_is_one_and_one_refusal_keeps_no_other_back(office: Office) -> None:
    browser, at = office.as_("coding"), f"/files/{office.file.id}/hand-in/"
    for _ in range(2):
        page = form(browser, at, ("a.txt", b"abc"), ("vide.txt", b""), ("../../b.txt", b"def"))
        assert "2 fichiers reçus" in page
        assert "vide.txt – Ce fichier est vide" in page
    assert [(one.filename, one.side) for one in receipts()] == [("a.txt", "sales"), ("b.txt", "sales")]
    assert "Choisissez au moins un fichier" in form(browser, at)


def test_the_client_finds_what_was_handed_in_among_the_own(office: Office, employee: Member) -> None:
    browser = factories.signed_in(employee)
    page = form(browser, f"/portal/{office.file.id}/hand-in/", ("ticket.txt", b"abc"))
    assert "1 fichier reçu" in page
    from liasse.worker.main import run_next

    while run_next():
        pass
    assert "ticket.txt" in browser.get(f"/portal/{office.file.id}/").content.decode()


def test_a_separator_sheet_is_offered_to_print(office: Office) -> None:
    page = office.as_("administrator").get(f"/files/{office.file.id}/hand-in/").content.decode()
    assert ("separator-sheet" in page, "Imprimer une feuille de séparation" in page) == (True, True)

"""The client's own people: run by the client, within its limits; and what each sees of the documents."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from liasse.clients.models import Member
from liasse.clients.types import MemberRole, MemberStatus
from liasse.core.scope import practice_scope
from liasse.documents.models import Document
from liasse.invitations.models import Invitation
from liasse.invitations.types import MOST_BY_CLIENT
from liasse.lib.ids import uuid7
from liasse.messaging.models import OutgoingMessage
from tests import cast, factories
from tests.cast import Cast
from tests.factories import signed_in
from tests.queries import asked
from tests.web.office import build

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
ROSE = {"name": "Rose Dupont", "email": "Rose@dupont.example", "role": "standard", "invites": "on"}


@pytest.fixture
def people() -> Cast:
    return cast.build()


@pytest.fixture
def browser(people: Cast) -> Client:
    return signed_in(people.client_administrator)


def words(response: Any) -> str:  # noqa: ANN401 - the test client's answer
    return str(response.content.decode()).replace("\u202f", " ").replace("<wbr>", "")


def at(people: Cast, *rest: object) -> str:
    return f"/portal/{people.file.id}/members/" + "".join(f"{part}/" for part in rest)


def member(people: Cast, **values: Any) -> Member:  # noqa: ANN401 - any column
    with practice_scope(people.practice.id):
        return Member.objects.get(client_file=people.file, **values)


def test_an_administrator_adds_and_invites_in_one_go(people: Cast, browser: Client) -> None:
    assert browser.post(at(people, "new"), ROSE, headers=HTMX).status_code == 200
    rose = member(people, email="rose@dupont.example")
    assert (rose.status, rose.role) == (MemberStatus.INVITED, MemberRole.STANDARD)
    with practice_scope(people.practice.id):
        invitation = Invitation.objects.get(member=rose)
        assert OutgoingMessage.objects.get(subject_id=invitation.id).to_address == "rose@dupont.example"
    assert invitation.invited_by_member_id == people.client_administrator.id
    page = words(browser.get(at(people)))
    assert "Rose Dupont" in page
    assert "attend dans la boîte d’envoi" in page


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_made(people: Cast, browser: Client) -> None:
    said = browser.post(at(people, "new"), ROSE | {"email": ""}, headers=HTMX)
    assert said.status_code == 422
    assert 'id="user_email_error"' in words(said)
    with practice_scope(people.practice.id):
        assert not Member.objects.filter(name="Rose Dupont").exists()


def test_an_invitation_is_copied_sent_again_and_cancelled(people: Cast, browser: Client) -> None:
    browser.post(at(people, "new"), ROSE)
    rose = member(people, email="rose@dupont.example")
    first = words(browser.get(at(people, rose.id, "link")))
    browser.post(at(people, rose.id, "resend"))
    assert "/invitations/" in first
    assert words(browser.get(at(people, rose.id, "link"))) != first
    browser.post(at(people, rose.id, "revoke"))
    assert browser.get(at(people, rose.id, "link")).status_code == 404
    browser.post(at(people, rose.id, "invite"))
    assert member(people, id=rose.id).status == MemberStatus.INVITED


def test_a_manager_sees_administrators_without_a_way_to_touch_them(people: Cast) -> None:
    manager = factories.member(people.file, "Mona Petit", role=MemberRole.MANAGER)
    browser, fatima = signed_in(manager), people.client_administrator
    page = words(browser.get(at(people)))
    assert "Fatima Dupont" in page
    assert at(people, fatima.id) not in page
    assert 'value="administrator"' not in words(browser.get(at(people, "new")))
    changed = {"name": "X", "email": fatima.email, "role": "standard"}
    assert browser.post(at(people, fatima.id), changed, headers=HTMX).status_code == 403
    assert browser.post(at(people, fatima.id, "remove"), headers=HTMX).status_code == 403
    assert browser.post(at(people, "new"), ROSE | {"role": "administrator"}, headers=HTMX).status_code == 403
    assert member(people, id=fatima.id).name == "Fatima Dupont"


def test_an_employee_does_not_enter_and_finds_no_link(people: Cast) -> None:
    browser = signed_in(people.client_employee)
    assert browser.get(at(people)).status_code == 403
    assert at(people) not in words(browser.get(f"/portal/{people.file.id}/"))


def test_the_last_administrator_is_told_why_not(people: Cast, browser: Client) -> None:
    fatima = people.client_administrator
    typed = {"name": fatima.name, "email": fatima.email, "role": "standard"}
    said = browser.post(at(people, fatima.id), typed, headers=HTMX)
    assert (said.status_code, "dernier administrateur" in words(said)) == (403, True)
    said = browser.post(at(people, fatima.id, "remove"), headers=HTMX)
    assert (said.status_code, "dernier administrateur" in words(said)) == (403, True)


def test_whoever_leaves_is_out_at_the_next_click(people: Cast) -> None:
    second = factories.member(people.file, "Yves Roi")
    browser = signed_in(second)
    assert "Quitter ce dossier" in words(browser.get(at(people, second.id, "remove")))
    assert browser.post(at(people, second.id, "remove")).status_code == 302
    assert browser.get(f"/portal/{people.file.id}/").status_code == 404
    assert member(people, id=second.id).status == MemberStatus.LEFT


def test_a_client_invites_so_many_a_day(people: Cast, browser: Client) -> None:
    browser.post(at(people, "new"), ROSE)
    rose = member(people, email="rose@dupont.example")
    with practice_scope(people.practice.id):
        pattern = Invitation.objects.get(member=rose)
        for number in range(MOST_BY_CLIENT - 1):
            pattern.pk, pattern.id, pattern.token_hash = None, uuid7(), str(number)
            pattern.save(force_insert=True)
    said = browser.post(at(people, "new"), ROSE | {"email": "zoe@dupont.example"}, headers=HTMX)
    assert said.status_code == 409
    with practice_scope(people.practice.id):
        assert not Member.objects.filter(email="zoe@dupont.example").exists()


def test_the_list_costs_the_same_for_any_number(people: Cast, browser: Client) -> None:
    browser.post(at(people, "new"), ROSE)
    with asked() as few:
        browser.get(at(people))
    for number in range(8):
        browser.post(at(people, "new"), ROSE | {"email": f"{number}@dupont.example", "name": f"Person {number}"})
    with asked() as many:
        browser.get(at(people))
    assert len(many) == len(few) <= 14


# ------------------------------------------------------------------------------------------------ documents


@pytest.mark.parametrize(
    ("role", "sees_all", "shown"),
    [
        (MemberRole.ADMINISTRATOR, False, {"mine", "given", "others"}),
        (MemberRole.MANAGER, False, {"mine", "given", "others"}),
        (MemberRole.STANDARD, True, {"mine", "given", "others"}),
        (MemberRole.STANDARD, False, {"mine", "given"}),
    ],
)
def test_each_sees_what_the_role_and_the_permission_say(role: MemberRole, *, sees_all: bool, shown: set[str]) -> None:
    office = build()
    person = factories.member(office.file, "Eric Lambert", role=role)
    sent = office.document(supplier_name="CANARY-mine")
    given = office.document(supplier_name="CANARY-given")
    others = office.document(supplier_name="CANARY-others")
    with office.scope():
        Member.objects.filter(id=person.id).update(can_see_all=sees_all)
        type(sent.receipt).objects.filter(id=sent.receipt_id).update(member=person, subject="SUBJECT-mine")
        type(sent.receipt).objects.filter(id=given.receipt_id).update(member=office.member, subject="SUBJECT-given")
        Document.objects.filter(id=given.id).update(owner=person)
        Document.objects.filter(id=others.id).update(owner=office.member)
    page = words(signed_in(person).get(f"/portal/{office.file.id}/"))
    assert {name for name in ("mine", "given", "others") if f"CANARY-{name}" in page} == shown
    # Of somebody else's mail a person with the own documents alone reads these and no word more.
    assert ("SUBJECT-given" in page) is ("others" in shown)
    assert "SUBJECT-mine" in page
    # A delivery of which this person sees nothing is not listed at all.
    assert page.count("<time") == len(shown)


def test_whoever_gets_a_login_later_finds_the_documents_owned_before() -> None:
    office = build()
    document = office.document(supplier_name="CANARY-owned")
    person = factories.member(office.file, "Rose", role=MemberRole.STANDARD, status=MemberStatus.NO_LOGIN)
    with office.scope():
        Document.objects.filter(id=document.id).update(owner=person)
        Member.objects.filter(id=person.id).update(status=MemberStatus.ACTIVE, user=factories.user("Rose"))
        person.refresh_from_db()
    assert "CANARY-owned" in words(signed_in(person).get(f"/portal/{office.file.id}/"))

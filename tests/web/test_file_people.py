"""What becomes of a person of a file: warned of, followed, made the main contact, taken out."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, override_settings

from liasse.clients.models import EmailCheck, Member
from liasse.clients.rules import CHECKS_BY_PERSON
from liasse.clients.types import MemberRole, MemberStatus
from liasse.core.scope import practice_scope
from liasse.documents.models import Document
from liasse.invitations.models import Invitation
from liasse.invitations.types import InvitationState
from tests import cast, factories
from tests.cast import Cast
from tests.factories import signed_in
from tests.unit.custody.world import fill

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
WARNED = "déjà utilisé par le compte d’un autre client"


@pytest.fixture
def people() -> Cast:
    return cast.build()


@pytest.fixture
def browser(people: Cast) -> Client:
    return signed_in(people.administrator)


def words(response: Any) -> str:  # noqa: ANN401 - the test client's answer
    return str(response.content.decode()).replace("\u202f", " ").replace("<wbr>", "")


def nobody(people: Cast) -> str:
    """Give the start of the addresses of the file's person without a login."""
    with practice_scope(people.practice.id):
        member = Member.objects.get(client_file=people.file, status=MemberStatus.NO_LOGIN)
    return at(people, member)


def at(people: Cast, member: Member) -> str:
    return f"/files/{people.file.id}/members/{member.id}/"


def invite(browser: Client, start: str, *, email: str, **more: str) -> Any:  # noqa: ANN401 - the test client's answer
    typed = {"name": "Paul", "email": email, "phone": "", "by_email": "on"}
    return browser.post(f"{start}invite/", typed | more, headers=HTMX)


def count_invitations(people: Cast) -> int:
    with practice_scope(people.practice.id):
        return Invitation.objects.count()


def test_an_address_of_another_client_is_warned_of_before_anybody_is_written_to(people: Cast, browser: Client) -> None:
    stranger = factories.member(people.other_file, "Zoe Voisin")
    said = invite(browser, nobody(people), email=f" {stranger.email.upper()} ")
    assert (said.status_code, WARNED in words(said), count_invitations(people)) == (200, True, 0)
    for secret in ("Zoe Voisin", "Menuiserie", "Cabinet Voisin"):
        assert secret not in words(said)
    assert invite(browser, nobody(people), email=stranger.email, warned=stranger.email).content == b""
    assert count_invitations(people) == 1


def test_a_warning_of_one_address_does_not_let_another_pass(people: Cast, browser: Client) -> None:
    stranger = factories.member(people.other_file, "Zoe Voisin")
    said = invite(browser, nobody(people), email=stranger.email, warned="else@lepi.example")
    assert (WARNED in words(said), count_invitations(people)) == (True, 0)


@pytest.mark.parametrize("scope", ["practice", "instance"])
def test_the_setting_narrows_the_warning_to_the_practice_s_clients(people: Cast, browser: Client, scope: str) -> None:
    stranger = factories.member(people.other_file, "Zoe Voisin")
    neighbour = factories.member(people.sibling, "Sam Roi")
    start = nobody(people)
    with override_settings(LIASSE_EMAIL_WARNING=scope):
        assert WARNED in words(invite(browser, start, email=neighbour.email))
        assert (WARNED in words(invite(browser, start, email=stranger.email))) is (scope == "instance")


def test_beyond_the_limit_nothing_is_told_and_the_invitation_leaves(people: Cast, browser: Client) -> None:
    stranger = factories.member(people.other_file, "Zoe Voisin")
    with practice_scope(people.practice.id):
        for number in range(CHECKS_BY_PERSON):
            EmailCheck.objects.create(
                practice=people.practice, colleague=people.administrator, email_hash=str(number), is_in_use=False
            )
    assert WARNED not in words(invite(browser, nobody(people), email=stranger.email))
    assert count_invitations(people) == 1


def test_a_wrong_address_is_not_looked_up(people: Cast, browser: Client) -> None:
    assert invite(browser, nobody(people), email="nobody").status_code == 422
    with practice_scope(people.practice.id):
        assert not EmailCheck.objects.exists()


def test_an_invitation_is_followed(people: Cast, browser: Client) -> None:
    start = nobody(people)
    assert browser.get(f"{start}invitation/").status_code == 404
    invite(browser, start, email="paul@lepi.example")
    page = words(browser.get(f"{start}invitation/", headers=HTMX))
    assert "attend dans la boîte d’envoi" in page
    assert "/invitations/" in page
    assert "Utilisateur invité" in page
    assert f"{start}resend/" in page
    assert f"{start}revoke/" in page
    browser.post(f"{start}revoke/")
    page = words(browser.get(f"{start}invitation/", headers=HTMX))
    assert "invitation annulée" in page
    assert "/invitations/" not in page


def test_what_was_offered_and_changed_since_is_said_on_the_list(people: Cast, browser: Client) -> None:
    start = nobody(people)
    invite(browser, start, email="paul@lepi.example")
    typed = {"name": "Paul", "email": "paul@lepi.example", "role": "manager", "employee_code": "E7"}
    assert browser.post(start, typed, headers=HTMX).status_code == 200
    page = words(browser.get(f"/files/{people.file.id}/members/"))
    assert "lien caduc" in page
    assert "Le rôle a changé depuis" in page
    assert "Gestionnaire" in page
    assert "E7" in page
    browser.post(f"{start}resend/")
    assert "lien caduc" not in words(browser.get(f"/files/{people.file.id}/members/"))


def test_the_main_contact_is_chosen(people: Cast, browser: Client) -> None:
    assert browser.post(f"{at(people, people.client_employee)}main/", headers=HTMX).status_code == 200
    with practice_scope(people.practice.id):
        assert Member.objects.get(client_file=people.file, is_main=True).id == people.client_employee.id
    assert "contact principal" in words(browser.get(f"/files/{people.file.id}/members/"))


def test_somebody_is_taken_out_and_the_documents_are_handed_on(people: Cast, browser: Client) -> None:
    with practice_scope(people.practice.id):
        document = fill(people.file, content=b"of Eric")
        Document.objects.filter(id=document.id).update(owner=people.client_employee)
    start = at(people, people.client_employee)
    assert "1 pièce appartient à cette personne" in words(browser.get(f"{start}remove/", headers=HTMX))
    for heir in ("", "no id", str(people.other_administrator.id)):
        assert browser.post(f"{start}remove/", {"heir": heir}, headers=HTMX).status_code == 422
    said = browser.post(f"{start}remove/", {"heir": str(people.client_administrator.id)}, headers=HTMX)
    assert (said.status_code, "1 pi" in said.headers["HX-Trigger"]) == (200, True)
    with practice_scope(people.practice.id):
        assert Document.objects.get(id=document.id).owner == people.client_administrator
    assert "Eric Lambert" not in words(browser.get(f"/files/{people.file.id}/members/"))
    assert signed_in(people.client_employee).get(f"/portal/{people.file.id}/").status_code == 404


def test_the_main_contact_is_not_taken_out_and_it_is_said_why(people: Cast, browser: Client) -> None:
    said = browser.post(f"{nobody(people)}remove/", headers=HTMX)
    assert (said.status_code, "contact principal" in words(said)) == (409, True)


def test_a_permission_is_given_and_taken_by_its_box(people: Cast, browser: Client) -> None:
    eric = people.client_employee
    typed = {"name": eric.name, "email": eric.email, "role": MemberRole.STANDARD.value}
    for given in (True, False):
        browser.post(at(people, eric), typed | ({"can_see_all": "on"} if given else {}), headers=HTMX)
        with practice_scope(people.practice.id):
            assert Member.objects.get(id=eric.id).sees_all is given


def test_a_colleague_s_invitation_is_followed_and_cancelled(people: Cast, browser: Client) -> None:
    start = f"/team/{people.invited.id}/"
    assert browser.get(f"{start}invitation/").status_code == 404
    browser.post(f"{start}resend/")
    assert "/invitations/" in words(browser.get(f"{start}invitation/", headers=HTMX))
    assert browser.post(f"{start}revoke/", headers=HTMX).status_code == 200
    with practice_scope(people.practice.id):
        assert Invitation.objects.get().state == InvitationState.REVOKED
    assert "invitation annulée" in words(browser.get("/team/"))
    assert browser.post(f"{start}revoke/", headers=HTMX).status_code == 409

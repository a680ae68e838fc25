"""Utilisateurs du dossier: invitations that wait, fail, expire and are cancelled; what is counted and at what cost."""

import pytest
from django.test import Client
from django.utils import timezone

from liasse.clients.models import ClientFile, FileAccess, Member
from liasse.clients.types import MemberStatus
from liasse.core.access import Level
from liasse.core.models import AuditEvent
from liasse.core.scope import practice_scope
from liasse.invitations.models import Invitation
from liasse.invitations.services import invite_member
from liasse.invitations.standing import standings_of_members
from liasse.invitations.types import InvitationState
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.types import MessageState
from liasse.practices.selectors import actor_of
from tests import cast, factories
from tests.cast import Cast
from tests.factories import signed_in
from tests.queries import asked

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
PAUL = {"name": "Paul Dupont", "email": "paul@dupont.example", "phone": "", "by_email": "on"}


@pytest.fixture
def people() -> Cast:
    return cast.build()


@pytest.fixture
def browser(people: Cast) -> Client:
    return signed_in(people.administrator)


def invited(people: Cast, browser: Client) -> str:
    """Invite the file's first member and give the start of its addresses."""
    with practice_scope(people.practice.id):
        member = Member.objects.get(client_file=people.file, status=MemberStatus.NO_LOGIN)
    at = f"/files/{people.file.id}/members/{member.id}/"
    assert browser.post(f"{at}invite/", PAUL, headers=HTMX).status_code == 200
    return at


def link(browser: Client, at: str) -> str:
    page = browser.get(f"{at}link/", headers=HTMX).content.decode().replace("<wbr>", "")
    return "/invitations/" + page.partition("/invitations/")[2].partition("/")[0] + "/"


def listed(people: Cast, browser: Client) -> str:
    return str(browser.get(f"/files/{people.file.id}/members/").content.decode())


def test_a_cancelled_invitation_opens_nothing_and_the_person_stays(people: Cast, browser: Client) -> None:
    at = invited(people, browser)
    path = link(browser, at)
    assert browser.post(f"{at}revoke/", headers=HTMX).status_code == 200
    with practice_scope(people.practice.id):
        member = Member.objects.get(email="paul@dupont.example")
        assert (member.status, Invitation.objects.get().state) == (MemberStatus.NO_LOGIN, InvitationState.REVOKED)
        assert OutgoingMessage.objects.get().state == MessageState.CANCELLED
        event = AuditEvent.objects.get(verb="invitation.revoked")
    assert event.actor_name == people.administrator.name
    assert Client().get(path, follow=True).status_code == 410
    assert "revoke" not in listed(people, browser)


def test_there_is_nothing_to_cancel_twice(people: Cast, browser: Client) -> None:
    at = invited(people, browser)
    browser.post(f"{at}revoke/", headers=HTMX)
    said = browser.post(f"{at}revoke/", headers=HTMX)
    assert (said.status_code, said.content.decode()) == (409, "Il n’y a pas d’invitation en cours pour cette personne.")


def test_an_accepted_invitation_is_not_cancelled(people: Cast, browser: Client) -> None:
    at = invited(people, browser)
    guest = Client()
    guest.get(link(browser, at))
    guest.post("/invitations/", {"name": "Paul", "password": "quatre mots au hasard"})
    assert browser.post(f"{at}revoke/", headers=HTMX).status_code == 409
    with practice_scope(people.practice.id):
        assert Member.objects.get(email="paul@dupont.example").status == MemberStatus.ACTIVE


def test_a_message_that_failed_says_why_beside_the_person(people: Cast, browser: Client) -> None:
    invited(people, browser)
    assert "attend dans la boîte d’envoi" in listed(people, browser)
    with practice_scope(people.practice.id):
        OutgoingMessage.objects.update(state=MessageState.FAILED, last_error="550 no such mailbox")
    page = listed(people, browser)
    assert "550 no such mailbox" in page
    assert "Renvoyer" in page


def test_a_link_past_its_term_is_not_shown_to_be_copied(people: Cast, browser: Client) -> None:
    at = invited(people, browser)
    with practice_scope(people.practice.id):
        Invitation.objects.update(expires_at=timezone.now())
    page = listed(people, browser)
    assert "lien expiré" in page
    assert "Copier le lien" not in page
    assert browser.get(f"{at}link/").status_code == 404


def test_a_member_of_another_file_is_not_there(people: Cast, browser: Client) -> None:
    with practice_scope(people.practice.id):
        strange = Member.objects.get(client_file=people.sibling)
    for rest in ("", "invite/", "resend/", "revoke/", "link/"):
        said = browser.post(f"/files/{people.file.id}/members/{strange.id}/{rest}", PAUL)
        assert said.status_code == (405 if rest == "link/" else 404)
    with practice_scope(people.practice.id):
        assert Invitation.objects.count() == 0


def test_adding_counts_and_two_with_one_address_are_refused(people: Cast, browser: Client) -> None:
    before = people.file.count_members
    typed = {"name": "Rose", "email": "rose@dupont.example", "phone": "06 12 34 56 78", "role": "standard"}
    at = f"/files/{people.file.id}/members/new/"
    assert browser.post(at, typed, headers=HTMX).status_code == 200
    again = browser.post(at, typed, headers=HTMX)
    assert again.status_code == 422
    assert 'id="person_email_error"' in again.content.decode()
    with practice_scope(people.practice.id):
        assert ClientFile.objects.get(id=people.file.id).count_members == before + 1
    assert "+33 6 12 34 56 78" in listed(people, browser)


def test_the_list_costs_the_same_for_any_number(
    people: Cast,
    browser: Client,
) -> None:
    invited(people, browser)
    for number in range(8):
        factories.member(people.file, f"Person {number}", status=MemberStatus.NO_LOGIN)
    with asked() as seen:
        listed(people, browser)
    # Who of the inviters still runs the file is asked once for all.
    assert len(seen) <= 10


def test_the_list_costs_the_same_for_any_number_of_inviters(people: Cast, browser: Client) -> None:
    counts = []
    for number in range(5):
        by = factories.colleague(people.practice, f"Colleague {number}")
        factories.grant(people.file, to=by)
        person = factories.member(people.file, f"Person {number}", status=MemberStatus.NO_LOGIN)
        with practice_scope(people.practice.id):
            Member.objects.filter(id=person.id).update(email=f"person{number}@x.example")
            person.refresh_from_db()
            invite_member(person, actor=actor_of(by))
        with asked() as statements:
            listed(people, browser)
        counts.append(len(statements))
    assert len(set(counts)) == 1


def test_the_link_of_a_colleague_who_lost_the_file_is_told_apart_on_the_list(people: Cast) -> None:
    by = factories.colleague(people.practice, "Zoe Roux")
    grant = factories.grant(people.file, to=by)
    person = factories.member(people.file, "Paul Roux", status=MemberStatus.NO_LOGIN)
    with practice_scope(people.practice.id):
        Member.objects.filter(id=person.id).update(email="paul@x.example")
        person.refresh_from_db()
        invite_member(person, actor=actor_of(by))
        for level, holds in ((Level.FULL, True), (Level.CODING, False)):
            FileAccess.objects.filter(id=grant.id).update(level=level)
            [standing] = standings_of_members(people.file).values()
            assert bool(standing.link) is holds

"""The screens behind an invitation's link: each step, each end, and the way on from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from liasse.clients.models import ClientFile, Member
from liasse.clients.types import MemberRole, MemberStatus
from liasse.core.scope import instance_scope, practice_scope
from liasse.identity.models import User
from liasse.invitations.mails import CODE_PURPOSE, PURPOSE
from liasse.invitations.models import Invitation
from liasse.invitations.opening import withdraw_from
from liasse.invitations.services import invite_member, resend
from liasse.invitations.types import InvitationState
from liasse.messaging import services as messaging
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.selectors import rendered
from liasse.practices.models import Colleague
from liasse.practices.selectors import actor_of
from liasse.practices.types import ColleagueStatus
from tests import cast, factories
from tests.cast import Cast
from tests.factories import PASSWORD, signed_in

pytestmark = pytest.mark.django_db
FORM = "/invitations/"
NEW = {"name": "Paul Lépi", "password": "du pain chaud le matin"}


@pytest.fixture
def people() -> Cast:
    return cast.build()


@pytest.fixture
def relay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the instance be one whose mails leave by themselves."""
    monkeypatch.setattr(messaging, "can_send_email", lambda: True)


def words(response: Any) -> str:  # noqa: ANN401 - the test client's answer
    return str(response.content.decode()).replace("\u202f", " ").replace("<wbr>", "")


def invited(people: Cast, *, email: str = "paul@lepi.example") -> Invitation:
    with practice_scope(people.practice.id):
        member = Member.objects.filter(client_file=people.file, status=MemberStatus.NO_LOGIN).order_by("id")[0]
        Member.objects.filter(id=member.id).update(email=email, name="Paul Lépi")
        return invite_member(member, actor=people.actor)


def link(people: Cast, invitation: Invitation) -> str:
    with practice_scope(people.practice.id):
        messages = OutgoingMessage.objects.filter(subject_id=invitation.id, link_purpose=PURPOSE)
        return "/" + rendered(messages.order_by("-id")[0]).link.split("/", 3)[3]


def code() -> str:
    with instance_scope():
        return rendered(OutgoingMessage.objects.filter(link_purpose=CODE_PURPOSE).order_by("-id")[0]).code


def guest(people: Cast, invitation: Invitation) -> Client:
    browser = Client(HTTP_ACCEPT_LANGUAGE="fr")
    browser.get(link(people, invitation))
    return browser


@pytest.mark.usefixtures("relay")
def test_somebody_new_proves_the_address_then_chooses_a_password(people: Cast) -> None:
    browser = guest(people, invited(people))
    page = words(browser.get(FORM))
    assert "Recevoir le code" in page
    assert 'name="password"' not in page
    assert "code à six chiffres" in words(browser.post("/invitations/code/", follow=True)).lower()
    wrong = browser.post("/invitations/proof/", {"code": "000000" if code() != "000000" else "111111"})
    assert wrong.status_code == 422
    page = words(browser.post("/invitations/proof/", {"code": code()}, follow=True))
    assert 'name="password"' in page
    assert browser.post(FORM, NEW)["Location"] == f"/portal/{people.file.id}/"
    assert User.objects.get(email="paul@lepi.example").name == "Paul Lépi"


@pytest.mark.usefixtures("relay")
def test_a_link_alone_is_nobody(people: Cast) -> None:
    browser = guest(people, invited(people))
    assert browser.post(FORM, NEW)["Location"] == FORM
    assert browser.post("/invitations/decline/")["Location"] == FORM
    with practice_scope(people.practice.id):
        assert Invitation.objects.get().state == InvitationState.WAITING
    assert not User.objects.filter(email="paul@lepi.example").exists()


@pytest.mark.usefixtures("relay")
def test_a_code_that_one_browser_asked_for_is_of_no_use_in_another(people: Cast) -> None:
    invitation = invited(people)
    first, second = guest(people, invitation), guest(people, invitation)
    first.post("/invitations/code/")
    assert second.post("/invitations/proof/", {"code": code()}).status_code == 422
    assert "Recevoir le code" in words(second.get(FORM))
    assert first.post("/invitations/proof/", {"code": code()}).status_code == 302


@pytest.mark.usefixtures("relay")
def test_a_proof_does_not_outlive_the_link(people: Cast) -> None:
    invitation = invited(people)
    browser = guest(people, invitation)
    browser.post("/invitations/code/")
    browser.post("/invitations/proof/", {"code": code()})
    with practice_scope(people.practice.id):
        again = resend(invitation, actor=people.actor)
    browser.get(link(people, again))
    assert "Recevoir le code" in words(browser.get(FORM))


@pytest.mark.usefixtures("relay")
def test_a_program_that_checks_mail_follows_the_link_and_nothing_happens(people: Cast) -> None:
    invitation = invited(people)
    for _visit in range(3):
        scanner = guest(people, invitation)
        scanner.get(FORM)
        scanner.head(FORM)
    with practice_scope(people.practice.id):
        assert Invitation.objects.get().state == InvitationState.WAITING
    assert "Recevoir le code" in words(guest(people, invitation).get(FORM))


def test_whoever_signs_in_on_the_way_finds_the_invitation_again(people: Cast) -> None:
    browser = guest(people, invited(people, email=people.outsider.email))
    assert "/sign-in/?next=/invitations/" in words(browser.get(FORM))
    browser.post("/sign-in/", {"email": people.outsider.email, "password": PASSWORD, "next": FORM})
    page = words(browser.get(FORM))
    assert "De la part de Anne Martin" in page
    assert "Accepter" in page
    with practice_scope(people.practice.id):
        assert Invitation.objects.get().state == InvitationState.OPENED


def test_a_forwarded_link_is_for_somebody_else_and_leads_on(people: Cast) -> None:
    invitation = invited(people, email=people.outsider.email)
    browser = signed_in(people.colleague)
    page = words(browser.get(link(people, invitation), follow=True))
    assert f"destinée à {people.outsider.email}" in page
    assert browser.post(FORM)["Location"] == FORM
    page = words(browser.post("/invitations/switch/", follow=True))
    assert "a déjà un compte" in page
    assert "_auth_user_id" not in browser.session


def test_a_second_click_leads_whoever_accepted_into_the_file(people: Cast) -> None:
    invitation = invited(people)
    browser = guest(people, invitation)
    browser.post(FORM, NEW)
    assert browser.get(link(people, invitation), follow=True).redirect_chain[-1][0] == f"/portal/{people.file.id}/"
    assert "déjà acceptée" in words(guest(people, invitation).get(FORM))


def _row(**values: object) -> Callable[[Cast, Invitation], object]:
    return lambda _people, one: Invitation.objects.filter(id=one.id).update(**values)


def _member(**values: object) -> Callable[[Cast, Invitation], object]:
    return lambda _people, one: Member.objects.filter(invitations=one).update(**values)


ENDS: dict[str, tuple[Callable[[Cast, Invitation], object], str, bool]] = {
    "expired": (_row(expires_at=timezone.now() - timedelta(hours=1)), "a expiré", True),
    "declined": (_row(state="declined"), "Vous avez décliné", True),
    "address": (_member(email="else@lepi.example"), "ancienne adresse", True),
    "role": (_member(role=MemberRole.STANDARD), "a changé", True),
    "inviter": (
        lambda people, _one: Colleague.objects.filter(id=people.administrator.id).update(
            status=ColleagueStatus.SUSPENDED
        ),
        "n’a plus accès",
        True,
    ),
    "revoked": (
        lambda people, one: withdraw_from(Member.objects.get(invitations=one), actor=actor_of(people.administrator)),
        "a été annulée",
        False,
    ),
    "archived": (
        lambda people, _one: ClientFile.objects.filter(id=people.file.id).update(status="archived"),
        "archivé",
        False,
    ),
    "gone": (_member(status=MemberStatus.SUSPENDED), "a été retiré", False),
}


@pytest.mark.parametrize("what", ENDS)
def test_each_end_has_its_screen_and_a_way_on(people: Cast, what: str) -> None:
    happens, title, may_ask = ENDS[what]
    invitation = invited(people)
    browser = guest(people, invitation)
    with practice_scope(people.practice.id):
        happens(people, invitation)
    response = browser.get(FORM)
    page = words(response)
    assert (response.status_code, title in page) == (410, True)
    assert "Boulangerie Dupont" in page
    assert "Se connecter" in page
    assert ("/invitations/again/" in page) is may_ask
    for path in (FORM, "/invitations/code/", "/invitations/proof/", "/invitations/decline/"):
        assert browser.post(path, NEW).status_code in {302, 410}
    assert not User.objects.filter(email="paul@lepi.example").exists()
    said = words(browser.post("/invitations/again/", follow=True))
    assert ("Votre demande a été transmise" in said) is may_ask


def test_a_link_that_was_replaced_and_one_that_was_cut_say_so(people: Cast) -> None:
    invitation = invited(people)
    older = link(people, invitation)
    with practice_scope(people.practice.id):
        resend(invitation, actor=people.actor)
    assert "lien plus récent" in words(Client(HTTP_ACCEPT_LANGUAGE="fr").get(older, follow=True))
    assert "incomplet" in words(Client(HTTP_ACCEPT_LANGUAGE="fr").get(older[:-9] + "/", follow=True))
    assert "incomplet" in words(Client(HTTP_ACCEPT_LANGUAGE="fr").get(FORM))


def test_the_link_waits_in_a_cookie_that_no_script_and_no_other_page_gets(people: Cast) -> None:
    cookie = Client().get(link(people, invited(people))).cookies["invitation-link"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (FORM, True, "Lax", "")


@pytest.mark.parametrize("token", ["%00", "a" * 3000, "..%2f..", "é;b=c"])
def test_what_is_no_token_is_not_kept(token: str) -> None:
    browser = Client(HTTP_ACCEPT_LANGUAGE="fr")
    browser.get(f"/invitations/{token}/")
    assert not browser.cookies.get("invitation-link") or browser.cookies["invitation-link"].value == ""
    assert browser.get(FORM).status_code == 404


def test_somebody_invited_by_the_client_reads_by_whom(people: Cast) -> None:
    browser = signed_in(people.client_administrator)
    typed = {"name": "Rose", "email": "rose@dupont.example", "role": "standard", "invites": "on"}
    browser.post(f"/portal/{people.file.id}/members/new/", typed)
    with practice_scope(people.practice.id):
        invitation = Invitation.objects.get()
    assert "Fatima Dupont vous invite dans le dossier" in words(guest(people, invitation).get(FORM))
    with practice_scope(people.practice.id):
        Member.objects.filter(id=people.client_administrator.id).update(role=MemberRole.STANDARD)
    assert guest(people, invitation).get(FORM).status_code == 410


def test_the_homograph_of_an_invited_address_is_another_person(people: Cast) -> None:
    invitation = invited(people)
    twin = factories.user("Paul Lépi", email="paul@lepі.example")
    browser = signed_in(twin)
    browser.get(link(people, invitation))
    assert "destinée à paul@lepi.example" in words(browser.get(FORM))
    browser.post(FORM)
    with practice_scope(people.practice.id):
        assert Member.objects.get(invitations=invitation).user is None

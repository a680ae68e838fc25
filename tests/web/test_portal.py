"""The client's screens: the link that lets a person in, the address, and what became of what was handed in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from liasse.clients.models import ClientFile, Member
from liasse.clients.types import MemberStatus
from liasse.core.models import AuditEvent
from liasse.core.scope import practice_scope
from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus, Step
from liasse.identity.models import User
from liasse.intake.models import Receipt, ReceiptPart
from liasse.intake.types import ReceiptState, Verdict
from liasse.invitations.models import Invitation
from liasse.invitations.services import invite_colleague, invite_member
from liasse.lib.ids import uuid7
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.selectors import rendered
from liasse.practices.models import Colleague
from liasse.practices.services import suspend
from liasse.practices.types import Role
from tests import cast, factories
from tests.cast import Cast
from tests.factories import PASSWORD, signed_in
from tests.queries import asked

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
FORM = "/invitations/"
NEW = {"name": "Paul Lépi", "password": "du pain chaud le matin"}


@pytest.fixture
def people() -> Cast:
    return cast.build()


def words(response: Any) -> str:  # noqa: ANN401 - the test client's answer
    return str(response.content.decode()).replace("\u202f", " ").replace("<wbr>", "")


def link(people: Cast, *, email: str = "paul@lepi.example", file: ClientFile | None = None) -> str:
    """Invite somebody to a file and give the link as the mail holds it."""
    target = file or people.file
    with practice_scope(target.practice_id):
        member = Member.objects.create(
            practice_id=target.practice_id, client_file=target, name="Paul Lépi", email=email
        )
        invitation = invite_member(member, actor=people.actor)
        return _path(invitation)


def _path(invitation: Invitation) -> str:
    message = OutgoingMessage.objects.filter(subject_id=invitation.id).order_by("-id")[0]
    return "/" + rendered(message).link.split("/", 3)[3]


def opened(path: str, *, by: Client | None = None) -> tuple[Client, Any]:
    browser = by or Client(HTTP_ACCEPT_LANGUAGE="fr")
    return browser, browser.get(path, follow=True)


# ------------------------------------------------------------------------------------------ the invitation's link


def test_looking_changes_nothing_and_leaves_the_token_behind(people: Cast) -> None:
    path = link(people)
    with practice_scope(people.practice.id):
        before = (AuditEvent.objects.count(), Invitation.objects.get().state)
    browser = Client()
    response = browser.get(path)
    assert (response.status_code, response["Location"]) == (302, FORM)
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "Boulangerie Dupont" in words(browser.get(FORM))
    with practice_scope(people.practice.id):
        assert (AuditEvent.objects.count(), Invitation.objects.get().state) == before


@pytest.mark.parametrize(
    ("language", "sentence"), [("fr", "Cabinet Martin vous invite"), ("en", "Cabinet Martin invites you")]
)
def test_a_new_person_sets_a_password_and_is_in_the_file(people: Cast, language: str, sentence: str) -> None:
    browser, page = opened(link(people), by=Client(HTTP_ACCEPT_LANGUAGE=language))
    assert sentence in words(page)
    assert 'value="paul@lepi.example"' in words(page)
    response = browser.post(FORM, NEW, follow=True)
    assert response.redirect_chain[-1][0] == f"/portal/{people.file.id}/"
    with practice_scope(people.practice.id):
        member = Member.objects.get(email="paul@lepi.example")
    assert (member.status, member.user and member.user.email) == (MemberStatus.ACTIVE, "paul@lepi.example")
    assert browser.get(f"/portal/{people.sibling.id}/").status_code == 404


def test_a_password_that_is_too_short_is_refused_beside_its_field(people: Cast) -> None:
    browser, _page = opened(link(people))
    response = browser.post(FORM, NEW | {"password": "court"})
    assert (response.status_code, words(response).count('aria-invalid="true"')) == (422, 1)
    assert not User.objects.filter(email="paul@lepi.example").exists()
    assert browser.post(FORM, NEW).status_code == 302


def test_somebody_known_signs_in_and_sees_the_invitation(people: Cast) -> None:
    known = people.outsider
    browser, page = opened(link(people, email=known.email))
    assert "a déjà un compte" in words(page)
    assert 'name="password"' not in words(page)
    signing = {"email": known.email, "password": PASSWORD, "next": FORM}
    page = browser.post("/sign-in/", signing, follow=True)
    assert "vous invite dans le dossier Boulangerie Dupont" in words(page)
    assert browser.post(FORM, follow=True).redirect_chain[-1][0] == f"/portal/{people.file.id}/"


def test_somebody_known_does_not_get_another_password_by_the_link(people: Cast) -> None:
    browser, _page = opened(link(people, email=people.outsider.email))
    browser.post(FORM, NEW)
    assert User.objects.get(id=people.outsider.id).check_password(PASSWORD)
    assert "_auth_user_id" not in browser.session


def test_another_person_s_session_does_not_take_it(people: Cast) -> None:
    browser, page = opened(link(people), by=signed_in(people.colleague))
    assert f"connecté en tant que {people.colleague.email}" in words(page)
    browser.post(FORM, NEW)
    with practice_scope(people.practice.id):
        assert Member.objects.get(email="paul@lepi.example").user is None


def test_a_colleague_comes_to_the_clients_of_that_practice(people: Cast) -> None:
    with practice_scope(people.practice.id):
        path = _path(invite_colleague(people.invited, actor=people.actor))
    browser, page = opened(path)
    assert "vous invite à rejoindre le cabinet" in words(page)
    response = browser.post(FORM, {"name": "Ivan Leroy", "password": NEW["password"]}, follow=True)
    assert response.redirect_chain[-1][0] == "/clients/"
    with practice_scope(people.practice.id):
        assert Colleague.objects.get(id=people.invited.id).status == "active"


def _expire(_people: Cast) -> None:
    Invitation.objects.update(expires_at=NOON - timedelta(days=900))


def _revoke(_people: Cast) -> None:
    Invitation.objects.update(state="revoked")


def _suspend_inviter(people: Cast) -> None:
    factories.colleague(people.practice, "Berthe", role=Role.ADMINISTRATOR)
    suspend(people.administrator, actor=people.actor)


def _archive(_people: Cast) -> None:
    ClientFile.objects.update(status="archived")


@pytest.mark.parametrize(
    ("happens", "sentence"),
    [
        (_expire, "expiré"),
        (_revoke, "plus valable"),
        (_suspend_inviter, "n’a plus accès"),
        (_archive, "archivé"),
    ],
)
def test_a_link_that_holds_no_more_says_why(people: Cast, happens: Any, sentence: str) -> None:  # noqa: ANN401 - a function
    browser, _page = opened(link(people))
    with practice_scope(people.practice.id):
        happens(people)
    response = browser.get(FORM)
    assert response.status_code == 410
    assert sentence in words(response)
    assert browser.post(FORM, NEW).status_code == 410
    assert not User.objects.filter(email="paul@lepi.example").exists()


def test_a_used_link_sends_to_the_sign_in(people: Cast) -> None:
    path = link(people)
    browser, _page = opened(path)
    browser.post(FORM, NEW)
    _other, page = opened(path)
    assert page.status_code == 410
    assert "/sign-in/" in words(page)


def test_a_made_up_link_is_answered_without_a_word_about_anybody(people: Cast) -> None:
    _browser, page = opened("/invitations/" + "x" * 43 + "/")
    assert page.status_code == 404
    assert people.practice.name not in words(page)
    assert Client().get(FORM).status_code == 404


def test_the_session_gets_a_new_key(people: Cast) -> None:
    browser, _page = opened(link(people))
    before = browser.session.session_key
    browser.post(FORM, NEW)
    assert browser.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


# ------------------------------------------------------------------------------------------------ the client's file


def hand_in(file: ClientFile, *, by: Member | None = None, minutes: int = 0, **values: Any) -> Receipt:  # noqa: ANN401 - any column
    known: dict[str, Any] = {
        "delivery_key": str(uuid7()),
        "sha256": "0" * 64,
        "size": 10,
        "received_at": NOON + timedelta(minutes=minutes),
        "state": ReceiptState.OPENED,
        "subject": f"Envoi {minutes:02}",
        "from_name": by.name if by else "Inconnu",
    }
    return Receipt.objects.create(practice_id=file.practice_id, client_file=file, member=by, **(known | values))


def _document(receipt: Receipt, *, status: DocumentStatus, name: str = "facture.pdf") -> Document:
    part = ReceiptPart.objects.create(
        practice_id=receipt.practice_id, receipt=receipt, index=0, filename=name, verdict=Verdict.DOCUMENT
    )
    return Document.objects.create(
        practice_id=receipt.practice_id, client_file_id=receipt.client_file_id, receipt=receipt, part=part,
        filename=name, media_type="application/pdf", sha256="0" * 64, size=10, received_at=receipt.received_at,
        status=status, step=Step.DONE, currency="EUR",
    )  # fmt: skip


def test_the_file_shows_its_address_to_copy(people: Cast) -> None:
    page = words(signed_in(people.client_administrator).get(f"/portal/{people.file.id}/"))
    assert f'data-copy="file.{people.file.id.hex}@' in page
    assert "Rien pour l’instant" in page


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (DocumentStatus.PROCESSING, "en lecture"),
        (DocumentStatus.TO_REVIEW, "au cabinet"),
        (DocumentStatus.READY, "prête"),
        (DocumentStatus.ARCHIVED, "classée"),
    ],
)
def test_each_document_says_where_it_stands_in_plain_words(people: Cast, status: DocumentStatus, said: str) -> None:
    with practice_scope(people.practice.id):
        _document(hand_in(people.file), status=status, name="moulin.pdf")
    page = words(signed_in(people.client_administrator).get(f"/portal/{people.file.id}/"))
    assert "moulin.pdf" in page
    assert said in page


def test_what_cannot_be_used_says_why(people: Cast) -> None:
    with practice_scope(people.practice.id):
        receipt = hand_in(people.file, state=ReceiptState.UNUSABLE, problem="nothing-usable")
        ReceiptPart.objects.create(
            practice_id=people.practice.id, receipt=receipt, index=0, filename="a.docx", verdict=Verdict.REFUSED,
            reason="office",
        )  # fmt: skip
        hand_in(people.file, state=ReceiptState.FAILED, problem="open-failed", subject="Mail cassé")
    page = words(signed_in(people.client_administrator).get(f"/portal/{people.file.id}/"))
    for shown in ("a.docx", "inutilisable", "PDF", "rien n’y est une pièce", "le cabinet s’en occupe"):
        assert shown in page


def test_an_employee_sees_only_what_is_theirs(people: Cast) -> None:
    with practice_scope(people.practice.id):
        hand_in(people.file, by=people.client_employee, minutes=1)
        hand_in(people.file, by=people.client_administrator, minutes=2)
        hand_in(people.file, minutes=3)
    mine = words(signed_in(people.client_employee).get(f"/portal/{people.file.id}/"))
    everything = words(signed_in(people.client_administrator).get(f"/portal/{people.file.id}/"))
    shown = [name for name in ("Envoi 01", "Envoi 02", "Envoi 03") if name in mine]
    assert shown == ["Envoi 01"]
    assert all(name in everything for name in ("Envoi 01", "Envoi 02", "Envoi 03"))


def test_what_was_handed_in_is_paged_newest_first_at_a_fixed_cost(people: Cast) -> None:
    browser, address = signed_in(people.client_administrator), f"/portal/{people.file.id}/"
    costs, first = [], ""
    for minutes in (range(2), range(2, 25)):
        with practice_scope(people.practice.id):
            for minute in minutes:
                _document(hand_in(people.file, minutes=minute), status=DocumentStatus.READY)
        with asked() as seen:
            first = words(browser.get(address))
        costs.append(len(seen))
    assert costs[0] == costs[1] < 20
    assert ("Envoi 24" in first, "Envoi 05" in first, "Envoi 04" in first) == (True, True, False)
    rest = first.split('class="btn btn-ghost btn-s" href="')[1].split('"')[0]
    second = words(browser.get(rest, headers={"HX-Request": "true"}))
    assert ("Envoi 04" in second, "Envoi 00" in second, "Envoi 05" in second) == (True, True, False)


def test_another_file_s_arrivals_are_not_reached_by_the_place_of_a_page(people: Cast) -> None:
    with practice_scope(people.practice.id):
        foreign = hand_in(people.sibling, subject="Secret du garage")
    page = words(signed_in(people.client_administrator).get(f"/portal/{people.file.id}/?after={foreign.id}"))
    assert "Secret" not in page


# ------------------------------------------------------------------------------------------------ several files


def test_one_file_is_opened_at_once(people: Cast) -> None:
    response = signed_in(people.client_administrator).get("/portal/")
    assert response["Location"] == f"/portal/{people.file.id}/"


def test_several_files_under_one_login_are_switched(people: Cast) -> None:
    email = people.client_administrator.email
    factories.member(people.other_file, "Fatima Dupont", email=email)
    browser = signed_in(people.client_administrator)
    page = words(browser.get("/portal/"))
    for shown in ("Boulangerie Dupont", "Cabinet Martin", "Menuiserie Voisin", "Cabinet Voisin"):
        assert shown in page
    found = words(browser.get("/portal/files/?q=MENUIS", headers={"HX-Request": "true"}))
    assert ("Menuiserie" in found, "Boulangerie" in found) == (True, False)
    assert "files-panel" in words(browser.get(f"/portal/{people.other_file.id}/"))
    assert browser.get(f"/portal/{people.other_sibling.id}/").status_code == 404


def test_two_files_of_one_name_tell_their_days(people: Cast) -> None:
    factories.member(people.sibling, "Fatima Dupont", email=people.client_administrator.email)
    with practice_scope(people.practice.id):
        ClientFile.objects.filter(id=people.sibling.id).update(name=people.file.name)
    page = words(signed_in(people.client_administrator).get("/portal/"))
    assert page.count("ouvert le") == 2


def test_whoever_has_no_file_goes_to_their_own_first_screen(people: Cast) -> None:
    browser = signed_in(people.colleague)
    assert browser.get("/portal/", follow=True).redirect_chain[-1][0] == "/clients/"
    assert signed_in(people.outsider).get("/portal/", follow=True).status_code == 200


def test_who_is_both_begins_at_the_practice_and_finds_the_way_over(people: Cast) -> None:
    factories.member(people.other_file, "Karim Benali", email=people.colleague.email)
    browser = signed_in(people.colleague)
    assert browser.get("/")["Location"] == "/clients/"
    assert 'href="/portal/"' in words(browser.get("/profile/"))
    assert 'href="/portal/"' not in words(signed_in(people.administrator).get("/profile/"))
    assert browser.get("/portal/")["Location"] == f"/portal/{people.other_file.id}/"


def test_a_suspended_member_is_out_at_the_next_click(people: Cast) -> None:
    browser = signed_in(people.client_administrator)
    with practice_scope(people.practice.id):
        Member.objects.filter(id=people.client_administrator.id).update(status=MemberStatus.SUSPENDED)
    assert browser.get(f"/portal/{people.file.id}/").status_code == 404

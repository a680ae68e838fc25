"""The window that opens a client file, step by step, without a browser."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from liasse.clients.models import ClientFile, EmailCheck, Member
from liasse.clients.types import MemberStatus
from liasse.core.models import AuditEvent
from liasse.core.scope import instance_scope
from liasse.invitations.models import Invitation
from liasse.messaging.models import OutgoingMessage
from liasse.practices.models import Colleague
from tests.web.firm import Firm, firm, invitee

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
NAME = {"name": "Boulangerie L'Épi d'Or", "sector": "bakery"}
CLIENT = {"contact_name": "Paul Lépi", "email": "paul@lepi.example"}
PHONE = {"phone": "", "by_email": "on"}


class Window:
    """The wizard as a browser without a screen: it posts back what the last answer held."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.said: Any = client.get("/clients/new/", headers=HTMX)
        assert self.said.status_code == 200

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", self.said.content.decode().replace("\u202f", " "))

    def held(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.said.content.decode())
        assert found, self.text
        return found[1]

    def post(self, **typed: Any) -> Any:  # noqa: ANN401 - any field
        words = {"at": self.held("at"), "state": self.held("state"), **typed}
        self.said = self.client.post("/clients/new/", words, headers=HTMX)
        return self.said

    def to_confirmation(self, **changed: str) -> None:
        """Invite; the firm has colleagues."""
        for step in (NAME | changed, {}, CLIENT | changed, PHONE | changed):
            self.post(**step)
            assert self.said.status_code == 200, self.text


def count() -> tuple[int, int, int]:
    with instance_scope():
        return ClientFile.objects.count(), Invitation.objects.count(), OutgoingMessage.objects.count()


def at_step(window: Window) -> str:
    found = re.search(r"Étape (\d) sur (\d)", window.text)
    return f"{found[1]}/{found[2]}" if found else ""


def test_nothing_is_created_before_the_last_click() -> None:
    window = Window(firm().browser())
    before = count()
    window.to_confirmation()
    assert (count(), at_step(window)) == (before, "5/5")
    assert window.post().status_code == 200
    assert count() == (1, 1, 1)
    assert "boulangerie-epi-or." in window.text


def test_without_colleagues_the_step_is_absent_and_the_counter_adapts() -> None:
    window = Window(firm("claire").browser())
    assert at_step(window) == "1/4"
    window.post(**NAME)
    assert (window.held("at"), at_step(window)) == ("client", "2/4")
    window.post(skip="1")
    assert at_step(window) == "3/3"


def test_pending_colleagues_are_shown_and_suspended_ones_are_not() -> None:
    window = Window(firm().browser())
    window.post(**NAME)
    assert "Hugo Perrin" in window.text
    assert "Inès Faure" in window.text
    assert "Marc Petit" not in window.text
    assert "Claire Delmas" not in window.text


def test_back_keeps_every_entry_right_or_wrong() -> None:
    office = firm()
    window = Window(office.browser())
    window.post(**NAME)
    lea = str(office.people["lea"].id)
    window.post(colleague=[lea])
    window.post(contact_name="Paul", email="not yet", back="1")
    assert f'value="{lea}" data-tick checked' in window.said.content.decode()
    window.post(colleague=[lea], back="1")
    assert "L&#x27;Épi d&#x27;Or" in window.text
    assert '<option value="bakery" selected>' in window.text
    window.post(**NAME)
    window.post(colleague=[lea])
    assert 'value="not yet"' in window.text


@pytest.mark.parametrize("typed", ["", "   ", "\u200b", "x" * 201, "x" * 10_000])
def test_a_name_that_cannot_be_is_refused_beside_its_field(typed: str) -> None:
    window = Window(firm("claire").browser())
    assert window.post(name=typed, sector="").status_code == 422
    assert 'aria-invalid="true"' in window.text
    assert 'id="wizard_name_error"' in window.text


@pytest.mark.parametrize("name", ["A", "x" * 200, "🥖 Ô Pain", "شركة النور", "<script>alert(1)</script>", '"><b>'])
def test_any_other_name_opens_a_file_and_is_shown_as_text(name: str) -> None:
    office = firm("claire")
    window = Window(office.browser())
    window.post(name=name, sector="")
    window.post(skip="1")
    window.post()
    with office.scope():
        assert ClientFile.objects.get().name == name
    page = office.browser().get("/clients/").content.decode()
    assert "<script>alert" not in page
    assert '"><b>' not in page


@pytest.mark.parametrize(
    ("name", "email", "bad"),
    [
        ("", "paul@lepi.example", "contact_name"),
        ("Paul", "", "email"),
        ("Paul", "paul lepi@x.fr", "email"),
        ("Paul", '"paul"@x.fr', "email"),
        ("Paul", "élodie@x.fr", "email"),
    ],
)
def test_both_are_wanted_to_invite(name: str, email: str, bad: str) -> None:
    window = Window(firm("claire").browser())
    window.post(**NAME)
    assert window.post(contact_name=name, email=email).status_code == 422
    assert re.findall(r'id="wizard_(\w+)_error"', window.text) == [bad]


@pytest.mark.parametrize("email", ["paul+liasse@lepi.example", " PAUL@lepi.example ", "paul@bücher.example"])
def test_tags_capitals_blanks_around_and_idn_are_taken(email: str) -> None:
    window = Window(firm("claire").browser())
    window.post(**NAME)
    assert window.post(contact_name="Paul", email=email).status_code == 200
    assert window.held("at") == "phone"


def test_skipping_asks_for_nothing_and_writes_to_nobody() -> None:
    window = Window(firm("claire").browser())
    window.post(**NAME)
    assert window.post(contact_name="", email="", skip="1").status_code == 200
    assert "Créer" in window.text
    window.post()
    assert count() == (1, 0, 0)


def test_a_number_is_shown_as_it_will_be_kept_and_a_bad_one_refused() -> None:
    window = Window(firm("claire").browser())
    window.post(**NAME)
    window.post(**CLIENT)
    assert "Aucun fournisseur de SMS" in window.text
    assert window.post(phone="12", by_email="on").status_code == 422
    assert window.post(phone="06 12 34 56 78", by_email="on").status_code == 200
    assert "+33 6 12 34 56 78" in window.text


def test_one_way_to_invite_must_be_ticked() -> None:
    window = Window(firm("claire").browser())
    window.post(**NAME)
    window.post(**CLIENT)
    assert window.post(phone="").status_code == 422
    assert 'id="wizard_by_email_error"' in window.text


def test_a_used_email_is_warned_of_without_a_name() -> None:
    office, other = firm("claire"), firm("claire", called="Cabinet Voisin")
    other.open("Dossier Secret", invitee=invitee(name="Paul Secret"))
    window = Window(office.browser())
    window.post(**NAME)
    window.post(**CLIENT)
    window.post(**PHONE)
    assert "déjà utilisé par le compte d’un autre client" in window.text
    assert "Secret" not in window.text
    assert "Voisin" not in window.text
    window.post()
    assert count()[:2] == (2, 1)


def test_going_back_and_forth_is_one_look() -> None:
    window = Window(firm("claire").browser())
    window.post(**NAME)
    window.post(**CLIENT)
    for _turn in range(3):
        window.post(**PHONE)
        window.post(back="1")
    with instance_scope():
        assert EmailCheck.objects.count() == 1


def test_a_second_file_of_the_same_name_is_allowed_and_said() -> None:
    office = firm("claire")
    office.open(NAME["name"])
    window = Window(office.browser())
    window.post(name=NAME["name"].upper(), sector="")
    assert "existe déjà" in window.text
    window.post(skip="1")
    window.post()
    assert count()[0] == 2


def test_the_name_of_a_file_that_one_may_not_see_is_not_told() -> None:
    office = firm()
    office.open(NAME["name"])
    window = Window(office.browser("hugo"))
    window.post(**NAME)
    assert "existe déjà" not in window.text


def test_the_same_confirmation_twice_makes_one_file_and_one_invitation() -> None:
    window = Window(firm().browser())
    window.to_confirmation()
    at, state = window.held("at"), window.held("state")
    for _click in range(3):
        assert window.client.post("/clients/new/", {"at": at, "state": state}, headers=HTMX).status_code == 200
    assert count() == (1, 1, 1)


def test_two_tabs_make_one_file_and_one_invitation() -> None:
    client = firm().browser()
    tabs = [Window(client), Window(client)]
    for tab in tabs:
        tab.to_confirmation()
    for tab in tabs:
        tab.post()
    assert count() == (1, 1, 1)
    assert "était déjà ouvert" in tabs[1].text


def test_a_window_opened_later_makes_a_second_file() -> None:
    client = firm().browser()
    for _time in range(2):
        window = Window(client)
        window.to_confirmation()
        window.post()
    assert count()[0] == 2


def test_a_colleague_suspended_while_the_boxes_are_shown_is_named_too() -> None:
    office, other = firm(), firm("claire", "hugo", called="Cabinet Voisin")
    window = Window(office.browser())
    window.post(**NAME)
    with office.scope():
        Colleague.objects.filter(name="Léa Martin").update(status="suspended")
    window.post(colleague=[str(office.people["lea"].id), str(other.people["hugo"].id), "x"])
    window.post(skip="1")
    assert window.post().status_code == 422
    assert "Léa Martin : parti du cabinet ou suspendu" in window.text
    assert count()[0] == 0


def test_a_colleague_suspended_meanwhile_is_named_and_can_be_chosen_again() -> None:
    office = firm()
    window = Window(office.browser())
    window.post(**NAME)
    window.post(colleague=[str(office.people["lea"].id)])
    window.post(skip="1")
    with office.scope():
        Colleague.objects.filter(name="Léa Martin").update(status="suspended")
    assert window.post().status_code == 422
    assert "Léa Martin : parti du cabinet ou suspendu" in window.text
    assert count()[0] == 0
    window.post(goto="colleagues")
    assert "Léa Martin" not in window.text
    window.post()
    window.post(skip="1")
    assert window.post().status_code == 200
    assert count()[0] == 1


@pytest.mark.parametrize("who", ["lea", "hugo"])
def test_only_those_with_the_right_see_the_button_and_may_enter(who: str) -> None:
    client = firm().browser(who)
    is_allowed = who == "hugo"
    assert ("Ajouter un client" in client.get("/clients/").content.decode()) is is_allowed
    for answer in (client.get("/clients/new/", headers=HTMX), client.post("/clients/new/", {}, headers=HTMX)):
        assert answer.status_code == (200 if is_allowed else 403)


def test_answers_of_somebody_else_or_forged_ones_begin_again() -> None:
    office = firm()
    window = Window(office.browser())
    window.to_confirmation()
    stolen = {"at": "confirm", "state": window.held("state")}
    for state in (stolen["state"], "x", ""):
        said = office.browser("hugo").post("/clients/new/", stolen | {"state": state}, headers=HTMX)
        assert "Recommencez" in said.content.decode()
    assert count()[0] == 0


def test_a_window_is_resumed_at_its_step_with_what_was_typed_and_creates_nothing() -> None:
    office = firm("claire", "hugo")
    window = Window(office.browser())
    for step in (NAME, {}):
        window.post(**step)
    window.post(resume="1", contact_name="Paul", email="not yet")
    assert (window.held("at"), 'value="not yet"' in window.text) == ("client", True)
    window.post(**CLIENT)
    window.post(**PHONE)
    window.post(resume="1")
    assert window.held("at") == "confirm"
    assert count() == (0, 0, 0)
    state = window.held("state")
    for client, held in ((office.browser("hugo"), state), (office.browser(), "x")):
        answer = client.post("/clients/new/", {"resume": "1", "at": "confirm", "state": held}, headers=HTMX)
        assert answer.status_code == 204
    assert count() == (0, 0, 0)


def test_answers_do_not_live_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    office = firm()
    window = Window(office.browser())
    window.to_confirmation()
    later = (timezone.now() + timedelta(days=2)).timestamp()
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    # The session has ended long before: signed in anew, with the window still open.
    window.client = office.browser()
    window.post()
    assert "Recommencez" in window.text


def test_the_invited_member_has_no_login_before_accepting() -> None:
    office = firm()
    window = Window(office.browser())
    window.to_confirmation()
    window.post()
    with office.scope():
        member = Member.objects.get()
        assert (member.status, member.user_id) == (MemberStatus.INVITED, None)


def test_without_scripts_the_window_is_a_page() -> None:
    page = firm().browser().get("/clients/new/").content.decode()
    assert "<!doctype html>" in page
    assert "Nom de l&#x27;entreprise" in page


@pytest.mark.parametrize(("language", "label"), [("fr", "Nom de l&#x27;entreprise"), ("en", "Company name")])
def test_both_languages(language: str, label: str) -> None:
    said = firm().browser(language=language).get("/clients/new/", headers=HTMX)
    assert label in said.content.decode()


def test_each_file_opened_is_audited_once() -> None:
    office: Firm = firm()
    window = Window(office.browser())
    window.to_confirmation()
    state = window.held("state")
    for _click in range(2):
        window.client.post("/clients/new/", {"at": "confirm", "state": state}, headers=HTMX)
    with office.scope():
        assert AuditEvent.objects.filter(verb="file.opened").count() == 1

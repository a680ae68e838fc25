"""A file's settings, access, users and archiving, without a browser."""

from typing import Any

import pytest

from liasse.clients.models import ClientFile, FileAccess, Member
from liasse.clients.types import FileStatus, MemberStatus
from liasse.core.access import Level
from liasse.core.scope import instance_scope
from liasse.documents.models import Document
from liasse.invitations.models import Invitation
from liasse.practices.models import Practice
from tests.web.firm import Firm, firm
from tests.web.office import Office

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def save(office: Firm, file: ClientFile, field: str, text: str, *, version: int | None = None) -> Any:  # noqa: ANN401 - a test response
    version = office.reload(file).version if version is None else version
    words = {field: text, "version": str(version)}
    return office.browser().post(f"/files/{file.id}/settings/{field}/", words, headers=HTMX)


def page(office: Firm, file: ClientFile, rest: str = "settings/") -> str:
    said = office.browser().get(f"/files/{file.id}/{rest}")
    assert said.status_code == 200
    return str(said.content.decode().replace("\u202f", " "))


def test_the_page_holds_every_value_and_the_address() -> None:
    office = firm("claire")
    opened = office.open("Lépi", sector="bakery")
    text = page(office, opened.client_file)
    assert "Modifier les paramètres clients</h1>" in text
    assert f"{opened.local_part}@" in text.replace("<wbr>", "")
    assert text.count("hérité") == 9
    for label in ("Devise de base", "Plan comptable", "Échéance", "Fuseau horaire", "Code cabinet", "SIREN"):
        assert label in text


def test_a_field_left_is_saved_with_a_mark_and_its_new_version() -> None:
    office = firm("claire")
    file = office.open().client_file
    said = save(office, file, "name", "Après")
    assert said.status_code == 200
    assert "Enregistré" in said.content.decode()
    assert 'name="version" value="2"' in said.content.decode()
    assert office.reload(file).name == "Après"


def test_a_new_name_replaces_the_old_one_all_over_the_screen() -> None:
    office = firm("claire")
    file = office.open("Avant").client_file
    assert page(office, file).count("data-file-name") == 4
    said = save(office, file, "name", "Après").content.decode()
    assert '<span hx-swap-oob="innerHTML:[data-file-name]">Après</span>' in said
    assert "data-file-name" not in save(office, file, "legal_name", "Après SAS").content.decode()


@pytest.mark.parametrize(("field", "text"), [("name", " "), ("siren", "123"), ("due_days", "x"), ("currency", "XXX")])
def test_a_value_that_cannot_be_is_refused_beside_its_field(field: str, text: str) -> None:
    office = firm("claire")
    file = office.open().client_file
    said = save(office, file, field, text)
    assert said.status_code == 422
    assert f'id="id_{field}_error"' in said.content.decode()
    assert said.content.decode().count("field-error") == 1


def test_a_field_changed_meanwhile_is_answered_with_one_sentence() -> None:
    office = firm("claire")
    file = office.open().client_file
    save(office, file, "name", "Premier", version=1)
    said = save(office, file, "name", "Second", version=1)
    assert (said.status_code, said.headers["Content-Type"]) == (409, "text/plain; charset=utf-8")
    assert "entre-temps" in said.content.decode()


def test_the_currency_of_a_file_with_a_coded_document_is_locked() -> None:
    office = firm("claire")
    file = office.open().client_file
    with office.scope():
        ClientFile.objects.filter(id=file.id).update(count_ready=1)
    assert "Verrouillé" in page(office, file)
    assert save(office, file, "currency", "CHF").status_code == 403
    assert office.reload(file).currency == "EUR"


def test_a_customised_value_is_marked_and_can_be_taken_back() -> None:
    office = firm("claire")
    file = office.open().client_file
    assert "personnalisé" in save(office, file, "due_days", "60").content.decode()
    said = office.browser().post(f"/files/{file.id}/settings/defaults/", headers=HTMX)
    assert "personnalisé" not in said.content.decode()
    assert office.reload(file).due_days == 30
    save(office, file, "due_days", "60")
    office.browser().post(f"/files/{file.id}/settings/due_days/reset/", headers=HTMX)
    assert office.reload(file).due_days == 30


def test_a_later_value_of_the_practice_is_said_and_not_taken() -> None:
    office = firm("claire")
    file = office.open().client_file
    with instance_scope():
        Practice.objects.filter(id=office.practice.id).update(vat_scheme="annual")
    text = page(office, file)
    assert "La valeur du cabinet est maintenant : Déclaration annuelle." in text
    assert office.reload(file).vat_scheme == "monthly"


def test_the_history_is_read_with_before_and_after() -> None:
    office = firm("claire")
    file = office.open("Avant").client_file
    save(office, file, "name", "Après")
    save(office, file, "sector", "bakery")
    text = page(office, file, "settings/history/")
    assert '<del dir="auto">Avant</del>' in text
    assert '<ins dir="auto">Après</ins>' in text
    assert "Boulangerie, alimentation" in text
    assert "Claire Delmas" in text


def test_a_long_history_comes_in_parts() -> None:
    office = firm("claire")
    file = office.open().client_file
    for index in range(25):
        save(office, file, "name", f"Nom {index}")
    said = office.browser().get(f"/files/{file.id}/settings/history/")
    rest = office.browser().get(f"/files/{file.id}/settings/history/?before={said.context['before']}")
    assert "Dossier ouvert" not in said.content.decode()
    assert "Dossier ouvert" in rest.content.decode()


@pytest.mark.parametrize("rest", ["settings/", "access/", "members/", "archive/", "members/new/"])
@pytest.mark.parametrize(("level", "status"), [(Level.CODING, 403), (None, 404)])
def test_only_full_access_manages_a_file(rest: str, level: Level | None, status: int) -> None:
    office = firm()
    file = office.open().client_file
    if level:
        office.grant(file, to="lea", level=level)
    assert office.browser("lea").get(f"/files/{file.id}/{rest}").status_code == status


def test_access_is_chosen_and_saved() -> None:
    office = firm()
    file, lea = office.open().client_file, office.people["lea"]
    said = office.browser().post(f"/files/{file.id}/access/{lea.id}/", {"level": "reading"}, headers=HTMX)
    assert "Enregistré" in said.content.decode()
    with office.scope():
        assert FileAccess.objects.get(colleague=lea).level == Level.READING
    other = firm("lea", called="Cabinet Voisin").people["lea"]
    assert office.browser().post(f"/files/{file.id}/access/{other.id}/", {"level": "full"}).status_code == 404


def test_a_skipped_client_invited_later_is_the_same_member_with_the_same_documents() -> None:
    office = firm("claire")
    opened = office.open()
    file, member = opened.client_file, opened.member
    document = Office(practice=office.practice, file=file, sibling=file, member=member).document(owner=member)
    words = {"name": "Paul Lépi", "email": "Paul@lepi.example", "phone": "", "by_email": "on"}
    said = office.browser().post(f"/files/{file.id}/members/{member.id}/invite/", words, headers=HTMX)
    assert said.status_code == 200
    with office.scope():
        again = Member.objects.get(client_file=file)
        assert (again.id, again.email, again.status) == (member.id, "paul@lepi.example", MemberStatus.INVITED)
        assert Document.objects.get(id=document.id).owner_id == member.id
        assert Invitation.objects.get().member_id == member.id


def test_an_invitation_that_waits_shows_its_link_and_can_be_sent_again() -> None:
    office = firm("claire")
    opened = office.open()
    file, member = opened.client_file, opened.member
    words = {"name": "Paul", "email": "paul@lepi.example", "phone": "", "by_email": "on"}
    at = f"/files/{file.id}/members/{member.id}"
    office.browser().post(f"{at}/invite/", words, headers=HTMX)
    assert "Renvoyer" in page(office, file, "members/")
    first = office.browser().get(f"{at}/link/", headers=HTMX).content.decode()
    assert "/invitations/" in first
    assert office.browser().post(f"{at}/resend/", headers=HTMX).status_code == 200


@pytest.mark.parametrize("bad", [{"name": ""}, {"email": ""}, {"email": "paul"}, {"phone": "12"}, {"by_email": None}])
def test_what_cannot_be_invited_is_refused_beside_its_field(bad: dict[str, str | None]) -> None:
    office = firm("claire")
    opened = office.open()
    words = {"name": "Paul", "email": "paul@lepi.example", "phone": "", "by_email": "on"} | bad
    typed = {name: text for name, text in words.items() if text is not None}
    at = f"/files/{opened.client_file.id}/members/{opened.member.id}/invite/"
    said = office.browser().post(at, typed, headers=HTMX)
    assert said.status_code == 422
    assert f'id="person_{next(iter(bad))}_error"' in said.content.decode()


def test_a_user_is_added_without_a_login() -> None:
    office = firm("claire")
    file = office.open().client_file
    words = {"name": "Rose", "email": "", "phone": "", "role": "standard"}
    assert office.browser().post(f"/files/{file.id}/members/new/", words, headers=HTMX).status_code == 200
    assert "Rose" in page(office, file, "members/")


def test_archiving_and_taking_up_again() -> None:
    office = firm("claire")
    file = office.open().client_file
    assert "90 jours" in page(office, file, "archive/")
    office.browser().post(f"/files/{file.id}/archive/", headers=HTMX)
    assert office.reload(file).status == FileStatus.ARCHIVED
    office.browser().post(f"/files/{file.id}/reactivate/", headers=HTMX)
    assert office.reload(file).status == FileStatus.ACTIVE

"""Mes clients and Liste des dossiers, without a browser."""

import json
from typing import Any

import pytest

from liasse.clients.models import ClientFile
from liasse.clients.people import set_responsible
from liasse.core.access import Level
from liasse.lib.ids import uuid7
from tests.queries import asked
from tests.web.firm import Firm, firm

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def fill(office: Firm, number: int, *, to: str = "lea") -> list[ClientFile]:
    files = [office.open(f"Client {index:03}").client_file for index in range(number)]
    for file in files:
        office.grant(file, to=to, level=Level.FULL)
    return files


def queries(office: Firm, who: str, address: str) -> int:
    client = office.browser(who)
    with asked() as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.mark.parametrize("who", ["claire", "lea"])
@pytest.mark.parametrize("address", ["/clients/", "/clients/?sort=-arrival", "/clients/?q=client", "/clients/list/"])
def test_queries_do_not_grow_with_the_list(who: str, address: str) -> None:
    office = firm()
    fill(office, 2)
    few = queries(office, who, address)
    fill(office, 30)
    assert queries(office, who, address) == few <= 12


def test_a_file_is_in_both_lists_at_once() -> None:
    office = firm()
    office.open("L'Épi d'Or", sector="bakery")
    for address in ("/clients/", "/clients/list/"):
        page = office.browser().get(address).content.decode()
        assert "L&#x27;Épi d&#x27;Or" in page
        assert "Boulangerie, alimentation" in page


def test_a_restricted_colleague_never_reads_of_another_s_file() -> None:
    office = firm()
    office.open("Dossier Secret")
    for address in ("/clients/", "/clients/?q=secret", "/clients/list/?q=secret", "/clients/?sort=sector"):
        assert "Secret" not in office.browser("lea").get(address).content.decode()


def test_another_practice_s_file_is_never_there_even_when_asked_for_by_id() -> None:
    office, other = firm(), firm(called="Cabinet Voisin")
    secret = other.open("Dossier Secret").client_file
    page = office.browser().get(f"/clients/?fresh={secret.id}").content.decode()
    assert "Secret" not in page
    news = office.browser().post("/clients/news/", {"seen": f"{secret.id}:9", "status": "active"}, headers=HTMX)
    assert "Secret" not in news.content.decode()


def test_the_menu_is_for_those_who_may_manage_the_file() -> None:
    office = firm()
    file = office.open().client_file
    office.grant(file, to="lea", level=Level.CODING)
    assert "Modifier les paramètres clients" in office.browser().get("/clients/").content.decode()
    assert "Modifier les paramètres clients" not in office.browser("lea").get("/clients/").content.decode()


def test_the_fresh_file_is_on_the_first_page_wherever_its_name_would_put_it() -> None:
    office = firm("claire")
    fill(office, 51, to="claire")
    file = office.open("Zzz tout neuf").client_file
    client = office.browser()
    assert "Zzz tout neuf" not in client.get("/clients/").content.decode()
    assert 'class="is-new"' in client.get(f"/clients/?fresh={file.id}").content.decode()


def test_the_fresh_file_is_not_among_the_archived() -> None:
    office = firm("claire")
    file = office.open("Zzz tout neuf").client_file
    page = office.browser().get(f"/clients/?show=archived&fresh={file.id}").content.decode()
    assert "Zzz tout neuf" not in page


def test_more_rows_come_as_rows() -> None:
    office = firm("claire")
    fill(office, 52, to="claire")
    client = office.browser()
    first = client.get("/clients/")
    rest = client.get(first.context["more_url"], headers=HTMX).content.decode()
    assert "Client 051" in rest
    assert "Client 001" not in rest
    assert "<table" not in rest


def news(office: Firm, file: ClientFile, *, seen: int = 0, newest: Any = None, who: str = "claire") -> Any:  # noqa: ANN401 - a test response
    words = {"seen": f"{file.id}:{seen}", "newest": str(newest or file.id), "status": "active"}
    return office.browser(who).post("/clients/news/", words, headers=HTMX)


def test_counts_that_moved_on_are_sent_and_nothing_else() -> None:
    office = firm()
    file = office.open().client_file
    assert news(office, file).status_code == 204
    with office.scope():
        ClientFile.objects.filter(id=file.id).update(activity=7, count_to_review=1234)
    said = news(office, file)
    assert f'id="review-{file.id}"' in said.content.decode()
    assert "1\u202f234" in said.content.decode()
    assert news(office, file, seen=7).status_code == 204
    assert news(office, file, who="lea", newest=uuid7()).status_code == 204


def test_a_file_that_somebody_else_opened_draws_the_list_again() -> None:
    office = firm()
    file = office.open().client_file
    office.open("Neuf", by="hugo")
    assert "clients-changed" in json.loads(news(office, file).headers["HX-Trigger"])


def test_a_file_that_left_draws_the_list_again_or_takes_its_row_out_of_a_long_one() -> None:
    office = firm("claire")
    file, gone = office.open().client_file, uuid7()
    words: dict[str, Any] = {"seen": [f"{file.id}:0", f"{gone}:0"], "newest": str(file.id), "status": "active"}
    answer = office.browser().post("/clients/news/", words, headers=HTMX)
    assert "clients-changed" in json.loads(answer.headers["HX-Trigger"])
    words["seen"] += [f"{uuid7()}:0" for _ in range(60)]
    long = office.browser().post("/clients/news/", words, headers=HTMX).content.decode()
    assert f'<tr id="row-{gone}" hx-swap-oob="delete">' in long
    assert str(file.id) not in long
    assert f'id="row-{file.id}"' in office.browser().get("/clients/").content.decode()


@pytest.mark.parametrize("words", [{}, {"seen": "x"}, {"seen": "x:y"}, {"seen": f"{uuid7()}:{'9' * 400}"}])
def test_nonsense_is_no_news(words: dict[str, str]) -> None:
    office = firm("claire")
    answer = office.browser().post("/clients/news/", words, headers=HTMX)
    assert answer.status_code == 204


@pytest.mark.parametrize("rest", ["?sort=nonsense", "?after=x", "?fresh=x", "?show=x", "?q=%00", "?q=" + "x" * 5000])
def test_an_address_that_says_nothing_is_the_default_list(rest: str) -> None:
    assert firm("claire").browser().get(f"/clients/{rest}").status_code == 200


def test_the_switcher_knows_where_one_is() -> None:
    office = firm("claire")
    file = office.open().client_file
    headers = HTMX | {"HX-Current-URL": f"http://testserver/files/{file.id}/inbox/"}
    assert 'aria-current="true"' in office.browser().get("/clients/list/", headers=headers).content.decode()


def test_the_list_is_narrowed_and_sorted_by_who_is_responsible() -> None:
    office = firm()
    files = {name: office.open(name).client_file for name in ("Abeille", "Boulangerie", "Camping")}
    with office.scope():
        for name, who in (("Abeille", "lea"), ("Camping", "hugo")):
            set_responsible(files[name], colleague_id=office.people[who].id, actor=office.actor())
    browser, lea = office.browser(), office.people["lea"]

    def names(query: str) -> list[str]:
        return [row.file.name for row in browser.get(f"/clients/?{query}").context["rows"]]

    assert names("sort=responsible") == ["Boulangerie", "Camping", "Abeille"]
    assert names("sort=-responsible") == ["Abeille", "Camping", "Boulangerie"]
    assert names(f"responsible={lea.id}") == ["Abeille"]
    assert names("responsible=nobody") == ["Abeille", "Boulangerie", "Camping"]
    page = browser.get(f"/clients/?responsible={lea.id}")
    assert page.context["people"] == [(str(office.people[who].id), office.people[who].name) for who in ("hugo", "lea")]
    assert f"show=archived&responsible={lea.id}" in page.context["tabs"][1].url
    assert [name for _id, name in office.browser("lea").get("/clients/").context["people"]] == ["Léa Martin"]

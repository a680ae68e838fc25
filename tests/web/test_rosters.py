"""Importer des clients, Importer des collaborateurs: from the template to the report."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from liasse.clients.models import ClientFile
from liasse.core.scope import instance_scope
from liasse.rosters import services
from liasse.rosters.models import Roster
from liasse.worker.main import run_next
from tests.queries import asked
from tests.web.firm import Firm, firm

pytestmark = pytest.mark.django_db
HERE, TEAM = "/clients/csv/", "/team/csv/"
TABLE = "Nom;Code cabinet;Inviter par\r\nGarage;G1;\r\n=HYPERLINK(1);G2;\r\n;G3;\r\n"


@pytest.fixture
def cabinet() -> Firm:
    return firm()


def upload(browser: Client, content: bytes, *, to: str = HERE) -> Any:  # noqa: ANN401 - a test response
    return browser.post(to, {"table": SimpleUploadedFile("Clients de mars.csv", content)})


def work() -> None:
    while run_next():
        pass


def text(response: Any) -> str:  # noqa: ANN401 - a test response
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return re.sub(r"\s+", " ", str(content.decode()))


def test_a_list_is_looked_at_confirmed_followed_and_reported(cabinet: Firm) -> None:
    browser = cabinet.browser()
    here = upload(browser, TABLE.encode("cp1252")).headers["Location"]
    page = text(browser.get(here))
    assert "<strong>2</strong> lignes peuvent être créées. <strong>1</strong> a une erreur" in page
    with instance_scope():
        assert not ClientFile.objects.exists()
    assert browser.post(f"{here}confirm/").headers["Location"] == here
    assert 'hx-trigger="every 1s"' in text(browser.get(here))
    work()
    done = text(browser.get(here, headers={"HX-Request": "true"}))
    assert "hx-trigger" not in done
    assert "<strong>2</strong> lignes créées" in done
    report = text(browser.get(f"{here}report/"))
    assert "'=HYPERLINK(1);" in report
    assert "G3" in report
    assert "écartée" in report
    assert report.count("@") == 2
    assert "Garage" in text(browser.get("/clients/"))


def test_the_template_is_downloaded_in_the_language_of_the_reader(cabinet: Firm) -> None:
    assert "Nom de l'entreprise;" in text(cabinet.browser().get(f"{HERE}template/"))
    assert "Company name," in text(cabinet.browser(language="en").get(f"{HERE}template/"))
    assert "Nom;Adresse email;" in text(cabinet.browser().get(f"{TEAM}template/"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04", "classeur"),
        (b"Couleur;Taille\nbleu;2\n", "il manque"),
        (b"Nom\n" + b"A\n" * 10_001, "10 000 lignes au plus"),
        (b"Nom\n" + b"A\n" * 2_700_000, "5 Mo au plus"),
        (b"Nom\n", "aucune ligne en dessous"),
    ],
)
def test_a_list_that_cannot_be_read_is_not_kept(cabinet: Firm, content: bytes, said: str) -> None:
    answer = upload(cabinet.browser(), content)
    assert (answer.status_code, said in text(answer)) == (422, True)
    with instance_scope():
        assert not Roster.objects.exists()


def test_what_is_uploaded_is_shown_as_text(cabinet: Firm) -> None:
    browser = cabinet.browser()
    here = upload(browser, b"Nom;<b>x</b>\n<script>alert(1)</script>;1\n").headers["Location"]
    page = text(browser.get(here))
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


def test_lines_are_shown_by_what_is_said_of_them_and_part_by_part(cabinet: Firm) -> None:
    browser = cabinet.browser()
    table = "Nom;SIREN\n" + "".join(f"Dossier {n};\n" for n in range(150)) + "Faux;1\n"
    here = upload(browser, table.encode()).headers["Location"]
    page = text(browser.get(here))
    assert page.count("Dossier ") == 100
    more = re.search(r'href="([^"]+after=[^"]+)"', page)
    assert more is not None
    part = browser.get(more[1].replace("&amp;", "&"), headers={"HX-Request": "true"})
    assert text(part).count("Dossier ") == 50
    assert text(browser.get(f"{here}?show=wrong")).count("Dossier ") == 0


@pytest.mark.parametrize(
    ("who", "clients", "colleagues"), [("claire", 200, 200), ("hugo", 200, 403), ("lea", 403, 403)]
)
def test_only_those_who_may_add_come_in(cabinet: Firm, who: str, clients: int, colleagues: int) -> None:
    browser = cabinet.browser(who)
    assert (browser.get(HERE).status_code, browser.get(TEAM).status_code) == (clients, colleagues)
    assert (HERE in text(browser.get("/clients/"))) == (clients == 200)


def test_somebody_else_s_list_is_not_there(cabinet: Firm) -> None:
    here = upload(cabinet.browser(), b"Nom\nGarage\n").headers["Location"]
    for stranger in (cabinet.browser("hugo"), firm("claire", called="Voisin").browser()):
        assert stranger.get(here).status_code == 404
        assert stranger.get(f"{here}report/").status_code == 404
        assert stranger.post(f"{here}confirm/").status_code == 404
        assert stranger.post(f"{here}discard/").status_code == 404
    assert cabinet.browser().get(here.replace("/clients/", "/team/")).status_code == 404


def test_a_list_is_discarded(cabinet: Firm) -> None:
    browser = cabinet.browser()
    here = upload(browser, b"Nom\nGarage\n").headers["Location"]
    assert browser.post(f"{here}discard/").headers["Location"] == HERE
    assert browser.get(here).status_code == 404


def test_colleagues_are_added_from_the_team(cabinet: Firm) -> None:
    browser = cabinet.browser()
    assert TEAM in text(browser.get("/team/"))
    here = upload(browser, b"Nom;Adresse email;Inviter\nZoe Roux;zoe@x.example;oui\n", to=TEAM).headers["Location"]
    browser.post(f"{here}confirm/")
    work()
    assert "zoe@x.example" in text(browser.get("/team/"))


def test_a_list_of_any_length_costs_the_same_to_look_at(cabinet: Firm) -> None:
    browser, counts = cabinet.browser(), []
    for length in (3, 90):
        here = upload(browser, ("Nom\n" + "".join(f"D{n}\n" for n in range(length))).encode()).headers["Location"]
        with asked() as statements:
            browser.get(here)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 12
    assert services.MOST_LINES >= 5_000

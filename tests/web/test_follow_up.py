"""Suivi: which files are late, who may see it, and what it costs."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from liasse.clients.models import ClientFile, FileAccess
from liasse.clients.people import set_responsible, set_team_access
from liasse.core.access import Level
from liasse.intake.models import Receipt
from liasse.invitations.services import invite_member
from liasse.practices.models import Colleague
from liasse.practices.teams import save_team
from tests.queries import asked
from tests.web.firm import Firm, firm

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def cabinet() -> Firm:
    """Four files: in time, waiting for eight days, silent for forty, never used since two months ago."""
    made = firm()
    now = timezone.now()
    facts: dict[str, dict[str, Any]] = {
        "Abeille": {"last_arrival_at": now, "count_ready": 2},
        "Boulangerie": {
            "last_arrival_at": now, "count_to_review": 3, "waiting_since": now - timedelta(days=8, hours=1),
        },
        "Camping": {"last_arrival_at": now - timedelta(days=40, hours=1), "count_failed": 1},
        "Droguerie": {"created_at": now - timedelta(days=60, hours=1)},
    }  # fmt: skip
    for name, values in facts.items():
        file = made.open(name).client_file
        with made.scope():
            ClientFile.objects.filter(id=file.id).update(**values)
    return made


def file_of(office: Firm, name: str) -> ClientFile:
    with office.scope():
        return ClientFile.objects.get(name=name)


def let_see(office: Firm, name: str) -> None:
    with office.scope():
        Colleague.objects.filter(id=office.people[name].id).update(can_see_progress=True)


def listed(response: Any) -> list[str]:  # noqa: ANN401 - a test response
    return [row.file.name for row in response.context["rows"]]


def test_late_files_come_first_and_say_why(cabinet: Firm) -> None:
    page = cabinet.browser().get("/follow-up/")
    words = page.content.decode()
    assert listed(page) == ["Boulangerie", "Camping", "Droguerie", "Abeille"]
    assert [row.reasons for row in page.context["rows"]] == [
        ["à vérifier depuis 8 jours"], ["rien depuis 40 jours"], ["rien depuis 60 jours"], [],
    ]  # fmt: skip
    assert "depuis 7 jours, ou quand rien n’est arrivé depuis 30 jours" in words
    assert [(tab.label, tab.count) for tab in page.context["tabs"]] == [("Tous", 4), ("En retard", 3)]


def test_the_tab_of_late_files_leaves_the_others_out(cabinet: Firm) -> None:
    page = cabinet.browser().get("/follow-up/?late=1&sort=-name", headers=HTMX)
    assert listed(page) == ["Droguerie", "Camping", "Boulangerie"]
    assert "<html" not in page.content.decode()


def test_it_is_narrowed_by_responsible_and_by_team(cabinet: Firm) -> None:
    with cabinet.scope():
        ids = [cabinet.people["lea"].id]
        team = save_team(cabinet.practice, team=None, name="Sud", colleague_ids=ids, actor=cabinet.actor())
    bakery, camp = file_of(cabinet, "Boulangerie"), file_of(cabinet, "Camping")
    with cabinet.scope():
        set_responsible(bakery, colleague_id=cabinet.people["lea"].id, actor=cabinet.actor())
        set_team_access(camp, team_id=team.id, level=Level.READING, actor=cabinet.actor())
    browser = cabinet.browser()
    own = browser.get(f"/follow-up/?responsible={cabinet.people['lea'].id}")
    assert (listed(own), own.context["tabs"][1].count) == (["Boulangerie"], 1)
    assert [name for _id, name in own.context["people"]] == ["Léa Martin"]
    assert set(listed(browser.get(f"/follow-up/?team={team.id}"))) == {"Boulangerie", "Camping"}


def test_only_those_with_the_right_see_it_and_only_their_files(cabinet: Firm) -> None:
    cabinet.grant(file_of(cabinet, "Camping"), to="lea", level=Level.READING)
    browser = cabinet.browser("lea")
    assert browser.get("/follow-up/").status_code == 403
    assert "/follow-up/" not in browser.get("/clients/").content.decode()
    let_see(cabinet, "lea")
    assert '"/follow-up/"' in browser.get("/clients/").content.decode()
    page = browser.get("/follow-up/")
    assert listed(page) == ["Camping"]
    assert page.context["progress"].count_files == 1
    other = browser.get(f"/follow-up/?responsible={cabinet.people['claire'].id}&q=Boulangerie")
    assert listed(other) == []
    assert "Boulangerie" not in b"".join(browser.get("/follow-up/csv/").streaming_content).decode()  # type: ignore[attr-defined]


def test_the_table_holds_what_the_screen_shows_and_no_formula(cabinet: Firm) -> None:
    file = cabinet.open("=1+1", invitee=None).client_file
    with cabinet.scope():
        ClientFile.objects.filter(id=file.id).update(waiting_since=timezone.now() - timedelta(days=9))
    response = cabinet.browser().get("/follow-up/csv/?late=1&sort=name")
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["Client"] for row in rows] == ["'=1+1", "Boulangerie", "Camping", "Droguerie"]
    assert rows[2]["En retard"] == "rien depuis 40 jours"
    assert (rows[2]["Envois en échec"], rows[2]["Jours depuis la dernière arrivée"]) == ("1", "40")
    assert "suivi-cabinet-delmas-" in response.headers["Content-Disposition"]


def test_who_is_invited_and_has_not_come_in_is_counted(cabinet: Firm) -> None:
    file = file_of(cabinet, "Abeille")
    with cabinet.scope():
        member = file.members.get()
        member.email = "paul@abeille.example"
        member.save()
        invite_member(member, actor=cabinet.actor())
    page = cabinet.browser().get("/follow-up/?q=abeille")
    assert [row.count_invited for row in page.context["rows"]] == [1]


def test_a_list_of_hundreds_is_walked_page_by_page(cabinet: Firm) -> None:
    for number in range(120):
        cabinet.open(f"Epicerie {number:03}")
    browser, names, url = cabinet.browser(), [], "/follow-up/?sort=name"
    while url:
        page = browser.get(url, headers=HTMX)
        names += listed(page)
        url = page.context["more_url"]
    assert names == sorted(names)
    assert len(names) == len(set(names)) == 124


@pytest.mark.parametrize(("who", "queries"), [("claire", 9), ("lea", 12)])
def test_a_page_costs_the_same_for_any_number_of_files(cabinet: Firm, who: str, queries: int) -> None:
    let_see(cabinet, "lea")
    cabinet.grant(file_of(cabinet, "Camping"), to="lea", level=Level.READING)
    browser = cabinet.browser(who)
    browser.get("/follow-up/")
    with asked() as few:
        browser.get("/follow-up/")
    for number in range(20):
        cabinet.grant(cabinet.open(f"Epicerie {number}").client_file, to="lea", level=Level.READING)
    with asked() as many:
        browser.get("/follow-up/")
    assert (len(few), len(many)) == (queries, queries)


def test_whoever_sees_progress_without_being_administrator_reads_what_waits_too_long(cabinet: Firm) -> None:
    let_see(cabinet, "lea")
    file, lea = file_of(cabinet, "Abeille"), cabinet.people["lea"]
    with cabinet.scope():
        FileAccess.objects.get_or_create(practice_id=cabinet.practice.id, client_file=file, colleague=lea)
        Receipt.objects.create(
            practice_id=cabinet.practice.id, client_file=file, delivery_key="x", sha256="0" * 64, size=1,
            received_at=timezone.now(), waits_since=timezone.now() - timedelta(hours=2),
        )  # fmt: skip
    shown = cabinet.browser("lea").get("/follow-up/").content.decode()
    assert ("1 envoi attend depuis plus d’une heure" in shown, "state=late" in shown) == (True, True)
    assert "arrivals-late" not in cabinet.browser().get("/follow-up/").content.decode()

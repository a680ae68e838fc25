"""Historique of the practice and of a file: sentences, filter, pages and CSV, at a fixed cost."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from liasse.clients.people import set_access
from liasse.core import audit
from liasse.core.access import Actor
from liasse.core.models import AuditEvent
from liasse.core.scope import practice_scope
from liasse.lib.ids import uuid7
from liasse.practices.selectors import actor_of
from liasse.web.trail.words import ENDINGS, KINDS, SENTENCES
from tests import cast
from tests.cast import Cast
from tests.factories import signed_in
from tests.queries import asked
from tests.trail import tampering
from tests.web.office import build

pytestmark = pytest.mark.django_db
TRAIL = "/practice/trail/"


@pytest.fixture
def people() -> Cast:
    return cast.build()


@pytest.fixture
def browser(people: Cast) -> Client:
    return signed_in(people.administrator)


def write(people: Cast, verb: str, *, by: Actor | None = None, file: Any = None, **facts: Any) -> AuditEvent:  # noqa: ANN401 - any file; any fact
    where = file or people.file
    with practice_scope(people.practice.id):
        return audit.record(
            verb,
            actor=by or people.actor,
            practice_id=people.practice.id,
            subject=audit.Subject("client-file", where.id, where.id),
            **facts,
        )


def page(browser: Client, at: str = TRAIL, **words: str) -> str:
    response = browser.get(at, words)
    assert response.status_code == 200
    return response.content.decode()


def table(browser: Client, at: str = f"{TRAIL}csv/", **words: str) -> list[list[str]]:
    content = b"".join(browser.get(at, words).streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(content), delimiter=";"))


def test_a_change_of_access_reads_as_a_sentence_with_before_and_after(people: Cast, browser: Client) -> None:
    with practice_scope(people.practice.id):
        set_access(people.file, colleague_id=people.colleague.id, level="reading", actor=people.actor)
    shown = page(browser)
    for words in (
        "Anne Martin a changé ce que peut faire Karim Benali dans « Boulangerie Dupont »",
        "Accès complet",
        "Lecture",
    ):
        assert words in shown.replace("\u202f", " ").replace("\u00a0", " ")
    english = page(signed_in(people.administrator, language="en"))
    assert "Anne Martin changed what Karim Benali may do in “Boulangerie Dupont”" in english


@pytest.mark.parametrize(
    ("words", "verbs"),
    [
        ({}, ["file.refused", "file.archived", "file.changed"]),
        ({"person": "colleague"}, ["file.refused", "file.archived"]),
        ({"kind": "refused"}, ["file.refused"]),
        ({"kind": "settings"}, ["file.archived", "file.changed"]),
        ({"kind": "messages"}, ["client-file.message-sent"]),
        ({"file": "garage"}, ["file.refused"]),
        ({"file": "nothing of that name"}, []),
        ({"since": "2026-03-02"}, ["file.refused"]),
        ({"until": "2026-03-01"}, ["file.archived", "file.changed"]),
        ({"since": "2026-03-01", "until": "2026-03-01"}, ["file.archived"]),
        ({"person": "member"}, []),
        (
            {"person": "x", "kind": "x", "since": "x", "until": "0001-99-99"},
            ["file.refused", "file.archived", "file.changed"],
        ),
        ({"until": "9999-12-31", "after": "x"}, ["file.refused", "file.archived", "file.changed"]),
    ],
)
def test_the_filter_leaves_what_was_asked_for(
    people: Cast, browser: Client, words: dict[str, str], verbs: list[str]
) -> None:
    other = actor_of(people.colleague)
    made = [
        write(people, "file.changed"),
        write(people, "file.archived", by=other),
        write(people, "file.refused", by=other, file=people.sibling),
        write(people, "client-file.message-sent", after={"to": "a@example.fr"}),
    ]
    with practice_scope(people.practice.id), tampering():
        for event, day in zip(made, (1, 2, 3, 4), strict=True):
            # An hour after midnight of the practice's clock is still the day before by that of the server.
            at = datetime(2026, 2, 26, 23, 30, tzinfo=UTC) + timedelta(days=day)
            AuditEvent.objects.filter(id=event.id).update(at=at)
    if words.get("person") == "colleague":
        words = {"person": str(people.colleague.id)}
    assert [row[8] for row in table(browser, **words)[1:]] == verbs
    if not verbs:
        assert "Rien de ce genre" in page(browser, **words)


def test_pages_follow_one_another_without_a_gap(people: Cast, browser: Client) -> None:
    for number in range(120):
        write(people, "file.changed", after={"name": f"Name-{number:03}"})
    seen: list[str] = []
    url = TRAIL
    while url:
        shown = page(browser, url)
        seen += [words[:8] for words in shown.split('<ins dir="auto">')[1:]]
        _before, _mark, rest = shown.partition(f'hx-get="{TRAIL}?after')
        url = f"{TRAIL}?after" + rest.partition('"')[0] if rest else ""
    assert seen == [f"Name-{number:03}" for number in reversed(range(120))]


def test_a_page_costs_the_same_whatever_it_lists(people: Cast, browser: Client) -> None:
    write(people, "file.changed")
    with asked() as few:
        page(browser)
    for _number in range(60):
        write(people, "file.changed", file=people.sibling)
    with asked() as many:
        page(browser)
    assert len(few) == len(many) <= 8


def test_no_cell_is_a_formula_and_each_line_can_be_checked(people: Cast, browser: Client) -> None:
    write(people, "file.changed", before={"name": "=1+1"}, after={"name": '=HYPERLINK("http://x")'})
    event = write(people, "file.changed", by=Actor(kind="person", user_id=uuid7(), name="@SUM(A1)"))
    rows = table(browser)
    assert rows[0][:3] == ["Numéro", "Jour et heure", "Qui"]
    assert rows[1][2] == "'@SUM(A1)"
    assert rows[1][4].startswith("'@SUM(A1)")
    assert (rows[1][0], rows[1][9]) == (str(event.sequence), event.hash)
    assert rows[2][6].startswith("Nom de l")
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_the_csv_of_many_events_is_sent_in_handfuls(people: Cast, browser: Client) -> None:
    for _number in range(3):
        write(people, "file.changed")
    with practice_scope(people.practice.id):
        template = AuditEvent.objects.order_by("-sequence")[0]
        AuditEvent.objects.bulk_create(
            AuditEvent(**{**_columns(template), "id": uuid7(), "sequence": template.sequence + number})
            for number in range(1, 1200)
        )
    rows = table(browser)
    assert [int(row[0]) for row in rows[1:]] == list(range(1202, 0, -1))


def _columns(event: AuditEvent) -> dict[str, Any]:
    return {field.attname: getattr(event, field.attname) for field in AuditEvent._meta.concrete_fields}


def test_a_file_shows_its_own_history_alone(people: Cast) -> None:
    write(people, "file.changed", after={"name": "Of this file"})
    write(people, "file.changed", file=people.sibling, after={"name": "Of the sibling"})
    browser = signed_in(people.colleague)
    at = f"/files/{people.file.id}/trail/"
    shown = page(browser, at, file="garage")
    assert "Of this file" in shown
    assert "Of the sibling" not in shown
    assert [row[8] for row in table(browser, f"{at}csv/")[1:]] == ["file.changed"]
    assert browser.get(TRAIL).status_code == 403


def test_work_on_documents_is_told_with_their_names() -> None:
    office = build()
    document = office.document(supplier_name="Au bon moulin", number="F-77")
    office.as_("reading").get(f"/files/{office.file.id}/documents/{document.id}/original/")
    shown = page(office.as_("administrator"), kind="seen").replace("\u202f", " ").replace("\u00a0", " ")
    assert "reading a téléchargé la pièce « Au bon moulin F-77 »" in shown
    assert f"/files/{office.file.id}/trail/" in shown


def test_every_verb_of_the_code_has_its_sentence() -> None:
    known = re.compile(
        r'"((?:practice|colleague|file|member|invitation|document|documents|receipt|email|roster|team|login)\.[a-z-]+)"'
    )
    root = Path(__file__).resolve().parents[2] / "liasse"
    verbs = {verb for path in root.rglob("*.py") if "web" not in path.parts for verb in known.findall(path.read_text())}
    lacking = {verb for verb in verbs if verb not in SENTENCES and not any(verb.endswith(end) for end in ENDINGS)}
    assert lacking <= {"document.pdf", "documents.csv", "file.json"}, lacking
    beginnings = tuple(begin for _label, begins in KINDS.values() for begin in begins)
    assert [verb for verb in SENTENCES if not verb.startswith(beginnings)] == []


def test_an_actor_id_of_another_practice_shows_nothing(people: Cast, browser: Client) -> None:
    write(people, "file.changed")
    assert len(table(browser, person=str(UUID(int=0)))) == 1
    assert len(table(signed_in(people.other_administrator))) == 1

import os
import re
import sqlite3
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from stdnum import iban
from stdnum.eu import vat
from stdnum.fr import siren

from liasse.cli import demo_parties
from liasse.cli.demo_invoice import Party
from liasse.cli.demo_mails import letters, message
from tests.cli.instance import LIASSE, ROOT, Instance, environment, liasse

pytestmark = [pytest.mark.house, pytest.mark.xdist_group("serve")]
TODAY = date(2026, 11, 24)
PEOPLE = ("claire@cabinet-delorme.example", "karim@cabinet-delorme.example", "nadia@fournil-orbec.example")


def demonstrate(env: dict[str, str]) -> str:
    """Fill the demo beside a running instance; its standard input stays open, as the supervisor's does."""
    command = [*LIASSE, "demonstrate"]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as one:
        assert one.stdout is not None
        said = one.stdout.read()
        assert one.wait(60) == 0, said
    return said


def rows(data: Path, question: str) -> list[tuple[str | int, ...]]:
    with sqlite3.connect(data / "liasse.sqlite3") as database:
        return database.execute(question).fetchall()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Instance, str]]:
    with Instance(environment(tmp_path_factory.mktemp("demo") / "var")) as instance:
        yield instance, demonstrate(instance.env)


def test_it_says_how_to_sign_in(filled: tuple[Instance, str]) -> None:
    _instance, said = filled
    assert [email for email in PEOPLE if not re.search(rf"{email}\s+\S{{12,}}", said)] == []


def test_every_mail_came_in_by_the_front_door_and_was_read(filled: tuple[Instance, str]) -> None:
    instance, _said = filled
    papers = sum(len(letter.attachments) for letter in letters(TODAY))
    states = rows(instance.data, "select distinct state from intake_receipt where door = 'mail' order by 1")
    assert states == [("opened",), ("unusable",)]
    assert rows(instance.data, "select count(*) from documents_document where step = 'done'") == [(papers,)]


def test_every_tab_has_something_in_it(filled: tuple[Instance, str]) -> None:
    instance, _said = filled
    found = rows(instance.data, "select distinct status from documents_document order by 1")
    assert found == [("archived",), ("ready",), ("to-review",)]


def test_there_are_people_of_every_standing(filled: tuple[Instance, str]) -> None:
    instance, _said = filled
    colleagues = rows(instance.data, "select distinct role, status from practices_colleague order by 1, 2")
    assert colleagues == [("administrator", "active"), ("colleague", "active"), ("colleague", "invited")]
    members = rows(instance.data, "select distinct status from clients_member order by 1")
    assert members == [("active",), ("invited",), ("no-login",)]


def test_the_second_time_it_does_nothing(filled: tuple[Instance, str]) -> None:
    instance, said = filled
    events, mails = rows(instance.data, "select count(*) from core_auditevent"), instance.said().count(" taken ")
    assert mails == len(list(letters(TODAY)))
    assert demonstrate(instance.env) == said
    assert rows(instance.data, "select count(*) from core_auditevent") == events
    assert instance.said().count(" taken ") == mails


def test_a_practice_of_its_own_is_left_alone(tmp_path: Path) -> None:
    env = environment(tmp_path / "var")
    done = liasse("setup", "--practice", "Cabinet Réel", "--email", "a@reel.example", "--password-stdin",
                  env=env, stdin="une-phrase-bien-longue\n")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "left out" in demonstrate(env)
    assert rows(tmp_path / "var", "select count(*) from clients_clientfile") == [(0,)]


def test_the_same_day_gives_the_same_mails() -> None:
    first, second = ([message(one, to="a@b.example", day=TODAY, place=1).as_bytes() for one in letters(TODAY)]
                     for _ in range(2))  # fmt: skip
    assert first == second
    assert sum(map(len, first)) < 1_500_000


def test_every_number_is_right() -> None:
    parties = [value for value in vars(demo_parties).values() if isinstance(value, Party)]
    parties += [client.party for client in demo_parties.CLIENTS]
    assert len(parties) > 20
    assert [party.name for party in parties if party.siren and not siren.is_valid(party.siren)] == []
    assert [party.name for party in parties if not vat.is_valid(party.vat)] == []
    assert [party.name for party in parties if party.iban and not iban.is_valid(party.iban, check_country=False)] == []


def test_every_paper_is_read_as_it_was_meant(tmp_path: Path) -> None:
    papers = [paper for letter in letters(TODAY) for paper in letter.attachments if not paper.name.endswith(".jpg")]
    paths = [tmp_path / f"{number:02d}-{paper.name}" for number, paper in enumerate(papers)]
    for path, paper in zip(paths, papers, strict=True):
        path.write_bytes(paper.content)
    done = liasse("read", "--jsonl", *map(str, paths), env={**os.environ, "LIASSE_DATA": str(tmp_path / "var")})
    lines = done.stdout.splitlines()
    assert len(lines) == len(papers) > 25
    assert [line for line in lines if re.search(r'"(?:invoice_number|issue_date|total_gross)": null', line)] == []

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from liasse.clients import reach
from liasse.clients.lists import FilesQuery, SortKey, changes_since, files_page, newest_file_id
from liasse.clients.models import ClientFile
from liasse.clients.selectors import switchable_files
from liasse.clients.services import archive_file
from liasse.clients.types import FileStatus
from liasse.core import search
from liasse.core.access import Level
from liasse.lib.ids import uuid7
from tests.queries import asked
from tests.web.firm import Firm, firm

pytestmark = pytest.mark.django_db


def fill(office: Firm, number: int) -> list[ClientFile]:
    """Open files whose columns repeat, so that ids must break the ties, and half of which got nothing."""
    files = [
        office.open(f"Client {index % 5}", sector=["", "bakery", "other"][index % 3]).client_file
        for index in range(number)
    ]
    with office.scope():
        for index, file in enumerate(files):
            at = timezone.now() - timedelta(hours=index % 4) if index % 2 else None
            ClientFile.objects.filter(id=file.id).update(
                count_to_review=index % 3, count_ready=index % 2, count_members=index % 4, last_arrival_at=at
            )
    return files


def walk(office: Firm, query: FilesQuery, *, by: str = "claire") -> list[UUID]:
    seen: list[UUID] = []
    after: str | None = ""
    with office.scope():
        while after is not None:
            page = files_page(office.actor(by), query=query, after=after, size=3)
            seen += [file.id for file in page.files]
            after = page.after
    return seen


@pytest.mark.parametrize("is_falling", [False, True])
@pytest.mark.parametrize("key", list(SortKey))
def test_pages_give_every_file_once_in_one_order(key: SortKey, *, is_falling: bool) -> None:
    office = firm("claire")
    files = fill(office, 13)
    query = FilesQuery(key=key, is_falling=is_falling)
    with office.scope():
        whole = [file.id for file in files_page(office.actor(), query=query, size=100).files]
    assert walk(office, query) == whole
    assert set(whole) == {file.id for file in files}


@pytest.mark.parametrize("is_falling", [False, True])
def test_a_file_in_which_nothing_arrived_counts_as_the_oldest(*, is_falling: bool) -> None:
    office = firm("claire")
    fill(office, 6)
    with office.scope():
        page = files_page(office.actor(), query=FilesQuery(key=SortKey.ARRIVAL, is_falling=is_falling))
    blank = [file.last_arrival_at is None for file in page.files]
    assert blank == sorted(blank, reverse=not is_falling)


def test_a_restricted_colleague_sees_only_what_was_given() -> None:
    office = firm()
    files = fill(office, 6)
    office.grant(files[4], to="lea", level=Level.READING)
    assert walk(office, FilesQuery(), by="lea") == [files[4].id]
    with office.scope():
        assert newest_file_id(office.actor("lea")) == files[4].id
        assert switchable_files(office.actor("lea"), text="").files == [files[4]]


@pytest.mark.parametrize("text", ["epi", "ÉPI", "or boulangerie", "l'épi"])
def test_a_search_looks_past_accents_and_order(text: str) -> None:
    office = firm("claire")
    wanted = office.open("Boulangerie L’Épi d’Or").client_file
    office.open("Garage du Port")
    assert walk(office, FilesQuery(text=text)) == [wanted.id]


@pytest.fixture(params=[500, 1])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take rows together up to the product's number, and up to one: both ways must find the same."""
    for module in (search, reach):
        monkeypatch.setattr(module, "FEW", request.param)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("key", list(SortKey))
@pytest.mark.parametrize("by", ["claire", "lea"])
def test_few_and_many_are_found_alike(key: SortKey, by: str) -> None:
    office = firm()
    files = fill(office, 12)
    for file in files[:8]:
        office.grant(file, to="lea", level=Level.READING)
    with office.scope():
        archive_file(files[2], actor=office.actor())
    reached = files if by == "claire" else files[:8]
    wanted = {file.id for file in reached if file.name == "Client 2" and file != files[2]}
    found = walk(office, FilesQuery(key=key, text="lient 2"), by=by)
    assert (len(found), set(found)) == (len(wanted), wanted)
    assert set(walk(office, FilesQuery(key=key), by=by)) == {file.id for file in reached} - {files[2].id}


@pytest.mark.parametrize(("by", "text", "few", "queries"), [
    ("claire", "", 500, 1), ("claire", "client", 500, 2), ("claire", "client", 1, 2),
    ("lea", "", 500, 2), ("lea", "client", 500, 2), ("lea", "", 1, 2), ("lea", "client", 1, 3),
])  # fmt: skip
def test_a_page_asks_a_fixed_number_of_queries(
    by: str, text: str, few: int, queries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = firm()
    for file in fill(office, 5):
        office.grant(file, to="lea", level=Level.READING)
    for module in (search, reach):
        monkeypatch.setattr(module, "FEW", few)
    with office.scope():
        actor = office.actor(by)
        with asked() as statements:
            files_page(actor, query=FilesQuery(text=text))
        assert len(statements) == queries
        with asked() as statements:
            switchable_files(actor, text=text)
        assert len(statements) == queries


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by what a table holds")
def test_a_search_reads_an_index_and_not_the_rows() -> None:
    office = firm("claire")
    with office.scope(), asked() as statements:
        files_page(office.actor(), query=FilesQuery(text="garage"))
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statements[-1]}")
        plan = " ".join(row[-1] for row in cursor.fetchall())
    assert "COVERING INDEX files_by_text" in plan


@pytest.mark.parametrize("text", ["%", "_", "\\", "'; --", "\x00x"])
def test_signs_of_the_database_are_only_letters(text: str) -> None:
    office = firm("claire")
    office.open("Garage du Port")
    assert walk(office, FilesQuery(text=text)) == []


def test_archived_files_have_their_own_list() -> None:
    office = firm("claire")
    kept, gone = office.open("A").client_file, office.open("B").client_file
    with office.scope():
        archive_file(gone, actor=office.actor())
        assert switchable_files(office.actor(), text="").files == [kept]
    assert walk(office, FilesQuery()) == [kept.id]
    assert walk(office, FilesQuery(status=FileStatus.ARCHIVED)) == [gone.id]


def test_the_switcher_gives_some_and_says_that_there_are_more() -> None:
    office = firm("claire")
    fill(office, 4)
    with office.scope():
        switch = switchable_files(office.actor(), text="", limit=3)
    assert (len(switch.files), switch.has_more) == (3, True)


@pytest.mark.parametrize("after", ["x", "x:y:z", "é"])
def test_a_cursor_that_is_not_ours_is_the_beginning(after: str) -> None:
    office = firm("claire")
    fill(office, 2)
    with office.scope():
        assert len(files_page(office.actor(), query=FilesQuery(), after=after).files) == 2


def test_news_are_the_rows_that_moved_on_and_files_that_came() -> None:
    office = firm()
    files = fill(office, 2)
    seen, newest = {file.id: 0 for file in files}, files[-1].id
    with office.scope():
        assert changes_since(office.actor(), seen=seen, newest=newest).files == []
        ClientFile.objects.filter(id=files[0].id).update(activity=1)
        changes = changes_since(office.actor(), seen=seen, newest=newest)
        assert (changes.files, changes.has_new) == ([files[0]], False)
        assert changes.gone == frozenset()
        absent = uuid7()
        assert changes_since(office.actor(), seen={**seen, absent: 0}, newest=newest).gone == {absent}
        assert changes_since(office.actor("lea"), seen=seen, newest=None).gone == seen.keys()
        office.open("Neuf")
        assert changes_since(office.actor(), seen=seen, newest=newest).has_new
        assert changes_since(office.actor("lea"), seen=seen, newest=None).files == []

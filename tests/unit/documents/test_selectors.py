"""Lists walk every document once, in the order asked for, and never those of another file."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection

from liasse.core import search
from liasse.core.errors import NotThereError
from liasse.documents import selectors
from liasse.documents.models import Document
from liasse.documents.rules import search_text
from liasse.documents.selectors import ListQuery, SortKey
from liasse.documents.types import TABS, DocumentStatus
from tests.queries import asked
from tests.web.office import NOON, Office, build

REVIEW = DocumentStatus.TO_REVIEW
SUPPLIERS = ("Moulin", "", "Épicerie", "Moulin", "Garage")
TOTALS = (Decimal("12.50"), None, Decimal("-3.10"), Decimal("12.50"), Decimal(0))


@pytest.fixture
def office(db: None) -> Office:
    del db
    return build()


@pytest.fixture
def filled(office: Office) -> Office:
    for number in range(15):
        issued = None if number % 4 == 0 else date(2026, 1, 1) + timedelta(days=number % 3)
        office.document(
            supplier_name=SUPPLIERS[number % 5], total_gross=TOTALS[number % 5], issue_date=issued, received_at=NOON
        )
    return office


def walk(office: Office, query: ListQuery, *, limit: int) -> list[Document]:
    found: list[Document] = []
    after = ""
    with office.scope():
        while True:
            page = selectors.page_of_documents(office.file, query=query, after=after, limit=limit)
            found += page.documents
            after = page.after
            if not after:
                return found


@pytest.mark.parametrize("is_falling", [True, False])
@pytest.mark.parametrize("key", list(SortKey))
@pytest.mark.parametrize("limit", [1, 4, 15])
def test_pages_give_every_document_once(filled: Office, key: SortKey, is_falling: bool, limit: int) -> None:  # noqa: FBT001
    found = walk(filled, ListQuery(REVIEW, key=key, is_falling=is_falling), limit=limit)
    assert len(found) == len({document.id for document in found}) == 15


@pytest.mark.parametrize(
    ("key", "column", "unknown"),
    [(SortKey.TOTAL, "total_gross", None), (SortKey.DATE, "issue_date", None), (SortKey.SUPPLIER, "supplier_name", "")],
)
@pytest.mark.parametrize("is_falling", [True, False])
def test_order_is_the_column_s_with_the_unknown_last(
    filled: Office,
    key: SortKey,
    column: str,
    unknown: str | None,
    is_falling: bool,  # noqa: FBT001
) -> None:
    found = [getattr(one, column) for one in walk(filled, ListQuery(REVIEW, key=key, is_falling=is_falling), limit=4)]
    known = [value for value in found if value != unknown]
    assert found == known + [unknown] * (15 - len(known))
    if key is not SortKey.SUPPLIER:
        # How capitals and accents sort is the database's own affair.
        assert known == sorted(known, reverse=is_falling)


@pytest.mark.parametrize("key", list(SortKey))
def test_neighbours_follow_the_list(filled: Office, key: SortKey) -> None:
    query = ListQuery(REVIEW, key=key)
    ids = [document.id for document in walk(filled, query, limit=50)]
    with filled.scope():
        for at, document_id in enumerate(ids):
            document = selectors.document_of_file(filled.file, document_id=document_id)
            assert document is not None
            around = selectors.neighbours(document, query=query)
            assert around.previous == (ids[at - 1] if at else None)
            assert around.next == (ids[at + 1] if at + 1 < len(ids) else None)


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "é", "W10", "bnVsbA", "WyJ0b3RhbCIsICJOYU4iLCAiMTIiXQ", "WyJ0b3RhbCIsICIxZTk5IiwgIjEyIl0", "A" * 5000],
)
def test_a_cursor_that_cannot_be_read_gives_the_first_page(filled: Office, cursor: str) -> None:
    query = ListQuery(REVIEW, key=SortKey.TOTAL)
    with filled.scope():
        page = selectors.page_of_documents(filled.file, query=query, after=cursor, limit=3)
        first = selectors.page_of_documents(filled.file, query=query, limit=3)
    assert [one.id for one in page.documents] == [one.id for one in first.documents]


@pytest.mark.parametrize("text", ["epicerie", "ÉPICERIE  2026-7", "fl-2026", "1 234,50", "1234.50 ", "facture"])
def test_search_finds_words_in_any_order_and_amounts(office: Office, text: str) -> None:
    wanted = office.document(supplier_name="L’Épicerie", number="FL-2026-7", total_gross=Decimal("1234.50"))
    office.document(supplier_name="Garage", number="12", filename="scan.pdf")
    assert [one.id for one in walk(office, ListQuery(REVIEW, text=text), limit=9)] == [wanted.id]


@pytest.mark.parametrize("text", ["nichts", "%", "_", "9" * 40, "nich\0ts", "épicerie garage"])
def test_search_finds_nothing_by_what_is_not_there(office: Office, text: str) -> None:
    office.document(supplier_name="L’Épicerie", number="FL-2026-7")
    assert walk(office, ListQuery(REVIEW, text=text), limit=9) == []


@pytest.mark.parametrize("few", [500, 1])
@pytest.mark.parametrize("key", list(SortKey))
def test_few_and_many_are_found_alike(filled: Office, key: SortKey, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "FEW", few)
    filled.document(supplier_name="Garage", number="moul-7")
    filled.document(supplier_name="Moulin", status=DocumentStatus.READY)
    query = ListQuery(REVIEW, key=key, text="moul")
    listed = walk(filled, ListQuery(REVIEW, key=key), limit=50)
    whole = [one.id for one in listed if "moul" in f"{one.supplier_name} {one.number}".lower()]
    assert [one.id for one in walk(filled, query, limit=4)] == whole
    assert len(whole) == 7


@pytest.mark.parametrize(("text", "queries"), [("", 1), ("moulin", 2), ("zzzz", 1), ("12,50", 2)])
def test_a_page_asks_a_fixed_number_of_queries(filled: Office, text: str, queries: int) -> None:
    with filled.scope(), asked() as statements:
        selectors.page_of_documents(filled.file, query=ListQuery(REVIEW, text=text), limit=2)
    assert len(statements) == queries


@pytest.mark.parametrize("text", ["moulin", "12,50"])
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by what a table holds")
def test_a_search_reads_an_index_and_not_the_rows(filled: Office, text: str) -> None:
    with filled.scope(), asked() as statements:
        selectors.page_of_documents(filled.file, query=ListQuery(REVIEW, text=text))
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statements[0]}")
        plan = " ".join(row[-1] for row in cursor.fetchall())
    assert "COVERING INDEX documents_by_text" in plan


def test_letters_of_four_bytes_fit_into_the_index(office: Office) -> None:
    name = "".join(chr(0x20000 + number * number * 7919 % 42719) for number in range(900))
    document = office.document(search_text=search_text(name))
    assert [one.id for one in walk(office, ListQuery(REVIEW, text=name[:30]), limit=2)] == [document.id]


def test_an_owner_narrows_the_list(office: Office) -> None:
    office.document()
    mine = office.document(owner=office.member)
    found = walk(office, ListQuery(REVIEW, owner_id=office.member.id), limit=9)
    assert [one.id for one in found] == [mine.id]


def test_documents_of_another_file_are_not_there(office: Office) -> None:
    foreign = office.document(file=office.sibling)
    with office.scope():
        assert walk(office, ListQuery(REVIEW, text="moulin"), limit=9) == []
        assert selectors.document_of_file(office.file, document_id=foreign.id) is None
        assert selectors.matches_by_status(office.file, query=ListQuery(REVIEW)) == dict.fromkeys(TABS, 0)


def test_one_foreign_id_makes_the_choice_fail(office: Office) -> None:
    own, foreign = office.document(), office.document(file=office.sibling)
    with office.scope():
        for ids in ([str(own.id), str(foreign.id)], [str(own.id), str(uuid4())], [str(own.id), "../x"]):
            with pytest.raises(NotThereError):
                selectors.choose(office.file, ids=ids)


def test_a_choice_gives_each_document_once_in_the_order_given(office: Office) -> None:
    ids = [office.document().id for _ in range(5)]
    wanted = [ids[3], ids[0], ids[3], ids[4]]
    with office.scope():
        chosen = selectors.choose(office.file, ids=[str(one) for one in wanted])
        batches = list(selectors.batches(chosen, size=2))
    assert [[one.id for one in batch] for batch in batches] == [[ids[3], ids[0]], [ids[4]]]


def test_a_search_says_in_which_tabs_it_finds(office: Office) -> None:
    for status in (DocumentStatus.READY, DocumentStatus.READY, DocumentStatus.ARCHIVED):
        office.document(status=status)
    with office.scope():
        found = selectors.matches_by_status(office.file, query=ListQuery(REVIEW, text="moulin"))
    assert found == dict.fromkeys(TABS, 0) | {DocumentStatus.READY: 2, DocumentStatus.ARCHIVED: 1}


@pytest.mark.parametrize(("text", "mine"), [("moulin", 2), ("rien", 0), ("", 3)])
def test_the_page_of_a_search_knows_its_own_matches_and_the_others_are_counted(
    office: Office, text: str, mine: int
) -> None:
    for name in ("moulin", "moulin", "autre"):
        office.document(search_text=name)
    query = ListQuery(REVIEW, text=text)
    with office.scope():
        page = selectors.page_of_documents(office.file, query=query, limit=1)
        assert page.matches == (mine if text else None)
        with asked() as queries:
            found = selectors.matches_by_status(office.file, query=query, matches=page.matches)
    assert found[REVIEW] == mine
    assert len(queries) == (4 if text else 5)


def test_with_an_owner_too_the_page_knows_no_number(office: Office) -> None:
    office.document(owner=office.member)
    office.document()
    query = ListQuery(REVIEW, text="moulin", owner_id=office.member.id)
    with office.scope():
        matches = selectors.page_of_documents(office.file, query=query).matches
        assert matches is None
        assert selectors.matches_by_status(office.file, query=query, matches=matches)[REVIEW] == 1


def test_counting_stops_at_its_limit(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "MOST_COUNTED", 2)
    for _ in range(3):
        office.document(status=DocumentStatus.READY)
    with office.scope():
        found = selectors.matches_by_status(office.file, query=ListQuery(REVIEW, text="moulin"))
    assert found[DocumentStatus.READY] == 2

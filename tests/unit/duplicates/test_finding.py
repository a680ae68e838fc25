"""Documents that are there twice are found by what they say, in as many queries for any number of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from liasse.clients.models import ClientFile
from liasse.clients.types import DuplicateRule
from liasse.core.access import Actor
from liasse.core.errors import ConflictError, NotThereError
from liasse.core.models import AuditEvent, Job
from liasse.documents.models import Document
from liasse.documents.sides import set_side
from liasse.documents.types import DocumentStatus
from liasse.duplicates import finding, services
from liasse.duplicates.models import Pair, Trait
from liasse.duplicates.types import PairState, Verdict
from liasse.intake.types import Side
from liasse.pipeline import copies
from liasse.reading.services import correct
from tests.queries import asked
from tests.web.office import Office, build

pytestmark = pytest.mark.django_db

ACTOR = Actor(kind="colleague", name="Anne")
SAME: dict[str, Any] = {"number": "F-2026-77", "issue_date": date(2026, 3, 1), "total_gross": Decimal("120.00")}


@pytest.fixture
def office(db: None) -> Office:
    del db
    return build()


def found(office: Office, **values: Any) -> Document:  # noqa: ANN401 - any column
    """Give a document that was looked at like one that has just been read."""
    office.made += 1
    values = {"content": f"%PDF-1.4 {office.made}".encode()} | values
    document = office.document(**values)
    with office.scope():
        copies.find(document.id)
    return document


def pairs(office: Office) -> list[tuple[str, str]]:
    with office.scope():
        return list(Pair.objects.order_by("id").values_list("grounds", "state"))


def doubts(office: Office) -> list[int]:
    with office.scope():
        return list(Document.objects.order_by("id").values_list("doubts", flat=True))


@pytest.mark.parametrize(
    ("first", "second", "grounds"),
    [
        ({"content": b"%PDF-1.4 same", "number": "A-100"}, {"content": b"%PDF-1.4 same", "number": "B-200"}, "bytes"),
        ({"number": "FA 2026-0077"}, {"number": "fa2026/77"}, "number"),
        (SAME | {"number": ""}, SAME | {"number": ""}, "sums"),
        (SAME, SAME | {"supplier_name": "AU BON MOULIN SARL"}, "number sums"),
    ],
)
def test_two_are_a_pair_for_what_they_have_in_common(
    office: Office, first: dict[str, Any], second: dict[str, Any], grounds: str
) -> None:
    found(office, **first)
    found(office, **second)
    assert pairs(office) == [(grounds, "open")]
    assert doubts(office) == [1, 1]


@pytest.mark.parametrize(
    "other",
    [
        {"number": "F-2026-78"},
        {"supplier_name": "Garage du Pont"},
        {"side": "sales"},
        {"issue_date": date(2025, 3, 1), "total_gross": Decimal("95.00")},
    ],
)
def test_two_that_say_something_else_are_no_pair(office: Office, other: dict[str, Any]) -> None:
    found(office, **SAME)
    found(office, **SAME | other)
    assert (pairs(office), doubts(office)) == ([], [0, 0])


def test_another_file_is_never_looked_into_and_the_archive_is(office: Office) -> None:
    found(office, **SAME, file=office.sibling)
    found(office, **SAME, status=DocumentStatus.ARCHIVED)
    found(office, **SAME)
    assert doubts(office) == [0, 1, 1]


def test_a_correction_and_another_side_make_and_end_a_pair(office: Office) -> None:
    first, second = found(office, number="F-100"), found(office, number="F-200")
    with office.scope():
        typed = {"invoice_number": "F-100", "supplier_name": "Moulin"}
        changed = correct(second, actor=ACTOR, version=1, values=typed)
        correct(first, actor=ACTOR, version=1, values=typed)
        assert Job.objects.filter(kind="find-duplicates").count() == 2
        for one in (first, second):
            copies.find(one.id)
        assert doubts(office) == [1, 1]
        set_side(second, actor=ACTOR, version=changed.version, side=Side.SALES)
        copies.find(second.id)
    assert (pairs(office), doubts(office)) == ([], [0, 0])


def test_a_duplicate_leaves_its_tab_and_comes_back_to_it_however_often_it_is_looked_at(office: Office) -> None:
    first, second = found(office, **SAME), found(office, **SAME, status=DocumentStatus.READY)
    with office.scope():
        ids = {"document_id": second.id, "other_id": first.id}
        services.decide(office.file, **ids, verdict=Verdict.THIS, actor=ACTOR)
        copies.find(second.id)
        second.refresh_from_db()
        assert (second.status, doubts(office)) == (DocumentStatus.DUPLICATE, [0, 0])
        file = ClientFile.objects.get(id=office.file.id)
        assert (file.count_ready, file.count_duplicate) == (0, 1)
        with pytest.raises(ConflictError):
            services.decide(office.file, **ids, verdict=Verdict.BOTH, actor=ACTOR)
        services.undo(office.file, **ids, actor=ACTOR)
        second.refresh_from_db()
        file.refresh_from_db()
        assert (second.status, file.count_ready, file.count_duplicate) == (DocumentStatus.READY, 1, 0)
        verbs = AuditEvent.objects.filter(subject_id=second.id).order_by("sequence").values_list("verb", flat=True)
        assert list(verbs) == ["document.duplicate", "document.duplicate-undone"]
    assert doubts(office) == [1, 1]


def test_both_are_kept_for_good(office: Office) -> None:
    first, second = found(office, **SAME), found(office, **SAME)
    with office.scope():
        services.decide(office.file, document_id=first.id, other_id=second.id, verdict=Verdict.BOTH, actor=ACTOR)
        copies.find(first.id)
    assert (pairs(office), doubts(office)) == ([("number sums", "kept")], [0, 0])


def test_of_three_the_later_two_are_set_aside_together(office: Office) -> None:
    three = [found(office, **SAME) for _ in range(3)]
    with office.scope():
        ids = [one.id for one in three[1:]]
        assert services.decide_many(ids, client_file=office.file, keep_both=False, actor=ACTOR) == (2, 0)
        states = list(Document.objects.order_by("id").values_list("status", flat=True))
        assert states == ["to-review", "duplicate", "duplicate"]
        assert doubts(office) == [0, 0, 0]
        assert services.take_back(ids, client_file=office.file, actor=ACTOR) == 2
    assert doubts(office) == [2, 2, 2]


@pytest.mark.parametrize(
    ("rule", "content", "status", "state"),
    [
        (DuplicateRule.KEEP, b"%PDF-1.4 same", "to-review", PairState.KEPT),
        (DuplicateRule.IDENTICAL, b"%PDF-1.4 same", "duplicate", PairState.ASIDE),
        (DuplicateRule.IDENTICAL, None, "to-review", PairState.OPEN),
    ],
)
def test_the_rule_of_a_file_decides_and_is_in_the_history(
    office: Office, rule: DuplicateRule, content: bytes | None, status: str, state: str
) -> None:
    with office.scope():
        ClientFile.objects.filter(id=office.file.id).update(duplicate_rule=rule)
    values = SAME | ({"content": content} if content else {})
    found(office, **values)
    second = found(office, **values)
    with office.scope():
        second.refresh_from_db()
        events = AuditEvent.objects.filter(subject_id=second.id)
        assert [event.after["rule"] for event in events] == ([] if state == PairState.OPEN else [rule])
    assert (second.status, pairs(office)[0][1]) == (status, state)


def test_foreign_ids_are_no_pair(office: Office) -> None:
    first, second = found(office, **SAME), found(office, **SAME)
    foreign = found(office, **SAME, file=office.sibling)
    with office.scope():
        for file, other in ((office.file, foreign), (office.sibling, second)):
            with pytest.raises(NotThereError):
                services.decide(file, document_id=first.id, other_id=other.id, verdict=Verdict.BOTH, actor=ACTOR)
        with pytest.raises(NotThereError):
            services.decide_many([first.id, foreign.id], client_file=office.file, keep_both=True, actor=ACTOR)


def test_looking_asks_the_same_number_of_questions_beside_many(office: Office) -> None:
    counts = []
    for _round in range(2):
        newest = found(office, **SAME)
        with office.scope(), asked() as queries:
            finding.say_alike(Trait.objects.get(document_id=newest.id))
        counts.append(len(queries))
        for number in range(30):
            found(office, number=f"X-{number}")
    assert counts == [4, 4]


def test_each_way_to_be_the_same_has_an_index(office: Office) -> None:
    newest = found(office, **SAME)
    with office.scope():
        trait = Trait.objects.get(document_id=newest.id)
        finding.note_look(trait, look="0123456789abcdef", look_of="0" * 64)
        with asked() as queries:
            finding.say_alike(trait)
            finding.look_alike(trait)
        assert len(queries) == 7
        if connection.vendor != "sqlite":
            # Of a handful of rows PostgreSQL reads the table.
            return
        plans = []
        with connection.cursor() as cursor:
            for query in queries:
                cursor.execute(f"EXPLAIN QUERY PLAN {query}")
                plans.append(" ".join(str(row[-1]) for row in cursor.fetchall()))
    names = ("bytes", "number", "sums", "band_1", "band_2", "band_3", "band_4")
    for plan, name in zip(plans, names, strict=True):
        assert f"traits_by_{name} " in plan, plan

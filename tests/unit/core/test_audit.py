"""The audit trail: what was changed, cut or lost afterwards is found."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from liasse.core import audit
from liasse.core.access import Actor, system_actor
from liasse.core.models import AuditEvent, AuditHead
from liasse.core.scope import practice_scope
from liasse.core.walls import lacks_of_the_trail, lifting
from liasse.lib.ids import uuid7
from tests.queries import asked
from tests.trail import tampering

pytestmark = pytest.mark.django_db
PRACTICE = uuid7()


def _write(count: int) -> None:
    for number in range(count):
        audit.record(
            "file.renamed",
            actor=system_actor(PRACTICE, name="Zoé"),
            practice_id=PRACTICE,
            subject=audit.Subject("client_file", uuid7()),
            before={"name": f"n° {number}"},
            after={"name": "É"},
        )


def _found() -> list[str]:
    return list(audit.verify_chain(PRACTICE))


def test_an_untouched_chain_holds() -> None:
    with practice_scope(PRACTICE):
        _write(5)
        assert list(audit.verify_chain(PRACTICE)) == []


def test_an_altered_event_is_found() -> None:
    with practice_scope(PRACTICE):
        _write(5)
        with tampering():
            AuditEvent.objects.filter(sequence=3).update(actor_name="Somebody else")
        assert _found() == [f"audit event 3 of practice {PRACTICE} was altered"]


def test_an_event_that_was_altered_and_hashed_again_is_found_by_the_next() -> None:
    with practice_scope(PRACTICE):
        _write(5)
        event = AuditEvent.objects.get(sequence=3)
        event.actor_name = "Somebody else"
        with tampering():
            AuditEvent.objects.filter(id=event.id).update(actor_name=event.actor_name, hash=audit.event_hash(event))
        assert _found() == [f"audit event 4 of practice {PRACTICE} does not follow the one before it"]


def test_removed_events_are_found() -> None:
    with practice_scope(PRACTICE):
        _write(7)
        with tampering():
            AuditEvent.objects.filter(sequence__in=(3, 5, 6)).delete()
        one, more = _found()
    assert one == f"audit event 3 of practice {PRACTICE} is missing"
    assert more == f"audit events 5 to 6 of practice {PRACTICE} are missing"


def test_reordered_events_are_found() -> None:
    with practice_scope(PRACTICE):
        _write(5)
        third, fourth = AuditEvent.objects.filter(sequence__in=(3, 4)).order_by("sequence")
        with tampering():
            for event, sequence in ((third, 99), (fourth, 3), (third, 4)):
                AuditEvent.objects.filter(id=event.id).update(sequence=sequence)
        assert {f"audit event {number} of practice {PRACTICE} was altered" for number in (3, 4)} <= set(_found())


def test_reordered_events_whose_hashes_were_made_again_are_found() -> None:
    with practice_scope(PRACTICE):
        _write(5)
        third, fourth = AuditEvent.objects.filter(sequence__in=(3, 4)).order_by("sequence")
        with tampering():
            AuditEvent.objects.filter(id=third.id).update(sequence=99)
            for event, sequence in ((fourth, 3), (third, 4)):
                event.sequence = sequence
                AuditEvent.objects.filter(id=event.id).update(sequence=sequence, hash=audit.event_hash(event))
        assert _found()[0] == f"audit event 3 of practice {PRACTICE} does not follow the one before it"


def test_a_chain_cut_at_its_end_is_found() -> None:
    with practice_scope(PRACTICE):
        _write(5)
        with tampering():
            AuditEvent.objects.filter(sequence=5).delete()
        assert _found() == [f"the audit chain of practice {PRACTICE} was cut off at its end"]


def test_what_is_written_while_a_chain_is_read_is_no_break(monkeypatch: pytest.MonkeyPatch) -> None:
    def and_write(practice_id: UUID) -> object:
        found = heads(practice_id=practice_id)
        # Evaluated before the next event is written, as it is where another process writes it.
        if list(found) and not written:
            written.append(True)
            _write(2)
            return found
        return heads(practice_id=practice_id)

    written: list[bool] = []
    heads = AuditHead.objects.filter
    with practice_scope(PRACTICE):
        _write(3)
        monkeypatch.setattr(AuditHead.objects, "filter", and_write)
        assert _found() == []
        assert written


def test_a_chain_whose_end_was_removed_is_found() -> None:
    with practice_scope(PRACTICE):
        _write(2)
        AuditHead.objects.all().delete()
        assert _found() == [f"the end of the audit chain of practice {PRACTICE} was removed"]


@pytest.mark.parametrize("statement", ["UPDATE {} SET verb = 'x'", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_an_event(statement: str) -> None:
    with practice_scope(PRACTICE):
        _write(1)
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format("core_auditevent"))
        assert AuditEvent.objects.get().verb == "file.renamed"


def test_a_trigger_that_is_gone_is_a_defect() -> None:
    assert lacks_of_the_trail(connection) == []
    with connection.cursor() as cursor:
        cursor.execute(lifting(connection.vendor)[1])
    assert lacks_of_the_trail(connection) == ["audit_no_delete"]


def test_an_event_costs_one_read() -> None:
    with practice_scope(PRACTICE):
        _write(1)
        with asked() as seen:
            _write(1)
    assert [words.split()[0] for words in seen] == ["SAVEPOINT", "SELECT", "INSERT", "UPDATE", "RELEASE"]


def test_what_is_done_again_within_the_hour_is_written_once_a_person_and_subject() -> None:
    document, ways = uuid7(), [system_actor(PRACTICE), Actor(kind="colleague", person_id=uuid7())]
    with practice_scope(PRACTICE):
        for actor in ways * 3:
            for verb in ("document.opened", "document.downloaded"):
                _once(verb, document, actor=actor)
        assert AuditEvent.objects.count() == 4
        with tampering():
            AuditEvent.objects.update(at=timezone.now() - audit.ONCE_AN_HOUR)
        with asked() as seen:
            _once("document.opened", document, actor=ways[1])
            assert _once("document.opened", document, actor=ways[1]) is None
    assert len(seen) == 5 + 2


def _once(verb: str, subject_id: UUID, *, actor: Actor) -> AuditEvent | None:
    return audit.record_once(verb, actor=actor, practice_id=PRACTICE, subject=audit.Subject("document", subject_id))


@pytest.mark.django_db(transaction=True)
def test_events_at_the_same_moment_follow_one_another() -> None:
    def write(_number: int) -> None:
        try:
            with practice_scope(PRACTICE):
                _write(5)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(write, range(4)))
    with practice_scope(PRACTICE):
        assert list(AuditEvent.objects.order_by("sequence").values_list("sequence", flat=True)) == list(range(1, 21))
        assert _found() == []


def test_each_practice_has_its_own_chain() -> None:
    other = uuid7()
    with practice_scope(PRACTICE):
        _write(2)
    with practice_scope(other):
        event = audit.record(
            "x", actor=system_actor(other), practice_id=other, subject=audit.Subject("practice", other)
        )
        assert event.sequence == 1

"""The audit trail: what was changed, cut or lost afterwards is found."""

from __future__ import annotations

import pytest

from liasse.core import audit
from liasse.core.access import system_actor
from liasse.core.models import AuditEvent
from liasse.core.scope import practice_scope
from liasse.lib.ids import uuid7

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


def test_an_untouched_chain_holds() -> None:
    with practice_scope(PRACTICE):
        _write(5)
        assert list(audit.verify_chain(PRACTICE)) == []


def test_an_altered_event_is_found() -> None:
    with practice_scope(PRACTICE):
        _write(5)
        AuditEvent.objects.filter(sequence=3).update(actor_name="Somebody else")
        assert any("event 3" in sentence for sentence in audit.verify_chain(PRACTICE))


def test_a_removed_event_is_found() -> None:
    with practice_scope(PRACTICE):
        _write(5)
        AuditEvent.objects.filter(sequence=3).delete()
        assert any("event 3" in sentence for sentence in audit.verify_chain(PRACTICE))


def test_a_chain_cut_at_its_end_is_found() -> None:
    with practice_scope(PRACTICE):
        _write(5)
        AuditEvent.objects.filter(sequence=5).delete()
        assert any("cut off" in sentence for sentence in audit.verify_chain(PRACTICE))


def test_each_practice_has_its_own_chain() -> None:
    other = uuid7()
    with practice_scope(PRACTICE):
        _write(2)
    with practice_scope(other):
        event = audit.record(
            "x", actor=system_actor(other), practice_id=other, subject=audit.Subject("practice", other)
        )
        assert event.sequence == 1

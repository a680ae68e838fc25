"""An outside engine that refuses, waits, is away, or whose worker dies: nothing is lost and nothing held up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from liasse.core.models import AuditEvent, Job
from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus
from liasse.outside import services
from liasse.outside.models import Asking
from liasse.outside.types import State, Trouble
from liasse.pipeline import asking
from liasse.pipeline.outcomes import DONE
from liasse.worker.main import run_next
from tests.adapters.engine_openai.standin import StandIn
from tests.flows.conftest import Ground, mail
from tests.outside import SAID, engine_at, paper, switched_on, value, verbs
from tests.paper import ubl

type WorkOff = Callable[[], int]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _rested() -> Iterator[None]:
    asking.REST.answered()
    yield
    asking.REST.answered()


@pytest.mark.parametrize(("status", "trouble"), [(404, Trouble.NOT_THERE), (302, Trouble.REDIRECT), (401, Trouble.KEY)])
def test_a_refusal_for_good_stops_and_leaves_the_document_as_it_was(
    ground: Ground, work_off: WorkOff, monkeypatch: pytest.MonkeyPatch, status: int, trouble: Trouble
) -> None:
    with engine_at(StandIn(first=[(status, {})]), monkeypatch) as made:
        switched_on(ground.client_file)
        ground.arrive(paper())
        work_off()
        work_off()
    assert len(made.asked) == 1
    assert (Asking.objects.get().state, Asking.objects.get().problem) == (State.STOPPED, trouble)
    assert verbs() == ["on", "sent", "stopped"]
    assert (value("invoice_number"), Document.objects.get().status) == (None, DocumentStatus.TO_REVIEW)


def test_too_many_questions_wait_as_long_as_the_engine_says(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    with engine_at(StandIn(SAID, first=[(429, {}, {"Retry-After": "120"})]), monkeypatch) as made:
        switched_on(ground.client_file)
        ground.arrive(paper())
        while run_next():
            pass
        waits = Job.objects.get(kind=services.ASK_ENGINE)
        assert waits.due_at > timezone.now() + timedelta(seconds=100)
        assert asking.REST.seconds > 100
        assert len(made.asked) == 1
        asking.REST.answered()
        assert asking.ask(waits.subject_id) == DONE
    assert (len(made.asked), value("invoice_number")) == (2, "ZX-2026-77")


def test_a_dead_endpoint_holds_nothing_up_and_is_given_up_after_five_tries(
    ground: Ground, work_off: WorkOff, monkeypatch: pytest.MonkeyPatch
) -> None:
    with engine_at(StandIn(first=[(503, {})] * 9), monkeypatch) as made:
        switched_on(ground.client_file)
        ground.arrive(paper())
        ground.arrive(mail(("f.xml", ubl())))
        work_off()
        assert len(made.asked) == 1
        assert Document.objects.filter(status=DocumentStatus.READY).count() == 1
        document = Document.objects.get(status=DocumentStatus.TO_REVIEW)
        outcomes = []
        for _try in range(6):
            asking.REST.answered()
            outcomes.append(asking.ask(document.id))
    assert len(made.asked) == services.MOST_SENDINGS
    assert outcomes[-1] == DONE
    assert Asking.objects.get().problem == Trouble.AWAY
    assert Document.objects.get(id=document.id).status == DocumentStatus.TO_REVIEW


def test_a_time_out_is_a_trouble_that_passes(
    ground: Ground, work_off: WorkOff, monkeypatch: pytest.MonkeyPatch
) -> None:
    with engine_at(StandIn(SAID), monkeypatch, seconds=0.3) as made:
        made.hangs_for = 2
        switched_on(ground.client_file)
        ground.arrive(paper())
        work_off()
        assert Asking.objects.get().state == State.WAITING
        made.hangs_for = 0
        asking.REST.answered()
        assert asking.ask(Document.objects.get().id) == DONE
    assert (value("invoice_number"), Asking.objects.get().sent_count) == ("ZX-2026-77", 2)


def test_a_worker_killed_before_it_stored_asks_again_and_stores_once(
    ground: Ground, work_off: WorkOff, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(BaseException):
        """Ends the worker where it stands."""

    def killed(*_args: object, **_words: object) -> None:
        raise KilledError

    with engine_at(StandIn(SAID), monkeypatch) as made:
        switched_on(ground.client_file)
        ground.arrive(paper())
        with monkeypatch.context() as dying:
            dying.setattr(services, "finish", killed)
            with pytest.raises(KilledError):
                work_off()
        assert (verbs(), value("invoice_number")) == (["on", "sent"], None)
        Job.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
        work_off()
        document = Document.objects.get()
        assert asking.ask(document.id) == DONE
    assert len(made.asked) == 2
    assert verbs() == ["on", "sent", "sent", "answered"]
    assert AuditEvent.objects.filter(verb="document.engine-sent").latest("sequence").after["engine_again"] == 2

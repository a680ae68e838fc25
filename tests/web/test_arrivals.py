"""Tout ce qui est arrivé: what hangs and why, over the files one reaches and no other, at a fixed price."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from liasse.core.models import AuditEvent, Job
from liasse.documents.services import ADVANCE_DOCUMENT
from liasse.documents.types import DocumentStatus, Step
from liasse.intake.models import Receipt, ReceiptPart
from liasse.intake.rules import search_text_of
from liasse.intake.services import OPEN_RECEIPT
from liasse.intake.types import Door, Hold, ReceiptState, Verdict
from liasse.pipeline.journeys import balance_of
from tests.queries import asked
from tests.web.office import NOON, Office, build

LONG_AGO = timedelta(hours=2)


@pytest.fixture
def office(db: None) -> Office:
    del db
    return build()


def arrived(office: Office, subject: str, **values: Any) -> Receipt:  # noqa: ANN401 - any column
    """Give a receipt whose text can be searched, as arrivals and openings write it."""
    receipt = office.receipt(subject=subject, **values)
    with office.scope():
        Receipt.objects.filter(id=receipt.id).update(search_text=search_text_of(receipt))
    return receipt


def late(office: Office, subject: str, **values: Any) -> Receipt:  # noqa: ANN401 - any column
    return arrived(
        office, subject, **({"state": ReceiptState.STORED, "waits_since": timezone.now() - LONG_AGO} | values)
    )


def get(office: Office, words: str = "", *, role: str = "administrator") -> str:
    response = office.as_(role).get(f"/arrivals/{words}")
    assert response.status_code == 200
    return response.content.decode()


def of_file(office: Office, words: str = "", *, role: str = "reading") -> str:
    response = office.as_(role).get(f"/files/{office.file.id}/receipts/{words}")
    assert response.status_code == 200
    return response.content.decode()


def test_the_practice_sees_all_and_a_colleague_what_the_files_of_theirs_got(office: Office) -> None:
    arrived(office, "Pour le dossier")
    arrived(office, "Pour le voisin", file=office.sibling)
    assert "Pour le dossier" in get(office)
    assert "Pour le voisin" in get(office)
    assert "Pour le dossier" in get(office, role="reading")
    assert "Pour le voisin" not in get(office, role="reading")
    assert "Pour le voisin" not in get(office, "?q=voisin", role="reading")


@pytest.mark.parametrize("page", [get, of_file])
@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("?state=failed", "Un"),
        ("?state=to-sort", "Deux"),
        ("?state=without", "Trois"),
        ("?state=done", "Quatre"),
        ("?state=late", "Cinq"),
        ("?state=waiting", "Cinq"),
        ("?state=aside", "Six"),
        ("?door=folder", "Six"),
        ("?q=zoe+TROIS", "Trois"),
        ("?q=quatre.pdf", "Quatre"),
        ("?since=2026-11-20&until=2026-11-20", "Six"),
    ],
)
def test_the_list_is_narrowed(office: Office, page: Callable[..., str], words: str, shown: str) -> None:
    arrived(office, "Un", state=ReceiptState.FAILED, waits_since=None)
    arrived(office, "Deux", state=ReceiptState.HELD, held=Hold.UNKNOWN_SENDER)
    arrived(office, "Trois", state=ReceiptState.UNUSABLE, from_name="Zoé")
    arrived(office, "Quatre", filename="quatre.pdf")
    late(office, "Cinq")
    day = NOON - timedelta(days=4)
    arrived(office, "Six", state=ReceiptState.ASIDE, door=Door.FOLDER, received_at=day)
    found = page(office, words)
    names = ("Un", "Deux", "Trois", "Quatre", "Cinq", "Six")
    assert [name for name in names if f">{name}<" in found] == [shown]


def test_a_file_is_found_by_its_name(office: Office) -> None:
    arrived(office, "Un")
    arrived(office, "Deux", file=office.sibling)
    with office.scope():
        type(office.sibling).objects.filter(id=office.sibling.id).update(search_text="garage du port")
    found = get(office, "?file=garage")
    assert ">Deux<" in found
    assert ">Un<" not in found


def test_what_cannot_be_understood_narrows_nothing(office: Office) -> None:
    arrived(office, "Un")
    for words in ("?state=x&door=x", "?since=x&until=0001-01-01x", "?after=x~y", "?since=0001-01-01&until=9999-12-31"):
        assert ">Un<" in get(office, words)


def test_what_waits_too_long_is_counted_and_says_that_nothing_is_lost(office: Office) -> None:
    late(office, "Perdue")
    found = get(office, "?state=late")
    assert "1 envoi attend depuis plus d’une heure." in found
    assert "Rien n’est perdu" in found
    assert "plus d’une heure" in of_file(office)


def test_a_document_whose_reading_does_not_come_makes_its_delivery_late(office: Office) -> None:
    document = office.document(status=DocumentStatus.PROCESSING, step=Step.READ)
    with office.scope():
        Job.objects.create(
            practice_id=office.practice.id, kind=ADVANCE_DOCUMENT, subject_id=document.id, due_at=timezone.now()
        )
        Job.objects.update(created_at=timezone.now() - LONG_AGO, is_stopped=True)
    found = get(office, "?state=late")
    assert "1 en cours de lecture" in found
    assert office.as_("coding").post("/arrivals/retry/").status_code == 302
    with office.scope():
        assert not Job.objects.get().is_stopped


def test_pages_give_every_delivery_once_also_while_more_arrive(office: Office) -> None:
    for number in range(120):
        arrived(office, f"N{number:03}")
    client, seen, url = office.as_("administrator"), [], "/arrivals/"
    while url:
        page = client.get(url).context
        seen += [row.title for row in page["rows"]]
        url = page["more_url"]
        arrived(office, "Neu")
    assert seen == [f"N{number:03}" for number in reversed(range(120))]


@pytest.mark.parametrize("role", ["administrator", "reading"])
@pytest.mark.parametrize("words", ["", "?state=late", "?state=waiting", "?q=n", "?file=x&door=mail"])
def test_the_price_is_the_same_however_much_arrived(office: Office, role: str, words: str) -> None:
    client, counts = office.as_(role), []
    for number in (1, 40):
        for _ in range(number):
            late(office, "N")
        client.get("/arrivals/")
        with asked() as statements:
            assert client.get(f"/arrivals/{words}").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 15


def test_everything_that_failed_is_tried_again_where_one_works(office: Office) -> None:
    failed = [late(office, "A", state=ReceiptState.FAILED, problem="open-failed") for _ in range(3)]
    foreign = late(office, "B", file=office.sibling, state=ReceiptState.FAILED)
    assert office.as_("reading").post("/arrivals/retry/").status_code == 302
    with office.scope():
        assert not Job.objects.exists()
    assert "3 éléments sont réessayés." in office.as_("coding").post("/arrivals/retry/", follow=True).content.decode()
    with office.scope():
        assert set(Job.objects.values_list("subject_id", flat=True)) == {one.id for one in failed}
        assert Receipt.objects.get(id=foreign.id).state == ReceiptState.FAILED
        assert set(Job.objects.values_list("kind", flat=True)) == {OPEN_RECEIPT}
    assert "Il n’y a rien à réessayer." in office.as_("coding").post("/arrivals/retry/", follow=True).content.decode()


def test_a_file_is_tried_again_by_itself(office: Office) -> None:
    here = late(office, "A")
    late(office, "B", file=office.sibling)
    assert office.as_("coding").post(f"/files/{office.file.id}/receipts/retry/").status_code == 302
    with office.scope():
        assert [job.subject_id for job in Job.objects.all()] == [here.id]


def test_a_failure_that_was_seen_is_no_alarm_any_more(office: Office) -> None:
    receipt = late(office, "Vue", state=ReceiptState.FAILED, problem="open-failed")
    url = f"/files/{office.file.id}/receipts/{receipt.id}/"
    assert "Vu" in office.as_("coding").get(url).content.decode()
    for _ in range(2):
        assert office.as_("coding").post(f"{url}seen/").status_code == 302
    with office.scope():
        assert AuditEvent.objects.filter(verb="receipt.failure-seen").count() == 1
    assert ">Vue<" not in get(office, "?state=late")
    assert ">Vue<" in get(office, "?state=failed")


def test_the_journey_adds_up(office: Office) -> None:
    document = office.document(supplier_name="Moulin")
    with office.scope():
        receipt = Receipt.objects.get(id=document.receipt_id)
        for index, verdict in enumerate((Verdict.IGNORED, Verdict.REFUSED), start=1):
            ReceiptPart.objects.create(
                practice=office.practice, receipt=receipt, index=index, verdict=verdict, reason="logo"
            )
    shown = office.as_("reading").get(f"/files/{office.file.id}/receipts/{receipt.id}/").content.decode()
    assert "3 parties\N{NARROW NO-BREAK SPACE}: 1 devenue pièce, 1 n’est pas une pièce, 1 refusée." in shown
    for step in ("Arrivé", "Mis en sécurité", "Ouvert", "1 pièce"):
        assert f"<strong>{step}</strong>" in shown


@pytest.mark.parametrize(
    ("state", "verdict", "numbers"),
    [
        (ReceiptState.OPENED, Verdict.DOCUMENT, (1, 0, 0, 0, 1)),
        (ReceiptState.HELD, Verdict.DOCUMENT, (1, 0, 0, 1, 0)),
        (ReceiptState.UNUSABLE, Verdict.REFUSED, (1, 0, 0, 0, 0)),
    ],
)
def test_a_part_of_which_nothing_became_is_told(
    office: Office, state: ReceiptState, verdict: Verdict, numbers: tuple[int, ...]
) -> None:
    receipt = office.receipt(state=state)
    part = ReceiptPart(receipt=receipt, index=0, verdict=verdict)
    balance = balance_of(receipt, parts=[part], made_of=frozenset())
    assert (balance.parts, balance.documents, balance.ignored, balance.waiting, balance.unaccounted) == numbers


def test_english_too(office: Office) -> None:
    late(office, "Un")
    client = office.as_("administrator")
    found = client.get("/arrivals/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Everything that arrived" in found
    assert "1 delivery has been waiting for over an hour." in found


def test_an_administrator_is_told_on_every_screen_and_nobody_else(office: Office) -> None:
    late(office, "Perdue")
    line = "1 élément attend depuis plus d’une heure."
    assert line in office.as_("administrator").get("/clients/").content.decode()
    assert line not in office.as_("coding").get("/clients/").content.decode()
    with office.scope():
        Receipt.objects.update(waits_since=None)
    assert line not in office.as_("administrator").get("/clients/").content.decode()

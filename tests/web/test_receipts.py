"""Historique d'envoi: everything that arrived is there, with what became of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from liasse.core.models import Job
from liasse.intake.models import Receipt, ReceiptPart
from liasse.intake.types import Door, ReceiptState, Verdict
from liasse.lib.ids import uuid7
from liasse.passes.models import ApiToken
from liasse.pipeline import child
from tests.web.office import NOON, Office, build


@pytest.fixture
def office(db: None) -> Office:
    del db
    return build()


def get(office: Office, rest: str = "", *, role: str = "reading", headers: dict[str, str] | None = None) -> str:
    response = office.as_(role).get(f"/files/{office.file.id}/receipts/{rest}", headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def part(office: Office, receipt: Receipt, **values: object) -> None:
    with office.scope():
        ReceiptPart.objects.create(practice=office.practice, receipt=receipt, **values)


def test_a_document_and_its_status_stand_under_what_it_came_with(office: Office) -> None:
    one = office.document(supplier_name="Moulin", number="F-9")
    shown = get(office)
    assert f'href="/files/{office.file.id}/documents/{one.id}/"' in shown
    assert "Moulin · F-9" in shown
    assert "Factures du mois" in shown


def test_a_part_that_is_no_document_says_why(office: Office) -> None:
    receipt = office.receipt(state=ReceiptState.UNUSABLE, problem="nothing-usable")
    part(office, receipt, index=0, filename="devis.docx", verdict=Verdict.REFUSED, reason="office")
    shown = get(office)
    assert "devis.docx" in shown
    assert "Un fichier bureautique." in shown
    assert "Rien n’y est une pièce." in shown


def test_pages_that_are_separator_sheets_are_named_beside_the_documents(office: Office) -> None:
    document = office.document(supplier_name="Durand")
    with office.scope():
        ReceiptPart.objects.filter(id=document.part_id).update(left_out=[2, 5], verdict=Verdict.DOCUMENT)
    shown = get(office)
    assert ("Durand" in shown, "2, 5 sont des feuilles de séparation" in shown) == (True, True)


def test_what_is_in_a_mail_is_shown_as_text(office: Office) -> None:
    receipt = office.receipt(subject="<b>x</b>", text="<script>alert(1)</script>\n-- \nZoé", from_name="<i>")
    shown = get(office, f"{receipt.id}/") + get(office)
    assert "<script>alert(1)" not in shown
    assert "&lt;script&gt;alert(1)" in shown
    assert "<b>x</b>" not in shown


def test_pages_give_every_receipt_once(office: Office) -> None:
    for number in range(60):
        office.receipt(subject=f"Subject-{number:02}")
    seen: list[str] = []
    rest = ""
    while True:
        shown = get(office, rest, headers={"HX-Request": "true"})
        seen += [word.split("<")[0] for word in shown.split("Subject-")[1:]]
        if "hx-get" not in shown:
            break
        rest = "?" + shown.split('hx-get="')[1].split('"')[0].split("?")[1]
    assert seen == [f"{number:02}" for number in reversed(range(60))]


def test_receipts_of_another_file_are_not_there(office: Office) -> None:
    foreign = office.receipt(file=office.sibling, subject="Secret")
    assert "Secret" not in get(office)
    client = office.as_("administrator")
    for receipt_id in (foreign.id, uuid4()):
        for rest in ("", "original/"):
            assert client.get(f"/files/{office.file.id}/receipts/{receipt_id}/{rest}").status_code == 404


def test_the_mail_leaves_as_it_came(office: Office) -> None:
    raw = b"Subject: x\r\n\r\n<html>\xff\x00"
    receipt = office.receipt(sha256=child.blobs().put(raw).sha256, subject="Facture n° 5/6")
    response = office.as_("reading").get(f"/files/{office.file.id}/receipts/{receipt.id}/original/")
    assert response.getvalue() == raw
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Content-Type"] == "application/octet-stream"


def test_only_what_failed_is_tried_again(office: Office) -> None:
    failed = office.receipt(state=ReceiptState.FAILED, problem="open-timeout")
    done = office.receipt()
    client = office.as_("coding")
    base = f"/files/{office.file.id}/receipts"
    assert get(office, role="coding").count("Réessayer") == 1
    assert client.post(f"{base}/{done.id}/retry/").status_code == 404
    assert client.post(f"{base}/{failed.id}/retry/").status_code == 302
    with office.scope():
        assert [job.subject_id for job in Job.objects.all()] == [failed.id]


def test_what_waits_for_over_an_hour_says_so_and_is_tried_again(office: Office) -> None:
    now = timezone.now()
    late = office.receipt(state=ReceiptState.STORED, waits_since=now - timedelta(hours=2))
    soon = office.receipt(state=ReceiptState.STORED, waits_since=now)
    assert "plus d’une heure" in get(office, f"{late.id}/", role="coding")
    assert "plus d’une heure" not in get(office, f"{soon.id}/", role="coding")
    client, base = office.as_("coding"), f"/files/{office.file.id}/receipts"
    assert [client.post(f"{base}/{one.id}/retry/").status_code for one in (late, soon)] == [302, 404]


def test_who_handed_it_in_or_says_to_be_is_its_sender(office: Office) -> None:
    nobody: dict[str, Any] = {"from_name": "", "from_address": "", "envelope_from": "", "subject": ""}
    office.receipt(**nobody, door=Door.LINK, filename="a.pdf", given_sender="Paul Sureau")
    assert "Paul Sureau" in get(office)
    office.receipt(**nobody, door=Door.WEB, filename="b.pdf", handed_in_by=office.users["coding"])
    assert "Expéditeur inconnu" not in get(office)


def test_who_may_only_read_tries_nothing_again(office: Office) -> None:
    failed = office.receipt(state=ReceiptState.FAILED, problem="open-timeout")
    assert "Réessayer" not in get(office)
    response = office.as_("reading").post(f"/files/{office.file.id}/receipts/{failed.id}/retry/")
    assert response.status_code == 403


def test_the_bytes_of_a_refused_part_can_be_had(office: Office) -> None:
    receipt = office.receipt(state=ReceiptState.UNUSABLE, problem="nothing-usable")
    blob = child.blobs().put(b"MZ bytes")
    known = {"sha256": blob.sha256, "size": blob.size, "has_bytes": True}
    part(office, receipt, index=0, filename="a.exe", verdict=Verdict.REFUSED, reason="not-supported", **known)
    with office.scope():
        url = f"{receipt.id}/parts/{ReceiptPart.objects.get(filename='a.exe').id}/"
    assert url in get(office)
    response = office.as_("reading").get(f"/files/{office.file.id}/receipts/{url}")
    assert b"".join(response) == b"MZ bytes"
    assert response["Content-Disposition"].startswith("attachment")


def test_a_part_without_bytes_of_its_own_is_not_offered(office: Office) -> None:
    receipt = office.receipt(state=ReceiptState.UNUSABLE, problem="nothing-usable")
    part(office, receipt, index=0, filename="a.exe", size=3, verdict=Verdict.REFUSED, reason="not-supported")
    assert "/parts/" not in get(office)


def test_links_to_invoices_are_text_to_copy(office: Office) -> None:
    href = "https://shop.example/d/1?a=<b>"
    receipt = office.receipt(state=ReceiptState.UNUSABLE, links=[{"href": href, "text": "Votre facture"}])
    shown = get(office, f"{receipt.id}/")
    assert "Votre facture" in shown
    assert 'href="https://shop.example' not in shown
    assert "https://shop.example/d/1?a=<b>" not in shown


def test_what_came_by_a_link_or_a_program_names_it_and_who_is_said_to_have_sent_it(office: Office) -> None:
    with office.scope():
        token = ApiToken.objects.create(
            practice=office.practice,
            name="Caisse",
            token_hash="1" * 64,
            hint="lt_ab",
            expires_at=NOON,
            created_by="Jean",
        )
    receipt = office.receipt(
        holder=token.holder, given_sender="Marie <marie@example.fr>", from_name="", from_address=""
    )
    shown = office.as_("reading").get(f"/files/{office.file.id}/receipts/{receipt.id}/").content.decode()
    assert "programme <strong>Caisse (lt_ab…)</strong>" in shown
    assert "créé par Jean" in shown
    assert "Marie &lt;marie@example.fr&gt;" in shown
    assert "non vérifié" in shown


def test_a_holder_that_is_gone_or_none_breaks_nothing(office: Office) -> None:
    for holder in (f"link:{uuid7()}", "link:x", "folder", ""):
        receipt = office.receipt(holder=holder)
        assert office.as_("reading").get(f"/files/{office.file.id}/receipts/{receipt.id}/").status_code == 200


@pytest.mark.parametrize(
    ("kind", "called"),
    [
        ("application/pdf", "Pièce sans nom (PDF)"),
        ("image/bmp", "Pièce sans nom (image)"),
        ("text/html", "Pièce sans nom (page web)"),
        ("application/x-something", "Pièce sans nom"),
        ("", "Pièce sans nom"),
    ],
)
def test_a_part_without_a_name_is_called_by_what_it_is(office: Office, kind: str, called: str) -> None:
    receipt = office.receipt(state=ReceiptState.UNUSABLE, problem="nothing-usable")
    part(office, receipt, index=0, media_type=kind, verdict=Verdict.REFUSED, reason="not-supported")
    shown = get(office)
    assert f">{called}</span>" in shown
    assert not kind or kind not in shown

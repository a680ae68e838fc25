"""What a receipt is taken apart into, from its bytes to documents that a person can read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pikepdf
import pypdfium2
import pytest
from django.utils import timezone

from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus, Step
from liasse.intake.models import Receipt, ReceiptPart
from liasse.intake.types import Door, IncomingFile, ReceiptState
from liasse.pipeline import child, flow
from tests.flows.conftest import Ground, mail
from tests.paper import pdf, ubl

WorkOff = Callable[[], int]
pytestmark = pytest.mark.django_db(transaction=True)

RECEIPT = """From: Logiciel <recus@logiciel.example>
Subject: =?utf-8?q?Re=C3=A7u_de_paiement?=
Content-Type: text/html; charset=utf-8

<p>Reçu n° R-2026-0042 du 14/01/2026</p><table><tr><td>TVA 20 %</td><td>5,00 EUR</td></tr>
<tr><td>Total TTC</td><td>30,00 EUR</td></tr></table><a href="https://logiciel.example/d/1">Télécharger la facture</a>
""".encode()


def zipped(*files: tuple[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as writer:
        for name, content in files:
            writer.writestr(name, content)
    return data.getvalue()


def hand_in(ground: Ground, content: bytes, filename: str) -> Receipt:
    stored = child.blobs().put(content)
    return flow.receive(
        IncomingFile(
            door=Door.WEB,
            practice_id=ground.practice.id,
            client_file_id=ground.client_file.id,
            address_id=None,
            sha256=stored.sha256,
            size=stored.size,
            received_at=timezone.now(),
            filename=filename,
        )
    )


def test_a_mail_that_is_a_receipt_becomes_a_pdf_that_says_the_same(ground: Ground, work_off: WorkOff) -> None:
    ground.arrive(RECEIPT)
    work_off()
    document = Document.objects.get()
    assert (document.media_type, document.filename) == ("application/pdf", "Reçu de paiement.pdf")
    words = pypdfium2.PdfDocument(child.blobs().path(document.sha256))[0].get_textpage().get_text_range()
    assert [word for word in ("R-2026-0042", "TVA 20 %", "30,00 EUR") if word not in words] == []
    assert document.step == Step.DONE
    assert len(document.pages) == 1


def test_the_same_mail_written_again_is_the_same_pdf(ground: Ground, work_off: WorkOff) -> None:
    receipt = ground.arrive(RECEIPT)
    work_off()
    before = Document.objects.get().sha256
    Receipt.objects.update(state=ReceiptState.STORED)
    flow.open_receipt(receipt.id)
    assert [Document.objects.get().sha256, ReceiptPart.objects.get().sha256] == [before, before]


def test_links_to_invoices_stay_on_the_receipt(ground: Ground, work_off: WorkOff) -> None:
    receipt = ground.arrive(RECEIPT)
    work_off()
    receipt.refresh_from_db()
    assert receipt.links == [{"href": "https://logiciel.example/d/1", "text": "Télécharger la facture"}]


def test_a_zip_that_is_handed_in_becomes_its_files(ground: Ground, work_off: WorkOff) -> None:
    hand_in(
        ground, zipped(("janvier/f.xml", ubl(number="F-7")), ("notes.docm", b"PK\x05\x06" + bytes(18))), "janvier.zip"
    )
    work_off()
    assert Document.objects.get().number == "F-7"
    assert [(part.filename, part.path, part.verdict) for part in ReceiptPart.objects.order_by("index")] == [
        ("f.xml", "janvier.zip", "document"),
        ("notes.docm", "janvier.zip", "refused"),
    ]


def test_a_refused_part_keeps_its_bytes(ground: Ground, work_off: WorkOff) -> None:
    ground.arrive(mail(("a.exe", b"MZ\x90\x00" + bytes(9))))
    work_off()
    part = ReceiptPart.objects.get()
    assert (part.verdict, part.has_bytes) == ("refused", True)
    assert child.blobs().path(part.sha256).read_bytes() == b"MZ\x90\x00" + bytes(9)


def protected(*, user: str) -> bytes:
    data = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf([(50, 50, "Facture n° F-12")]))) as paper:
        paper.save(data, encryption=pikepdf.Encryption(owner="owner", user=user))
    return data.getvalue()


@pytest.mark.parametrize(("user", "problem", "pages"), [("secret", "pdf_password", 0), ("", "", 1)])
def test_only_a_password_for_opening_locks_a_pdf(
    ground: Ground, work_off: WorkOff, user: str, problem: str, pages: int
) -> None:
    ground.arrive(mail(("facture.pdf", protected(user=user))))
    work_off()
    document = Document.objects.get()
    assert (document.problem == "pdf_password", len(document.pages)) == (problem == "pdf_password", pages)
    assert document.status == DocumentStatus.TO_REVIEW

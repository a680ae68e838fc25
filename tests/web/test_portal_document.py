"""A document as its client opens it: what it says, what can be taken away, and who may."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from liasse.clients.models import Member
from liasse.clients.types import MemberRole, MemberStatus
from liasse.core.models import AuditEvent
from liasse.core.scope import practice_scope
from liasse.documents.models import Document, PageImage
from liasse.documents.types import DocumentStatus
from liasse.intake.models import ReceiptPart
from liasse.pipeline import child
from tests import factories
from tests.factories import signed_in
from tests.queries import asked
from tests.web.office import Office, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return build()


def person(office: Office, name: str, **values: Any) -> Member:  # noqa: ANN401 - any column
    """Give a standard user of the file, who sees the own documents alone unless ``values`` say more."""
    made = factories.member(office.file, name, role=MemberRole.STANDARD)
    with office.scope():
        Member.objects.filter(id=made.id).update(**values)
    return made


def url(document: Document, rest: str = "") -> str:
    return f"/portal/{document.client_file_id}/documents/{document.id}/{rest}"


def seen(browser: Any, document: Document) -> set[int]:  # noqa: ANN401 - a test client
    return {browser.get(url(document, rest)).status_code for rest in ("", "pages/1/", "original/")}


def drawn(office: Office, document: Document) -> Document:
    """Give the document a page with its image."""
    blob = child.blobs().put(b"the page")
    with office.scope():
        Document.objects.filter(id=document.id).update(pages=[{"width": 600, "height": 800}])
        for width in (child.PAGE_WIDTH, child.LARGE_PAGE_WIDTH):
            PageImage.objects.create(
                practice=office.practice, document=document, page=1, width=width, sha256=blob.sha256,
                media_type="image/webp",
            )  # fmt: skip
    return document


def test_the_page_says_what_became_of_it_and_what_was_read(office: Office) -> None:
    paul = person(office, "Paul", can_see_all=True)
    values: dict[str, Any] = {"issue_date": date(2026, 3, 1), "total_gross": Decimal("1234.5")}
    document = drawn(office, office.document(owner=paul, status=DocumentStatus.READY, **values))
    page = signed_in(paul).get(url(document))
    words = page.content.decode().replace("\u202f", " ").replace("\xa0", " ")
    for said in (
        "Elle est prête pour la comptabilité.",
        "Au bon moulin",
        "F-1",
        "01/03/2026",
        "1 234,50 €",
        "Factures du mois",
    ):
        assert said in words
    assert f'src="{url(document, "pages/1/")}?v=' in words
    assert url(document) in signed_in(paul).get(f"/portal/{office.file.id}/").content.decode()
    assert "<input" not in words.split("<main")[1]


def test_the_original_is_saved_byte_for_byte_and_its_image_kept(office: Office) -> None:
    paul = person(office, "Paul")
    document = drawn(office, office.document(owner=paul, content=b"<script>", filename="facture.html"))
    browser = signed_in(paul)
    answer = browser.get(url(document, "original/"))
    assert b"".join(answer.streaming_content) == b"<script>"  # type: ignore[attr-defined]
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    image = browser.get(url(document, "pages/1/"))
    assert b"".join(image.streaming_content) == b"the page"  # type: ignore[attr-defined]
    again = browser.get(url(document, "pages/1/"), headers={"If-None-Match": image.headers["ETag"]})
    assert again.status_code == 304
    assert browser.get(url(document, "pages/2/")).status_code == 404


def test_a_standard_user_opens_what_they_own_or_sent_and_nothing_else(office: Office) -> None:
    paul, anna = person(office, "Paul"), person(office, "Anna")
    own, others, sent = (drawn(office, office.document(owner=owner)) for owner in (paul, anna, anna))
    with office.scope():
        sent.receipt.member = paul
        sent.receipt.save()
    browser = signed_in(paul)
    assert seen(browser, own) == seen(browser, sent) == {200}
    assert seen(browser, others) == {404}
    with office.scope():
        Member.objects.filter(id=paul.id).update(can_see_all=True)
    assert seen(browser, others) == {200}
    with office.scope():
        Member.objects.filter(id=paul.id).update(status=MemberStatus.SUSPENDED)
    assert seen(browser, own) == {404}


def test_of_another_s_delivery_only_the_own_document_is_shown(office: Office) -> None:
    paul, anna = person(office, "Paul"), person(office, "Anna")
    own = office.document(owner=paul, supplier_name="Ma facture")
    with office.scope():
        own.receipt.subject = "Salaires de Rémi"
        own.receipt.save()
        part = own.part
        part.id, part.index = None, 1
        part.filename = "Avis de paie Anna.pdf"
        part.save(force_insert=True)
        Document.objects.create(
            practice=office.practice, client_file=office.file, receipt=own.receipt, part=part, owner=anna,
            filename=part.filename, media_type="application/pdf", size=1, sha256="0" * 64,
            received_at=own.received_at, status=DocumentStatus.READY, supplier_name="Autre facture",
        )  # fmt: skip
    words = signed_in(paul).get(url(own)).content.decode()
    assert "Ma facture" in words
    for hidden in ("Salaires", "Avis de paie", "Autre facture"):
        assert hidden not in words


def test_a_document_of_another_file_is_not_there(office: Office) -> None:
    paul = person(office, "Paul", can_see_all=True)
    foreign = drawn(office, office.document(file=office.sibling))
    browser = signed_in(paul)
    assert seen(browser, foreign) == {404}
    mixed = url(foreign).replace(str(office.sibling.id), str(office.file.id))
    assert browser.get(mixed).status_code == 404


def test_opening_and_taking_away_is_on_record(office: Office) -> None:
    paul = person(office, "Paul")
    document = drawn(office, office.document(owner=paul))
    seen(signed_in(paul), document)
    with practice_scope(office.practice.id):
        events = AuditEvent.objects.filter(subject_id=document.id, actor_kind="member").order_by("sequence")
        found = list(events.values_list("verb", "actor_name"))
    assert found == [("document.opened", "Paul"), ("document.downloaded", "Paul")]


def test_it_costs_the_same_for_a_delivery_of_any_size(office: Office) -> None:
    paul = person(office, "Paul", can_see_all=True)
    document = office.document(owner=paul)
    browser = signed_in(paul)
    browser.get(url(document))
    with asked() as few:
        browser.get(url(document))
    with office.scope():
        for index in range(1, 8):
            part = Document.objects.get(id=document.id).part
            part.id, part.index = None, index
            part.save(force_insert=True)
            copy = Document.objects.get(id=document.id)
            copy.id, copy.part = None, part
            copy.save(force_insert=True)
    with asked() as many:
        browser.get(url(document))
    assert len(many) == len(few)


def test_the_list_is_searched_in_what_the_person_may_see(office: Office) -> None:
    paul, anna = person(office, "Paul"), person(office, "Anna")
    own = office.document(owner=paul, supplier_name="Moulin Bleu", search_text="moulin bleu f-1")
    office.document(owner=anna, supplier_name="Moulin Rouge", search_text="moulin rouge f-2")
    browser = signed_in(paul)

    def found(text: str) -> list[str]:
        page = browser.get(f"/portal/{office.file.id}/", {"q": text}, headers={"HX-Request": "true"})
        return [item.title for arrival in page.context["arrivals"] for item in arrival.items]

    assert found("moulin") == found("BLEU f-1") == [f"Moulin Bleu · {own.number}"]
    assert found("rouge") == found("factures du mois") == []
    assert "Aucun résultat" in browser.get(f"/portal/{office.file.id}/?q=rouge").content.decode()
    with office.scope():
        Member.objects.filter(id=paul.id).update(can_see_all=True)
    assert len(found("moulin")) == len(found("factures du")) == 2


def test_a_search_goes_on_from_page_to_page(office: Office) -> None:
    paul = person(office, "Paul", can_see_all=True)
    for number in range(25):
        office.document(number=f"N{number}", search_text=f"moulin n{number}")
    browser = signed_in(paul)
    first = browser.get(f"/portal/{office.file.id}/?q=moulin")
    rest = browser.get(first.context["more_url"], headers={"HX-Request": "true"})
    assert (len(first.context["arrivals"]), len(rest.context["arrivals"])) == (20, 5)


def test_whoever_sees_a_whole_delivery_reads_which_pages_are_separator_sheets(office: Office) -> None:
    paul, boss = person(office, "Paul"), person(office, "Anna", can_see_all=True)
    document = office.document(owner=paul, supplier_name="Moulin Bleu")
    with office.scope():
        ReceiptPart.objects.filter(id=document.part_id).update(left_out=[3])

    def notes(member: Member) -> list[str]:
        arrivals = signed_in(member).get(f"/portal/{office.file.id}/").context["arrivals"]
        return [item.note for arrival in arrivals for item in arrival.items]

    assert notes(paul) == [""]
    assert notes(boss)[0] == ""
    assert "La page 3 est une feuille de séparation" in notes(boss)[1]

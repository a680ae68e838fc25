"""The documents' screens in a real browser: by keyboard, without reloading, and with nothing typed lost."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from liasse.clients.models import ClientFile
from liasse.documents.models import Document
from liasse.documents.services import set_note
from liasse.documents.types import DocumentStatus
from liasse.intake.types import ReceiptState
from liasse.reading.types import FieldName
from tests.barriers import barriers
from tests.web.office import COMPLETE, Office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIELDS = {FieldName.SUPPLIER_NAME: "Moulin", FieldName.TOTAL_GROSS: "1200.00", FieldName.CURRENCY: "EUR"}

WHOLE = FIELDS | {FieldName.ISSUE_DATE: "2026-03-01"}


def inbox(office: Office, rest: str = "") -> str:
    return f"/files/{office.file.id}/inbox/{rest}"


def at(office: Office, document: Document) -> str:
    return f"/files/{office.file.id}/documents/{document.id}/"


def rows(page: Page) -> Locator:
    return page.locator("tbody tr[data-href]")


def stored(office: Office, document: Document) -> Document:
    with office.scope():
        return Document.objects.get(id=document.id)


def test_the_keyboard_walks_chooses_and_opens(page: Page, office: Office) -> None:
    made = [office.document(supplier_name=f"S{number}") for number in range(4)]
    page.goto(inbox(office))
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-selection]")).to_contain_text("2 ")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{at(office, made[3])}*")


def test_chosen_documents_leave_the_list_without_reload(page: Page, office: Office) -> None:
    for number in range(4):
        office.document(supplier_name=f"S{number}", **COMPLETE)
    page.goto(inbox(office, "?tab=to-review"))
    page.evaluate("window.stayed = true")
    rows(page).nth(0).get_by_role("checkbox").check()
    rows(page).nth(2).get_by_role("checkbox").click(modifiers=["Shift"])
    page.get_by_role("button", name="Marquer prêt").click()
    expect(rows(page)).to_have_count(1)
    expect(page.get_by_role("link", name="Prêt 3")).to_be_visible()
    expect(page.locator("[data-selection]")).to_be_hidden()
    assert page.evaluate("window.stayed") is True


def test_what_arrives_shows_by_itself_and_leaves_ticks_and_search_alone(page: Page, office: Office) -> None:
    office.document(supplier_name="Moulin d’avant")
    page.goto(inbox(office, "?tab=to-review"))
    rows(page).first.get_by_role("checkbox").check()
    office.document(supplier_name="Moulin tout neuf")
    expect(rows(page)).to_have_count(2)
    expect(rows(page).first).to_contain_text("Moulin tout neuf")
    expect(rows(page).nth(1).get_by_role("checkbox")).to_be_checked()
    expect(page.get_by_role("link", name="À vérifier 2")).to_be_visible()


def test_the_first_document_of_an_empty_file_shows_in_its_tab(page: Page, office: Office) -> None:
    page.goto(inbox(office))
    expect(page.get_by_text("Rien n’est encore arrivé")).to_be_visible()
    office.document(supplier_name="La toute première", status=DocumentStatus.READY)
    expect(rows(page)).to_contain_text("La toute première")
    expect(page.get_by_role("link", name="Prêt 1")).to_have_attribute("aria-current", "page")


def test_rows_fetched_later_stay_when_something_new_arrives(page: Page, office: Office) -> None:
    for number in range(60):
        office.document(supplier_name=f"S{number}")
    page.goto(inbox(office))
    page.get_by_role("link", name="Afficher la suite").click()
    expect(rows(page)).to_have_count(60)
    office.document(supplier_name="New")
    expect(rows(page)).to_have_count(61)


def test_search_narrows_while_typing_and_is_in_the_address(page: Page, office: Office) -> None:
    office.document(supplier_name="L’Épicerie")
    office.document(supplier_name="Garage")
    page.goto(inbox(office))
    page.keyboard.press("/")
    page.keyboard.type("epicerie")
    expect(rows(page)).to_have_count(1)
    assert "q=epicerie" in page.url
    page.reload()
    expect(rows(page)).to_have_count(1)


def test_originals_leave_as_a_zip(page: Page, office: Office) -> None:
    office.document(content=b"%PDF-1.4 mine", filename="mine.pdf")
    page.goto(inbox(office))
    rows(page).first.get_by_role("checkbox").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="ZIP").click()
    archive = zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert archive.read("mine.pdf") == b"%PDF-1.4 mine"


def test_fields_typed_in_haste_are_all_saved(page: Page, office: Office) -> None:
    document = office.document(fields=FIELDS)
    page.goto(at(office, document))
    typed = {"supplier_name": "Neuf", "invoice_number": "F 9", "issue_date": "3 mars 2026", "total_gross": "1 234,5"}
    for name, text in typed.items():
        page.locator(f"#id_{name}").fill(text)
    page.locator("#id_total_net").focus()
    expect(page.locator("#id_total_gross_field")).to_contain_text("Enregistré")
    after = stored(office, document)
    assert (after.supplier_name, after.number, str(after.issue_date)) == ("Neuf", "F 9", "2026-03-03")
    assert str(after.total_gross) == "1234.50"


def test_control_enter_saves_what_is_being_typed_then_opens_the_next(page: Page, office: Office) -> None:
    following, document = office.document(), office.document(fields=WHOLE)
    page.goto(at(office, document))
    page.locator("#id_invoice_number").fill("TYPED-LAST")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**{at(office, following)}*")
    # The next one stood ready: it is there before the answer is.
    page.wait_for_load_state("networkidle")
    assert (stored(office, document).number, stored(office, document).status) == ("TYPED-LAST", "ready")


def test_control_enter_asks_what_is_missing_and_its_answer_by_keyboard_opens_the_next(
    page: Page, office: Office
) -> None:
    following, document = office.document(), office.document(fields=FIELDS)
    page.goto(at(office, document))
    page.keyboard.press("Control+Enter")
    expect(page.locator("#question")).to_be_focused()
    expect(page.locator("#question")).to_contain_text("Il manque\u202f: la date, le TTC.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#question")).to_be_focused()
    assert stored(office, document).status == DocumentStatus.TO_REVIEW
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{at(office, following)}*")
    assert stored(office, document).status == DocumentStatus.READY


def test_what_was_refused_keeps_the_document_open(page: Page, office: Office) -> None:
    document = office.document(fields=FIELDS)
    page.goto(at(office, document))
    page.locator("#id_total_gross").fill("douze")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#id_total_gross")).to_be_focused()
    expect(page.locator("#id_total_gross_field .field-error")).to_be_visible()
    assert stored(office, document).status == DocumentStatus.TO_REVIEW


def test_an_edit_by_somebody_else_keeps_what_was_typed(page: Page, office: Office) -> None:
    document = office.document(fields=FIELDS)
    page.goto(at(office, document))
    with office.scope():
        from liasse.core.access import Actor

        set_note(document, actor=Actor(kind="colleague", name="Somebody"), version=1, note="first")
    page.locator("#id_supplier_name").fill("Mine")
    page.locator("#id_note").focus()
    expect(page.locator("#id_supplier_name_field")).to_contain_text("Quelqu’un a modifié cette pièce")
    expect(page.locator("#id_supplier_name")).to_have_value("Mine")
    assert stored(office, document).supplier_name != "Mine"


def test_what_could_not_be_sent_is_sent_before_the_page_is_left(page: Page, office: Office) -> None:
    following, document = office.document(), office.document(fields=FIELDS)
    page.goto(at(office, document))
    page.context.set_offline(True)
    page.locator("#id_supplier_name").fill("Offline")
    page.locator("#id_note").focus()
    expect(page.locator(".toast")).to_be_visible()
    page.context.set_offline(False)
    page.locator("h1").click()
    page.keyboard.press("j")
    page.wait_for_url(f"**{at(office, following)}*")
    assert stored(office, document).supplier_name == "Offline"


def test_j_and_k_walk_through_documents_and_escape_leads_back(page: Page, office: Office) -> None:
    last, first = office.document(), office.document()
    page.goto(at(office, first))
    page.keyboard.press("j")
    page.wait_for_url(f"**{at(office, last)}*")
    page.keyboard.press("k")
    page.wait_for_url(f"**{at(office, first)}*")
    page.keyboard.press("Escape")
    page.wait_for_url(f"**{inbox(office)}*")


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("rest", ["inbox/", "receipts/", "document"])
def test_nothing_is_wider_than_the_screen(page: Page, office: Office, width: int, rest: str) -> None:
    document = office.document(
        fields=FIELDS, supplier_name="A very long name " * 9, number="N" * 90, filename="f" * 190
    )
    office.receipt(subject="S" * 290, from_address="a" * 200 + "@example.fr")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(at(office, document) if rest == "document" else f"/files/{office.file.id}/{rest}")
    wide = page.evaluate("document.scrollingElement.scrollWidth")
    assert wide <= width


def test_on_a_phone_all_four_tabs_and_the_number_of_a_row_are_in_view(page: Page, office: Office) -> None:
    for status in (DocumentStatus.TO_REVIEW, DocumentStatus.READY, DocumentStatus.ARCHIVED):
        for number in range(10):
            office.document(status=status, number=f"TOSL{number}")
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(inbox(office, "?tab=ready"))
    last = page.locator("#inbox-tabs a").last.bounding_box()
    assert last is not None
    assert last["x"] + last["width"] <= 360
    expect(rows(page).first.get_by_role("cell", name="TOSL9", exact=True)).to_be_visible()


def test_tabs_that_do_not_fit_show_the_open_one(page: Page, office: Office) -> None:
    office.document(status=DocumentStatus.ARCHIVED)
    many = dict.fromkeys(("count_processing", "count_to_review", "count_ready"), 1_234_567)
    with office.scope():
        ClientFile.objects.filter(id=office.file.id).update(**many)
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(inbox(office, "?tab=archived"))
    expect(page.get_by_role("link", name="Archive 1")).to_be_in_viewport(ratio=1)


def test_on_a_phone_the_icon_of_a_part_stands_beside_its_name_however_long(page: Page, office: Office) -> None:
    office.document(supplier_name="Une société au nom particulièrement long et sans fin", number="N" * 60)
    office.document(supplier_name="Court")
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(f"/files/{office.file.id}/receipts/")
    starts = set()
    for part in page.locator(".parts li").all():
        icon, name = part.locator(".icon").first.bounding_box(), part.locator("a").bounding_box()
        chip = part.locator(".chip").bounding_box()
        assert icon is not None
        assert name is not None
        assert chip is not None
        assert abs(icon["y"] - name["y"]) < 6
        assert chip["x"] == name["x"]
        starts.add(name["x"])
    assert len(starts) == 1


def test_a_search_shows_in_the_tabs_where_it_finds_while_typing(page: Page, office: Office) -> None:
    office.document(supplier_name="Garage", status=DocumentStatus.READY)
    office.document(supplier_name="Moulin")
    page.goto(inbox(office, "?tab=to-review"))
    page.keyboard.press("/")
    page.keyboard.type("garage")
    expect(page.get_by_role("link", name="Prêt 1 trouvée")).to_be_visible()
    expect(page.get_by_role("link", name="À vérifier 0 trouvée")).to_be_visible()
    office.document(supplier_name="Garage", status=DocumentStatus.READY)
    expect(page.get_by_role("link", name="Prêt 2 trouvées")).to_be_visible()
    page.get_by_role("link", name="Effacer la recherche").click()
    expect(page.get_by_role("link", name="À vérifier 1", exact=True)).to_be_visible()
    expect(rows(page)).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "rest", ["inbox/", "inbox/?tab=archived", "inbox/?q=zz", "receipts/", "receipt", "document", "sheet", "question"]
)
def test_axe_finds_nothing(page: Page, office: Office, rest: str, scheme: Any) -> None:  # noqa: ANN401 - a literal
    document = office.document(fields=FIELDS, problem="unsure", pages=[{"width": 595, "height": 842}])
    sheet = office.document(fields=FIELDS, media_type="application/xml")
    failed = office.receipt(state=ReceiptState.FAILED, problem="open-timeout")
    places = {
        "document": at(office, document),
        "sheet": at(office, sheet),
        "question": f"{at(office, document)}?ask=ready",
        "receipt": f"/files/{office.file.id}/receipts/{failed.id}/",
    }
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(places.get(rest, f"/files/{office.file.id}/{rest}"))
    assert barriers(page) == []

"""The table of pages, what it makes, and the way back, as a browser asks for them."""

from __future__ import annotations

from typing import Any

import pytest

from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus, PageSize
from liasse.lib import media_types
from liasse.pipeline import child
from tests.batch import invoice, joined, texts
from tests.queries import asked
from tests.web.office import Office, build

pytestmark = pytest.mark.django_db

A4 = PageSize(width=595, height=842)


@pytest.fixture
def office(db: None) -> Office:
    del db
    return build()


def paper(office: Office, *, pages: int = 2, number: str = "F-2026-101", **values: Any) -> Document:  # noqa: ANN401 - any column
    """Give a document with real pages."""
    blob = child.blobs().put(invoice(number, pages=pages))
    return office.document(
        media_type=media_types.PDF,
        sha256=blob.sha256,
        size=blob.size,
        pages=[{"width": 595, "height": 842}] * pages,
        filename=f"{number}.pdf",
        **values,
    )


def url(office: Office, rest: str = "") -> str:
    return f"/files/{office.file.id}/documents/{rest}"


def post(office: Office, *documents: Document, **words: Any) -> Any:  # noqa: ANN401 - the test client's answer
    form = {"document": [str(one.id) for one in documents], "version": [str(one.version) for one in documents]}
    return office.as_("coding").post(url(office, "cutting/apply/"), form | words)


def shown(office: Office) -> list[Document]:
    with office.scope():
        return list(Document.objects.exclude(status=DocumentStatus.REPLACED).order_by("part_id", "cut_index"))


def test_the_table_shows_each_page_and_a_mark_between(office: Office) -> None:
    cuts = [{"after": 1, "confidence": 0.87, "reason": "number", "detail": "k770042"}]
    document = paper(office, pages=3, cuts=cuts)
    page = office.as_("coding").get(f"{url(office, 'cutting/')}?document={document.id}").content.decode()
    assert page.count("data-spot=") == 3
    assert page.count('name="cut"') == 2
    assert page.count(" checked>") == 1
    assert "87\u202f%\u202f: autre numéro (K770042)" in page


def test_marks_alone_cut_without_a_script(office: Office) -> None:
    document = paper(office, pages=3)
    answer = post(office, document, cut=["0.1"])
    made = shown(office)
    assert answer.headers["Location"] == url(office, f"cutting/{made[0].made_by}/")
    assert [[(piece["first"], piece["last"]) for piece in one.pieces] for one in made] == [[(1, 1)], [(2, 3)]]


def test_a_layout_joins_orders_and_turns(office: Office) -> None:
    first, second = paper(office, number="F-2026-101"), paper(office, pages=1, number="K77-0042")
    post(office, first, second, layout="1.1,0.2r90,0.1")
    [made] = shown(office)
    said = texts(child.blobs().path(made.sha256).read_bytes())
    assert ["K77-0042" in said[0], "Page 2/2" in said[1], "Page 1/2" in said[2]] == [True] * 3
    assert [piece.get("turn", 0) for piece in made.pieces] == [0, 90, 0]


@pytest.mark.parametrize(
    "layout", ["0.1", "0.1|0.2|0.3", "0.1,0.2", "1.1,0.2", "x", "0.1||0.2", "0.1r45|0.2", "9.9|0.1"]
)
def test_a_layout_that_is_none_changes_nothing(office: Office, layout: str) -> None:
    document = paper(office)
    assert post(office, document, layout=layout).status_code == 302
    assert [one.id for one in shown(office)] == [document.id]


def test_an_old_version_and_a_second_click_make_nothing_more(office: Office) -> None:
    document = paper(office)
    post(office, document, layout="0.1|0.2")
    assert post(office, document, layout="0.1|0.2").status_code == 302
    assert len(shown(office)) == 2


def test_undone_in_one_step_and_only_once(office: Office) -> None:
    document = paper(office)
    page = post(office, document, layout="0.1|0.2").headers["Location"]
    browser = office.as_("coding")
    assert "Annuler" in browser.get(page).content.decode()
    assert browser.post(f"{page}undo/").headers["Location"] == url(office, f"{document.id}/")
    assert [one.id for one in shown(office)] == [document.id]
    assert browser.post(f"{page}undo/").status_code == 302
    assert "annulé" in browser.get(page).content.decode()


def test_the_original_is_reached_from_what_was_made_of_it(office: Office) -> None:
    document = paper(office)
    post(office, document, layout="0.1|0.2")
    [made, _other] = shown(office)
    page = office.as_("reading").get(url(office, f"{made.id}/")).content.decode()
    assert url(office, f"{made.id}/originals/1/") in page
    answer = office.as_("reading").get(url(office, f"{made.id}/originals/1/"))
    assert b"".join(answer) == child.blobs().path(document.sha256).read_bytes()
    assert office.as_("reading").get(url(office, f"{made.id}/originals/2/")).status_code == 404


def test_a_replaced_document_shows_what_stands_in_its_place_and_cannot_be_edited(office: Office) -> None:
    document = paper(office)
    post(office, document, layout="0.1|0.2")
    page = office.as_("coding").get(url(office, f"{document.id}/")).content.decode()
    assert all(url(office, f"{one.id}/") in page for one in shown(office))
    with office.scope():
        document.refresh_from_db()
    form = {"note": "x", "version": document.version}
    assert office.as_("coding").post(url(office, f"{document.id}/fields/note/"), form).status_code in {409, 422}


def test_a_list_asks_and_a_person_says_it_is_one(office: Office) -> None:
    document = paper(office, cuts=[{"after": 1, "confidence": 0.7, "reason": "total", "detail": ""}])
    browser = office.as_("coding")
    assert "2 pièces\u202f?" in browser.get(f"/files/{office.file.id}/inbox/").content.decode()
    browser.post(url(office, f"{document.id}/one/"), {"version": document.version})
    assert "2 pièces\u202f?" not in browser.get(f"/files/{office.file.id}/inbox/").content.decode()


def test_ticked_documents_go_to_the_table_in_their_order(office: Office) -> None:
    first, second = paper(office), paper(office)
    answer = office.as_("coding").post(url(office, "cutting/open/"), {"document": [str(second.id), str(first.id)]})
    assert answer.headers["Location"].endswith(f"?document={second.id}&document={first.id}")


def test_documents_of_another_file_are_not_there(office: Office) -> None:
    own, foreign = paper(office), paper(office, file=office.sibling)
    address = f"{url(office, 'cutting/')}?document={own.id}&document={foreign.id}"
    assert office.as_("coding").get(address).status_code == 404
    assert post(office, own, foreign, layout="0.1,0.2,1.1,1.2").status_code == 404
    assert len(shown(office)) == 2


def test_the_table_asks_as_much_for_one_document_as_for_many(office: Office) -> None:
    browser = office.as_("coding")
    one, many = paper(office), [paper(office) for _ in range(6)]
    counts = []
    for documents in ([one], many):
        words = "&".join(f"document={document.id}" for document in documents)
        with asked() as statements:
            browser.get(f"{url(office, 'cutting/')}?{words}")
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_thumbnails_are_drawn_some_at_a_time(office: Office) -> None:
    blob = child.blobs().put(joined(*[invoice("F-2026-101") for _ in range(3)]))
    pages = [{"width": 595, "height": 842}] * 3
    document = office.document(media_type=media_types.PDF, sha256=blob.sha256, size=blob.size, pages=pages)
    answer = office.as_("reading").get(url(office, f"{document.id}/pages/1/?size=thumb"))
    assert answer.headers["Content-Type"] == "image/webp"
    with office.scope():
        assert document.page_images.filter(width=child.THUMB_WIDTH).count() == 3

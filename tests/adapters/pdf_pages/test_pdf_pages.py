"""Pages of a PDF: counted, measured, drawn within limits; what cannot be opened is refused with its code."""

import zlib
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from liasse.adapters.pdf_pages import pages
from liasse.core.refusals import Refusal

pytestmark = pytest.mark.house


def write_pdf(
    path: Path, content: bytes = b"1 0 0 rg 0 421 297 421 re f", *, box: str = "0 0 595 842", count: int = 1
) -> Path:
    """Write a PDF by hand, red in the upper left quarter of each page."""
    stream = zlib.compress(content)
    kids = b" ".join(b"%d 0 R" % (4 + number) for number in range(count))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids),
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream),
        *[b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 3 0 R>>" % box.encode()] * count,
    ]
    data = bytearray(b"%PDF-1.4\n")
    for number, body in enumerate(objects, start=1):
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    data += b"trailer<</Size %d/Root 1 0 R>>\n%%%%EOF" % (len(objects) + 1)
    path.write_bytes(data)
    return path


def draw(path: Path, *, width: int = 400, page: int = 1) -> tuple[Image.Image, list[int]]:
    answer = pages.render(path, path.parent, first=page, last=page, width=width)
    with Image.open(path.parent / answer["files"][0]) as picture:
        return picture.convert("RGB"), answer["damaged"]


def test_tells_the_pages_and_their_sizes(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", count=3)
    page = {"width": 595.0, "height": 842.0}
    assert pages.describe(path, tmp_path) == {"pages": [page, page, page], "locked": False}


def test_draws_a_page_as_wide_as_asked(tmp_path: Path) -> None:
    picture, damaged = draw(write_pdf(tmp_path / "a.pdf"), width=1600)
    assert picture.size == (1600, 2264)
    assert picture.getpixel((200, 200)) == (255, 0, 0)
    assert picture.getpixel((1400, 2000)) == (255, 255, 255)
    assert damaged == []


def test_draws_a_turned_page_as_it_is_shown(tmp_path: Path) -> None:
    with pikepdf.open(write_pdf(tmp_path / "a.pdf")) as pdf:
        pdf.pages[0].rotate(90, relative=False)
        pdf.save(tmp_path / "turned.pdf")
    assert pages.describe(tmp_path / "turned.pdf", tmp_path)["pages"] == [{"width": 842.0, "height": 595.0}]
    picture, _ = draw(tmp_path / "turned.pdf")
    assert picture.getpixel((380, 20)) == (255, 0, 0)
    assert picture.getpixel((20, 20)) == (255, 255, 255)


def test_draws_only_the_pages_asked_for_that_exist(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", count=3)
    answer = pages.render(path, tmp_path, first=2, last=9, width=100)
    assert answer == {"files": ["page-0002.webp", "page-0003.webp"], "damaged": []}


@pytest.mark.parametrize(("box", "size"), [("0 0 14400 14400", (1600, 1600)), ("0 0 100 14400", (35, 5000))])
def test_bounds_the_picture_of_a_monstrous_page(tmp_path: Path, box: str, size: tuple[int, int]) -> None:
    assert draw(write_pdf(tmp_path / "a.pdf", box=box), width=1600)[0].size == size


@pytest.mark.parametrize(("count", "is_fine"), [(500, True), (501, False)])
def test_takes_five_hundred_pages_and_no_more(tmp_path: Path, count: int, *, is_fine: bool) -> None:
    path = write_pdf(tmp_path / "a.pdf", count=count)
    if is_fine:
        assert len(pages.describe(path, tmp_path)["pages"]) == 500
        return
    with pytest.raises(Refusal) as caught:
        pages.describe(path, tmp_path)
    assert (caught.value.code, caught.value.detail) == ("too-many-pages", "501")


def test_stops_drawing_a_page_that_takes_too_long_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGE_SECONDS", 0.05)
    path = write_pdf(tmp_path / "a.pdf", b"0 0 595 842 re f\n" * 8_000)
    assert draw(path)[1] == [1]
    monkeypatch.setattr(pages, "PAGE_SECONDS", 60.0)
    assert draw(path)[1] == []


def test_a_password_to_open_locks_and_one_against_printing_does_not(tmp_path: Path) -> None:
    with pikepdf.open(write_pdf(tmp_path / "a.pdf")) as pdf:
        pdf.save(tmp_path / "user.pdf", encryption=pikepdf.Encryption(user="u", owner="o"))
        pdf.save(tmp_path / "owner.pdf", encryption=pikepdf.Encryption(user="", owner="o"))
    assert pages.describe(tmp_path / "user.pdf", tmp_path) == {"pages": [], "locked": True}
    with pytest.raises(Refusal, match="locked"):
        draw(tmp_path / "user.pdf")
    assert draw(tmp_path / "owner.pdf")[0].getpixel((20, 20)) == (255, 0, 0)


def test_draws_what_was_typed_into_a_form(tmp_path: Path) -> None:
    with pikepdf.open(write_pdf(tmp_path / "a.pdf", b"")) as pdf:
        look = pdf.make_stream(b"0 0 1 rg 0 0 595 842 re f")
        look.Type, look.Subtype, look.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, pikepdf.Array([0, 0, 595, 842])
        field = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Tx,
                T="total",
                V="12",
                F=4,
                Rect=[0, 0, 595, 842],
                AP=pikepdf.Dictionary(N=look),
            )
        )
        pdf.pages[0].Annots = pikepdf.Array([field])
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]))
        pdf.save(tmp_path / "form.pdf")
    colour = draw(tmp_path / "form.pdf")[0].getpixel((200, 200))
    assert isinstance(colour, tuple)
    assert colour[2] > 150
    assert colour[0] < 150


def test_a_page_that_cannot_be_drawn_is_crossed_and_the_others_are_shown(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", count=2)
    path.write_bytes(path.read_bytes().replace(b"/Kids[4 0 R 5 0 R]", b"/Kids[4 0 R 9 0 R]"))
    assert pages.render(path, tmp_path, first=1, last=2, width=100)["damaged"] == [2]
    assert draw(path)[0].getpixel((20, 20)) == (255, 0, 0)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \r\n" * 900, "empty"),
        (b"<html>facture</html>", "not-a-pdf"),
        (b"%PDF-1.4\n", "damaged"),
        (b"%PDF-1.7\n" + bytes(5000), "damaged"),
    ],
)
def test_refuses_what_cannot_be_opened(tmp_path: Path, data: bytes, code: str) -> None:
    (tmp_path / "a.pdf").write_bytes(data)
    with pytest.raises(Refusal) as caught:
        pages.describe(tmp_path / "a.pdf", tmp_path)
    assert caught.value.code == code

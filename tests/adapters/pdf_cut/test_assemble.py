"""PDFs made of pages of originals: the right pages, upright, without loss, the same bytes each time."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from liasse.adapters.pdf_cut.assemble import assemble
from liasse.core.refusals import Refusal
from tests.batch import invoice, joined, numbers
from tests.paper import pdf

KNOWN = ["F-1001", "K-2002", "G-3003"]


def made(tmp_path: Path, originals: list[tuple[bytes, str]], outputs: list[list[dict[str, int]]]) -> list[bytes]:
    """Give the PDFs made of these originals."""
    together = tmp_path / "together"
    together.write_bytes(b"".join(content for content, _kind in originals))
    sources: list[dict[str, Any]] = []
    offset = 0
    for content, kind in originals:
        sources.append({"offset": offset, "size": len(content), "media_type": kind})
        offset += len(content)
    out = tmp_path / "out"
    out.mkdir(exist_ok=True)
    found = assemble(together, out, sources=sources, outputs=outputs)
    return [(out / name).read_bytes() for name in found["files"]]


def piece(source: int, first: int, last: int, turn: int = 0) -> dict[str, int]:
    return {"source": source, "first": first, "last": last, "turn": turn}


PDF = "application/pdf"
BATCH = joined(*[invoice(number) for number in KNOWN])


def test_pages_are_taken_as_asked_and_the_same_bytes_come_each_time(tmp_path: Path) -> None:
    outputs = [[piece(0, 1, 1)], [piece(0, 3, 3), piece(0, 2, 2)]]
    first, second = made(tmp_path, [(BATCH, PDF)], outputs)
    assert (numbers(first, known=KNOWN), numbers(second, known=KNOWN)) == (["F-1001"], ["G-3003", "K-2002"])
    assert made(tmp_path, [(BATCH, PDF)], outputs) == [first, second]


def test_pages_of_several_originals_are_joined_and_turned(tmp_path: Path) -> None:
    originals = [(invoice("F-1001"), PDF), (invoice("K-2002"), PDF)]
    [found] = made(tmp_path, originals, [[piece(1, 1, 1, 90), piece(0, 1, 1)]])
    with pikepdf.open(BytesIO(found)) as document:
        assert [int(page.get("/Rotate", 0)) for page in document.pages] == [90, 0]
    assert numbers(found, known=KNOWN) == ["K-2002", "F-1001"]


def test_what_is_attached_to_a_whole_invoice_stays_with_it(tmp_path: Path) -> None:
    einvoice = pdf([(50, 50, "F-1001")], attachments={"factur-x.xml": b"<x/>"})
    [found] = made(tmp_path, [(einvoice, PDF), (invoice("K-2002"), PDF)], [[piece(0, 1, 1), piece(1, 1, 1)]])
    with pikepdf.open(BytesIO(found)) as document:
        assert document.attachments["factur-x.xml"].get_file().read_bytes() == b"<x/>"
        assert len(document.pages) == 2


def picture(kind: str, *, mode: str = "RGB", size: tuple[int, int] = (60, 80), **more: Any) -> bytes:  # noqa: ANN401 - Pillow's own
    out = BytesIO()
    Image.effect_noise(size, 80).convert(mode).save(out, kind, **more)
    return out.getvalue()


def test_a_jpeg_goes_in_with_its_own_bytes(tmp_path: Path) -> None:
    original = picture("JPEG")
    [found] = made(tmp_path, [(original, "image/jpeg")], [[piece(0, 1, 1)]])
    with pikepdf.open(BytesIO(found)) as document:
        assert document.pages[0].Resources.XObject.Im0.read_raw_bytes() == original


def image_of(document: pikepdf.Pdf) -> pikepdf.PdfImage:
    found = document.pages[0].Resources.XObject.Im0
    assert isinstance(found, pikepdf.Stream)
    return pikepdf.PdfImage(found)


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "RGBA", "P"])
def test_pictures_without_loss_stay_so(tmp_path: Path, mode: str) -> None:
    original = picture("PNG", mode=mode)
    [found] = made(tmp_path, [(original, "image/png")], [[piece(0, 1, 1)]])
    with pikepdf.open(BytesIO(found)) as document:
        shown = image_of(document).as_pil_image().convert("RGB")
    assert shown.tobytes() == Image.open(BytesIO(original)).convert("RGB").tobytes()


def test_frames_of_a_tiff_are_pages(tmp_path: Path) -> None:
    frames = [Image.new("L", (50, 70), shade) for shade in (0, 100, 200)]
    out = BytesIO()
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:])
    first, last = made(tmp_path, [(out.getvalue(), "image/tiff")], [[piece(0, 1, 2)], [piece(0, 3, 3)]])
    with pikepdf.open(BytesIO(first)) as one, pikepdf.open(BytesIO(last)) as other:
        assert (len(one.pages), len(other.pages)) == (2, 1)
        assert image_of(other).as_pil_image().getpixel((5, 5)) == 200


def test_a_phone_photo_stands_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    [found] = made(tmp_path, [(picture("JPEG", exif=exif), "image/jpeg")], [[piece(0, 1, 1)]])
    with pikepdf.open(BytesIO(found)) as document:
        assert int(document.pages[0].Rotate) == 90


@pytest.mark.parametrize("last", [0, 4, 99])
def test_pages_that_are_not_there_are_refused(tmp_path: Path, last: int) -> None:
    with pytest.raises(Refusal, match="no-such-page"):
        made(tmp_path, [(BATCH, PDF)], [[piece(0, 1, last)]])


def test_a_locked_and_a_damaged_original_are_refused(tmp_path: Path) -> None:
    out = BytesIO()
    with pikepdf.open(BytesIO(BATCH)) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    for content, code in ((out.getvalue(), "locked"), (b"%PDF-1.7 nothing", "damaged")):
        with pytest.raises(Refusal, match=code):
            made(tmp_path, [(content, PDF)], [[piece(0, 1, 1)]])


# What is red, green, blue and black stands in the four corners.
CORNERS = {(255, 0, 0): (0, 0), (0, 128, 0): (1, 0), (0, 0, 255): (0, 1), (0, 0, 0): (1, 1)}


def four_corners() -> bytes:
    picture = Image.new("RGB", (400, 600), "white")
    for colour, (across, down) in CORNERS.items():
        picture.paste(colour, (across * 200 + 20, down * 300 + 20, across * 200 + 180, down * 300 + 280))
    kept = BytesIO()
    picture.save(kept, "PNG")
    return kept.getvalue()


def colours(content: bytes) -> set[tuple[int, ...]]:
    """Give the colours of a page as it is shown, without those of a few points."""
    [page] = pypdfium2.PdfDocument(content)
    drawn = page.render(scale=0.5).to_pil().convert("RGB").getcolors(1 << 20) or []
    return {colour for count, colour in drawn if count > 2000 and isinstance(colour, tuple)}


@pytest.mark.parametrize(
    ("turn", "first_corner"), [(0, (255, 0, 0)), (90, (0, 0, 255)), (180, (0, 0, 0)), (270, (0, 128, 0))]
)
def test_of_a_page_only_the_part_in_the_box_is_seen_however_it_is_turned(
    tmp_path: Path, turn: int, first_corner: tuple[int, int, int]
) -> None:
    boxed: Any = piece(0, 1, 1, turn) | {"box": [0.0, 0.0, 0.5, 0.5]}
    [content] = made(tmp_path, [(four_corners(), "image/png")], [[boxed]])
    assert colours(content) - {(255, 255, 255)} == {first_corner}


def test_a_part_of_a_pdf_page_is_seen_too(tmp_path: Path) -> None:
    [whole] = made(tmp_path, [(four_corners(), "image/png")], [[piece(0, 1, 1)]])
    boxed: Any = piece(0, 1, 1) | {"box": [0.5, 0.5, 1.0, 1.0]}
    [content] = made(tmp_path, [(whole, PDF)], [[boxed]])
    assert colours(content) - {(255, 255, 255)} == {(0, 0, 0)}

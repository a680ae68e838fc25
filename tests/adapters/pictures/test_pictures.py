"""Pictures become upright pages of a size for the screen; what is too large or broken is refused with its code."""

import base64
from pathlib import Path

import pytest
from PIL import Image, UnidentifiedImageError

from liasse.adapters.pictures import pages
from liasse.core import sandbox
from liasse.core.refusals import Refusal
from liasse.core.sandbox import RefusedError

CALL = "liasse.adapters.pictures.pages:"
RED, WHITE = (200, 0, 0), (255, 255, 255)

# 60 by 40, red in its upper left quarter, to be shown turned by a quarter clockwise.
TURNED_HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAchtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    "ADRpbG9jAAAAAERAAAIAAQAAAAAB7AABAAAAAAAAAHEAAgAAAAACXQABAAAAAAAAACQAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAA"
    "AAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAABB2lwcnAAAADmaXBjbwAAAHZodmNDAQNwAAAA"
    "kAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq"
    "5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xh"
    "cAAAADwAAAABAAAAKAAAAAH////8AAAAAv///+gAAAACAAAAEHBpeGkAAAAAAwgICAAAAAlpcm90AwAAABlpcG1hAAAAAAAAAAEA"
    "AQaBAgMFhIYAAAAaaXJlZgAAAAAAAAAOY2RzYwACAAEAAQAAAJ1tZGF0AAAAbSgBrwng44Skn/9Ms/+vpoesG285cNR4l7E63my4"
    "Jp8r5b5/JnU2iaqBz0tdc5O3+FmvG3s43zsU5nwX9ln2twddq2SZdGRx2OtgoTkqBT5F/yraU7VLjZRajXVwLXBe0cqzCQzCKOnF"
    "9wZ3ocgAAAAGRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAA="
)

pytestmark = pytest.mark.house


def draw(width: int = 60, height: int = 40) -> Image.Image:
    picture = Image.new("RGB", (width, height), WHITE)
    picture.paste(RED, (0, 0, width // 2, height // 2))
    return picture


def is_red(pixel: object) -> bool:
    assert isinstance(pixel, tuple)
    return bool(abs(pixel[0] - 200) < 40 and pixel[1] < 60)


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tif", "a.webp"])
@pytest.mark.parametrize(("turn", "red_x", "red_y"), [(1, 0.2, 0.2), (3, 0.8, 0.8), (6, 0.8, 0.2), (8, 0.2, 0.8)])
def test_shows_each_format_upright(tmp_path: Path, name: str, turn: int, red_x: float, red_y: float) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    draw().save(tmp_path / name, exif=exif)
    before = (tmp_path / name).read_bytes()
    shape = pages.describe(tmp_path / name, tmp_path)["pages"]
    (file,) = pages.render(tmp_path / name, tmp_path, first=1, last=1, width=1600)["files"]
    with Image.open(tmp_path / file) as page:
        assert page.size == ((40, 60) if turn in {6, 8} else (60, 40)) == (shape[0]["width"], shape[0]["height"])
        rgb = page.convert("RGB")
        assert is_red(rgb.getpixel((int(page.width * red_x), int(page.height * red_y))))
        assert not is_red(rgb.getpixel((int(page.width * (1 - red_x)), int(page.height * (1 - red_y)))))
        assert 0x0112 not in page.getexif()
    assert (tmp_path / name).read_bytes() == before


def test_shows_the_photo_of_a_phone_upright(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(TURNED_HEIC)
    assert pages.describe(tmp_path / "a", tmp_path)["pages"] == [{"width": 40, "height": 60}]
    (file,) = pages.render(tmp_path / "a", tmp_path, first=1, last=1, width=1600)["files"]
    with Image.open(tmp_path / file) as page:
        assert page.size == (40, 60)
        assert is_red(page.convert("RGB").getpixel((32, 12)))


def test_shrinks_to_the_width_asked_for_and_never_blows_up(tmp_path: Path) -> None:
    draw(3000, 2000).save(tmp_path / "large.png")
    draw(300, 200).save(tmp_path / "small.png")
    assert shown_size(tmp_path / "large.png", width=1600) == (1600, 1067)
    assert shown_size(tmp_path / "small.png", width=1600) == (300, 200)


def test_gives_every_page_of_a_fax(tmp_path: Path) -> None:
    sheets = [Image.new("1", (800, 1100 + number), 1) for number in range(5)]
    sheets[0].save(tmp_path / "fax.tif", save_all=True, append_images=sheets[1:], compression="group4")
    assert [page["height"] for page in pages.describe(tmp_path / "fax.tif", tmp_path)["pages"]] == [*range(1100, 1105)]
    answer = pages.render(tmp_path / "fax.tif", tmp_path, first=2, last=4, width=800)
    assert answer == {"files": ["page-0002.webp", "page-0003.webp", "page-0004.webp"], "damaged": []}


@pytest.mark.parametrize(("frames", "is_fine"), [(200, True), (201, False)])
def test_takes_two_hundred_pages_and_no_more(tmp_path: Path, frames: int, *, is_fine: bool) -> None:
    sheet = Image.new("1", (8, 8), 1)
    sheet.save(tmp_path / "a.tif", save_all=True, append_images=[sheet] * (frames - 1))
    if is_fine:
        assert len(pages.describe(tmp_path / "a.tif", tmp_path)["pages"]) == 200
        return
    with pytest.raises(Refusal, match="too-many-pages"):
        pages.describe(tmp_path / "a.tif", tmp_path)


def test_shows_only_the_first_picture_of_an_animation(tmp_path: Path) -> None:
    draw().save(tmp_path / "a.webp", save_all=True, append_images=[draw(60, 40).rotate(90)] * 3)
    assert len(pages.describe(tmp_path / "a.webp", tmp_path)["pages"]) == 1


@pytest.mark.parametrize(("side", "is_fine"), [(7071, True), (7072, False)])
def test_takes_fifty_million_pixels_in_the_memory_of_a_job(tmp_path: Path, side: int, *, is_fine: bool) -> None:
    Image.new("RGBA", (side, side), (1, 2, 3, 100)).save(tmp_path / "a.png")
    (tmp_path / "out").mkdir()
    if is_fine:
        answer = sandbox.run(CALL + "render", tmp_path / "a.png", tmp_path / "out", first=1, last=1, width=1600)
        assert answer["damaged"] == []
        return
    with pytest.raises(RefusedError) as caught:
        sandbox.run(CALL + "describe", tmp_path / "a.png", tmp_path / "out")
    assert (caught.value.code, caught.value.detail) == ("too-many-pixels", str(side * side))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "YCbCr", "I;16"])
def test_shows_every_kind_of_colour_on_white_paper(tmp_path: Path, mode: str) -> None:
    name = "a.tif" if mode in {"CMYK", "YCbCr"} else "a.png"
    picture = Image.new("I;16", (60, 40), 65535) if mode == "I;16" else Image.new("RGB", (60, 40), WHITE).convert(mode)
    picture.save(tmp_path / name)
    (file,) = pages.render(tmp_path / name, tmp_path, first=1, last=1, width=60)["files"]
    with Image.open(tmp_path / file) as page:
        corner = page.convert("RGB").getpixel((30, 20))
    assert isinstance(corner, tuple)
    assert min(corner) > 250


def test_shows_a_cut_picture_as_far_as_it_goes_and_says_so(tmp_path: Path) -> None:
    Image.effect_noise((800, 600), 60).save(tmp_path / "a.jpg")
    data = (tmp_path / "a.jpg").read_bytes()
    (tmp_path / "a.jpg").write_bytes(data[: len(data) // 2])
    answer = pages.render(tmp_path / "a.jpg", tmp_path, first=1, last=1, width=800)
    assert answer == {"files": ["page-0001.webp"], "damaged": [1]}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"hello", "not-a-picture"),
        (b"GIF89a" + bytes(100), "not-a-picture"),
        (b"\xff\xd8\xff", "not-a-picture"),
        (b"II*\x00\x08\x00\x00\x00\x00\x00\x08\x00\x00\x00", "not-a-picture"),
    ],
)
def test_refuses_what_is_no_picture(tmp_path: Path, data: bytes, code: str) -> None:
    (tmp_path / "a").write_bytes(data)
    with pytest.raises(Refusal) as caught:
        pages.describe(tmp_path / "a", tmp_path)
    assert caught.value.code == code


def test_opens_no_other_format_than_those_named(tmp_path: Path) -> None:
    draw().save(tmp_path / "a.bmp")
    with pytest.raises(Refusal, match="not-a-picture"):
        pages.describe(tmp_path / "a.bmp", tmp_path)
    with pytest.raises(UnidentifiedImageError):
        Image.open(tmp_path / "a.bmp", formats=pages._FORMATS)


def shown_size(path: Path, *, width: int) -> tuple[int, int]:
    (file,) = pages.render(path, path.parent, first=1, last=1, width=width)["files"]
    with Image.open(path.parent / file) as page:
        return page.size

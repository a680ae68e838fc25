"""A GIF is a picture like others; the frames of one that moves are its pages."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from liasse.adapters.pictures import pages
from liasse.adapters.pictures.drawing import PillowDrawer
from liasse.core import sandbox
from liasse.core.refusals import Refusal
from liasse.core.sandbox import RefusedError
from liasse.lib import media_types
from tests.adapters.pdf_cut.test_assemble import made, piece

CALL = "liasse.adapters.pictures.pages:"
RED, WHITE, BLUE = (200, 0, 0), (255, 255, 255), (0, 0, 200)


def still(folder: Path) -> Path:
    path = folder / "a.gif"
    picture = Image.new("RGB", (60, 40), WHITE)
    picture.paste(RED, (0, 0, 30, 20))
    picture.save(path)
    return path


def moving(folder: Path, *, size: tuple[int, int] = (60, 40), frames: int = 3) -> Path:
    path = folder / "m.gif"
    drawn = []
    for number in range(frames):
        picture = Image.new("P", size, 0)
        picture.putpalette([*WHITE, *RED, *BLUE])
        picture.paste(1 + number % 2, (number % 7, 0, number % 7 + 20, 20))
        drawn.append(picture)
    drawn[0].save(path, save_all=True, append_images=drawn[1:], optimize=False)
    return path


def test_a_gif_is_shown_as_it_is(tmp_path: Path) -> None:
    path = still(tmp_path)
    assert media_types.sniff(path.read_bytes()) in media_types.PICTURES
    assert pages.describe(path, tmp_path)["pages"] == [{"width": 60, "height": 40}]
    (file,) = pages.render(path, tmp_path, first=1, last=1, width=1600)["files"]
    with Image.open(tmp_path / file) as page:
        red = page.convert("RGB").getpixel((10, 10))
    assert isinstance(red, tuple)
    assert red[0] > 150 > red[1]


def test_the_frames_of_one_that_moves_are_its_pages(tmp_path: Path) -> None:
    path = moving(tmp_path)
    assert len(pages.describe(path, tmp_path)["pages"]) == 3
    (second,) = pages.render(path, tmp_path, first=2, last=2, width=1600)["files"]
    with Image.open(tmp_path / second) as page:
        blue = page.convert("RGB").getpixel((10, 10))
    assert isinstance(blue, tuple)
    assert blue[2] > 150 > blue[0]
    assert [number for number, _page in PillowDrawer().draw(path, pages=[1, 3])] == [1, 3]


def test_what_is_clear_in_it_is_white_as_paper(tmp_path: Path) -> None:
    picture = Image.new("P", (30, 30), 0)
    picture.putpalette([0, 0, 0, *RED])
    picture.save(tmp_path / "t.gif", transparency=0)
    (file,) = pages.render(tmp_path / "t.gif", tmp_path, first=1, last=1, width=1600)["files"]
    with Image.open(tmp_path / file) as page:
        assert page.convert("RGB").getpixel((5, 5)) == WHITE


def test_the_largest_is_drawn_within_the_limits_and_a_larger_one_is_refused(tmp_path: Path) -> None:
    path = moving(tmp_path, size=(5000, 3990), frames=2)
    out = tmp_path / "out"
    out.mkdir()
    answer = sandbox.run(f"{CALL}render", path, out, first=1, last=2, width=1600)
    assert (len(answer["files"]), answer["damaged"]) == (2, [])
    with pytest.raises(RefusedError) as caught:
        sandbox.run(f"{CALL}describe", moving(tmp_path, size=(5000, 4100), frames=1), out)
    assert caught.value.code == "too-many-pixels"


def test_one_that_moves_for_ever_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="too-many-pages"):
        pages.describe(moving(tmp_path, frames=pages.MAX_FRAMES + 1), tmp_path)


def test_one_that_breaks_off_is_shown_as_far_as_it_goes(tmp_path: Path) -> None:
    data = moving(tmp_path, size=(600, 400), frames=1).read_bytes()
    (tmp_path / "cut.gif").write_bytes(data[: len(data) * 2 // 3])
    answer = pages.render(tmp_path / "cut.gif", tmp_path, first=1, last=1, width=1600)
    assert answer["damaged"] == [1]


def test_its_pages_can_be_cut_and_joined(tmp_path: Path) -> None:
    content = moving(tmp_path).read_bytes()
    [found] = made(tmp_path, [(content, media_types.GIF)], [[piece(0, 2, 3)]])
    with pikepdf.open(BytesIO(found)) as document:
        assert len(document.pages) == 2

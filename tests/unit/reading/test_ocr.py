"""What is done around OCR, with a reader whose words are known to the dot."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from liasse.reading import ocr
from liasse.reading.ocr import PAGES_LEFT_OUT, UNREADABLE, UPSIDE_DOWN, by_weight, see, see_pages
from liasse.reading.ports import Corners, OcrPage, OcrWord, PagePicture, PreparedPage

PAGE = PagePicture(1000, 1400, b"")


@dataclass
class Known:
    """A reader that gives one answer."""

    page: OcrPage
    name: str = "known"

    def warm(self) -> None:
        """Nothing to load."""

    def read(self, picture: PagePicture) -> OcrPage:  # noqa: ARG002 - the port's shape
        return self.page

    def look_again(self, picture: PagePicture, lines: Sequence[Corners]) -> list[tuple[str, ...]]:  # noqa: ARG002
        return [() for _ in lines]


class Plain:
    """Leaves pages as they are."""

    def prepare(self, picture: PagePicture) -> PreparedPage:
        return PreparedPage(picture, (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0))


class Sheets:
    """Draws empty sheets and notes which."""

    def __init__(self) -> None:
        self.drawn: list[int] = []

    def draw(self, path: Path, *, pages: Sequence[int]) -> Iterator[tuple[int, PagePicture]]:  # noqa: ARG002
        for number in pages:
            self.drawn.append(number)
            yield number, PAGE


def _word(text: str, x: float, y: float, *, angle: float = 0.0, width: float = 120.0) -> OcrWord:
    """Give a word whose box is turned about the middle of the page."""
    points = ((x, y), (x + width, y), (x + width, y + 20), (x, y + 20))
    cosine, sine = math.cos(angle), math.sin(angle)
    turned = tuple(
        (500 + (a - 500) * cosine - (b - 700) * sine, 700 + (a - 500) * sine + (b - 700) * cosine) for a, b in points
    )
    return OcrWord(text, turned, 0.9)


def _page(*, angle: float = 0.0, confidence: float = 0.95, turn: int = 0) -> OcrPage:
    words = [
        _word(f"{column}{row}", 100 + 300 * column, 200 + 40 * row, angle=angle)
        for row in range(8)
        for column in range(3)
    ]
    return OcrPage(tuple(words), turn, len(words), confidence)


def test_words_of_a_crooked_page_stand_in_straight_lines_for_the_rules() -> None:
    page, *_ = see(1, PAGE, preparer=Plain(), reader=Known(_page(angle=0.05)))
    row = {word.text: word.place for word in page.words if word.text.endswith("3")}
    assert row["03"].y0 == pytest.approx(row["23"].y0, abs=0.001)
    assert row["03"].y0 == pytest.approx(320 / 1400, abs=0.001)


def test_words_of_a_crooked_page_keep_their_place_as_shown() -> None:
    page, *_ = see(1, PAGE, preparer=Plain(), reader=Known(_page(angle=0.05)))
    for word, shown in zip(page.words, page.shown or (), strict=True):
        xs, ys = zip(*next(w.corners for w in _page(angle=0.05).words if w.text == word.text), strict=True)
        assert shown == pytest.approx((min(xs) / 1000, min(ys) / 1400, max(xs) / 1000, max(ys) / 1400))
        place = page.place_shown(word.place)
        assert (place.x0, place.y1) == pytest.approx((shown[0], shown[3]), abs=0.002)


def test_a_straight_page_has_one_place_for_each_word() -> None:
    page, notes, _ = see(1, PAGE, preparer=Plain(), reader=Known(_page()))
    assert (page.shown, page.to_shown, notes) == (None, None, ())


def test_a_page_on_its_head_is_noted_and_read_upright() -> None:
    page, notes, _ = see(1, PAGE, preparer=Plain(), reader=Known(_page(angle=math.pi, turn=180)))
    assert notes == (UPSIDE_DOWN,)
    (first,) = [word.place for word in page.words if word.text == "00"]
    assert (first.x0, first.y0) == pytest.approx((0.1, 200 / 1400), abs=0.001)


def test_what_is_hardly_made_out_is_noted() -> None:
    _, notes, _ = see(1, PAGE, preparer=Plain(), reader=Known(_page(confidence=0.5)))
    assert notes == (UNREADABLE,)


def test_first_and_last_page_come_before_the_others(tmp_path: Path) -> None:
    sheets = Sheets()
    seen = see_pages(tmp_path, by_weight(range(1, 6)), drawer=sheets, preparer=Plain(), reader=Known(_page()))
    assert sheets.drawn == [1, 5, 2, 3, 4]
    assert list(seen.pages) == [1, 2, 3, 4, 5]


def test_when_time_is_up_the_rest_is_left_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "SECONDS", -1.0)
    seen = see_pages(tmp_path, [range(1, 4)], drawer=Sheets(), preparer=Plain(), reader=Known(_page()))
    assert (dict(seen.pages), seen.notes) == ({}, (PAGES_LEFT_OUT,))


def test_a_page_that_lay_crooked_is_kept_as_it_was_read_with_where_its_words_stand_in_it() -> None:
    page, _, ready = see(1, PAGE, preparer=Plain(), reader=Known(_page(angle=0.05)))
    (word,) = [word for word in page.words if word.text == "13"]
    (seen,) = [word for word in _page(angle=0.05).words if word.text == "13"]
    place = word.place
    corners = ready.corners((place.x0, place.y0, place.x1, place.y1))
    for (x, y), (known_x, known_y) in zip(corners, seen.corners, strict=True):
        assert (x, y) == pytest.approx((known_x, known_y), abs=1.0)


def test_the_pictures_of_two_pages_are_kept_and_no_more(tmp_path: Path) -> None:
    seen = see_pages(tmp_path, by_weight(range(1, 6)), drawer=Sheets(), preparer=Plain(), reader=Known(_page()))
    assert sorted(seen.ready) == [1, 5]

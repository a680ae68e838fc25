from pathlib import Path

import cv2
import numpy as np
import pytest

from liasse.adapters.page_prepare.preparer import CvPreparer
from liasse.reading.words import moved
from tests.papers_drawn import drawn, photographed, picture, pixels


def test_a_clean_scan_comes_back_as_it_was(tmp_path: Path) -> None:
    page = drawn(tmp_path)
    ready = CvPreparer().prepare(page)
    assert ready.picture == page
    assert moved(ready.to_drawn, 12.0, 34.0) == (12.0, 34.0)


def test_the_paper_of_a_photo_is_found_and_its_dots_lead_back(tmp_path: Path) -> None:
    page = photographed(drawn(tmp_path))
    ready = CvPreparer().prepare(page)
    size = ready.picture
    for corner, (x, y) in zip(
        ((0, 0), (size.width, 0), (size.width, size.height), (0, size.height)),
        ((0.12, 0.08), (0.9, 0.12), (0.95, 0.93), (0.05, 0.88)),
        strict=True,
    ):
        back = moved(ready.to_drawn, *corner)
        assert back[0] / page.width == pytest.approx(x, abs=0.025)
        assert back[1] / page.height == pytest.approx(y, abs=0.025)
    assert np.median(pixels(ready.picture)) > 200


def test_a_table_s_frame_on_a_white_page_is_no_paper(tmp_path: Path) -> None:
    array = pixels(drawn(tmp_path)).copy()
    cv2.rectangle(array, (200, 400), (1400, 1800), (0, 0, 0), 6)
    page = picture(array)
    assert CvPreparer().prepare(page).picture == page


def test_a_shadow_across_the_page_is_evened_out(tmp_path: Path) -> None:
    array = pixels(drawn(tmp_path)).astype(np.float32)
    array *= np.linspace(0.35, 1.0, array.shape[1], dtype=np.float32)[None, :, None]
    even = pixels(CvPreparer().prepare(picture(array.astype(np.uint8))).picture)
    # A strip on the dark side and one on the light side, both without print.
    assert abs(float(np.median(even[1500:, 100:200])) - float(np.median(even[1500:, -200:-100]))) < 15
    assert np.median(even) > 225


def test_of_several_papers_on_a_table_none_is_lost() -> None:
    table = np.full((2000, 1600, 3), 60, dtype=np.uint8)
    table[100:1100, 100:800] = 250
    table[300:900, 900:1400] = 250
    table[1300:1800, 300:1200] = 250
    page = picture(table)
    ready = CvPreparer().prepare(page)
    assert (ready.picture.width, ready.picture.height) == (page.width, page.height)

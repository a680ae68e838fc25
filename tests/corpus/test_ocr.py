"""Real scans and photos through OCR as the worker runs it: what it sees, its limits, its end."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from liasse.config.readers import OCR_ADAPTERS, OCR_CALL
from liasse.core.sandbox import Limits, OutOfMemoryError, Sandbox, SandboxError, TimedOutError
from liasse.lib import media_types
from liasse.reading.call import OCR_LIMITS
from liasse.reading.types import ReadingResult
from liasse.reading.words import PageWords, words_from_json

pytestmark = [pytest.mark.corpus, pytest.mark.house]

MIB = 1024**2
SCANS = {
    "a sheet upside down": ("facturx-fr-a__Basic__Facture_FR_BASIC.pdf", ("FA-2017-0010", "671,15"), "upside_down"),
    "a photo from one side": ("facturx-fr-a__BasicWL__Avoir_FR_type381_BASICWL.jpg", ("AV-2017-0005", "233,47"), ""),
}


@pytest.fixture(scope="module")
def large() -> Any:  # noqa: ANN401 - yields
    sandbox = Sandbox(idle_seconds=60.0)
    yield sandbox
    sandbox.close()


def _run(
    sandbox: Sandbox, path: Path, folder: Path, *, limits: Limits = OCR_LIMITS
) -> tuple[ReadingResult, tuple[PageWords, ...]]:
    answer = sandbox.run(OCR_CALL, path, folder, limits=limits, adapters=OCR_ADAPTERS)
    words = folder / "words.json"
    pages = words_from_json(json.loads(words.read_text(encoding="utf-8"))) if words.exists() else ()
    return ReadingResult.from_json(answer), pages


@pytest.mark.parametrize("name", SCANS)
def test_scans_are_read_within_the_limits(large: Sandbox, corpus: Path, tmp_path: Path, name: str) -> None:
    file, texts, note = SCANS[name]
    result, pages = _run(large, corpus / "scan-sim" / "files" / file, tmp_path)
    seen = " ".join(word.text for page in pages for word in page.words)
    assert all(text in seen for text in texts)
    assert note == "" or note in result.notes


def test_receipts_scanned_sideways_are_read(large: Sandbox, corpus: Path, tmp_path: Path) -> None:
    result, (page,) = _run(large, corpus / "receipts-sideways" / "files" / "IMG0001.jpg", tmp_path)
    assert "sideways" in result.notes
    assert len(page.words) > 80
    # Lines of the receipt run along the shown page's height.
    words = [shown for shown in page.shown or () if shown[3] - shown[1] > shown[2] - shown[0]]
    assert len(words) > 0.7 * len(page.words)


def test_a_job_out_of_time_or_memory_ends_and_the_next_is_served(large: Sandbox, corpus: Path, tmp_path: Path) -> None:
    path = corpus / "scan-sim" / "files" / SCANS["a photo from one side"][0]
    with pytest.raises(TimedOutError):
        _run(large, path, _new(tmp_path, "a"), limits=Limits(memory=1280 * MIB, wall_seconds=0.3))
    with pytest.raises(OutOfMemoryError):
        _run(large, path, _new(tmp_path, "b"), limits=Limits(memory=200 * MIB))
    began = time.monotonic()
    result, _ = _run(large, path, _new(tmp_path, "c"))
    assert result.notes[0] == "ocr"
    assert time.monotonic() - began < OCR_LIMITS.wall_seconds


def _new(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    return folder / name


def test_the_process_with_the_models_ends_when_nobody_asks(corpus: Path, tmp_path: Path) -> None:
    sandbox = Sandbox(idle_seconds=1.0)
    _run(sandbox, corpus / "receipts-sroie" / "files" / "000.jpg", tmp_path)
    process = sandbox._process
    assert process is not None
    assert process.wait(timeout=30) == 0
    sandbox.close()


def test_hostile_pictures_cost_their_own_job_only(large: Sandbox, corpus: Path, tmp_path: Path) -> None:
    files = sorted((corpus / "hostile-made" / "files").iterdir())
    pictures = [file for file in files if media_types.sniff(file.read_bytes()[:4096]) in media_types.PICTURES]
    assert pictures
    ends = {file.name: _end(large, file, _new(tmp_path, file.name)) for file in pictures}
    assert {name: end for name, end in ends.items() if end not in {"image", "permanent"}} == {}


def _end(sandbox: Sandbox, file: Path, folder: Path) -> str | None:
    try:
        return _run(sandbox, file, folder)[0].format
    except SandboxError as error:
        return "permanent" if error.permanent else "passing"

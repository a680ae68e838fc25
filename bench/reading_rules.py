"""Whether our check fires the rules that the official tests of EN 16931 say must fire, and no other of those."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from liasse.adapters.schematron import artefacts
from liasse.adapters.schematron.checker import Stylesheets
from liasse.reading.types import Finding, Severity


def agreement(corpus: Path) -> tuple[int, int]:
    """Give how many of the corpus's tests of rules agree, and of how many; nothing of a corpus without them."""
    folder = corpus / "einvoice-en16931-unit"
    if not (folder / "tests.jsonl").exists():
        return 0, 0
    sheets = Stylesheets()
    verdicts = [_agrees(sheets.findings(text, [artefacts.EN16931_UBL]), told) for text, told in _tests(folder)]
    return sum(verdicts), len(verdicts)


def _tests(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for line in (folder / "tests.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        root = etree.parse(folder / row["file"]).getroot()
        for test, told in zip(root.findall("{*}test"), row["tests"], strict=True):
            (fragment,) = (child for child in test.iterchildren("*") if etree.QName(child).localname != "assert")
            yield etree.tostring(fragment, encoding="unicode", with_tail=False), told


def _agrees(found: list[Finding], told: dict[str, list[str]]) -> bool:
    fatal = {finding.rule for finding in found if finding.severity is Severity.FATAL}
    mild = {finding.rule for finding in found if finding.severity is Severity.WARNING}
    is_quiet = not (fatal | mild) & set(told["success"])
    return is_quiet and set(told["error"]) <= fatal and set(told["warning"]) <= mild

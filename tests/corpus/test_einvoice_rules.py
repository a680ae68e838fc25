"""The official rules of e-invoices, on the corpus: what must fire fires, and valid ones break nothing unexplained."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from liasse.adapters.pdf_text.reader import PdfiumText
from liasse.adapters.schematron import artefacts
from liasse.adapters.schematron.checker import Stylesheets, shape_faults
from liasse.adapters.schematron.choice import rules_for, shape_for
from liasse.adapters.schematron.subject import invoice_in, subject_of, tree_of
from liasse.config.readers import READING_ADAPTERS
from liasse.reading.against_page import differences
from liasse.reading.checks import check_page, invoice_in_file
from liasse.reading.exclude import Exclude
from liasse.reading.rules import read_text
from liasse.reading.types import FieldName, Finding, Severity

pytestmark = [pytest.mark.corpus, pytest.mark.house]
DIFFERENCES = Path(__file__).resolve().parents[2] / "docs" / "einvoice-differences.md"


@pytest.fixture(scope="module")
def sheets() -> Stylesheets:
    return Stylesheets()


def _fragments(corpus: Path) -> Iterator[tuple[str, etree._Element, dict[str, list[str]]]]:
    folder = corpus / "einvoice-en16931-unit"
    for line in (folder / "tests.jsonl").read_text().splitlines():
        row = json.loads(line)
        tests = etree.parse(str(folder / row["file"])).getroot().findall("{*}test")
        for test, expected in zip(tests, row["tests"], strict=True):
            (fragment,) = (child for child in test.iterchildren("*") if etree.QName(child).localname != "assert")
            yield row["file"], fragment, expected


def _agrees(found: list[Finding], expected: dict[str, list[str]]) -> bool:
    fatal = {finding.rule for finding in found if finding.severity is Severity.FATAL}
    mild = {finding.rule for finding in found if finding.severity is Severity.WARNING}
    holds = not (fatal | mild) & set(expected["success"])
    return holds and set(expected["error"]) <= fatal and set(expected["warning"]) <= mild


def test_every_rule_fires_where_it_must_and_nowhere_else(corpus: Path, sheets: Stylesheets) -> None:
    tests = list(_fragments(corpus))
    differing = []
    for name, fragment, expected in tests:
        text = etree.tostring(fragment, encoding="unicode", with_tail=False)
        if not _agrees(sheets.findings(text, [artefacts.EN16931_UBL]), expected):
            differing.append((name, expected))
    print(f"{len(tests)} tests of rules, {len(tests) - len(differing)} agree with the official artefacts")
    assert len(tests) > 600
    assert differing == []


def _truths(corpus: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    for truths in sorted(corpus.glob("einvoice-*/truth.jsonl")):
        for line in truths.read_text().splitlines():
            row = json.loads(line)
            yield truths.parent / row["file"], row


def _findings(path: Path, sheets: Stylesheets) -> list[Finding] | None:
    found = invoice_in_file(path, "", READING_ADAPTERS)
    if found is None or found.xml.format is None:
        return None
    root = tree_of(found.data)
    assert root is not None, path.name
    invoice = invoice_in(root)
    subject = subject_of(invoice, format=f"{'pdf+' if found.embedded else ''}{found.xml.format}")
    rules, shape = list(rules_for(subject)), shape_for(subject)
    text = etree.tostring(invoice, encoding="unicode")
    return [*sheets.findings(text, rules), *(shape_faults(invoice, shape) if shape else [])]


def test_a_valid_e_invoice_breaks_no_rule_that_is_not_explained(corpus: Path, sheets: Stylesheets) -> None:
    explained = DIFFERENCES.read_text()
    broken: dict[str, set[str]] = {}
    kept = 0
    for path, truth in _truths(corpus):
        if truth["expect"] != "valid":
            continue
        fatal = {one.rule for one in _findings(path, sheets) or [] if one.severity is Severity.FATAL}
        kept += not fatal
        if fatal:
            broken[path.name] = fatal
    print(f"{kept} valid ones keep every rule, {len(broken)} do not: {Counter(r for s in broken.values() for r in s)}")
    assert kept >= 140
    assert {name for name in broken if name not in explained} == set()


def test_pages_of_valid_ones_say_what_their_data_say(corpus: Path) -> None:
    explained = DIFFERENCES.read_text()
    differing: dict[str, list[str]] = {}
    count = 0
    for path, truth in _truths(corpus):
        if path.suffix.lower() != ".pdf":
            continue
        count += 1
        found = check_page(path, path.parent, adapters=READING_ADAPTERS)["findings"]
        told = [finding["rule"] for finding in found if finding["rule"].startswith("PAGE-")]
        if told:
            differing[path.name] = told
        if truth["expect"] == "valid" and told:
            assert path.name in explained
    print(f"{count} PDFs, {len(differing)} whose page differs from their data: {differing}")
    assert count >= 80
    assert {name for name in differing if name not in explained} == set()


CHANGES: dict[FieldName, tuple[Callable[[str], str], float]] = {
    FieldName.TOTAL_GROSS: (lambda value: f"{Decimal(value) + 100:.2f}", 0.85),
    FieldName.TOTAL_NET: (lambda value: f"{Decimal(value) - Decimal('37.50'):.2f}", 0.9),
    FieldName.TOTAL_VAT: (lambda value: f"{Decimal(value) + Decimal('7.77'):.2f}", 0.9),
    FieldName.INVOICE_NUMBER: (lambda _: "ZQ-99871", 0.9),
    FieldName.ISSUE_DATE: (lambda value: value[:8] + ("17" if value[8:] != "17" else "19"), 0.7),
    FieldName.IBAN: (lambda _: "DE89370400440532013000", 0.7),
    FieldName.SUPPLIER_VAT: (lambda _: "FR83404833048", 0.9),
}


def test_a_value_changed_in_the_data_alone_is_noticed(corpus: Path) -> None:
    tried: Counter[FieldName] = Counter()
    noticed: Counter[FieldName] = Counter()
    for path, _truth in _truths(corpus):
        found = invoice_in_file(path, "", READING_ADAPTERS) if path.suffix.lower() == ".pdf" else None
        if found is None:
            continue
        text = PdfiumText().read(path)
        page = read_text(text.words, shapes={one.page: one.width_per_height for one in text.shapes}, exclude=Exclude())
        raw = "".join(found.data.decode("utf-8", "replace").split())
        for name, (change, _least) in CHANGES.items():
            value = found.xml.value(name)
            if not value:
                continue
            changed = change(value)
            field = replace(found.xml.fields[name], value=changed)
            xml = replace(found.xml, fields={**found.xml.fields, name: field})
            tried[name] += 1
            told = differences(xml, page, text.words, raw=raw.replace("".join(value.split()), changed))
            noticed[name] += any(finding.terms == (field.term,) for finding in told)
    print({name.value: f"{noticed[name]} of {tried[name]}" for name in CHANGES})
    assert all(noticed[name] >= least * tried[name] for name, (_change, least) in CHANGES.items())

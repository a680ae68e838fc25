"""What an invoice says about itself that decides by which rules it is checked."""

from __future__ import annotations

from typing import Final

from lxml import etree

from liasse.adapters.schematron.choice import Subject

_INVOICES: Final = frozenset({"Invoice", "CreditNote", "CrossIndustryInvoice", "CrossIndustryDocument"})

_UBL: Final = {
    "profile": "CustomizationID",
    "process": "ProfileID",
    "issue_date": "IssueDate",
    "seller_country": "AccountingSupplierParty/Party/PostalAddress/Country/IdentificationCode",
    "buyer_country": "AccountingCustomerParty/Party/PostalAddress/Country/IdentificationCode",
}
_CONTEXT: Final = "ExchangedDocumentContext"
_AGREEMENT: Final = "SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement"
_CII: Final = {
    "profile": f"{_CONTEXT}/GuidelineSpecifiedDocumentContextParameter/ID",
    "process": f"{_CONTEXT}/BusinessProcessSpecifiedDocumentContextParameter/ID",
    "issue_date": "ExchangedDocument/IssueDateTime/DateTimeString",
    "seller_country": f"{_AGREEMENT}/SellerTradeParty/PostalTradeAddress/CountryID",
    "buyer_country": f"{_AGREEMENT}/BuyerTradeParty/PostalTradeAddress/CountryID",
}


def tree_of(data: bytes) -> etree._Element | None:
    """Return the root of an e-invoice that was read before; None for what is no XML, or has declarations of its own."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n"), parser=parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return None if root.getroottree().docinfo.internalDTD is not None else root


def invoice_in(root: etree._Element) -> etree._Element:
    """Return the invoice itself where an envelope (SBDH) is around it."""
    if etree.QName(root).localname != "StandardBusinessDocument":
        return root
    return next((child for child in root.iterchildren("*") if etree.QName(child).localname in _INVOICES), root)


def subject_of(invoice: etree._Element, *, format: str) -> Subject:
    """Return what decides by which rules an invoice is checked."""
    paths = _CII if "cii" in format else _UBL
    words = {name: _text(invoice, path) for name, path in paths.items()}
    day = words["issue_date"]
    if len(day) == 8 and day.isdecimal():  # noqa: PLR2004 - YYYYMMDD, as UN/CEFACT writes days
        words["issue_date"] = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    return Subject(format=format, **words)


def _text(invoice: etree._Element, path: str) -> str:
    found = invoice.find("/".join(f"{{*}}{step}" for step in path.split("/")))
    return " ".join((found.text or "").split()) if found is not None else ""

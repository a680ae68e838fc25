"""Type codes of documents (BT-3) and what they make of a document."""

from __future__ import annotations

from typing import Final

from liasse.reading.types import DocType

# UNTDID 1001 as EN 16931 permits it, with the codes of the French reform (BR-FR-04), those of
# ZUGFeRD and FatturaPA's. Whatever gives nothing back asks to be paid: an invoice.
_CREDIT_CODES: Final = frozenset(
    {"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532"} | {"TD04", "TD08"}
)


def doc_type_of_code(code: str | None, *, is_credit_form: bool) -> DocType:
    """Return the kind of a document from its type code and its form.

    `is_credit_form` is true for UBL's CreditNote, which is a credit whatever its code says.
    """
    return DocType.CREDIT_NOTE if is_credit_form or code in _CREDIT_CODES else DocType.INVOICE

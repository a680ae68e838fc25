"""Type codes of documents (BT-3) and what they make of a document."""

from __future__ import annotations

from typing import Final

from liasse.reading.types import DocType, PaymentMethod

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


# UNTDID 4461 (BT-81), and the list ModalitaPagamento of FatturaPA.
_METHODS: Final = {
    PaymentMethod.CASH: ("10", "MP01", "MP04"),
    PaymentMethod.CHEQUE: ("20", "21", "22", "23", "24", "25", "26", "MP02", "MP03"),
    PaymentMethod.TRANSFER: ("30", "31", "42", "45", "58", "MP05", "MP06", "MP07", "MP18"),
    PaymentMethod.CARD: ("48", "54", "55", "MP08"),
    PaymentMethod.DIRECT_DEBIT: ("49", "59", "MP09", "MP10", "MP11", "MP16", "MP17", "MP19", "MP20", "MP21"),
}
_METHOD_OF: Final = {code: method for method, codes in _METHODS.items() for code in codes}
_NOT_SAID: Final = frozenset({"1", "ZZZ"})


def payment_method_of_code(code: str) -> str | None:
    """Return how a document is paid from its code, None where the code says that it does not say."""
    plain = code.strip().upper()
    if not plain or plain in _NOT_SAID:
        return None
    return _METHOD_OF.get(plain, PaymentMethod.OTHER).value

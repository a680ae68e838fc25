"""Whether the words of a mail are themselves an invoice, a receipt or an order, in French, English, German, Spanish,
Italian and Dutch.

A newsletter names prices and a question names an invoice; a receipt has a line of its own that gives a total.
"""

from __future__ import annotations

import re
from typing import Final

_MAX_LINES: Final = 3_000
_MAX_LINE: Final = 300
_MAX_LABEL_WORDS: Final = 6

_CURRENCY = r"(?:€|EUR|Euros?|\$|USD|£|GBP|CHF|Fr\.|SEK|DKK|NOK|PLN|CAD|AUD)"
_NUMBER = r"(?<![\d.,])\d{1,3}(?:[ .,'’\u00a0\u202f]\d{3})*(?:[.,]\d{2})(?![\d.,]*\d)|(?<![\d.,])\d{1,7}[.,]\d{2}(?!\d)"
_AMOUNT = re.compile(rf"{_CURRENCY}\s?(?:{_NUMBER}|\d{{1,7}}\b)|(?:{_NUMBER}|\b\d{{1,7}})\s?{_CURRENCY}(?![A-Za-z])")
_BARE = re.compile(_NUMBER)
_PAPER = re.compile(
    r"\b(?:factures?|reçus?|recus?|quittances?|commandes?|avoirs?|ticket de caisse|justificatif|note de frais|"
    r"invoices?|receipts?|orders?|credit note|payment confirmation|booking|"
    r"rechnung(?:en|s\w+)?|quittung|beleg|bestell\w+|auftrag\w*|gutschrift|buchung\w*|zahlungs\w+|"
    r"facturas?|recibos?|pedidos?|justificante|comprobante|"
    r"fattur[ae]|ricevut[ae]|ordine|scontrino|"
    r"factuur|facturen|kassabon|bon|bestelling|ontvangstbewijs|betalingsbewijs)\b",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"\b(?:total\w*|totaux|montant\w*|net à payer|à payer|payée?s?|réglée?s?|somme|prix|ttc|"
    r"amounts?|paid|grand total|sub-?total|balance|charged|"
    r"gesamt\w*|summe|betrag|rechnungsbetrag|endbetrag|bezahlt|"
    r"importe|importo|totale|totaal|pagado|pagato|bedrag|te betalen|betaald|da pagare|a pagar)\b",
    re.IGNORECASE,
)
_TAX = re.compile(r"\b(?:tva|vat|mwst|ust|mehrwertsteuer|iva|btw|tax|taxes|ht|ttc|hors taxes?)\b", re.IGNORECASE)
_NUMBERED = re.compile(
    r"(?:n[°ºo.]|nr\.?|num[ée]ro|number|nummer|numero|número|#|:|-)\s*[:#]?\s*(?=[\w/-]*\d)[\w/-]{3,30}", re.IGNORECASE
)


def looks_like_a_document(text: str, *, subject: str = "") -> bool:
    """Tell an invoice, receipt or order written as a mail from any other mail; ``text`` has a line for each row.

    It names such a paper, gives a total on a line that is no sentence, and says besides either a
    number, a tax or a second amount.
    """
    lines = [line.strip()[:_MAX_LINE] for line in text.split("\n")[:_MAX_LINES]]
    lines = [line for line in lines if line and not line.startswith(">")]
    words = "\n".join([subject, *lines])
    if not _PAPER.search(words) or not _has_total(lines):
        return False
    return _is_numbered(words) or bool(_TAX.search(words)) or len(_AMOUNT.findall(words)) > 1


def _has_total(lines: list[str]) -> bool:
    before = ""
    for line in lines:
        amount = _AMOUNT.search(line) or (_BARE.search(line) if _TOTAL.search(line) else None)
        if amount is not None:
            label = line[: amount.start()] + line[amount.end() :]
            if _is_label(label) and _TOTAL.search(label):
                return True
            # A cell of its own: the label stood on the line before.
            if not re.search(r"\w{2}", _AMOUNT.sub("", line)) and _is_label(before) and _TOTAL.search(before):
                return True
        before = line
    return False


def _is_label(text: str) -> bool:
    """Tell the few words before an amount from a sentence about it."""
    return len(re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", text)) <= _MAX_LABEL_WORDS and not text.rstrip().endswith("?")


def _is_numbered(words: str) -> bool:
    return any(_NUMBERED.match(words, found.end() + skip) for found in _PAPER.finditer(words) for skip in (0, 1))

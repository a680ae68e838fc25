"""The currency: what a label says, what stands beside the amounts, else what the country's signs suggest."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from liasse.reading.page import labels
from liasse.reading.page.labelled import confidence, matches, ways
from liasse.reading.page.titles import US_ADDRESS
from liasse.reading.page.values import CURRENCY_SIGNS, amounts
from liasse.reading.types import Field, Source

if TYPE_CHECKING:
    from liasse.reading.page.layout import Layout

_LONE = re.compile(r"\b(?:eur|usd|gbp|chf|euros?|rm)\b|[\u20ac\u00a3]")
# What only papers of one country print; the first that is found decides.
_COUNTRIES: Final = (
    ("MYR", re.compile(r"sdn\.? ?bhd|\bgst (?:id|no|reg)|malaysia|kuala lumpur|\bjalan\b|selangor|\(rm\)|\brm\b")),
    ("USD", US_ADDRESS),
    ("CHF", re.compile(r"\bche[- .]?\d{3}[. ]?\d{3}[. ]?\d{3}|\bschweiz\b|\bsuisse\b|\bch-\d{4}\b")),
    ("GBP", re.compile(r"\bgb ?\d{3} ?\d{4} ?\d{2}\b|united kingdom|\bengland\b|\blondon\b")),
    ("EUR", re.compile(
        r"\bsiret\b|\bsiren\b|\br\.?c\.?s\.?\b|\bt\.?v\.?a\b|\bust-?id|\bmwst\b|\bm\.w\.st|\bpartita iva\b|"
        r"\bp\.? ?iva\b|\bbtw\b|"
        r"\bfr ?[0-9a-z]{2} ?\d{3} ?\d{3} ?\d{3}\b|\bde ?\d{9}\b|\bgmbh\b|\bsarl\b|\bumsatzsteuer\b|\bsteuernummer\b"
    )),
)  # fmt: skip

# One sign, several currencies: a code on the paper says which is meant, else where the paper comes from.
_SHARED: Final = {
    "USD": re.compile(r"\b(?:usd|cad|aud|nzd|sgd|hkd|mxn|twd)\b"),
    "JPY": re.compile(r"\b(?:jpy|cny|rmb)\b"),
}
_CODES: Final = {"rmb": "CNY"}
_KANA: Final = re.compile(r"[\u3040-\u30ff]")
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")


def read_currency(layout: Layout) -> Field | None:
    """Return the currency, and what speaks for it: "label", "sign", "lone" in the text, or "country" by suggestion."""
    for match in matches(layout, labels.CURRENCY):
        for factor, cell, start, _ in ways(layout, match):
            for word in re.findall(r"[a-z]{3,5}|[\u20ac$\u00a3]", cell.folded[start:])[:2]:
                code = CURRENCY_SIGNS.get(word)
                if code is not None:
                    return Field(code, Source.TEXT, confidence(0.95 * factor), "BT-5", cell.place, ("label",))
    signed = [amount for cell in layout.cells for amount in amounts(cell) if amount.currency]
    seen = Counter(amount.currency for amount in signed)
    if not seen:
        return _lone(layout) or _of_country(layout)
    (code, count), *others = seen.most_common(2)
    score = 0.95 if not others else 0.5 + 0.4 * (count - others[0][1]) / count
    place = next(amount.place for amount in signed if amount.currency == code)
    evidence = ("sign", "rivals") if others else ("sign",)
    if not others and code in _SHARED:
        code, is_sure = _meant_by_sign(code, layout)
        score, evidence = (score, evidence) if is_sure else (0.5, ("sign", "shared"))
    return Field(code, Source.TEXT, round(score, 2), "BT-5", place, evidence)


def _meant_by_sign(code: str, layout: Layout) -> tuple[str, bool]:
    """Return the currency that a shared sign means, and whether the paper says so."""
    text = "\n".join(cell.folded for cell in layout.cells)
    if named := {_CODES.get(found, found.upper()) for found in _SHARED[code].findall(text)}:
        return (named.pop(), True) if len(named) == 1 else (code, code in named)
    if code == "USD":
        return code, bool(US_ADDRESS.search(text))
    if _KANA.search(text):
        return code, True
    return ("CNY", True) if _HAN.search(text) else (code, False)


def _lone(layout: Layout) -> Field | None:
    """Return the currency that the text names once or more, away from amounts."""
    found = [
        (CURRENCY_SIGNS[match[0]], cell.place_of(match.start(), match.end()))
        for cell in layout.cells
        for match in _LONE.finditer(cell.folded)
    ]
    if len({code for code, _ in found}) != 1:
        return None
    return Field(found[0][0], Source.TEXT, 0.8, "BT-5", found[0][1], ("lone",))


def _of_country(layout: Layout) -> Field | None:
    text = "\n".join(cell.folded for cell in layout.cells)
    for code, pattern in _COUNTRIES:
        if pattern.search(text):
            return Field(code, Source.RULE, 0.7, "BT-5", None, ("country",))
    return None

"""Whether the page of a Factur-X says what its XML says.

An alarm is given only where the page clearly says another thing: its own value was read with good confidence, and the
XML's value stands nowhere on the page, in no way of writing it. What cannot be seen, or not well, is no difference.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from liasse.lib.dates import printed_dates
from liasse.lib.identifiers import compact, is_sure_iban
from liasse.lib.money import parse_decimal
from liasse.lib.text import fold
from liasse.reading.types import FieldName, Finding, ReadingResult, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from liasse.reading.types import Word

CLEAR: Final = 0.6
"""From this confidence on the page is taken at its word; that the XML's value is not there says the rest."""

_AMOUNTS: Final = (
    (FieldName.TOTAL_NET, "BT-109"),
    (FieldName.TOTAL_VAT, "BT-110"),
    (FieldName.TOTAL_GROSS, "BT-112"),
    (FieldName.AMOUNT_DUE, "BT-115"),
)
_DATES: Final = ((FieldName.ISSUE_DATE, "BT-2"), (FieldName.DUE_DATE, "BT-9"))
_NAMED: Final = ((FieldName.INVOICE_NUMBER, "BT-1"), (FieldName.SUPPLIER_VAT, "BT-31"))
_IBAN: Final = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
# Fewer words are a picture with a caption, not a page that could be compared.
_LEAST_WORDS: Final = 20
_BLANK: Final = r"[ \u00a0\u202f\u2009]?"


def differences(xml: ReadingResult, page: ReadingResult, words: Iterable[Word], *, raw: str = "") -> list[Finding]:
    """Return where the page clearly says another thing than the XML: fatal findings PAGE-BT-x.

    `page` is what the rules read from `words`; `raw` is the XML itself, for what it says more than once.
    """
    printed = _Printed(words)
    if printed.count < _LEAST_WORDS:
        return []
    found = [
        *_amounts(xml, page, printed),
        *_dates(xml, page, printed),
        *_names(xml, page, printed, raw=compact(raw)),
        *_ibans(xml, page, printed, raw=compact(raw)),
    ]
    return list(found)


class _Printed:
    """All the words of the pages, in the forms in which values are looked for."""

    def __init__(self, words: Iterable[Word]) -> None:
        texts = [word.text for word in words]
        self.count = len(texts)
        self.text = " ".join(texts)
        self.compact = compact(self.text)
        folded = fold(self.text)
        self.days = {found.day for first in (False, True) for found in printed_dates(folded, month_first=first)}

    def has_amount(self, amount: str) -> bool:
        """Tell whether an amount stands anywhere, with any separators, with or without a sign or cents of zero."""
        number = parse_decimal(amount)
        if number is None:
            return True
        whole, _, cents = f"{abs(number):.2f}".partition(".")
        groups = [whole[max(at - 3, 0) : at] for at in range(len(whole), 0, -3)][::-1]
        digits = rf"(?:{_BLANK}|[.,'\u2019])".join(groups)
        tail = rf"{_BLANK}[.,]{_BLANK}{cents}"
        if cents == "00":
            tail = rf"(?:{tail}|{_BLANK}[.,]{_BLANK}(?:-|\u2013|\u2014))?(?![.,]?\d)"
        elif cents.endswith("0"):
            tail = rf"(?:{tail}|[.,]{cents[0]})"
        return re.search(rf"(?<!\d){digits}{tail}(?!\d)", self.text) is not None


def _amounts(xml: ReadingResult, page: ReadingResult, printed: _Printed) -> Iterator[Finding]:
    for name, term in _AMOUNTS:
        told, seen = xml.value(name), _clear(page, name)
        if not told or not seen or _magnitude(told) == _magnitude(seen) or printed.has_amount(told):
            continue
        yield _finding(term, page=seen, xml=told)


def _magnitude(amount: str) -> object:
    """Return an amount without its sign: credits are written with one or without."""
    number = parse_decimal(amount)
    return None if number is None else abs(number)


def _dates(xml: ReadingResult, page: ReadingResult, printed: _Printed) -> Iterator[Finding]:
    for name, term in _DATES:
        told, seen = xml.value(name), _clear(page, name)
        if told and seen and told != seen and told not in printed.days:
            yield _finding(term, page=seen, xml=told)


def _names(xml: ReadingResult, page: ReadingResult, printed: _Printed, *, raw: str) -> Iterator[Finding]:
    for name, term in _NAMED:
        told, seen = xml.value(name), _clear(page, name)
        if not told or not seen or compact(told) in printed.compact:
            continue
        # What the XML says under another name too – an order's number, another's VAT number – was not meant here.
        if compact(seen) not in raw and compact(seen) not in compact(told):
            yield _finding(term, page=seen, xml=told)


def _ibans(xml: ReadingResult, page: ReadingResult, printed: _Printed, *, raw: str) -> Iterator[Finding]:
    told = xml.value(FieldName.IBAN)
    if not told or compact(told) in printed.compact:
        return
    # One that its label makes an IBAN counts too, though its key be wrong.
    labelled = _clear(page, FieldName.IBAN)
    seen = [*_ibans_in(printed.compact), *([compact(labelled)] if labelled else [])]
    others = [iban for iban in seen if iban not in raw]
    if others and len(others) == len(seen):
        yield _finding("BT-84", page=others[0], xml=told)


def _ibans_in(text: str) -> Iterator[str]:
    """Yield what is an IBAN by its check digits, wherever it begins and however what follows adheres to it."""
    for start in re.finditer(r"(?=[A-Z]{2}\d{2}[A-Z0-9]{11})", text):
        run = _IBAN.match(text, start.start())
        if run is None:
            continue
        longest = run[0]
        found = next((longest[:n] for n in range(len(longest), 14, -1) if is_sure_iban(longest[:n])), None)
        if found:
            yield found


def _clear(page: ReadingResult, name: FieldName) -> str | None:
    field = page.fields.get(name)
    return field.value if field is not None and field.value and field.confidence >= CLEAR else None


def _finding(term: str, *, page: str, xml: str) -> Finding:
    return Finding(f"PAGE-{term}", Severity.FATAL, text=f"page: {page} | xml: {xml}", terms=(term,))

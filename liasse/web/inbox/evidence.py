"""Where a value came from, how sure it is and why, in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liasse.reading.selectors import ShownField
from liasse.reading.types import Field, Source

SOURCES: Final[dict[Source, Promise]] = {
    Source.XML: gettext_lazy("XML"),
    Source.TEXT: gettext_lazy("Text"),
    Source.OCR: gettext_lazy("OCR"),
    Source.RULE: gettext_lazy("Computed"),
    Source.ENGINE: gettext_lazy("Outside engine"),
    Source.PERSON: gettext_lazy("Person"),
}
_WORDS: Final[dict[str, Promise]] = {
    "label": gettext_lazy("a label names it"),
    "title": gettext_lazy("it stands in the title"),
    "sums": gettext_lazy("the sums agree"),
    "table": gettext_lazy("the VAT table says the same"),
    "paid": gettext_lazy("it is what was paid"),
    "heading": gettext_lazy("it stands under the heading for it"),
    "block": gettext_lazy("it stands with the address"),
    "again": gettext_lazy("it stands there more than once"),
    "lone": gettext_lazy("there is no other on the page"),
    "sign": gettext_lazy("its sign is on the page"),
    "top": gettext_lazy("it stands at the top"),
    "form": gettext_lazy("it has a legal form"),
    "trade": gettext_lazy("it names a trade"),
    "site": gettext_lazy("it is like the web address"),
    "web": gettext_lazy("it is like the web address"),
    "large": gettext_lazy("it is in large letters"),
    "holder": gettext_lazy("the account is in this name"),
    "id-checked": gettext_lazy("its check digits are right"),
    "in-vat": gettext_lazy("it is part of the VAT number"),
    "learned": gettext_lazy("learned from a correction for this supplier"),
    "derived": gettext_lazy("derived from another field"),
    "engine": gettext_lazy("an engine outside of Liasse reads the same"),
}
_AGAINST: Final[dict[str, Promise]] = {
    "ambiguous": gettext_lazy("day and month could be the other way round"),
    "shared": gettext_lazy("other currencies have the same sign"),
    "rivals": gettext_lazy("other values are possible"),
    "id-wrong": gettext_lazy("its check digits are wrong"),
    "buyer-part": gettext_lazy("it stands in the customer’s part of the page"),
    "own": gettext_lazy("it is the client’s own"),
    "wrong_before": gettext_lazy("a person corrected it here before"),
    "sums_against": gettext_lazy("the sums do not agree"),
}
_SURENESS: Final = (
    (0.99, gettext_lazy("sure")),
    (0.9, gettext_lazy("very likely")),
    (0.7, gettext_lazy("likely")),
    (0.0, gettext_lazy("not sure")),
)


def percent_of(field: Field) -> str:
    """Give how sure a value is, in per cent, never rounded up."""
    return _("%(percent)d %%") % {"percent": int(field.confidence * 100)}


def hint_of(shown: ShownField) -> str:
    """Say where a value came from, how sure it is and what speaks for and against it."""
    field = shown.field
    origins = {
        Source.XML: _("Read from the e-invoice’s own data."),
        Source.TEXT: _("Read from the page’s text: %(sure)s, %(percent)s."),
        Source.OCR: _("Recognised on the page’s picture: %(sure)s, %(percent)s."),
        Source.RULE: _("Worked out from other fields: %(sure)s, %(percent)s."),
        Source.ENGINE: _("Read by an engine outside of Liasse and found on the page: %(sure)s, %(percent)s."),
        Source.PERSON: _("Entered by a person."),
    }
    sentence = origins[field.source]
    if "%(" in sentence:
        sentence %= {"percent": percent_of(field), "sure": _sureness(field)}
    parts = [sentence, f"{field.term}." if field.term else "", _told(_WORDS, field.evidence), against(field)]
    return " ".join(part for part in parts if part)


def against(field: Field) -> str:
    """Say what speaks against a value; blank where nothing does."""
    return _told(_AGAINST, field.evidence)


def _told(words: dict[str, Promise], evidence: Iterable[str]) -> str:
    told = ", ".join(dict.fromkeys(str(words[code]) for code in evidence if code in words))
    return f"{told[0].upper()}{told[1:]}." if told else ""


def _sureness(field: Field) -> str:
    return str(next(word for least, word in _SURENESS if field.confidence >= least))

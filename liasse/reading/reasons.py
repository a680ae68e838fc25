"""Why a document waits for a person, in sentences: those of `decisions.Reason`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from liasse.reading.conformity import PAGE_DIFFERS, RULES_BROKEN
from liasse.reading.decisions import MAY_BE_SEVERAL, Reason, ReasonCode
from liasse.reading.types import FieldName

NAMES: Final[dict[FieldName, Promise]] = {
    FieldName.DOC_TYPE: _("the kind"),
    FieldName.SUPPLIER_NAME: _("the supplier"),
    FieldName.INVOICE_NUMBER: _("the number"),
    FieldName.ISSUE_DATE: _("the date"),
    FieldName.DUE_DATE: _("the due date"),
    FieldName.CURRENCY: _("the currency"),
    FieldName.TOTAL_NET: _("the net amount"),
    FieldName.TOTAL_VAT: _("the VAT"),
    FieldName.TOTAL_GROSS: _("the total"),
}
"""What the fields that are asked are called in the middle of a sentence."""

_SENTENCES: Final[dict[str, Promise]] = {
    ReasonCode.OTHER_KIND: _("It looks like a quote, a statement or a delivery note: check what it is, or archive it."),
    RULES_BROKEN: _(
        "The e-invoice breaks rules about its amounts or its parties: see under “Conformity” what is wrong."
    ),
    PAGE_DIFFERS: _(
        "The page says something else than the e-invoice in it: see under “Conformity” which figures differ."
    ),
    ReasonCode.MISSING: _("Not everything could be read: enter what is missing, then mark it as ready."),
    ReasonCode.AMBIGUOUS: _("A date can be read two ways, day or month first: check it."),
    ReasonCode.DOUBT: _("Not sure of every field: check those that are marked, then mark it as ready."),
    MAY_BE_SEVERAL: _("It may hold several documents: cut it, or say that it is one."),
    # Notes of OCR, as a reason's detail.
    "unreadable": _("This picture can hardly be read: ask for a better one, or enter its fields by hand."),
    "ocr_failed": _("Its pictures need more time or memory than allowed and were not read: enter its fields by hand."),
    "pages_left_out": _("Not all of its pages were read: check the fields, then mark it as ready."),
}


def sentence_of_key(key: str) -> str:
    """Give the sentence of what a document keeps as its problem (`Reason.key`), blank where it is no decision's."""
    code, _dash, field = key.partition("-")
    if code == ReasonCode.DOUBT and field in set(FieldName):
        return _doubt([FieldName(field)])
    return str(_SENTENCES[code]) if code in _SENTENCES else ""


def sentence_of(reason: Reason) -> str:
    """Give the whole sentence of a reason with the fields it is about, blank where others have its words."""
    if reason.code is ReasonCode.DOUBT:
        return _doubt(reason.fields)
    if reason.code is ReasonCode.FINDING:
        return str(_SENTENCES.get(reason.detail, _SENTENCES[RULES_BROKEN]))
    return str(_SENTENCES[reason.code]) if reason.code in _SENTENCES else ""


def doubted(reasons: Iterable[Reason]) -> frozenset[FieldName]:
    """Give the fields that a person should look at."""
    codes = {ReasonCode.DOUBT, ReasonCode.AMBIGUOUS}
    return frozenset(name for reason in reasons if reason.code in codes for name in reason.fields)


def _doubt(fields: Sequence[FieldName]) -> str:
    names = ", ".join(str(NAMES[name]) for name in fields if name in NAMES)
    told = ngettext(
        "Not sure of %(names)s: check it, then mark it as ready.",
        "Not sure of %(names)s: check them, then mark it as ready.",
        len(fields),
    )
    return told % {"names": names}

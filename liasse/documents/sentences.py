"""Words of documents as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from liasse.documents.types import DocumentKind, DocumentStatus
from liasse.intake.types import Side

STATUS_LABELS: Final[dict[str, Promise]] = {
    DocumentStatus.PROCESSING: _("Processing"),
    DocumentStatus.TO_REVIEW: _("To review"),
    DocumentStatus.READY: _("Ready"),
    DocumentStatus.ARCHIVED: _("Archived"),
    DocumentStatus.DUPLICATE: _("Duplicate"),
    DocumentStatus.REPLACED: _("Replaced"),
}
KIND_LABELS: Final[dict[str, Promise]] = {
    DocumentKind.INVOICE: _("Invoice"),
    DocumentKind.CREDIT_NOTE: _("Credit note"),
    DocumentKind.RECEIPT: _("Till receipt"),
    DocumentKind.STATEMENT: _("Statement"),
    DocumentKind.QUOTE: _("Quote"),
    DocumentKind.DELIVERY_NOTE: _("Delivery note"),
    DocumentKind.OTHER: _("Other"),
}
SIDE_LABELS: Final[dict[str, Promise]] = {
    Side.COSTS: _("Costs"),
    Side.SALES: _("Sales"),
}


def label(labels: Mapping[str, Promise], word: str) -> str:
    """Give the label of a word in the language of this moment; a word without one stands for itself."""
    return str(labels.get(word, word))

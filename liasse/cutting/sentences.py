"""What speaks for a cut, in a few words for the person."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from liasse.cutting.types import Cut, Reason

_REASONS: Final[dict[Reason, Promise]] = {
    Reason.NUMBER: _("another number"),
    Reason.SUPPLIER: _("another supplier"),
    Reason.COUNTER: _("page numbers begin anew"),
    Reason.HEAD: _("a new title, date and total"),
    Reason.TOTAL: _("a second total"),
    Reason.BLANK: _("behind a blank page"),
    Reason.SEPARATOR: _("behind a separator sheet"),
    Reason.CODE: _("another barcode"),
    Reason.WISH: _("one page a document"),
}


def reason_text(cut: Cut) -> str:
    """Say what speaks for a cut, with the word of the page that says it."""
    said = str(_REASONS[cut.reason])
    return f"{said} ({cut.detail.upper()})" if cut.detail and cut.reason in {Reason.NUMBER, Reason.COUNTER} else said

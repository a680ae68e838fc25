"""Sentences about requests for a file, for screens and errors alike."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from liasse.custody.types import TransferState

_SHOWN: Final[dict[TransferState, tuple[Promise, str]]] = {
    TransferState.ASKED: (pgettext_lazy("request for a file", "asked"), "info"),
    TransferState.GRANTED: (pgettext_lazy("request for a file", "granted"), "ok"),
    TransferState.REFUSED: (pgettext_lazy("request for a file", "refused"), "warn"),
    TransferState.WITHDRAWN: (pgettext_lazy("request for a file", "withdrawn"), "neutral"),
    TransferState.EXPIRED: (pgettext_lazy("request for a file", "expired"), "neutral"),
    TransferState.ENDED: (pgettext_lazy("request for a file", "ended"), "neutral"),
}


def state_label(state: TransferState) -> tuple[str, str]:
    """Name where a request stands, and give the tone in which it is said."""
    label, tone = _SHOWN[state]
    return str(label), tone


def ended_sentence(state: TransferState) -> str:
    """Say to whoever would answer or withdraw a request why it cannot be any more."""
    return {
        TransferState.GRANTED: _("This request was granted meanwhile."),
        TransferState.REFUSED: _("This request was refused meanwhile."),
        TransferState.WITHDRAWN: _("The practice withdrew its request. Nothing changed."),
        TransferState.EXPIRED: _("This request has run out: it held for two weeks. The practice may ask again."),
        TransferState.ENDED: _("This request has ended. If you want the practice to have the file, let it ask again."),
    }.get(state, "")

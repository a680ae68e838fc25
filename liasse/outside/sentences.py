"""What people read of outside engines: before they switch one on, and when one gave no answer."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liasse.clients.models import ClientFile
from liasse.outside.selectors import switch_of
from liasse.outside.types import Destination, Sends, Trouble

TROUBLES: Final[dict[str, Promise]] = {
    Trouble.AWAY: gettext_lazy("The outside engine did not answer. The document stays as Liasse read it."),
    Trouble.BUSY: gettext_lazy("The outside engine had no time for it. The document stays as Liasse read it."),
    Trouble.KEY: gettext_lazy("The outside engine refused the key. The document stays as Liasse read it."),
    Trouble.CREDIT: gettext_lazy("The outside engine has no credit left. The document stays as Liasse read it."),
    Trouble.NOT_THERE: gettext_lazy(
        "There is no engine of this name at this address. The document stays as Liasse read it."
    ),
    Trouble.REFUSED: gettext_lazy("The outside engine refused the question. The document stays as Liasse read it."),
    Trouble.TOO_LARGE: gettext_lazy("The document is too large for the outside engine. It stays as Liasse read it."),
    Trouble.REDIRECT: gettext_lazy(
        "The outside engine’s address leads elsewhere, where nothing is sent. The document stays as Liasse read it."
    ),
    Trouble.ANSWER: gettext_lazy(
        "The outside engine’s answer could not be used. The document stays as Liasse read it."
    ),
    Trouble.ADDRESS: gettext_lazy(
        "The outside engine’s address is not in this network: nothing was sent. The document stays as Liasse read it."
    ),
    Trouble.NOTHING: gettext_lazy("There is nothing of this document that could be sent. It stays as Liasse read it."),
    Trouble.OFF: gettext_lazy("The outside engine was switched off meanwhile. The document stays as Liasse read it."),
}
"""Why the engine's part ended without a value."""

SENDS: Final[dict[str, Promise]] = {
    Sends.AUTO: gettext_lazy("the words of pages with text, the pictures of the others"),
    Sends.PICTURES: gettext_lazy("the pictures of the pages"),
    Sends.WORDS: gettext_lazy("the words of the pages"),
}
"""What leaves, in the middle of a sentence."""


def trouble_sentence(code: str) -> str:
    """Say why no value came; the code itself where it is of a later version."""
    return str(TROUBLES.get(code, code))


def warning(destination: Destination) -> str:
    """Say in plain words where documents go when the engine is on, and what of them."""
    words = {"host": destination.host, "what": SENDS[destination.sends]}
    if destination.is_near:
        return _(
            "Documents that Liasse is not sure of are sent to %(host)s, on this network: %(what)s. They leave this"
            " server."
        ) % words  # fmt: skip
    return _(
        "Documents that Liasse is not sure of leave this server and go over the internet to %(host)s: %(what)s. Names,"
        " amounts and account numbers stand on them. Whoever runs %(host)s receives them, under its own terms: switch"
        " it on only if your client may expect that."
    ) % words  # fmt: skip


def engine_sentence(client_file: ClientFile) -> str:
    """Tell the client of an engine that its documents are sent to; blank where none is switched on."""
    switch = switch_of(client_file)
    if switch is None or not switch.is_on:
        return ""
    return _(
        "An outside engine at %(host)s is switched on for this file: documents that Liasse is not sure of are sent to"
        " it. Your accountant can tell you more, and switch it off."
    ) % {"host": switch.host}  # fmt: skip

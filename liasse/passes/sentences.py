"""What people read about links and tokens."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from liasse.passes.types import LinkState, TokenScope

CLOSED: Final[dict[LinkState, Promise]] = {
    LinkState.REVOKED: gettext_lazy("This link was withdrawn. Ask your contact for another one."),
    LinkState.EXPIRED: gettext_lazy("This link has expired. Ask your contact for another one."),
    LinkState.FULL: gettext_lazy("This link takes no more: all that it allows was received."),
    LinkState.CLOSED: gettext_lazy("Nothing is taken by this link at the moment. Ask your contact."),
}
STATES: Final[dict[LinkState, tuple[Promise, str]]] = {
    LinkState.OPEN: (pgettext_lazy("link", "open"), "ok"),
    LinkState.FULL: (pgettext_lazy("link", "used up"), "neutral"),
    LinkState.EXPIRED: (pgettext_lazy("link", "expired"), "neutral"),
    LinkState.REVOKED: (pgettext_lazy("link", "withdrawn"), "neutral"),
    LinkState.CLOSED: (pgettext_lazy("link", "file archived"), "warn"),
}
SCOPES: Final[dict[TokenScope, Promise]] = {
    TokenScope.HAND_IN: gettext_lazy("Hand in documents"),
    TokenScope.READ: gettext_lazy("Read what was handed in, with the fields of the documents"),
}

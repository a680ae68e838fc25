"""Words of documents that may be there twice, as people read them."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from liasse.clients.types import DuplicateRule
from liasse.duplicates.types import Ground

GROUNDS: Final[dict[str, Promise]] = {
    Ground.BYTES: _("the same file, byte for byte"),
    Ground.NUMBER: _("the same number of the same supplier"),
    Ground.SUMS: _("the same supplier, day and total"),
    Ground.PICTURE: _("another picture of the same paper"),
}
RULES: Final[dict[str, tuple[Promise, Promise]]] = {
    DuplicateRule.ASK: (_("Ask for each"), _("They are marked, and somebody looks at the two side by side.")),
    DuplicateRule.KEEP: (_("Always keep both"), _("Nothing is marked; the history of each document says why.")),
    DuplicateRule.IDENTICAL: (
        _("Set identical files aside"),
        _("The later one of two files of the same bytes goes to the duplicates. All others are asked about."),
    ),
}


def grounds_text(grounds: str) -> str:
    """Give why two documents may be the same, in the language of this moment."""
    return ", ".join(str(GROUNDS[ground]) for ground in grounds.split() if ground in GROUNDS)

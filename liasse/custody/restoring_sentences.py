"""Why a ZIP was not imported, as people read it."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_SENTENCES: Final[dict[str, Promise]] = {
    "not-a-zip": _("This is not a ZIP that can be read whole. Download the export again."),
    "not-an-export": _("This ZIP is not the export of a client file: it has no manifest of Liasse."),
    "newer-version": _("This export was made by a newer Liasse. Upgrade this one first."),
    "too-large": _("This ZIP holds more than can be imported: at most 4 GB and 100,000 entries once unpacked."),
    "bad-name": _("This ZIP holds an entry that no export has: “%(detail)s”."),
    "missing-entry": _("“%(detail)s” is missing in this ZIP. Download the export again."),
    "unexpected-entry": _("“%(detail)s” is in this ZIP but not in its manifest: it was added later."),
    "altered": _("“%(detail)s” is not what it was when the export was made: its fingerprint differs."),
    "has-defects": _("This export says itself that originals are missing in it (%(detail)s). Make it again."),
    "bad-table": _("“%(detail)s” in this ZIP is not as Liasse writes it, so the file cannot be restored from it."),
    "no-right": _("Whoever asked for this import is no administrator of the practice any more."),
    "too-demanding": _("Checking this ZIP took too long or too much memory."),
}
_OTHER: Final = _("The import failed for a reason on our side. Upload the ZIP again.")


def refusal_sentence(problem: str, *, detail: str) -> str:
    """Say why nothing was imported."""
    return str(_SENTENCES.get(problem, _OTHER)) % {"detail": detail}


def left_out_sentence(detail: str) -> str:
    """Say who had the file and has no access to it here; blank for nobody."""
    if not detail:
        return ""
    return str(_("Had access, and are not in this practice: %(people)s.")) % {"people": detail}

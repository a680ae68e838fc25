"""What each strictness of reading came to when it was measured, as the practice's settings tell it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liasse.practices.sentences import STRICTNESSES
from liasse.reading.calibration import shipped
from liasse.ui.formats import format_count

KINDS: Final[dict[str, Promise]] = {
    "texts": gettext_lazy("PDFs with text"),
    "scans": gettext_lazy("Scans and photos"),
    "receipts": gettext_lazy("Receipts"),
}
"""The kinds of paper that the bench measures; e-invoices are exact and not among them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One strictness: what share of each kind needed nobody, and how many of those were wrong."""

    label: str
    shares: list[str]
    wrong: str


def measured_rows() -> list[Row]:
    """Give a row for each strictness that was measured, the strictest first."""
    measured = shipped().measured
    return [_row(str(label), measured[code]) for code, label in STRICTNESSES.items() if measured.get(code)]


def _row(label: str, counts: Mapping[str, tuple[int, int, int]]) -> Row:
    shares = [_share(*counts[kind][:2]) if kind in counts else "–" for kind in KINDS]
    ready, wrong = (sum(count[at] for count in counts.values()) for at in (0, 2))
    told = _("%(wrong)s of %(ready)s") % {"wrong": format_count(wrong), "ready": format_count(ready)}
    return Row(label, shares, told)


def _share(ready: int, total: int) -> str:
    return _("%(percent)d %%") % {"percent": round(100 * ready / total)} if total else "–"

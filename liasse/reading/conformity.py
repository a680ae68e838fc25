"""What the findings of an e-invoice's check mean for its document. Pure.

Validated is not refused: a document that breaks rules is read and kept like any other. Only what puts in doubt the
amounts that are booked, or who the invoice is from and to, keeps it from being ready.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from liasse.reading.types import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liasse.reading.types import Finding

PAGE_DIFFERS: Final = "page_differs"
RULES_BROKEN: Final = "rules_broken"

_PAGE: Final = "PAGE-"
# Rules of sums: those of the totals (BR-CO-10 to -17), and of each VAT category's base and amount (-08, -09).
# Rules of identity: number, date, currency, seller, buyer, totals (BR-02, -03, -05 to -07, -13 to -15), the seller's
# numbers (BR-CO-09, -26), and SIREN and SIRET in the French rules (BR-FR-09 to -11).
_STOPPING: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"BR-((FX|FR)EXT-)?CO-(09|1[0-7]|26)(rev)?",
        r"BR-((FX|FR)EXT-)?(S|Z|E|AE|IC|G|O|AF|AG|IG|IP)-0[89](rev)?",
        r"BR-(0[23567]|1[345])",
        r"BR-FR-(09|10|11)(_.*)?",
    )
)


def stops(finding: Finding) -> bool:
    """Tell whether a finding keeps a document from being ready: it breaks a rule of sums or identity, or its page."""
    if finding.severity is not Severity.FATAL:
        return False
    return finding.rule.startswith(_PAGE) or any(pattern.fullmatch(finding.rule) for pattern in _STOPPING)


def hindrance(findings: Iterable[Finding]) -> str:
    """Return the code of why findings keep a document from being ready, the page's first; blank where they do not."""
    stopping = [finding for finding in findings if stops(finding)]
    if any(finding.rule.startswith(_PAGE) for finding in stopping):
        return PAGE_DIFFERS
    return RULES_BROKEN if stopping else ""

"""What checking an e-invoice gives, and what an adapter that checks promises.

The check is a step of its own after the reading: an invoice that breaks rules is read all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from liasse.reading.types import Finding

CHECK_STOPPED: Final = "CHECK-STOPPED"
"""The finding that says that the official rules could not be asked about this invoice, or not all of them."""


@dataclass(frozen=True, slots=True)
class RulesChecked:
    """The rules an e-invoice breaks, and the artefacts (name, package, version) that it was checked by."""

    findings: tuple[Finding, ...] = ()
    checked_by: tuple[str, ...] = ()


class RuleChecker(Protocol):
    """Knows the official rules of e-invoices."""

    def check(self, data: bytes, *, format: str) -> RulesChecked:  # noqa: A002 - the name the reading gives it.
        """Return which rules the XML of an invoice breaks; `format` is that of its `ReadingResult`."""
        ...

"""Words of a practice: roles, statuses, the defaults that a client file inherits."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a colleague is in the practice."""

    ADMINISTRATOR = "administrator"
    TEAM_LEAD = "team-lead"
    """Sees and manages the files of the colleagues in the same teams, and gives access within them."""
    COLLEAGUE = "colleague"


class PracticeKind(StrEnum):
    """What stands behind a practice's row."""

    FIRM = "firm"
    """An accounting firm, with colleagues."""
    HOLDER = "holder"
    """The one row under which client files live that no firm follows; it has no colleague, ever."""


class ColleagueStatus(StrEnum):
    """Where a colleague stands; only the active may enter."""

    INVITED = "invited"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    LEFT = "left"


class VatScheme(StrEnum):
    """How a business declares VAT in France."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    ANNUAL = "annual"
    EXEMPT = "exempt"


class Chart(StrEnum):
    """The chart of accounts that entries will use."""

    PCG = "pcg"
    PCG_ASSOCIATIONS = "pcg-associations"
    PCG_FARMING = "pcg-farming"


class PaidStatus(StrEnum):
    """How a new cost document is taken to stand until somebody says otherwise."""

    UNPAID = "unpaid"
    PAID = "paid"


class ArchiveRule(StrEnum):
    """What sends a document to the archive."""

    BY_HAND = "by-hand"
    ON_EXPORT = "on-export"


class Switch(StrEnum):
    """Something that a practice or a file lets Liasse do, or not."""

    ON = "on"
    OFF = "off"


class Strictness(StrEnum):
    """How sure a reading must be for a document to need nobody."""

    CAREFUL = "careful"
    NORMAL = "normal"
    """At most one document in a hundred that nobody looked at is wrong, as measured."""
    FAST = "fast"


BOOKING_DEFAULTS: Final = (
    "currency",
    "country",
    "vat_scheme",
    "chart",
    "due_days",
    "paid_status",
    "archive_rule",
)
"""Copied into a new file: a later change at the practice rewrites nothing."""

OWN_FIELDS: Final = ("name", "factor_days", "strictness", "shares_suppliers", "answers_mail")
"""What concerns the practice itself and no file."""

LIVE_DEFAULTS: Final = ("language", "time_zone")
"""Followed by a file for as long as its own value is blank."""

"""Sentences about client files, for screens and errors alike."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liasse.clients.rules import CODE_LIMIT, NameProblem
from liasse.clients.types import AccountingBasis, MemberRole, MemberStatus
from liasse.core.access import Level
from liasse.lib.people import NAME_LIMIT
from liasse.practices.types import ArchiveRule, Chart, PaidStatus, VatScheme

Label = str | Promise

VAT_SCHEMES: Final[dict[str, Label]] = {
    VatScheme.MONTHLY: gettext_lazy("Monthly return"),
    VatScheme.QUARTERLY: gettext_lazy("Quarterly return"),
    VatScheme.ANNUAL: gettext_lazy("Annual return"),
    VatScheme.EXEMPT: gettext_lazy("Not subject to VAT"),
}
CHARTS: Final[dict[str, Label]] = {
    Chart.PCG: gettext_lazy("General chart (PCG)"),
    Chart.PCG_ASSOCIATIONS: gettext_lazy("Chart for associations"),
    Chart.PCG_FARMING: gettext_lazy("Chart for farming"),
}
PAID_STATUSES: Final[dict[str, Label]] = {
    PaidStatus.UNPAID: gettext_lazy("To be paid"),
    PaidStatus.PAID: gettext_lazy("Paid already"),
}
ARCHIVE_RULES: Final[dict[str, Label]] = {
    ArchiveRule.BY_HAND: gettext_lazy("By hand"),
    ArchiveRule.ON_EXPORT: gettext_lazy("When exported"),
}
BASES: Final[dict[str, Label]] = {
    AccountingBasis.ACCRUAL: gettext_lazy("Accrual basis"),
    AccountingBasis.CASH: gettext_lazy("Cash basis"),
}
LEVELS: Final[dict[str, Label]] = {
    Level.READING: gettext_lazy("Reading"),
    Level.CODING: gettext_lazy("Coding"),
    Level.FULL: gettext_lazy("Full access"),
}
MEMBER_ROLES: Final[dict[str, Label]] = {
    MemberRole.ADMINISTRATOR: gettext_lazy("Administrator of the file"),
    MemberRole.MANAGER: gettext_lazy("Manager"),
    MemberRole.STANDARD: gettext_lazy("Standard user"),
}
MEMBER_STATUSES: Final[dict[str, Label]] = {
    MemberStatus.NO_LOGIN: gettext_lazy("No access"),
    MemberStatus.INVITED: gettext_lazy("Invited"),
    MemberStatus.ACTIVE: gettext_lazy("Active"),
    MemberStatus.SUSPENDED: gettext_lazy("Suspended"),
    MemberStatus.LEFT: gettext_lazy("Access removed"),
}
FIELDS: Final[dict[str, Label]] = {
    # The apostrophes here are the plain ones of a keyboard, as people type them in a search.
    "name": gettext_lazy("Company name"),
    "sector": gettext_lazy("Sector of activity"),
    "practice_code": gettext_lazy("Practice code"),
    "legal_name": gettext_lazy("Legal name"),
    "siren": gettext_lazy("SIREN"),
    "accounting_basis": gettext_lazy("Accounting basis"),
    "currency": gettext_lazy("Base currency"),
    "country": gettext_lazy("Country"),
    "language": gettext_lazy("Language of the file"),
    "time_zone": gettext_lazy("Time zone"),
    "vat_scheme": gettext_lazy("VAT"),
    "chart": gettext_lazy("Chart of accounts"),
    "due_days": gettext_lazy("Due date (days after the invoice)"),
    "paid_status": gettext_lazy("New purchases are taken to be"),
    "archive_rule": gettext_lazy("Documents go to the archive"),
}
"""What each field of a file is called, in the settings and in the history."""


def name_sentence(problem: NameProblem) -> str:
    """Say why a company's name cannot be used."""
    if problem is NameProblem.BLANK:
        return _("Type the company name.")
    return _("This name is too long: at most %(limit)d characters.") % {"limit": NAME_LIMIT}


def person_sentence(problem: NameProblem) -> str:
    """Say why a person's name cannot be used."""
    if problem is NameProblem.BLANK:
        return _("Type a name.")
    return _("This name is too long: at most %(limit)d characters.") % {"limit": NAME_LIMIT}


def phone_sentence() -> str:
    """Say that a number cannot be called, and how to type one."""
    return _("This phone number cannot be called. Type it like 06 12 34 56 78 or +33 6 12 34 56 78.")


def siren_sentence() -> str:
    """Say that a SIREN is wrong."""
    return _("This is not a SIREN: nine digits, the last of which is a check digit. Look at the registration paper.")


def code_sentence() -> str:
    """Say that a practice's code of a client is too long."""
    return _("This code is too long: at most %(limit)d characters.") % {"limit": CODE_LIMIT}


def member_status_label(status: str) -> str:
    """Name where a member stands."""
    return str(MEMBER_STATUSES.get(status, status))


def level_label(level: str) -> str:
    """Name a level of access."""
    return str(LEVELS.get(level, level))

"""The sectors of activity that a client file may have: a stable word each, and what the screen says."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SECTORS: Final[dict[str, str | Promise]] = {
    "agriculture": _("Farming and wine growing"),
    "building": _("Building trades"),
    "industry": _("Industry, manufacturing"),
    "automotive": _("Motor trade"),
    "wholesale": _("Wholesale"),
    "retail": _("Retail"),
    "e-commerce": _("E-commerce"),
    "bakery": _("Bakery, food"),
    "restaurant": _("Restaurants, bars"),
    "hotel": _("Hotels, lodging"),
    "transport": _("Transport, logistics, taxis"),
    "it": _("IT, digital, software"),
    "communication": _("Communication, marketing, events"),
    "consulting": _("Consulting, business services"),
    "architecture": _("Architecture, engineering"),
    "legal": _("Legal professions"),
    "accounting": _("Accounting, audit"),
    "health": _("Health professions"),
    "pharmacy": _("Pharmacy"),
    "paramedical": _("Paramedical, veterinary"),
    "beauty": _("Hairdressing, beauty, well-being"),
    "estate-agency": _("Real estate agency"),
    "letting": _("Real estate letting (SCI, LMNP)"),
    "finance": _("Insurance, finance, holding"),
    "education": _("Teaching, training"),
    "arts": _("Arts, shows, sport"),
    "association": _("Association, social economy"),
    "personal-services": _("Personal services"),
    "repair": _("Repair"),
    "other": _("Other"),
}
"""In the order in which the list shows them (domain.md 8.2); a file keeps the word, never a NAF code."""


def sector_label(sector: str) -> str:
    """Give a sector's name in the language of the moment; blank for none."""
    return str(SECTORS.get(sector, ""))


def ranked_sectors() -> list[str]:
    """Give the sectors in the order of their names in the language of the moment."""
    return sorted(SECTORS, key=lambda sector: sector_label(sector).casefold())

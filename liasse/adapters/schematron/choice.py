"""Which official rules an e-invoice is to be checked by: its syntax, the profile it names, and where it is issued."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from liasse.adapters.schematron import artefacts as art
from liasse.adapters.schematron.artefacts import Artefact, Shape

FRENCH_RULES_SINCE: Final = "2026-09-01"
"""The day from which firms in France send each other e-invoices by law (CGI art. 289 bis; ordonnance 2021-1190)."""

# What an invoice of the French reform may name as its process (BT-23), after XP Z12-012.
_FRENCH_PROCESS: Final = re.compile(r"[BSM][1-8]")
_FX: Final = {
    "minimum": art.FX_MINIMUM,
    "basicwl": art.FX_BASIC_WL,
    "basic": art.FX_BASIC,
    "extended": art.FX_EXTENDED,
}
_FX_SHAPES: Final = {"minimum": art.FX_SHAPE_MINIMUM, "basicwl": art.FX_SHAPE_BASIC_WL}


@dataclass(frozen=True, slots=True)
class Subject:
    """What the choice depends on: the format of a `ReadingResult`, BT-24, BT-23, BT-2, countries BT-40 and BT-55."""

    format: str
    profile: str = ""
    process: str = ""
    issue_date: str = ""
    seller_country: str = ""
    buyer_country: str = ""


def rules_for(subject: Subject) -> tuple[Artefact, ...]:
    """Return the stylesheets in the order in which they are run; none where there are no official ones."""
    syntax = subject.format.removeprefix("pdf+")
    if syntax not in {"cii", "ubl-invoice", "ubl-creditnote"}:
        return ()
    is_cii = syntax == "cii"
    base = _cii(subject) if is_cii else _ubl(subject)
    if not is_french(subject):
        return base
    return (*base, art.FRENCH_CII if is_cii else art.FRENCH_UBL)


def shape_for(subject: Subject) -> Shape | None:
    """Return the schema of the syntax, None where there is none."""
    shapes = {
        "cii": _FX_SHAPES.get(_level(subject), art.FX_SHAPE) if _level(subject) else art.CII_D22B,
        "ubl-invoice": art.UBL_INVOICE,
        "ubl-creditnote": art.UBL_CREDIT_NOTE,
        "zugferd-1": art.ZUGFERD_1,
    }
    return shapes.get(subject.format.removeprefix("pdf+"))


def is_french(subject: Subject) -> bool:
    """Tell whether the rules of the French reform bind the invoice: it says so, or it is one between firms in France.

    Before the reform's day an invoice between firms in France was bound by none of them.
    """
    if "extended-ctc-fr" in subject.profile.lower():
        return True
    if subject.seller_country != "FR" or subject.buyer_country != "FR":
        return False
    return bool(_FRENCH_PROCESS.fullmatch(subject.process)) or subject.issue_date >= FRENCH_RULES_SINCE


def _level(subject: Subject) -> str:
    """Return the level of Factur-X that is named; ZUGFeRD 2.0 has the same, by lists of codes that have grown since."""
    named = re.search(r"urn:(?:factur-x\.eu|zugferd\.de):[12]p0:([a-z0-9]+)", subject.profile.lower())
    return named[1] if named else ""


def _ubl(subject: Subject) -> tuple[Artefact, ...]:
    profile = subject.profile.lower()
    if "extended-ctc-fr" in profile:
        return (art.CTC_UBL,)
    if "xrechnung" in profile:
        return (art.EN16931_UBL, art.XRECHNUNG_UBL)
    if "urn:fdc:peppol.eu:2017:poacc:billing:3.0" in profile:
        is_german = subject.seller_country == subject.buyer_country == "DE"
        return (art.EN16931_UBL, art.PEPPOL_UBL_GERMAN if is_german else art.PEPPOL_UBL)
    return (art.EN16931_UBL,)


def _cii(subject: Subject) -> tuple[Artefact, ...]:
    profile = subject.profile.lower()
    if "extended-ctc-fr" in profile:
        return (art.CTC_CII,)
    if "xrechnung" in profile:
        return (art.EN16931_CII, art.XRECHNUNG_CII)
    level = _level(subject)
    if level:
        return (_FX.get(level, art.FX_EN16931),)
    return (art.FX_EN16931 if subject.format.startswith("pdf+") else art.EN16931_CII,)

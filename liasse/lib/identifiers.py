"""Identifiers of firms and accounts: SIREN, SIRET, VAT numbers, IBAN."""

from __future__ import annotations

import re
from typing import Final

from liasse.lib.checksums import luhn_is_right, mod97_is_right

SIREN_LENGTH: Final = 9
SIRET_LENGTH: Final = 14
# La Poste numbers its offices otherwise: the digits of a SIRET add up to a multiple of five.
_LA_POSTE: Final = "356000000"
_IBAN_LENGTHS: Final = {
    "AD": 24, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18,
    "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21, "HU": 28,
    "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31,
    "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27,
}  # fmt: skip
# The shapes of the member states' numbers, from the Commission's VIES list.
_VAT_SHAPES: Final = {
    "AT": r"U\d{8}", "BE": r"[01]\d{9}", "BG": r"\d{9,10}", "CY": r"\d{8}[A-Z]", "CZ": r"\d{8,10}",
    "DE": r"\d{9}", "DK": r"\d{8}", "EE": r"\d{9}", "EL": r"\d{9}", "ES": r"[A-Z0-9]\d{7}[A-Z0-9]",
    "FI": r"\d{8}", "FR": r"[A-HJ-NP-Z0-9]{2}\d{9}", "HR": r"\d{11}", "HU": r"\d{8}",
    "IE": r"\d[\dA-Z+*]\d{5}[A-Z]{1,2}", "IT": r"\d{11}", "LT": r"(?:\d{9}|\d{12})",
    "LU": r"\d{8}", "LV": r"\d{11}", "MT": r"\d{8}", "NL": r"\d{9}B\d{2}", "PL": r"\d{10}",
    "PT": r"\d{9}", "RO": r"\d{2,10}", "SE": r"\d{12}", "SI": r"\d{8}", "SK": r"\d{10}",
    "XI": r"(?:\d{9}|\d{12}|(?:GD|HA)\d{3})", "GB": r"(?:\d{9}|\d{12}|(?:GD|HA)\d{3})",
    "CHE": r"\d{9}(?:MWST|TVA|IVA|VAT)?", "NO": r"\d{9}(?:MVA)?",
}  # fmt: skip
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", re.ASCII)
_VAT = re.compile("|".join(f"(?:{country}{shape})" for country, shape in _VAT_SHAPES.items()), re.ASCII)


def compact(text: str) -> str:
    """Return an identifier in capitals without blanks, points, dashes and slashes."""
    return re.sub(r"[\s\u00a0\u202f\u2009.\-/]", "", text).upper()


def is_siren(text: str) -> bool:
    """Tell whether these are the nine digits of a SIREN with a right check digit."""
    return len(text) == SIREN_LENGTH and luhn_is_right(text)


def is_siret(text: str) -> bool:
    """Tell whether these are the fourteen digits of a SIRET with right check digits."""
    if len(text) != SIRET_LENGTH or not is_siren(text[:SIREN_LENGTH]):
        return False
    if luhn_is_right(text):
        return True
    return text.startswith(_LA_POSTE) and sum(map(int, text)) % 5 == 0


def siren_of_vat(vat: str) -> str | None:
    """Return the SIREN inside a French VAT number, its check digits not looked at."""
    found = re.fullmatch(r"FR[A-HJ-NP-Z0-9]{2}([0-9]{9})", compact(vat))
    return found[1] if found else None


def french_vat_of(siren: str) -> str:
    """Return the VAT number of a SIREN, with FR and the numeric key (CGI ann. IV 286 ter)."""
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def is_vat_shape(text: str) -> bool:
    """Tell whether a compact text has the shape of a European VAT number, prefix included."""
    return _VAT.fullmatch(text) is not None


def is_iban_shape(text: str) -> bool:
    """Tell whether a compact text looks like an IBAN, right or wrong."""
    return _IBAN.fullmatch(text) is not None


def is_iban_country(text: str) -> bool:
    """Tell whether a compact text begins with a country that has IBAN, as far as their lengths are known here."""
    return text[:2] in _IBAN_LENGTHS


def is_iban(text: str) -> bool:
    """Tell whether a compact text is an IBAN: country, length where known, and check digits."""
    if not is_iban_shape(text):
        return False
    length = _IBAN_LENGTHS.get(text[:2])
    return (length is None or len(text) == length) and mod97_is_right(text[4:] + text[:4])


def is_sure_iban(text: str) -> bool:
    """Tell whether a compact text is an IBAN of a country whose length is known: chance makes no such one."""
    return text[:2] in _IBAN_LENGTHS and is_iban(text)

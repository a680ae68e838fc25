"""Numbers and web sites on a page that name a firm. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from liasse.lib.identifiers import compact, is_iban, is_siren, is_siret, is_vat_shape, siren_of_vat
from liasse.lib.text import fold
from liasse.suppliers.rules import is_vat_wrong

_SITE: Final = re.compile(r"(?:www\.)?([a-z0-9][a-z0-9-]{2,60}\.(?:fr|com|eu|net|org|de|it|es|nl|be|lu|ch|io|co|uk))\b")
_SHARED_SITES: Final = frozenset(
    {
        *("gmail.com", "orange.fr", "wanadoo.fr", "free.fr", "sfr.fr", "laposte.net", "hotmail.com", "hotmail.fr"),
        *("outlook.com", "outlook.fr", "yahoo.fr", "yahoo.com", "icloud.com", "live.fr", "gmx.de", "web.de"),
        *("gouv.fr", "facebook.com", "instagram.com", "linkedin.com", "chorus-pro.com"),
    }
)
_DIGITS: Final = re.compile(r"\d{9}|\d{14}")
_LONGEST: Final = 34
_MOST_WORDS: Final = 8


def marks_of(texts: Sequence[str]) -> Iterator[str]:
    """Yield "siren:552100554", "vat:DE…", "iban:…" and "site:…" of words in the order of reading.

    A SIREN is taken out of the SIRET or French VAT number that it is part of; numbers printed in groups are joined.
    """
    for at, text in enumerate(texts):
        for count in range(1, min(_MOST_WORDS, len(texts) - at) + 1):
            plain = compact("".join(texts[at : at + count]).strip(".,;:()[]"))
            if len(plain) > _LONGEST:
                break
            yield from _marks_of(plain)
        for site in _SITE.findall(fold(text)):
            if site not in _SHARED_SITES:
                yield f"site:{site}"


def _marks_of(plain: str) -> Iterator[str]:
    siren = siren_of_vat(plain) if plain.startswith("FR") else None
    if siren is not None and is_siren(siren):
        yield f"siren:{siren}"
    elif _DIGITS.fullmatch(plain) and (is_siren(plain) or is_siret(plain)):
        yield f"siren:{plain[:9]}"
    elif (
        not plain.startswith("FR") and re.match(r"[A-Z]{2}", plain) and is_vat_shape(plain) and not is_vat_wrong(plain)
    ):
        yield f"vat:{plain}"
    elif is_iban(plain):
        yield f"iban:{plain}"

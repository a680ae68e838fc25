"""Texts made comparable: no accents, no capitals, one kind of blank, quote and dash."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_SAME: Final = {
    "\u2019": "'", "\u2018": "'", "\u02bc": "'", "`": "'", "\u00b4": "'",
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
    "\u00ba": "o", "\u00b0": "o", "\u00df": "s", "\u00e6": "a", "\u0153": "o", "\u00f8": "o",
}  # fmt: skip


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    same = _SAME.get(character)
    if same is not None:
        return same
    if character.isspace():
        return " "
    base = unicodedata.normalize("NFKD", character)[:1].lower()
    return base if len(base) == 1 else character


def fold(text: str) -> str:
    """Return a text without accents and capitals, character by character: offsets stay right.

    The degree sign becomes "o", so that n°, nº and no are one.
    """
    return "".join(map(_fold_character, text))


_LEGAL_FORMS: Final = [
    "sarl",
    "sas",
    "sasu",
    "sa",
    "eurl",
    "sci",
    "snc",
    "selarl",
    "selas",
    "scop",
    "scp",
    "gie",
    "ei",
    "eirl",
    "sprl",
    "srl",
    "bv",
    "nv",
    "gmbh",
    "ag",
    "kg",
    "ohg",
    "ug",
    "eg",
    "ev",
    "gbr",
    "mbh",
    "ltd",
    "limited",
    "llc",
    "llp",
    "inc",
    "corp",
    "corporation",
    "plc",
    "co",
    "sl",
    "slu",
    "spa",
    "sapa",
    "oy",
    "ab",
    "as",
    "aps",
    "se",
]
_FORM = re.compile(rf"\b(?:{'|'.join(_LEGAL_FORMS)})\b")


def name_key(name: str) -> str:
    """Return a firm's name for comparing: letters and digits only, without its legal form."""
    plain = re.sub(r"(?<=\b\w)\.(?=\w\b|$|\s)", "", fold(name))
    short = _FORM.sub(" ", re.sub(r"[^a-z0-9]+", " ", plain))
    return re.sub(r"[^a-z0-9]", "", short) or re.sub(r"[^a-z0-9]", "", plain)

"""Whether two documents are the same one: facts in, answer out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import combinations
from typing import Final

from liasse.duplicates.types import Facts, Ground

BANDS: Final = 4
"""A look of 64 bits is kept in four parts of 16."""

MOST_DIFFERENT_BITS: Final = 14
"""Looks that differ in more bits are not compared. Half of them differ between any two papers."""

_BAND_BITS: Final = 16
_LEAST_NUMBER: Final = 3
_CENT_APART: Final = 1
_FORMS: Final = frozenset(
    {
        *("sa", "sas", "sasu", "sarl", "eurl", "sci", "snc", "scop", "scp", "selarl", "gmbh", "mbh", "ag", "kg", "ug"),
        *("ohg", "ev", "eg", "co", "ltd", "limited", "plc", "llc", "inc", "corp", "bv", "nv", "vof", "srl", "spa"),
        *("sl", "slu", "sau", "spol", "sro", "oy", "ab", "as", "aps"),
        *("the", "la", "le", "les", "et", "and", "und"),
    }
)
_LETTERS: Final = re.compile(r"[a-z0-9]+")
_FRENCH_VAT: Final = re.compile(r"fr[0-9a-z]{2}(\d{9})")


def number_key(number: str) -> str:
    """Give a document's number as it is compared: letters and digits, leading zeros of each run of digits gone.

    Blank for one that would name half of the documents of a supplier, such as "1".
    """
    runs = re.findall(r"[a-z]+|[0-9]+", _folded(number))
    key = "".join(run.lstrip("0") or "0" if run.isdigit() else run for run in runs)
    return key[:100] if len(key) >= _LEAST_NUMBER and any(letter.isdigit() for letter in key) else ""


def supplier_id(*, vat: str, siren: str) -> str:
    """Give a supplier's number as it is compared: of a French one the SIREN, which its VAT number holds too."""
    plain = "".join(_LETTERS.findall(_folded(vat)))
    french = _FRENCH_VAT.fullmatch(plain)
    return ("".join(filter(str.isdigit, siren)) or (french[1] if french else plain))[:40]


def supplier_key(name: str) -> str:
    """Give a supplier's name as it is compared: plain words without legal forms."""
    words = _LETTERS.findall(_folded(name).replace(".", "").replace("'", " "))
    return " ".join(word for word in words if word not in _FORMS)[:200]


def grounds_of(one: Facts, other: Facts) -> list[Ground]:
    """Give why two documents may be the same, by what they say; nothing for two that only look alike."""
    found = [Ground.BYTES] if one.sha256 == other.sha256 else []
    is_same_supplier = _is_same_supplier(one, other)
    is_same_number = bool(one.number_key) and one.number_key == other.number_key
    if is_same_supplier and is_same_number and not _other_day_and_sum(one, other):
        found.append(Ground.NUMBER)
    if is_same_supplier and _same_day_and_sum(one, other) and not _contradict(one.number_key, other.number_key):
        found.append(Ground.SUMS)
    return found


def contradicts(one: Facts, other: Facts) -> bool:
    """Tell whether what two documents say shows that they are not the same, however alike they look."""
    return (
        _contradict(one.number_key, other.number_key)
        or _contradict(one.supplier_id, other.supplier_id)
        or (one.issue_date is not None and other.issue_date is not None and one.issue_date != other.issue_date)
        or (one.total is not None and other.total is not None and one.total != other.total)
    )


def _is_same_supplier(one: Facts, other: Facts) -> bool:
    if one.supplier_id and other.supplier_id:
        return one.supplier_id == other.supplier_id
    first, second = set(one.supplier_key.split()), set(other.supplier_key.split())
    # "EDF" and "EDF Entreprises" are the same firm on two papers.
    return bool(first and second) and (first <= second or second <= first)


def _same_day_and_sum(one: Facts, other: Facts) -> bool:
    if one.issue_date is None or one.total is None or other.total is None or one.total == 0:
        return False
    is_same_money = not _contradict(one.currency, other.currency)
    return one.issue_date == other.issue_date and is_same_money and abs(one.total - other.total) * 100 <= _CENT_APART


def _other_day_and_sum(one: Facts, other: Facts) -> bool:
    """Tell whether both day and sum differ: a supplier that counts anew each year has the same number again."""
    has_days = one.issue_date is not None and other.issue_date is not None
    has_sums = one.total is not None and other.total is not None
    return has_days and has_sums and one.issue_date != other.issue_date and one.total != other.total


def _contradict(one: str, other: str) -> bool:
    return bool(one and other) and one != other


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()


# ---------------------------------------------------------------------------------------------- how pages look


def bands(look: str) -> tuple[int, ...]:
    """Give the parts of a look (16 hexadecimal digits) by which similar ones are found."""
    whole = int(look, 16)
    return tuple(whole >> (_BAND_BITS * number) & 0xFFFF for number in reversed(range(BANDS)))


def near(band: int) -> list[int]:
    """Give a part and those that differ in at most two bits: looks that differ in 11 bits share one."""
    flips = [1 << bit for bit in range(_BAND_BITS)]
    return [band, *(band ^ flip for flip in flips), *(band ^ one ^ other for one, other in combinations(flips, 2))]


def distance(one: str, other: str) -> int:
    """Give in how many of 64 bits two looks differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def in_order(grounds: Iterable[str]) -> str:
    """Give grounds as a pair keeps them: each once, the surest first."""
    known = set(grounds)
    return " ".join(ground for ground in Ground if ground in known)

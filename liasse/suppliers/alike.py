"""A supplier's name as OCR read it, and the names that the file knows: the same, or a letter apart. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from liasse.duplicates.rules import supplier_key
from liasse.reading.calibration import LEARNED
from liasse.reading.types import FieldName, ReadingResult

KNOWN: Final = 0.995
"""How sure a supplier is that the file knows, by its number or its name."""

_SHORTEST: Final = 8
"""A name of fewer letters is a letter apart from too many others."""


def with_known_name(result: ReadingResult, names: Iterable[str]) -> ReadingResult:
    """Put the known name of the supplier in place of the one that OCR read, with the code "known"; else as it is."""
    read = result.fields[FieldName.SUPPLIER_NAME]
    name = known_as(read.value or "", names)
    if name is None:
        return result
    sure = replace(read, value=name, confidence=KNOWN, evidence=(*read.evidence, LEARNED, "known"))
    return replace(result, fields=result.fields | {FieldName.SUPPLIER_NAME: sure})


def known_as(read: str, names: Iterable[str]) -> str | None:
    """Give the known name that one read by OCR is: the same but for case and legal form, or one letter off.

    None where it is nobody's, or may be that of two: what is known as it is read stays so, and a figure is never
    exchanged for another, for shops of a chain are told apart by those.
    """
    known = {supplier_key(name).replace(" ", ""): name for name in names}
    key = supplier_key(read).replace(" ", "")
    if not key or key in known:
        return known.get(key)
    if len(key) < _SHORTEST:
        return None
    near = [other for other in known if len(other) >= _SHORTEST and is_letter_apart(key, other)]
    return known[near[0]] if len(near) == 1 else None


def is_letter_apart(one: str, other: str) -> bool:
    """Tell whether one letter is put in, left out or taken for another, and no figure for a figure."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1 or one == other:
        return False
    start = next((at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) == len(long):
        a, b = short[start], long[start]
        return short[start + 1 :] == long[start + 1 :] and not (a.isdigit() and b.isdigit())
    return short[start:] == long[start + 1 :] and not long[start].isdigit()

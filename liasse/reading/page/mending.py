"""Figures as OCR and bad text layers write them, made readable: 12O,5O is 120,50 and 12 , 50 is 12,50.

Every text keeps its length, so that places found in the mended text are places in the printed one.
"""

from __future__ import annotations

import re
from typing import Final

# Letters that are taken for digits, and the digits that they stand for.
_CONFUSED: Final = str.maketrans("oil|!szb", "01111528")
_LIKE: Final = r"[\doil|!szb]"
_BEFORE: Final = r"(?<![a-z0-9.,])"
_AFTER: Final = r"(?![a-z0-9])"
# What is mended must look like an amount or a date as a whole, and have a digit of its own.
_AMOUNT = re.compile(rf"(?:{_BEFORE}|(?<=rm)|(?<=eur)){_LIKE}{{1,9}}(?:[.,']{_LIKE}{{3}})*[.,]{_LIKE}{{2}}{_AFTER}")
_DATE = re.compile(rf"{_BEFORE}{_LIKE}{{1,2}}([./-]){_LIKE}{{1,2}}\1(?:{_LIKE}{{4}}|{_LIKE}{{2}}){_AFTER}")
# Months whose letters OCR takes for digits.
_MONTHS: Final = {
    "0ct": "oct",
    "0kt": "okt",
    "n0v": "nov",
    "ju1": "jul",
    "5ep": "sep",
    "au9": "aug",
    "fe8": "feb",
    "a0u": "aou",
}
_MONTH = re.compile(rf"(?<![a-z0-9])(?:{'|'.join(_MONTHS)})(?=[a-z]*[ .,/-]*\d)")
_LETTER = re.compile(r"[oil|!szb]")
# A point that OCR lost behind a currency, at the end of a cell: rm 64 13.
_LOST = re.compile(r"(?<=rm |ur |.\$ |.\u20ac )(\d{1,4}) (\d{2})$")
_SPACED = re.compile(r"(?<![\d.,/:])(\d{1,7})( ?)([.,])( ?)(\d{2})(?![\d/:%]|[.,]\d| ?%)")


def mended(folded: str, *, is_ocr: bool = False) -> str:
    """Return a folded text with letters inside figures made digits; OCR's blanks beside a decimal separator move away.

    A word is a figure when it has the shape of an amount or a date and more digits than such letters.
    """
    if not any(character.isdigit() for character in folded):
        return folded
    text = _MONTH.sub(lambda match: _MONTHS[match[0]], folded) if is_ocr else folded
    if _LETTER.search(folded):
        text = _DATE.sub(_digits, _AMOUNT.sub(_digits, text))
    return _LOST.sub(r"\1.\2", _SPACED.sub(_closed, text)) if is_ocr else text


_WIDE = re.compile(r"(?<!\S)(?:\S{1,2} ){2,}\S{1,2}(?!\S)")
_FEWEST_SINGLE: Final = 0.6


def closed_up(folded: str) -> str:
    """Return a folded text with letters that stand apart closed up, their blanks behind: "t o t a l" is "total    ".

    So OCR reads print of double width, in which tills set their totals.
    """
    return _WIDE.sub(_closed_up, folded)


def _closed_up(match: re.Match[str]) -> str:
    parts = match[0].split(" ")
    single = sum(len(part) == 1 for part in parts)
    return "".join(parts).ljust(len(match[0])) if single >= _FEWEST_SINGLE * len(parts) else match[0]


def _digits(match: re.Match[str]) -> str:
    written = match[0]
    letters = len(_LETTER.findall(written))
    digits = sum(character.isdigit() for character in written)
    return written.translate(_CONFUSED) if letters and digits and letters <= digits + 1 else written


def _closed(match: re.Match[str]) -> str:
    before, after = match[2], match[4]
    # A blank on both sides or none is no reading mistake alone: "1 , 2" is rare, "3, 20" may be a list.
    return f"{before}{after}{match[1]}{match[3]}{match[5]}" if before or after else match[0]


_TOKEN = re.compile(r"[a-z0-9|!]{3,}")
_FEWEST_OF_ID: Final = 0.6


def mended_ids(folded: str) -> str:
    """Return a folded text whose identifiers have digits where OCR read letters: de8i27o6034 is de812706034.

    A country's two letters in front stay. What comes of it must pass the identifier's own check.
    """
    return _TOKEN.sub(_id_digits, folded)


def _id_digits(match: re.Match[str]) -> str:
    written = match[0]
    start = 2 if written[:2].isalpha() else 0
    tail = written[start:]
    digits = sum(character.isdigit() for character in tail)
    if digits == len(tail) or digits < _FEWEST_OF_ID * len(tail):
        return written
    return written[:start] + tail.translate(_CONFUSED)

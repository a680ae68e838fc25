"""Decisions about messages: how an SMS is counted, whom it may reach, how long to wait. No database, no clock."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from datetime import timedelta
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumberType

from liasse.messaging.types import Channel, Trouble

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("^{}\\[~]|€")
"""The alphabet of GSM 03.38, and the letters of its extension, each of which counts twice."""

_PLAIN: Final = {
    "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‐": "-", "‑": "-", "…": "...",
    "\u00a0": " ", "\u202f": " ", "\t": " ", "œ": "oe", "Œ": "OE", "•": "-", "`": "'", "\u200b": "", "\u00ad": "",
}  # fmt: skip
_GUILLEMETS: Final = re.compile(r"«\s?|\s?»")
_ALONE_7, _PART_7, _ALONE_16, _PART_16 = 160, 153, 70, 67

_TOLD: Final = {
    PhoneNumberType.PREMIUM_RATE: Trouble.PREMIUM,
    PhoneNumberType.SHARED_COST: Trouble.PREMIUM,
    PhoneNumberType.UAN: Trouble.PREMIUM,
}
_MOBILE: Final = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}

GIVES_UP_AFTER: Final = {Channel.EMAIL: timedelta(hours=48), Channel.SMS: timedelta(hours=4)}
"""How long a message is tried: a mail is still of use after a night, an SMS is not."""

CODE_GIVES_UP_AFTER: Final = timedelta(minutes=15)
"""How long a mail with a code is tried: the code holds no longer."""

_LONGEST_PAUSE: Final = 3600


def gsm_text(text: str) -> str:
    """Give a text in the letters that every phone counts as one; as it is, when some word cannot be written so."""
    plain = "".join(_plain(letter) for letter in _GUILLEMETS.sub('"', text))
    return plain if _is_gsm(plain) else text


def sms_parts(text: str) -> int:
    """Count the SMS that a text fills (GSM 03.38, and UCS-2 where its alphabet does not do)."""
    if _is_gsm(text):
        length = sum(2 if letter in _EXTENDED else 1 for letter in text)
        alone, part = _ALONE_7, _PART_7
    else:
        length = len(text.encode("utf-16-be")) // 2
        alone, part = _ALONE_16, _PART_16
    return 1 if length <= alone else -(-length // part)


def _is_gsm(text: str) -> bool:
    return all(letter in _BASIC or letter in _EXTENDED for letter in text)


def _plain(letter: str) -> str:
    if letter in _BASIC or letter in _EXTENDED:
        return letter
    if letter in _PLAIN:
        return _PLAIN[letter]
    bare = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
    return bare or letter


def country_of(number: str) -> str:
    """Give the country (ISO 3166) of a number in international form; blank when it has none."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number, None)) or ""
    except phonenumbers.NumberParseException:
        return ""


def number_trouble(number: str, *, countries: Collection[str]) -> Trouble | None:
    """Say why no SMS may go to a number in international form, or None when one may."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return Trouble.NO_SUCH_ADDRESS
    if not phonenumbers.is_valid_number(parsed):
        return Trouble.NO_SUCH_ADDRESS
    kind = phonenumbers.number_type(parsed)
    if kind not in _MOBILE:
        return _TOLD.get(kind, Trouble.NO_MOBILE)
    return None if phonenumbers.region_code_for_number(parsed) in countries else Trouble.COUNTRY


def pause_after(attempts: int) -> timedelta:
    """Give how long to wait after so many tries in vain: 4, 8, 16 … seconds, an hour at most."""
    return timedelta(seconds=min(2 ** min(attempts + 1, 20), _LONGEST_PAUSE))

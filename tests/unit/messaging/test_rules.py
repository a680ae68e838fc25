import pytest

from liasse.messaging.rules import gsm_text, number_trouble, pause_after, sms_parts
from liasse.messaging.types import Trouble

NEAR = {"FR", "BE", "RE", "CH"}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Cabinet Lefèvre & Cie", "Cabinet Lefèvre & Cie"),
        ("L’Épi d’Or « Crêperie »", "L'Épi d'Or \"Creperie\""),
        ("cœur – Noël… ï ô ç", "coeur - Noel... i o c"),
        ("10\u202f000\u00a0€", "10 000 €"),
        ("Солнце d’Épi", "Солнце d’Épi"),
    ],
)
def test_a_text_is_written_in_letters_that_count_once(text: str, written: str) -> None:
    assert gsm_text(text) == written


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("я" * 70, 1),
        ("я" * 71, 2),
        ("😀" * 36, 2),
    ],
)
def test_an_sms_is_counted_as_providers_do(text: str, parts: int) -> None:
    assert sms_parts(text) == parts


@pytest.mark.parametrize(
    ("number", "trouble"),
    [
        ("+33612345678", None),
        ("+32470123456", None),
        ("+262692123456", None),
        ("+33123456789", Trouble.NO_MOBILE),
        ("+33899123456", Trouble.PREMIUM),
        ("+33806123456", Trouble.PREMIUM),
        ("+33800123456", Trouble.NO_MOBILE),
        ("+447911123456", Trouble.COUNTRY),
        ("+12025550123", Trouble.COUNTRY),
        ("+881612345678", Trouble.COUNTRY),
        ("+33600", Trouble.NO_SUCH_ADDRESS),
        ("0612345678", Trouble.NO_SUCH_ADDRESS),
        ("", Trouble.NO_SUCH_ADDRESS),
    ],
)
def test_only_mobile_numbers_of_the_countries_get_sms(number: str, trouble: Trouble | None) -> None:
    assert number_trouble(number, countries=NEAR) == trouble


def test_pauses_grow_to_an_hour() -> None:
    assert [pause_after(attempts).total_seconds() for attempts in (1, 2, 3, 11, 1000)] == [4, 8, 16, 3600, 3600]

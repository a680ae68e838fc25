"""Ten years from the close of the year (Code de commerce, art. L123-22), and what counts as a name typed."""

from __future__ import annotations

from datetime import date

import pytest

from liasse.custody.rules import is_limited, is_name, kept_until, last_piece

pytestmark = pytest.mark.house


@pytest.mark.parametrize(
    ("piece", "until"),
    [
        (date(2026, 1, 1), date(2036, 12, 31)),  # Its year closes on 31 December 2026 at the latest.
        (date(2026, 11, 24), date(2037, 11, 23)),
        (date(2026, 12, 31), date(2037, 12, 30)),
        (date(2024, 2, 29), date(2035, 2, 28)),
    ],
)
def test_a_piece_is_kept_ten_years_from_the_latest_close_of_its_year(piece: date, until: date) -> None:
    assert kept_until(piece) == until


@pytest.mark.parametrize(
    ("received", "issued", "newest"),
    [
        (None, None, None),
        (date(2026, 5, 1), None, date(2026, 5, 1)),
        (date(2026, 5, 1), date(2026, 4, 1), date(2026, 5, 1)),
        (date(2026, 5, 1), date(2026, 6, 1), date(2026, 6, 1)),
        (date(2026, 5, 1), date(2062, 5, 1), date(2026, 5, 1)),  # Misread.
    ],
)
def test_the_newest_piece_is_by_arrival_or_by_what_is_written_on_it(
    received: date | None, issued: date | None, newest: date | None
) -> None:
    assert last_piece(received=received, issued=issued) == newest


@pytest.mark.parametrize("typed", ["Boulangerie L’Épi d’Or", "boulangerie l'epi d'or", " Boulangerie  L'Épi d'Or "])
def test_a_name_is_typed_as_a_keyboard_can(typed: str) -> None:
    assert is_name(typed, name="Boulangerie L’Épi d’Or")


@pytest.mark.parametrize("typed", ["", "Boulangerie", "Boulangerie L'Épi d'Or SARL"])
def test_another_name_is_not_this_one(typed: str) -> None:
    assert not is_name(typed, name="Boulangerie L’Épi d’Or")


def test_ten_addresses_an_hour_a_person_and_three_hundred_for_all() -> None:
    assert not is_limited(by_person=9, by_instance=299)
    assert is_limited(by_person=10, by_instance=10)
    assert is_limited(by_person=0, by_instance=300)

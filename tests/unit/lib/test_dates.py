from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liasse.lib.dates import month_comes_first, parse_machine_date, printed_dates
from liasse.lib.text import fold


def _days(text: str, *, month_first: bool = False) -> list[str]:
    return [found.day for found in printed_dates(fold(text), month_first=month_first)]


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("12/03/2026", "2026-03-12"),
        ("12.03.26", "2026-03-12"),
        ("8-9-2022", "2022-09-08"),
        ("2026-03-12", "2026-03-12"),
        ("Le 1er mars 2026", "2026-03-01"),
        ("2 août 2015", "2015-08-02"),
        ("7. Mai 2014", "2014-05-07"),
        ("19 april 2014", "2014-04-19"),
        ("3 de marzo de 2026", "2026-03-03"),
        ("August 3 , 2014", "2014-08-03"),
        ("Jan 1, 2022", "2022-01-01"),
        ("11/15/2019", "2019-11-15"),
    ],
)
def test_dates_as_people_print_them(printed: str, day: str) -> None:
    assert _days(f"Facture du {printed}, merci") == [day]


@pytest.mark.parametrize(
    "text", ["31/02/2026", "45,93", "FR76 10107 00245", "1.234,56", "01 71 17 61 67", "10.000.000"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert _days(text) == []


def test_the_day_comes_first_unless_the_reader_says_otherwise() -> None:
    assert _days("03/04/2026") == ["2026-04-03"]
    assert _days("03/04/2026", month_first=True) == ["2026-03-04"]


def test_one_date_can_prove_the_order_of_all() -> None:
    assert month_comes_first("04/03/2026 11/15/2026") is True
    assert month_comes_first("04/03/2026 15/11/2026") is False
    assert month_comes_first("04/03/2026") is None


@given(st.dates(min_value=date(1970, 1, 1), max_value=date(2099, 12, 31)))
def test_every_day_survives_printing(day: date) -> None:
    assert _days(f"{day:%d/%m/%Y}") == _days(f"{day:%d.%m.%Y}") == [day.isoformat()]
    assert parse_machine_date(f"{day:%Y%m%d}") == parse_machine_date(day.isoformat()) == day.isoformat()


@given(st.text(max_size=80))
def test_no_text_raises(text: str) -> None:
    _days(text)
    parse_machine_date(text)


@pytest.mark.parametrize("text", ["2026-13-01", "20260230", "15/01/2026", "2026", "", "yesterday"])
def test_machines_may_not_write_days_that_do_not_exist(text: str) -> None:
    assert parse_machine_date(text) is None


def test_a_time_behind_the_day_is_left_off() -> None:
    assert parse_machine_date("2017-01-10T16:46:12.000+02:00") == "2017-01-10"
    assert parse_machine_date("202601311530") == "2026-01-31"

"""One sign, several currencies: what the paper says decides, else a person is asked."""

import pytest

from liasse.reading.decisions import ReasonCode, decide
from liasse.reading.exclude import Exclude
from liasse.reading.rules import read_text
from liasse.reading.types import FieldName, ReadingResult
from tests.paper import words

PAPER = """
Cloudworks Ltd                    INVOICE INV-00912
{place}                           Issued: 3 October 2026

Pro plan, October                       {sign}49.00
Subtotal                                {sign}49.00
Total                                   {sign}49.00 {code}
{more}
"""


def read(**told: str) -> ReadingResult:
    page = PAPER.format(**({"sign": "$", "place": "", "code": "", "more": ""} | told))
    return read_text(words(page), shapes={1: 0.707}, exclude=Exclude())


@pytest.mark.parametrize(
    ("told", "currency"),
    [
        ({"code": "CAD"}, "CAD"),
        ({"more": "All prices in AUD"}, "AUD"),
        ({"place": "Austin, TX 78701"}, "USD"),
        ({"sign": "¥", "more": "RMB"}, "CNY"),
        ({"sign": "¥", "more": "价税合计"}, "CNY"),
        ({"sign": "¥", "more": "ご請求書"}, "JPY"),
    ],
)
def test_a_shared_sign_means_what_the_paper_says(told: dict[str, str], currency: str) -> None:
    found = read(**told).fields[FieldName.CURRENCY]
    assert (found.value, "shared" in found.evidence) == (currency, False)


@pytest.mark.parametrize("told", [{}, {"sign": "¥"}, {"more": "We ship CAD and AUD orders"}])
def test_a_shared_sign_alone_is_asked(told: dict[str, str]) -> None:
    result = read(**told)
    assert "shared" in result.fields[FieldName.CURRENCY].evidence
    asked = [reason for reason in decide(result).reasons if reason.code is ReasonCode.AMBIGUOUS]
    assert [reason.fields for reason in asked] == [(FieldName.CURRENCY,)]

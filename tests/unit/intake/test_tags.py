"""The words after the + of an address."""

import pytest

from liasse.intake.tags import unknown_words, wish_of
from liasse.intake.types import Cutting, Side, Wish


@pytest.mark.parametrize(
    ("tag", "side", "cutting"),
    [
        ("", Side.COSTS, Cutting.AUTOMATIC),
        ("ventes", Side.SALES, Cutting.AUTOMATIC),
        ("sales+pages", Side.SALES, Cutting.PAGES),
        ("pages+ventes", Side.SALES, Cutting.PAGES),
        ("achats+un", Side.COSTS, Cutting.WHOLE),
        ("WHOLE", Side.COSTS, Cutting.WHOLE),
        ("mars+ventes+", Side.SALES, Cutting.AUTOMATIC),
    ],
)
def test_known_words_combine(tag: str, side: Side, cutting: Cutting) -> None:
    assert wish_of(tag) == Wish(side=side, cutting=cutting)


def test_unknown_words_are_kept_for_who_looks() -> None:
    assert unknown_words("lepi.x7+mars+ventes+Lyon@liasse.example") == ["mars", "lyon"]
    assert unknown_words("lepi.x7@liasse.example") == []

"""What files are called that were cut or joined."""

from __future__ import annotations

import pytest

from liasse.cutting.names import name_of
from liasse.documents.types import Piece
from liasse.lib.ids import uuid7

ONE, TWO, THREE = uuid7(), uuid7(), uuid7()


def piece(part_id: object, first: int = 1, last: int = 1) -> Piece:
    return Piece("0" * 64, "application/pdf", part_id, first, last)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pieces", "is_part", "called"),
    [
        ([piece(ONE)], False, "facture.pdf"),
        ([piece(ONE), piece(TWO)], False, "facture + 1.pdf"),
        ([piece(ONE), piece(TWO), piece(THREE), piece(TWO, 2, 2)], False, "facture + 2.pdf"),
        ([piece(ONE, 2, 3)], True, "facture p. 2-3.pdf"),
        ([piece(ONE, 2, 2), piece(TWO)], True, "facture p. 2 + 1.pdf"),
    ],
)
def test_a_name_says_what_is_in_it(pieces: list[Piece], is_part: bool, called: str) -> None:  # noqa: FBT001
    assert name_of("facture.jpg", pieces=pieces, is_part=is_part) == called


def test_a_long_name_and_none_are_names_too() -> None:
    assert len(name_of("x" * 400, pieces=[piece(ONE), piece(TWO)], is_part=False)) < 200
    assert name_of("", pieces=[piece(ONE)], is_part=False) == "document.pdf"

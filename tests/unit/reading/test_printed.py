"""Papers of many kinds and countries, written from memory of real ones: each says itself what must be read from it."""

from pathlib import Path

import pytest

from liasse.reading.exclude import Exclude
from liasse.reading.rules import read_text
from liasse.reading.types import FieldName, Source
from tests.paper import words

_PAPERS = sorted((Path(__file__).parent / "papers").glob("*.txt"))


@pytest.mark.parametrize("paper", _PAPERS, ids=lambda paper: paper.stem)
def test_what_the_paper_says_is_read(paper: Path) -> None:
    head, page = paper.read_text().split("\n---\n", 1)
    expected = dict(line.split(": ", 1) for line in head.splitlines())
    source = Source(expected.pop("source", "text"))
    ambiguous = expected.pop("ambiguous", None)
    result = read_text(words(page), shapes={1: 0.707}, exclude=Exclude(), source=source)
    assert {name: result.value(FieldName(name)) for name in expected} == expected
    assert all(field.place for field in result.fields.values() if field.source is source)
    if ambiguous:
        assert "ambiguous" in result.fields[FieldName(ambiguous)].evidence
        assert result.fields[FieldName(ambiguous)].confidence <= 0.5


def test_there_are_papers() -> None:
    assert len(_PAPERS) >= 35

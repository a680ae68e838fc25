"""The receipts of the learning half without the line that a value was read from: how sure is what is chosen instead.

On papers that were never looked at it happens that OCR or the rules miss the line that counts. On the learning half it
hardly does, since the rules were made there; here it is made to happen.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from reading_compare import Verdict, verdicts
from reading_corpus import Item
from reading_run import Run, read_pages, seeing_version

from liasse.reading.second import TWICE
from liasse.reading.sight import is_in
from liasse.reading.types import FieldName, Place, ReadingResult
from liasse.reading.words import PageWords, words_from_json

BLINDED: Final = (FieldName.SUPPLIER_NAME, FieldName.TOTAL_GROSS, FieldName.ISSUE_DATE)


def blinded(runs: Sequence[Run], *, keep: Path) -> Iterator[tuple[Run, FieldName]]:
    """Yield each receipt that was read right once more for each such field, its line taken away, and the field.

    What is chosen instead counts as seen twice: it is printed, and read well.
    """
    version = seeing_version()
    for run in runs:
        kept = keep / f"{hashlib.sha256(run.item.path.read_bytes()).hexdigest()}-{version}.json.gz"
        if not run.item.is_receipt or not kept.exists():
            continue
        pages = words_from_json(json.loads(gzip.decompress(kept.read_bytes()))["words"])
        for name in BLINDED:
            result = _without(run.item, pages, name)
            if result is not None:
                yield replace(run, result=result), name


def _without(item: Item, pages: Sequence[PageWords], name: FieldName) -> ReadingResult | None:
    result = read_pages(tuple(pages))
    field = result.fields.get(name)
    if field is None or field.place is None or verdicts(item, result).get(name) is not Verdict.RIGHT:
        return None
    line = Place(field.place.page, 0.0, field.place.y0, 1.0, field.place.y1)
    left = [
        replace(
            page, words=tuple(word for word in page.words if not is_in(word.place, line)), shown=None, to_shown=None
        )
        for page in pages
    ]
    found = read_pages(tuple(left))
    other = found.fields.get(name)
    if other is None or other.value is None:
        return None
    return replace(found, fields={**found.fields, name: replace(other, evidence=(*other.evidence, TWICE))})

"""Which real documents are taken for the same: never two different ones, and how many copies of a paper are found.

Every file goes the way that the worker takes: what is read, how the first page looks, the pages compared. Copies are
made by program: scanned again, turned, darker, packed harder, cut at the edges, photographed.
"""

from __future__ import annotations

import io
import itertools
import json
import os
import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from PIL import Image, ImageChops, ImageEnhance, ImageFilter

from liasse.adapters.page_looks import looks
from liasse.adapters.pdf_pages import pages as pdf_pages
from liasse.adapters.pictures import pages as pictures
from liasse.config.readers import READING_ADAPTERS
from liasse.config.reading_call import read_in_child
from liasse.duplicates import rules
from liasse.duplicates.types import Facts
from liasse.lib import media_types
from liasse.pipeline.copies import is_same_paper
from liasse.reading.decisions import summary_of
from liasse.reading.types import FieldName, ReadingResult

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside this repository")

_EACH: Final = int(os.environ.get("LIASSE_TEST_EACH", "4"))
"""Of the receipts, each so many-th is looked at: all of them take two minutes."""


@dataclass(frozen=True)
class Paper:
    """A file as the worker knows it, and what its truth says of it."""

    path: Path
    facts: Facts
    look: str
    page: Any
    truth: dict[str, Any]


def drawn(path: Path) -> bytes:
    """Give the image of the first page, as it is stored."""
    with path.open("rb") as file:
        is_pdf = media_types.sniff(file.read(media_types.HEAD_SIZE)) == media_types.PDF
    with tempfile.TemporaryDirectory() as folder:
        adapter = pdf_pages if is_pdf else pictures
        found = adapter.render(path, Path(folder), first=1, last=1, width=1600)
        first: str = found["files"][0]
        return (Path(folder) / first).read_bytes()


def looked_at(image: bytes) -> tuple[str, Any]:
    page = looks._page(image)
    return ("" if page is None else f"{looks._hash(page):016x}"), page


def facts_of(path: Path) -> Facts:
    with tempfile.TemporaryDirectory() as folder:
        kind = media_types.sniff(path.read_bytes()[: media_types.HEAD_SIZE]) or ""
        words: dict[str, Any] = {"media_type": kind, "adapters": READING_ADAPTERS, "exclude": {}}
        result = ReadingResult.from_json(read_in_child(path, Path(folder), **words))
    values = {name: field.value for name, field in result.fields.items() if field.value is not None}
    summary = summary_of(values)
    return Facts(
        sha256=str(hash(path.read_bytes())),
        number_key=rules.number_key(summary.number),
        supplier_id=rules.supplier_id(
            vat=values.get(FieldName.SUPPLIER_VAT, ""), siren=values.get(FieldName.SUPPLIER_SIREN, "")
        ),
        supplier_key=rules.supplier_key(summary.supplier_name),
        issue_date=summary.issue_date,
        total=summary.total_gross,
        currency=summary.currency,
    )


@cache
def papers(name: str, each: int = 1) -> list[Paper]:
    found = []
    for line in (CORPUS / name / "truth.jsonl").read_text().splitlines()[::each]:
        row = json.loads(line)
        path = CORPUS / name / row["file"]
        look, page = looked_at(drawn(path))
        found.append(Paper(path, facts_of(path), look, page, row))
    return found


def seems_near(one: str, other: str) -> bool:
    """Tell whether one look is found by the other's bands, as the query finds it."""
    if not one or not other or rules.distance(one, other) > rules.MOST_DIFFERENT_BITS:
        return False
    return any(band in rules.near(own) for own, band in zip(rules.bands(one), rules.bands(other), strict=True))


def is_pair(one: Paper, other: Paper) -> list[str]:
    grounds = [str(ground) for ground in rules.grounds_of(one.facts, other.facts)]
    if seems_near(one.look, other.look) and not rules.contradicts(one.facts, other.facts):
        unlike, standing_out = looks._unlike(one.page, other.page)
        if is_same_paper(unlike, standing_out=standing_out):
            grounds.append("picture")
    return grounds


def is_same_truth(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Tell whether two truths are of one invoice: its number, else its day and total, where no number is known."""
    names = ("invoice_number",) if one.get("invoice_number") else ("invoice_number", "issue_date", "total_gross")
    return any(one.get(name) for name in names) and all(one.get(name) == other.get(name) for name in names)


def test_no_two_different_documents_are_a_pair() -> None:
    checked, right, wrong = 0, 0, []
    for some in ([*papers("pdf-plain"), *papers("invoices-vendor")], papers("receipts-sroie", _EACH)):
        for one, other in itertools.combinations(some, 2):
            checked += 1
            grounds = is_pair(one, other)
            if not grounds:
                continue
            if is_same_truth(one.truth, other.truth):
                right += 1
            else:
                wrong.append((one.path.name, other.path.name, grounds))
    print(f"{checked} pairs compared, {right} of the same invoice found, {len(wrong)} wrong")
    assert checked > 2_000
    assert right >= 3
    assert wrong == []


def turned(paper: Image.Image, dice: random.Random) -> Image.Image:
    degrees = dice.choice([-2, -1.3, 1, 1.7])
    return paper.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def darker(paper: Image.Image, dice: random.Random) -> Image.Image:
    return ImageEnhance.Contrast(ImageEnhance.Brightness(paper).enhance(dice.choice([0.75, 1.15]))).enhance(0.85)


def packed(paper: Image.Image, quality: int) -> Image.Image:
    target = io.BytesIO()
    paper.save(target, "JPEG", quality=quality)
    return Image.open(target)


def cropped(paper: Image.Image, dice: random.Random) -> Image.Image:
    share = dice.uniform(0.01, 0.02)
    across, down = int(paper.width * share), int(paper.height * share)
    return paper.crop((across, down, paper.width - across, paper.height - down))


def rescanned(paper: Image.Image, dice: random.Random) -> Image.Image:
    paper = paper.rotate(dice.uniform(-1.5, 1.5), Image.Resampling.BICUBIC, fillcolor=250)
    paper = paper.resize((int(paper.width * 0.7), int(paper.height * 0.7)), Image.Resampling.BOX)
    paper = Image.blend(paper.filter(ImageFilter.GaussianBlur(0.6)), Image.effect_noise(paper.size, 18), 0.12)
    return packed(paper, 50)


def photographed(paper: Image.Image, dice: random.Random) -> Image.Image:
    width, height = paper.size
    corners = [(0, 0), (0, height), (width, height), (width, 0)]
    points = [
        value
        for x, y in corners
        for value in (
            x + (1 if x else -1) * dice.uniform(0.02, 0.06) * width,
            y + (1 if y else -1) * dice.uniform(0.02, 0.06) * height,
        )
    ]
    where = Image.new("L", paper.size, 255)
    warped, mask = (
        one.transform(paper.size, Image.Transform.QUAD, points, Image.Resampling.BICUBIC) for one in (paper, where)
    )
    table = Image.new("L", paper.size, 90)
    table.paste(warped, mask=mask)
    light = Image.linear_gradient("L").resize(paper.size).point([180 + step * 75 // 255 for step in range(256)])
    return packed(ImageChops.multiply(table, light), 60)


@pytest.mark.parametrize(
    ("copy", "floor"),
    [
        (turned, 0.4),
        (darker, 0.4),
        (lambda paper, _dice: packed(paper, 35), 0.8),
        (cropped, 0.4),
        (rescanned, 0.3),
        # The four corners of a paper on a table are not found: such a photo is told by what it says, once it is read.
        (photographed, 0.0),
    ],
    ids=["turned", "darker", "packed", "cropped", "rescanned", "photographed"],
)
def test_another_picture_of_the_same_paper_is_found(
    copy: Callable[[Image.Image, random.Random], Image.Image], floor: float
) -> None:
    dice = random.Random(11)  # noqa: S311 - the same copies each time
    some = [*papers("pdf-plain"), *papers("invoices-vendor"), *papers("receipts-sroie", _EACH)][::6]
    found = 0
    for paper in some:
        with Image.open(io.BytesIO(drawn(paper.path))) as picture:
            made = copy(picture.convert("L"), dice)
        target = io.BytesIO()
        made.save(target, "WEBP", quality=88)
        look, page = looked_at(target.getvalue())
        if seems_near(paper.look, look):
            unlike, standing_out = looks._unlike(paper.page, page)
            found += is_same_paper(unlike, standing_out=standing_out)
    print(f"{found} of {len(some)} found")
    assert found >= floor * len(some)

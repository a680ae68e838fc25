"""Where real files are cut: no invoice of several pages is torn, and joined invoices come apart at the right places.

The corpus is parted in two by the names of its files: the rules were weighed on one half, and the floors here are
asked of the other, which they had not seen.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from pathlib import Path
from typing import Any, Final

import pikepdf
import pytest

from liasse.config.readers import CUTTING_ADAPTERS
from liasse.cutting.engine import page_facts
from liasse.cutting.rules import SURE, cuts_of, decide, measured
from liasse.cutting.types import PageFacts
from liasse.intake.types import Cutting

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside this repository")

SEEN, UNSEEN = 0, 1
_FILES: Final = 80
_MIXED: Final = {
    "pdf-plain", "invoices-vendor", "einvoice-zugferd-corpus", "einvoice-facturx-fr-a", "einvoice-mustang",
    "einvoice-horstoeko",
}  # fmt: skip


def half(path: Path) -> int:
    return int(hashlib.sha256(path.name.encode()).hexdigest(), 16) % 2


def papers() -> list[tuple[Path, int, dict[str, Any]]]:
    """Give the PDFs of which the truth is known, with their number of pages."""
    found = []
    for truth in sorted(CORPUS.glob("*/truth.jsonl")):
        for line in truth.read_text().splitlines():
            row = json.loads(line)
            path = truth.parent / row["file"]
            if path.suffix.lower() == ".pdf":
                try:
                    with pikepdf.open(path) as document:
                        found.append((path, len(document.pages), row))
                except pikepdf.PdfError:
                    continue
    return found


def looked_at(path: Path) -> tuple[list[Any], dict[str, Any]]:
    """Give the likely cuts of a file, and what was found in it."""
    found = page_facts(path, path.parent, media_type="application/pdf", adapters=CUTTING_ADAPTERS)
    cuts = cuts_of([PageFacts.from_json(one) for one in found["facts"]], is_scan=found["is_scan"])
    return cuts, found


def test_no_invoice_of_several_pages_is_cut_or_asked_about() -> None:
    looked, wrong = 0, []
    for path, count, _row in papers():
        if count > 1:
            looked += 1
            cuts, found = looked_at(path)
            decided = decide(cuts, count=count, wish=Cutting.AUTOMATIC, is_whole=found["is_whole"])
            wrong += [path.name] if decided.behind or decided.proposed else []
    print(f"{looked} invoices of several pages: {len(wrong)} cut or asked about")
    assert (wrong, looked >= 50) == ([], True)


@pytest.mark.parametrize(("side", "least_cut", "least_asked"), [(SEEN, 0.6, 0.9), (UNSEEN, 0.55, 0.8)])
def test_joined_invoices_come_apart_at_the_right_places(
    tmp_path: Path, side: int, least_cut: float, least_asked: float
) -> None:
    mixed = [one for one in papers() if half(one[0]) == side and one[0].parent.parent.name in _MIXED]
    # The same invoice in another form has the same number: nobody could tell the two apart.
    pool = list({(row["invoice_number"], row["supplier_name"]): (path, row) for path, _count, row in mixed}.values())
    chance = random.Random(7 + side)  # noqa: S311 - for the same files each time
    made, asked = Counter[str](), Counter[str]()
    for _ in range(_FILES):
        some = [path for path, _row in chance.sample(pool, chance.randint(2, 5))]
        ends = join(some, tmp_path / "joined.pdf")
        cuts, _found = looked_at(tmp_path / "joined.pdf")
        made.update(measured([cut.after for cut in cuts if cut.confidence >= SURE], truth=ends))
        asked.update(measured([cut.after for cut in cuts], truth=ends))
    total = made["right"] + made["missed"]
    print(f"half {side}, {_FILES} files, {total} places: made {dict(made)}, made or asked {dict(asked)}")
    assert made["wrong"] == 0
    assert asked["wrong"] <= total * 0.01
    assert made["right"] >= total * least_cut
    assert asked["right"] >= total * least_asked


def join(paths: list[Path], target: Path) -> list[int]:
    """Join files; gives behind which pages one ends and the next begins."""
    ends = []
    with pikepdf.new() as made:
        for path in paths:
            with pikepdf.open(path) as source:
                made.pages.extend(source.pages)
            ends.append(len(made.pages))
        made.save(target)
    return ends[:-1]

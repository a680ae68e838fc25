"""How well Liasse reads: every set of the corpus that has a truth, and any folder given, in the sandbox as the worker.

Writes a report (Markdown, and HTML with charts) and answers 1 when a goal of the issue is missed. What counts is the
judged half of the corpus; `--fit` makes the table of confidence from the learning half. What OCR saw is kept in
`var/bench-reading`, so that a second run only runs the rules. `make bench-reading`, `make bench-reading ARGS="--sets
pdf-plain"`, `make bench-reading ARGS=../my-papers`.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

import reading_blind  # noqa: E402 - after the path is set
import reading_corpus as corpus  # noqa: E402 - the same
import reading_fit  # noqa: E402 - the same
import reading_measure as measure  # noqa: E402 - the same
import reading_peers  # noqa: E402 - the same
import reading_report  # noqa: E402 - the same
import reading_rules  # noqa: E402 - the same
import reading_run  # noqa: E402 - the same
import reading_worn  # noqa: E402 - the same

from liasse.practices.types import Strictness  # noqa: E402 - the same


def main() -> int:
    """Run, write, tell; 1 when a goal is missed."""
    options = _options()
    items = _items(options)
    if not items:
        print("nothing to read: no corpus there, and no folder given")
        return 1
    runs = []
    for number, run in enumerate(reading_run.run_all(items, keep=options.keep), start=1):
        runs.append(run)
        if sys.stderr.isatty() or number % 50 == 0:
            print(f"\r{number}/{len(items)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    if options.fit:
        learning = [run for run in runs if run.item.split == corpus.LEARNING]
        pages = reading_run.run_all(corpus.load_pages(options.corpus), keep=options.keep)
        worn = reading_run.run_all(reading_worn.worn_copies(options.corpus, keep=options.keep), keep=options.keep)
        blind = list(reading_blind.blinded(learning, keep=options.keep))
        reading_fit.write([*learning, *pages, *worn], blind=blind)
    return _tell(runs, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, help="folders of documents, with a truth.jsonl or without")
    parser.add_argument("--corpus", type=Path, default=ROOT.parent / "shared" / "corpus")
    parser.add_argument("--sets", default="", help="only these sets, with commas between; e-invoices: einvoice")
    parser.add_argument("--fit", action="store_true", help="make the table of confidence anew, from the learning half")
    parser.add_argument("--peers", action="store_true", help="run invoice2data and plain Tesseract beside it")
    parser.add_argument("--write", action="store_true", help="write docs/reading-report.md and its HTML")
    parser.add_argument("--wrong", action="store_true", help="list what is wrong or empty in the learning half")
    parser.add_argument("--keep", type=Path, default=ROOT / "var" / "bench-reading", help=argparse.SUPPRESS)
    return parser.parse_args()


def _items(options: argparse.Namespace) -> list[corpus.Item]:
    known = corpus.sets_of(options.corpus)
    asked = [name.strip() for name in options.sets.split(",") if name.strip()]
    if options.folders and not asked:
        known = []
    names = [name for name in known if not asked or any(name == one or name.startswith(f"{one}-") for one in asked)]
    items = corpus.load(options.corpus, names=names) if names else []
    return items + [item for folder in options.folders for item in corpus.load_folder(folder)]


def _tell(runs: list[reading_run.Run], options: argparse.Namespace) -> int:
    judged = measure.judge_all(runs)
    counts = [one for one in judged if one.item.split == corpus.JUDGED]
    has_rules = any(one.item.set.startswith("einvoice-en16931") for one in judged)
    rules = reading_rules.agreement(options.corpus) if has_rules else (0, 0)
    goals = measure.goals(counts, everything=judged, rules=rules)
    peers = _peers([run.item for run in runs], keep=options.keep) if options.peers else {}
    report = reading_report.Report(judged, goals, peers, f"{datetime.now(UTC):%d/%m/%Y}")
    print(reading_report.as_text(report))
    if options.wrong:
        print(reading_report.wrong_ones(judged))
    if options.fit:
        reading_fit.write_measured(measured_by_strictness(counts))
    if options.write:
        reading_report.write(report, folder=ROOT / "docs")
    return 0 if all(goal.holds is not False for goal in goals) else 1


def measured_by_strictness(judged: list[measure.Judged]) -> dict[str, dict[str, list[int]]]:
    """Give for each strictness and kind of paper how many need nobody, of how many, and how many of those are wrong."""
    found: dict[str, dict[str, list[int]]] = {}
    for step in Strictness:
        again = measure.judge_all([one.run for one in judged], strictness=step)
        for kind, choose in zip(("texts", "scans", "receipts"), measure.GROUPS.values(), strict=True):
            if chosen := measure.of(again, choose):
                told = measure.touch(chosen)
                found.setdefault(step.value, {})[kind] = [told.ready, told.all, told.wrong]
    return found


def _peers(items: list[corpus.Item], *, keep: Path) -> dict[str, list[measure.Judged]]:
    """Run the others on what they can read: invoice2data on PDFs with text, Tesseract on scans and receipts."""
    texts = [item for item in items if item.set in corpus.TEXTS and item.path.suffix.lower() == ".pdf"]
    scans = [item for item in items if item.set in (*corpus.SCANS, "receipts-de")]
    found = {"invoice2data": reading_peers.invoice2data(texts)}
    if reading_peers.has_tesseract():
        found["plain Tesseract, our rules"] = list(reading_peers.tesseract(scans, keep=keep))
    return reading_report.peers_of(found)


if __name__ == "__main__":
    sys.exit(main())

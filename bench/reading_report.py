"""The bench's report: a table for the console, Markdown for the repository; `reading_html` has the charts."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from statistics import median
from typing import Final

import reading_html
from reading_compare import BREAKDOWN, Verdict
from reading_corpus import JUDGED, LEARNING
from reading_measure import (
    GIB,
    GROUPS,
    Bin,
    Goal,
    Judged,
    Touch,
    best_touch,
    bins,
    judge_all,
    percentile,
    share,
    tally,
    touch,
)
from reading_run import Run
from reading_stream import stream

from liasse.practices.types import Strictness
from liasse.reading.types import FieldName

_WIDTH: Final = 22
_SIGNS: Final = {True: "holds", False: "**missed**", None: "–"}


@dataclass(frozen=True, slots=True)
class Report:
    """All that was measured. `peers` are named after what they are."""

    judged: Sequence[Judged]
    goals: Sequence[Goal]
    peers: dict[str, list[Judged]] = field(default_factory=dict)
    day: str = ""

    def side(self, split: str, *, is_exact: bool | None = None) -> list[Judged]:
        """Give the documents of one half; e-invoices alone, or all but them."""
        chosen = [one for one in self.judged if one.item.split == split]
        return [one for one in chosen if is_exact is None or one.item.is_einvoice is is_exact]


def sets(judged: Sequence[Judged]) -> Iterator[tuple[str, list[Judged]]]:
    """Give the documents by set; all e-invoices are one."""

    def name(one: Judged) -> str:
        return "einvoice-*" if one.item.is_einvoice else one.item.set

    for found, group in groupby(sorted(judged, key=lambda one: (not one.item.is_einvoice, one.item.set)), key=name):
        yield found, list(group)


def as_text(report: Report) -> str:
    """Give what the console shows: right/wrong/empty by set, half and field, then the goals."""
    return "\n".join([*_console(report.judged), "", *(_goal_line(goal) for goal in report.goals)])


def _console(judged: Sequence[Judged]) -> Iterator[str]:
    for name, group in sets(judged):
        for split in (LEARNING, JUDGED):
            side = [one for one in group if one.item.split == split]
            if not side:
                continue
            found, (best, at) = touch(side), best_touch(side)
            yield ""
            yield f"{name} ({split}, {len(side)} documents): right / wrong / empty"
            for name_, counts in tally(side).items():
                right, wrong, empty = (counts[verdict] for verdict in Verdict)
                yield f"  {name_:{_WIDTH}}{right:4} / {wrong:3} / {empty:3}   {right / counts.total():6.1%}"
            yield f"  {'touch-free':{_WIDTH}}{found.ready:4} of {found.all}, {found.wrong} wrong"
            yield f"  {'best by threshold':{_WIDTH}}{best.ready:4} of {best.all}, {best.wrong} wrong, from {at:.4f}"


def _goal_line(goal: Goal) -> str:
    sign = {True: "holds ", False: "MISSED", None: "  –   "}[goal.holds]
    return f"{sign}  {goal.name:45} {goal.measured:24} goal {goal.goal}"


def wrong_ones(judged: Sequence[Judged]) -> str:
    """List what is wrong or empty in the learning half; the judged half is not to be looked at."""
    lines = []
    for one in judged:
        if one.item.split != LEARNING:
            continue
        for name, verdict in one.verdicts.items():
            if verdict is Verdict.RIGHT:
                continue
            read_field = one.run.result.fields.get(FieldName(name)) if name != BREAKDOWN else None
            read = one.run.result.vat_breakdown if name == BREAKDOWN else read_field and read_field.value
            sure = f" ({read_field.confidence:.2f})" if read_field else ""
            where = f"{one.item.set}/{one.item.name}"
            lines.append(f"{where}: {name} {verdict}: {one.item.truth[name]!r}, read {read!r}{sure}")
    return "\n".join(lines)


def write(report: Report, *, folder: Path) -> None:
    """Write the report beside the other documents: Markdown, and HTML with charts."""
    parts = [
        *_head(report),
        *_goals(report.goals),
        *_by_set(report),
        *_touch(report),
        *_calibration(report),
        *_time(report),
        *_peers(report),
    ]
    (folder / "reading-report.md").write_text("\n".join(parts) + "\n", encoding="utf-8")
    (folder / "reading-report.html").write_text(reading_html.page(report), encoding="utf-8")


_HEAD: Final = """# How well Liasse reads

Written by `make bench-reading` on {day}: {judged} documents judged, {learning} for learning. Charts:
`reading-report.html`, in a browser.

- A document goes through the engine in its sandbox as the worker's do, without knowing whose client file it is for.
- **Only the judged half counts.** Rules, the table of confidence and the thresholds are made on the learning half. A
  file is for learning when the sha256 of its name begins with a byte below 128; files of one invoice stay together.
- A field is asked where the truth says it. Names are compared without case, blanks and legal form (on a receipt the
  shop's sign may be part of the name), credit notes without sign, VAT tables row by row.
- *Touch-free* is what the program itself puts under Ready. Such a document is wrong when its supplier, number, date,
  due date, currency, net, VAT or gross is wrong, or when it is booked as another kind. The supplier is right by its VAT
  number or SIREN, whatever name is printed, else by its name.
- Python {python}, {versions}; one document at a time on a machine of {processors} processors that others used too.

"""


def _head(report: Report) -> list[str]:
    libraries = ("rapidocr", "onnxruntime", "pypdfium2")
    told = _HEAD.format(
        day=report.day,
        judged=len(report.side(JUDGED)),
        learning=len(report.side(LEARNING)),
        python=platform.python_version(),
        versions=", ".join(f"{name} {importlib.metadata.version(name)}" for name in libraries),
        processors=_processors(),
    )
    return told.split("\n")


def _processors() -> int:
    with Path("/proc/cpuinfo").open(encoding="utf-8") as told:
        return sum(line.startswith("processor") for line in told)


def _goals(goals: Sequence[Goal]) -> list[str]:
    rows = [f"| {goal.name} | {goal.measured} | {goal.goal} | {_SIGNS[goal.holds]} |" for goal in goals]
    held = sum(goal.holds is True for goal in goals)
    return [
        f"## Against what was asked: {held} of {len(goals)} hold",
        "",
        "| Measure, judged half | Measured | Asked | |",
        "|---|---|---|---|",
        *rows,
        "",
    ]


def _by_set(report: Report) -> Iterator[str]:
    yield "## By set and field"
    yield ""
    yield "Right / wrong / empty, and the share that is right."
    for name, group in sets(report.judged):
        sides = [[one for one in group if one.item.split == split] for split in (JUDGED, LEARNING)]
        yield from ("", f"### {name}", "")
        yield f"| Field | Judged ({len(sides[0])}) | | Learning ({len(sides[1])}) | |"
        yield "|---|--:|--:|--:|--:|"
        counts = [tally(side) for side in sides]
        for found in dict.fromkeys([*counts[0], *counts[1]]):
            cells = []
            for side in counts:
                one = side.get(found)
                told = " / ".join(str(one[verdict]) for verdict in Verdict) if one else "–"
                cells += [told, f"{one[Verdict.RIGHT] / one.total():.1%}" if one else ""]
            yield f"| {found} | {' | '.join(cells)} |"
    yield ""


def _touch(report: Report) -> Iterator[str]:
    yield "## Touch-free"
    yield ""
    yield (
        "What needs nobody, of the judged half, at each strictness that a practice can choose; and the most that one "
        "threshold could reach at one wrong in a hundred, if it knew the truth."
    )
    yield ""
    yield "| Papers | Careful | Normal | Fast | Best possible |"
    yield "|---|--:|--:|--:|--:|"
    runs = [one.run for one in report.side(JUDGED)]
    by_step = {step: judge_all(runs, strictness=step) for step in Strictness}
    for name, choose in GROUPS.items():
        cells = [_told(touch([one for one in by_step[step] if choose(one)])) for step in Strictness]
        best, _at = best_touch([one for one in by_step[Strictness.NORMAL] if choose(one)])
        yield f"| {name} | {' | '.join(cells)} | {_told(best)} |"
    yield f"| *the same, by the printed name alone* | | {_by_name(by_step[Strictness.NORMAL])} | | |"
    known: set[str] = set()
    receipts = [one.run for one in report.side(JUDGED) if GROUPS["receipts"](one)]
    for name in ("receipts as one file's stream, no shop known", "the same once more, each shop seen once"):
        yield f"| *{name}* | | {_told(touch(stream(receipts, known=known)))} | | |"
    exact = touch(report.side(JUDGED, is_exact=True))
    yield f"| e-invoices | | {_told(exact)} | | |"
    yield ""


def _by_name(judged: Sequence[Judged]) -> str:
    """Say how many of what needs nobody would be wrong if suppliers were known by their printed names alone."""
    ready = [one for one in judged if one.decision.is_ready and not one.item.is_einvoice]
    wrong = sum(one.is_wrong or one.verdicts.get("supplier_name") is Verdict.WRONG for one in ready)
    return f"{wrong} of {len(ready)} wrong"


def _told(found: Touch) -> str:
    return f"{found.ready} of {found.all} = {found.rate:.0%}, {found.wrong} wrong" if found.all else "–"


def _calibration(report: Report) -> Iterator[str]:
    yield "## How sure, and how often right"
    yield ""
    yield "Values that are not from XML, by the confidence that is shown with them."
    yield ""
    yield "| Said | Judged: values | right | Learning: values | right |"
    yield "|---|--:|--:|--:|--:|"
    sides = [{(b.low, b.high): b for b in bins(report.side(split, is_exact=False))} for split in (JUDGED, LEARNING)]
    for low, high in sorted({*sides[0], *sides[1]}):
        cells = [_bin_cells(side.get((low, high))) for side in sides]
        yield f"| {low:g} to {high:g} | {' | '.join(cells)} |"
    yield ""


def _bin_cells(found: Bin | None) -> str:
    return f"{found.all} | {found.right / found.all:.1%}" if found else "– | –"


def _time(report: Report) -> Iterator[str]:
    yield "## Seconds and memory"
    yield ""
    yield (
        "The whole call by the clock, a page, one at a time, sandbox included; OCR's seconds are of the run that first "
        "saw the file. Processor seconds are of the child."
    )
    yield ""
    yield "| Set | Documents | p50 | p95 | processor p50 | most memory |"
    yield "|---|--:|--:|--:|--:|--:|"
    for name, group in sets(report.judged):
        ran = [one.run for one in group if one.run.seconds]
        if ran:
            clock = [run.seconds / run.pages for run in ran]
            cpu = median(run.cpu / run.pages for run in ran)
            memory = max(run.memory for run in ran) / GIB
            yield (
                f"| {name} | {len(ran)} | {median(clock):.2f} s | {percentile(clock, 95):.2f} s | {cpu:.2f} s "
                f"| {memory:.2f} GiB |"
            )
    yield ""


def _peers(report: Report) -> Iterator[str]:
    if not report.peers:
        return
    yield "## Beside it"
    ours = {one.item.path: one for one in report.judged}
    for peer, theirs in report.peers.items():
        same = [ours[one.item.path] for one in theirs if one.item.path in ours]
        yield from ("", f"### {peer}", "")
        pace = f"{_pace(theirs)}; Liasse {_pace(same)}"
        yield f"The same {len(theirs)} documents, both halves. Seconds a page, p50: {pace}."
        yield ""
        yield f"| Field | {peer} | Liasse |"
        yield "|---|--:|--:|"
        for name in tally(same):
            yield f"| {name} | {_share(theirs, name)} | {_share(same, name)} |"
    yield ""


def _share(judged: Sequence[Judged], name: str) -> str:
    right, total = share(judged, name)
    return f"{right / total:.1%}" if total else "–"


def _pace(judged: Sequence[Judged]) -> str:
    return f"{median(one.run.seconds / one.run.pages for one in judged):.2f} s" if judged else "–"


def peers_of(runs: dict[str, list[Run]]) -> dict[str, list[Judged]]:
    """Judge what the others read."""
    return {name: judge_all(found) for name, found in runs.items() if found}

"""The bench's report: a table for the console, Markdown for the repository, HTML with charts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from reading_compare import BREAKDOWN, Verdict
from reading_corpus import JUDGED, LEARNING
from reading_measure import Goal, Judged, best_touch, tally, touch

from liasse.reading.types import FieldName

_WIDTH: Final = 22


def as_text(judged: Sequence[Judged], goals: Sequence[Goal]) -> str:
    """Give what the console shows: right/wrong/empty by set, side and field, then the goals."""
    return "\n".join([*_tables(judged), "", *(_goal_line(goal) for goal in goals)])


def sets(judged: Sequence[Judged]) -> Iterator[tuple[str, list[Judged]]]:
    """Give the documents by set; all e-invoices are one."""

    def name(one: Judged) -> str:
        return "einvoice-*" if one.item.is_einvoice else one.item.set

    for found, group in groupby(sorted(judged, key=lambda one: (not one.item.is_einvoice, one.item.set)), key=name):
        yield found, list(group)


def _tables(judged: Sequence[Judged]) -> Iterator[str]:
    for name, group in sets(judged):
        for split in (LEARNING, JUDGED):
            side = [one for one in group if one.item.split == split]
            if not side:
                continue
            found, (best, at) = touch(side), best_touch(side)
            yield ""
            yield f"{name} ({split}, {len(side)} documents): right / wrong / empty"
            for field, counts in tally(side).items():
                right, wrong, empty = (counts[verdict] for verdict in Verdict)
                yield f"  {field:{_WIDTH}}{right:4} / {wrong:3} / {empty:3}   {right / counts.total():6.1%}"
            yield f"  {'touch-free':{_WIDTH}}{found.ready:4} of {found.all}, {found.wrong} wrong"
            yield f"  {'best by threshold':{_WIDTH}}{best.ready:4} of {best.all}, {best.wrong} wrong, from {at:.3f}"


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
            field = one.run.result.fields.get(FieldName(name)) if name != BREAKDOWN else None
            read = one.run.result.vat_breakdown if name == BREAKDOWN else field and field.value
            sure = f" ({field.confidence:.2f})" if field else ""
            where = f"{one.item.set}/{one.item.name}"
            lines.append(f"{where}: {name} {verdict}: {one.item.truth[name]!r}, read {read!r}{sure}")
    return "\n".join(lines)


def write(judged: Sequence[Judged], goals: Sequence[Goal], *, folder: Path) -> None:
    """Write the report."""
    (folder / "reading-report.md").write_text(as_text(judged, goals), encoding="utf-8")

"""What the runs come to: right, wrong, empty by field; how sure; what needs no hand; how long; how much memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median
from typing import Final

from reading_compare import ASKED, Verdict, exact, verdicts
from reading_corpus import RECEIPTS, SCANS, TEXTS, Item
from reading_run import Run

from liasse.practices.types import Strictness
from liasse.reading.calibration import calibrated
from liasse.reading.decisions import Decision, as_known, decide
from liasse.reading.types import DocType, FieldName, ReadingResult

CORE: Final = ("supplier_name", "invoice_number", "issue_date", "currency", "total_gross")
"""What the issue calls the core fields; those that the truth does not say are not asked."""

FURTHER: Final = ("total_net", "total_vat", "due_date", "supplier_vat")
BOOKED: Final = (*CORE, "total_net", "total_vat", "due_date")
"""A document that nobody looked at counts as wrong when one of these is, or when its kind is booked another way."""

_BOOKED_ALIKE: Final = frozenset({DocType.INVOICE.value, DocType.RECEIPT.value})
SURE: Final = 0.99
MOST_WRONG: Final = 0.01
GIB: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class Judged:
    """A run with its verdicts, and what is decided of it."""

    run: Run
    verdicts: dict[str, Verdict]
    decision: Decision
    is_wrong: bool
    """Whether it would be booked wrong, if nobody looked."""
    score: float
    """The surest that a threshold may be for it to be ready; 0 when no threshold makes it so."""

    @property
    def item(self) -> Item:
        """Give the document."""
        return self.run.item

    def is_right(self, names: Iterable[str]) -> bool:
        """Tell whether all of the fields that the truth says are right."""
        return all(self.verdicts.get(name, Verdict.RIGHT) is Verdict.RIGHT for name in names)


def judge(run: Run, *, strictness: Strictness = Strictness.NORMAL) -> Judged:
    """Compare a run with the truth, and decide about it as the program does."""
    found = verdicts(run.item, run.result)
    is_wrong = any(_is_booked_wrong(name, found) for name in BOOKED) or _is_other_kind(run.item, run.result)
    decision = decide(run.result, strictness)
    return Judged(run, found, decision, is_wrong, _score(run.result, decision))


def _is_booked_wrong(name: str, found: dict[str, Verdict]) -> bool:
    """Tell whether a field would be booked wrong: a supplier is known by its number, however its name is printed."""
    if found.get(name) is not Verdict.WRONG:
        return False
    return name != "supplier_name" or Verdict.RIGHT not in {found.get("supplier_vat"), found.get("supplier_siren")}


def judge_all(runs: Iterable[Run], *, strictness: Strictness = Strictness.NORMAL) -> list[Judged]:
    """Compare runs with the truth, each with its confidences as probabilities."""
    return [judge(replace(run, result=calibrated(run.result)), strictness=strictness) for run in runs]


def _is_other_kind(item: Item, result: ReadingResult) -> bool:
    """Tell whether the kind is wrong in a way that books it wrong: an invoice and a receipt are booked alike."""
    truth, read = item.truth.get("doc_type"), result.value(FieldName.DOC_TYPE)
    return bool(truth and read and truth != read and not {truth, read} <= _BOOKED_ALIKE)


def _score(result: ReadingResult, decision: Decision) -> float:
    if not decision.only_doubts:
        return 0.0
    sure = [as_known(name, result.fields).confidence for name in decision.asked if name in result.fields]
    return min(sure, default=0.0)


@dataclass(frozen=True, slots=True)
class Touch:
    """How many documents need no hand, and how many of those are wrong."""

    all: int
    ready: int
    wrong: int

    @property
    def rate(self) -> float:
        """Give the share that needs no hand."""
        return self.ready / self.all if self.all else 0.0

    @property
    def error(self) -> float:
        """Give the share of those that is wrong."""
        return self.wrong / self.ready if self.ready else 0.0


def touch(judged: Sequence[Judged]) -> Touch:
    """Count what the program decides."""
    ready = [one for one in judged if one.decision.is_ready]
    return Touch(len(judged), len(ready), sum(one.is_wrong for one in ready))


def best_touch(judged: Sequence[Judged]) -> tuple[Touch, float]:
    """Give the most that one threshold on the least sure field can reach at the error allowed, and that threshold."""
    best, at = Touch(len(judged), 0, 0), 1.0
    for threshold in sorted({one.score for one in judged if one.score}, reverse=True):
        ready = [one for one in judged if one.score >= threshold]
        wrong = sum(one.is_wrong for one in ready)
        if wrong <= MOST_WRONG * len(ready):
            best, at = Touch(len(judged), len(ready), wrong), threshold
    return best, at


def risk(judged: Sequence[Judged]) -> list[tuple[float, float]]:
    """Give, for each threshold from the strictest on, what share needs nobody, and what share of that is wrong."""
    found = []
    for threshold in sorted({one.score for one in judged if one.score}, reverse=True):
        ready = [one for one in judged if one.score >= threshold]
        found.append((len(ready) / len(judged), sum(one.is_wrong for one in ready) / len(ready)))
    return found


def tally(judged: Iterable[Judged]) -> dict[str, Counter[Verdict]]:
    """Count right, wrong and empty by field, in the order in which fields are asked."""
    found: dict[str, Counter[Verdict]] = {name: Counter() for name in ASKED}
    for one in judged:
        for name, verdict in one.verdicts.items():
            found[name][verdict] += 1
    return {name: counts for name, counts in found.items() if counts.total()}


def share(judged: Iterable[Judged], name: str) -> tuple[int, int]:
    """Give how many of a field are right, and of how many it is asked."""
    counts = Counter(one.verdicts[name] for one in judged if name in one.verdicts)
    return counts[Verdict.RIGHT], counts.total()


@dataclass(frozen=True, slots=True)
class Bin:
    """Fields whose confidence lies between two bounds, and how many of them are right."""

    low: float
    high: float
    said: float
    right: int
    all: int


_EDGES: Final = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.97, 0.98, 0.99, 1.0001)


def pairs(judged: Iterable[Judged]) -> Iterator[tuple[float, bool]]:
    """Yield the confidence of every value that the truth can judge, and whether it is right."""
    for one in judged:
        for name, verdict in one.verdicts.items():
            read = one.run.result.fields.get(FieldName(name)) if name in set(FieldName) else None
            if read is not None and verdict is not Verdict.EMPTY:
                yield read.confidence, verdict is Verdict.RIGHT


def bins(judged: Iterable[Judged]) -> list[Bin]:
    """Give the calibration curve: what was said to be so sure, and how often it is right."""
    said = list(pairs(judged))
    found = []
    for low, high in pairwise(_EDGES):
        inside = [(confidence, is_right) for confidence, is_right in said if low <= confidence < high]
        if inside:
            mean = sum(confidence for confidence, _ in inside) / len(inside)
            found.append(Bin(low, min(high, 1.0), mean, sum(is_right for _, is_right in inside), len(inside)))
    return found


def percentile(values: Sequence[float], percent: int) -> float:
    """Give the value that so many percent of the values are not above; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-len(ordered) * percent // 100) - 1))] if ordered else 0.0


@dataclass(frozen=True, slots=True)
class Goal:
    """A measure that the issue names: what was measured, what it must be, and whether it holds (None: not measured)."""

    name: str
    measured: str
    goal: str
    holds: bool | None


@dataclass(slots=True)
class Goals:
    """The issue's table, measured on the judged split."""

    found: list[Goal] = field(default_factory=list)

    def share(self, name: str, right: int, total: int, *, least: float) -> None:
        """Add a share that must reach `least`."""
        if total:
            self.found.append(
                Goal(
                    name,
                    f"{right}/{total} = {right / total:.1%}",
                    f"≥ {least:.3%}".replace(".000%", "%"),
                    right >= least * total,
                )
            )

    def most(self, name: str, value: float, *, most: float, unit: str) -> None:
        """Add a figure that may reach `most`."""
        if value:
            self.found.append(Goal(name, f"{value:.2f} {unit}", f"≤ {most:g} {unit}", value <= most))


def goals(judged: Sequence[Judged], *, everything: Sequence[Judged], rules: tuple[int, int] = (0, 0)) -> list[Goal]:
    """Measure what the issue asks. `judged` is the judged split; seconds and memory are of everything that ran.

    `rules` has how many of the official tests of rules agree, and of how many.
    """
    table = Goals()
    valid = [exact(one.item, one.run.result) for one in judged if one.item.truth.get("expect") == "valid"]
    table.share("valid e-invoices: every value", sum(r for r, _ in valid), sum(n for _, n in valid), least=0.999)
    table.share("official tests of rules that agree", *rules, least=1.0)
    texts, scans, receipts = (of(judged, choose) for choose in GROUPS.values())
    for names, least in ((CORE, 0.95), (FURTHER, 0.92)):
        for name in names:
            table.share(f"PDFs with text: {name}", *share(texts, name), least=least)
    table.share("PDFs with text: all of them", _all_right(texts, (*CORE, *FURTHER)), len(texts), least=0.8)
    for name in ("invoice_number", "issue_date", "total_gross"):
        table.share(f"scans: {name}", *share(scans, name), least=0.9)
    table.share("scans: all core fields", _all_right(scans, CORE), len(scans), least=0.65)
    for name, least in (("issue_date", 0.95), ("total_gross", 0.92), ("supplier_name", 0.8)):
        table.share(f"receipts: {name}", *share(receipts, name), least=least)
    german = of(receipts, lambda one: one.item.set == "receipts-de")
    table.share("receipts-de: VAT table", *share(german, "vat_breakdown"), least=0.85)
    for (name, choose), least in zip(GROUPS.items(), (0.6, 0.35, 0.5), strict=True):
        group = of(judged, choose)
        if group:
            found = touch(group)
            text = f"{found.ready}/{found.all} = {found.rate:.1%}, {found.wrong} wrong"
            holds = found.rate >= least and found.wrong <= MOST_WRONG * found.ready
            table.found.append(Goal(f"touch-free: {name}", text, f"≥ {least:.0%} at ≤ 1 % wrong", holds))
    sure = [
        is_right
        for confidence, is_right in pairs(one for one in judged if not one.item.is_einvoice)
        if confidence >= SURE
    ]
    table.share("fields said ≥ 99 % sure, not from XML", sum(sure), len(sure), least=SURE)
    _of_time(table, everything)
    return table.found


def _of_time(table: Goals, everything: Sequence[Judged]) -> None:
    xml = [one.run.seconds for one in everything if one.item.path.suffix.lower() == ".xml" and one.run.seconds]
    texts = [one.run.seconds / one.run.pages for one in everything if is_text(one) and one.run.seconds]
    # One core for OCR cannot be had to oneself on a machine that works; the processor's own count can.
    scans = [one.run.cpu / one.run.pages for one in everything if one.run.is_ocr and one.run.cpu]
    table.most("XML, seconds p95", percentile(xml, 95), most=0.1, unit="s")
    table.most("PDF with text, seconds a page p95", percentile(texts, 95), most=0.3, unit="s")
    table.most("scan, seconds of processor a page p50", median(scans) if scans else 0.0, most=4.0, unit="s")
    memory = max((one.run.memory for one in everything), default=0)
    table.most("memory of a child, at most", memory / GIB, most=1.25, unit="GiB")


def _all_right(judged: Iterable[Judged], names: Iterable[str]) -> int:
    return sum(one.is_right(names) for one in judged)


def is_text(one: Judged) -> bool:
    """Tell whether a document is one of the sets of PDFs, and its text could be read."""
    return one.item.set in TEXTS and not one.run.is_ocr and one.item.path.suffix.lower() == ".pdf"


def of(judged: Iterable[Judged], choose: Callable[[Judged], bool]) -> list[Judged]:
    """Give those that are chosen."""
    return [one for one in judged if choose(one)]


def is_scan(one: Judged) -> bool:
    """Tell whether a document is of the sets of scans and photos."""
    return one.item.set in SCANS


def is_receipt(one: Judged) -> bool:
    """Tell whether a document is of the sets of receipts."""
    return one.item.set in RECEIPTS


GROUPS: Final = {"PDFs with text": is_text, "scans": is_scan, "receipts": is_receipt}
"""The kinds of paper that the issue names, each with what belongs to it."""

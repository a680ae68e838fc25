"""The report as one HTML file with charts drawn as inline SVG: it opens anywhere and fetches nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, Final

from reading_compare import Verdict
from reading_corpus import JUDGED
from reading_measure import GROUPS, Judged, bins, risk, tally

if TYPE_CHECKING:
    from reading_report import Report

_COLOURS: Final = {Verdict.RIGHT: "#2f7d5b", Verdict.WRONG: "#b3382c", Verdict.EMPTY: "#c9c6bd"}
_LINES: Final = ("#2f5d8a", "#b06a12", "#6b4a8f")
_STYLE: Final = """
body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:62rem;padding:0 1rem;color:#1d1d1b;background:#fff}
h1,h2,h3{line-height:1.2}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
td,th{padding:.25rem .75rem;text-align:left;border-bottom:1px solid #e3e0d8}
.missed{color:#b3382c;font-weight:600}.holds{color:#2f7d5b}svg{max-width:100%;height:auto}
.charts{display:flex;flex-wrap:wrap;gap:2rem}figure{margin:0}figcaption{color:#5c5a53;font-size:.9rem;max-width:26rem}
"""
_INTRO: Final = (
    "<p>Written by <code>make bench-reading</code> on {day}. All figures are of the judged half. Tables and the way of "
    "measuring: <a href='reading-report.md'>reading-report.md</a>.</p>"
)
_SIDE, _EDGE = 320, 44


def page(report: Report) -> str:
    """Give the whole page."""
    body = [
        "<h1>How well Liasse reads</h1>",
        _INTRO.format(day=escape(report.day)),
        *_goals(report),
        "<h2>How sure, and what needs nobody</h2><div class='charts'>",
        _reliability(report.side(JUDGED, is_exact=False)),
        _coverage(report.side(JUDGED, is_exact=False)),
        "</div>",
        *_sets(report),
    ]
    head = f"<meta charset='utf-8'><title>How well Liasse reads</title><style>{_STYLE}</style>"
    return f"<!doctype html><html lang='en'><head>{head}</head><body>{''.join(body)}</body></html>\n"


def _goals(report: Report) -> Iterator[str]:
    yield "<h2>Against what was asked</h2><table><tr><th>Measure<th>Measured<th>Asked<th></tr>"
    for goal in report.goals:
        word = {True: "holds", False: "missed", None: "–"}[goal.holds]
        cells = "".join(f"<td>{escape(text)}" for text in (goal.name, goal.measured, goal.goal))
        yield f"<tr>{cells}<td class='{word}'>{word}</tr>"
    yield "</table>"


def _sets(report: Report) -> Iterator[str]:
    names = dict.fromkeys("einvoice-*" if one.item.is_einvoice else one.item.set for one in report.judged)
    yield "<h2>By set and field</h2><p>Green is right, red wrong, grey empty.</p><div class='charts'>"
    for name in names:
        chosen = [
            one for one in report.side(JUDGED) if name == ("einvoice-*" if one.item.is_einvoice else one.item.set)
        ]
        if chosen:
            yield f"<figure><h3>{escape(name)} ({len(chosen)})</h3>{_bars(chosen)}</figure>"
    yield "</div>"


def _bars(judged: Sequence[Judged]) -> str:
    """Draw a bar for each field: what is right, wrong, empty."""
    rows, wide, label = tally(judged), 420, 130
    parts = []
    for at, (name, counts) in enumerate(rows.items()):
        y, x = 22 * at + 4, float(label)
        parts.append(f"<text x='{label - 8}' y='{y + 12}' text-anchor='end' font-size='12'>{escape(name)}</text>")
        for verdict in Verdict:
            length = (wide - label - 50) * counts[verdict] / counts.total()
            parts.append(f"<rect x='{x:.1f}' y='{y}' width='{length:.1f}' height='15' fill='{_COLOURS[verdict]}'/>")
            x += length
        right = counts[Verdict.RIGHT] / counts.total()
        parts.append(f"<text x='{x + 6:.1f}' y='{y + 12}' font-size='12'>{right:.0%}</text>")
    return f"<svg viewBox='0 0 {wide} {22 * len(rows) + 8}' width='{wide}' role='img'>{''.join(parts)}</svg>"


def _frame(*, across: str, up: str) -> str:
    low, far = _SIDE + _EDGE, _SIDE + _EDGE
    marks = []
    for part in (0, 0.25, 0.5, 0.75, 1):
        x, y = _EDGE + part * _SIDE, low - part * _SIDE
        marks.append(f"<path d='M{_EDGE} {y}H{far}M{x} {low}V{_EDGE}' stroke='#eceae3'/>")
        marks.append(f"<text x='{x}' y='{low + 16}' font-size='11' text-anchor='middle'>{part:.0%}</text>")
    title = f"<text x='{_EDGE + _SIDE / 2}' y='{low + 34}' font-size='12' text-anchor='middle'>{escape(across)}</text>"
    return "".join(marks) + title + f"<text x='{_EDGE}' y='{_EDGE - 10}' font-size='12'>{escape(up)}</text>"


def _tick(y: float, text: str) -> str:
    return f"<text x='{_EDGE - 6}' y='{y + 4:.1f}' font-size='11' text-anchor='end'>{text}</text>"


def _svg(inside: str) -> str:
    size = _SIDE + 2 * _EDGE
    return f"<svg viewBox='0 0 {size} {size}' width='{size}' role='img'>{inside}</svg>"


def _reliability(judged: Sequence[Judged]) -> str:
    """Draw how often values are right against how sure they were said to be; the area of a dot is their number."""
    low = _SIDE + _EDGE
    parts = [_tick(low - part * _SIDE, f"{part:.0%}") for part in (0, 0.25, 0.5, 0.75, 1)]
    parts.append(f"<path d='M{_EDGE} {low}L{low} {_EDGE}' stroke='#8f8c84' stroke-dasharray='4 4'/>")
    points = []
    for found in bins(judged):
        x, y = _EDGE + found.said * _SIDE, low - found.right / found.all * _SIDE
        points.append(f"{x:.1f} {y:.1f}")
        told = f"said {found.said:.1%}, right {found.right} of {found.all}"
        radius = 3 + found.all**0.5 / 4
        dot = f"cx='{x:.1f}' cy='{y:.1f}' r='{radius:.1f}' fill='{_LINES[0]}' opacity='.7'"
        parts.append(f"<circle {dot}><title>{told}</title></circle>")
    parts.append(f"<path d='M{'L'.join(points)}' fill='none' stroke='{_LINES[0]}'/>" if points else "")
    caption = "On the dashed line what is said is what is so; above it Liasse is right more often than it says."
    chart = _svg(_frame(across="said to be sure", up="right") + "".join(parts))
    return f"<figure>{chart}<figcaption>{caption}</figcaption></figure>"


def _coverage(judged: Sequence[Judged]) -> str:
    """Draw how many documents would be wrong against how many need nobody, as one threshold falls."""
    low, most = _SIDE + _EDGE, 0.1
    parts = [_tick(low - part / most * _SIDE, f"{part:.1%}") for part in (0, 0.01, 0.025, 0.05, 0.075, 0.1)]
    goal = low - 0.01 / most * _SIDE
    parts.append(f"<path d='M{_EDGE} {goal}H{low}' stroke='#b3382c' stroke-dasharray='4 4'/>")
    for at, (name, choose) in enumerate(GROUPS.items()):
        curve = risk([one for one in judged if choose(one)])
        points = [f"{_EDGE + ready * _SIDE:.1f} {low - min(wrong / most, 1) * _SIDE:.1f}" for ready, wrong in curve]
        if points:
            parts.append(f"<path d='M{'L'.join(points)}' fill='none' stroke='{_LINES[at]}' stroke-width='2'/>")
        spot = f"x='{_EDGE + 10}' y='{_EDGE + 18 * (at + 1)}' font-size='12' fill='{_LINES[at]}'"
        parts.append(f"<text {spot}>{name}</text>")
    caption = "As the threshold falls, more documents need nobody and more of them are wrong. Red: one in a hundred."
    chart = _svg(_frame(across="documents that need nobody", up="of those, wrong") + "".join(parts))
    return f"<figure>{chart}<figcaption>{caption}</figcaption></figure>"

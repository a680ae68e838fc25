"""What the screens of an uploaded list show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from liasse.rosters import services
from liasse.rosters.columns import COLUMNS
from liasse.rosters.models import Roster, RosterLine
from liasse.rosters.types import Outcome, RosterKind, RosterState, Verdict
from liasse.ui.shell import Crumb, Tab

_SIZE: Final = 100
WORDS: Final[dict[RosterKind, dict[str, Promise]]] = {
    RosterKind.CLIENTS: {
        "title": gettext_lazy("Import clients"),
        "lead": gettext_lazy("Many client files at once, from a CSV file. Nothing is created before you confirm."),
        "place": gettext_lazy("My clients"),
        "template": gettext_lazy("clients-template"),
    },
    RosterKind.COLLEAGUES: {
        "title": gettext_lazy("Import colleagues"),
        "lead": gettext_lazy("Many colleagues at once, from a CSV file. Nothing is created before you confirm."),
        "place": gettext_lazy("Team"),
        "template": gettext_lazy("colleagues-template"),
    },
}
_PLACES: Final = {RosterKind.CLIENTS: "clients", RosterKind.COLLEAGUES: "team"}
_VERDICTS: Final[dict[str, tuple[Promise, str]]] = {
    Verdict.READY: (pgettext_lazy("line", "ready"), "ok"),
    Verdict.WARNED: (pgettext_lazy("line", "to look at"), "warn"),
    Verdict.WRONG: (pgettext_lazy("line", "error"), "danger"),
}
_OUTCOMES: Final[dict[str, tuple[Promise, str]]] = {
    Outcome.WAITING: (pgettext_lazy("line", "not created"), "neutral"),
    Outcome.MADE: (pgettext_lazy("line", "created"), "ok"),
    Outcome.FAILED: (pgettext_lazy("line", "failed"), "danger"),
    Outcome.LEFT: (pgettext_lazy("line", "left out"), "warn"),
}
STATES: Final[dict[str, tuple[Promise, str]]] = {
    RosterState.PREVIEWED: (pgettext_lazy("list", "to confirm"), "warn"),
    RosterState.ASKED: (pgettext_lazy("list", "waits"), "busy"),
    RosterState.UNDER_WAY: (pgettext_lazy("list", "being created"), "busy"),
    RosterState.DONE: (pgettext_lazy("list", "created"), "ok"),
    RosterState.STOPPED: (pgettext_lazy("list", "stopped"), "danger"),
}


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line as the screen shows it."""

    line: RosterLine
    name: str
    detail: str
    label: str
    tone: str
    remarks: list[str]
    url: str


def address(kind: str, what: str = "", **more: Any) -> str:  # noqa: ANN401 - an id
    """Give the address of a list's screen."""
    if not what and not more:
        return reverse(f"{kind}-lists")
    return reverse(f"{kind}-list-{what}" if what else f"{kind}-list", kwargs=more)


def crumbs(kind: str, *, is_below: bool = False) -> list[Crumb]:
    """Give the way to a list."""
    words = WORDS[RosterKind(kind)]
    way = [Crumb(label=str(words["place"]), url=reverse(_PLACES[RosterKind(kind)]))]
    if is_below:
        way.append(Crumb(label=str(words["title"]), url=address(kind)))
    return way


def past_rows(rosters: list[Roster]) -> list[dict[str, Any]]:
    """Give the lists of before."""
    return [
        {
            "roster": one,
            "url": address(one.kind, roster_id=one.id),
            "label": STATES[one.state][0],
            "tone": STATES[one.state][1],
        }
        for one in rosters
    ]


def roster_context(roster: Roster, *, words: QueryDict, is_administrator: bool) -> dict[str, Any]:
    """Give what a list's page shows, and which part of its lines."""
    shown = words.get("show", "")
    after = words.get("after", "")
    number = int(after) if after.isdecimal() and len(after) < len("1000000") else 0
    is_open = roster.state == RosterState.PREVIEWED
    chosen = {"verdict": shown} if is_open and shown in set(Verdict) else {}
    if not is_open and shown in set(Outcome):
        chosen = {"outcome": shown}
    lines = [] if roster.is_under_way else services.lines_of(roster, after=number, size=_SIZE + 1, **chosen)
    here = address(roster.kind, roster_id=roster.id)
    query = {"show": shown} if chosen else {}
    more = {**query, "after": str(lines[_SIZE - 1].number)} if len(lines) > _SIZE else {}
    label, tone = STATES[roster.state]
    return {
        "roster": roster,
        "words": WORDS[RosterKind(roster.kind)],
        "is_open": is_open,
        "is_administrator": is_administrator,
        "state": label,
        "tone": tone,
        "here": here,
        "crumbs": crumbs(roster.kind, is_below=True),
        "tabs": _tabs(roster, here=here, chosen=shown if chosen else ""),
        "rows": [_row(line, is_open=is_open) for line in lines[:_SIZE]],
        "more_url": f"{here}?{urlencode(more)}" if more else "",
        "confirm_url": address(roster.kind, "confirm", roster_id=roster.id),
        "discard_url": address(roster.kind, "discard", roster_id=roster.id),
        "report_url": address(roster.kind, "report", roster_id=roster.id),
        "again_url": address(roster.kind),
    }


def _tabs(roster: Roster, *, here: str, chosen: str) -> list[Tab]:
    counts: dict[str, tuple[str, int]] = {
        Outcome.MADE: (pgettext("lines", "Created"), roster.count_made),
        Outcome.FAILED: (pgettext("lines", "Failed"), roster.count_failed),
        Outcome.LEFT: (pgettext("lines", "Left out"), roster.count_wrong),
    }
    if roster.state == RosterState.PREVIEWED:
        counts = {
            Verdict.READY: (pgettext("lines", "Ready"), roster.count_good - roster.count_warned),
            Verdict.WARNED: (pgettext("lines", "To look at"), roster.count_warned),
            Verdict.WRONG: (pgettext("lines", "Errors"), roster.count_wrong),
        }
    every = Tab(label=pgettext("lines", "All"), url=here, is_current=not chosen, count=roster.count_lines)
    return [
        every,
        *(
            Tab(label=label, url=f"{here}?show={word}", is_current=word == chosen, count=count)
            for word, (label, count) in counts.items()
        ),
    ]


def _row(line: RosterLine, *, is_open: bool) -> LineRow:
    label, tone = _VERDICTS[line.verdict] if is_open else _OUTCOMES[line.outcome]
    is_made = line.outcome == Outcome.MADE
    is_client = is_made and bool(line.result)
    result = [line.result] if line.result and not is_made else []
    parts = [line.cells.get(name, "") for name in ("practice_code", "contact_name", "email", "role")]
    return LineRow(
        line=line,
        name=line.cells.get("name", ""),
        detail=" · ".join(part for part in parts if part),
        label=str(label),
        tone=tone,
        remarks=[*line.remarks, *result],
        url=reverse("inbox", args=[line.made_id]) if is_client else "",
    )


def report_rows(roster: Roster) -> list[list[str]]:
    """Give every line as it was uploaded, and behind it what is said of it or became of it."""
    is_open = roster.state == RosterState.PREVIEWED
    columns = COLUMNS[RosterKind(roster.kind)]
    headings = [str(column.label) for column in columns]
    rows = [[*headings, _("Line"), _("Result"), _("Remarks"), _("Submission address")]]
    for line in services.all_lines(roster):
        label, _tone = _VERDICTS[line.verdict] if is_open else _OUTCOMES[line.outcome]
        is_made = line.outcome == Outcome.MADE
        sent_to = f"{line.result}@{settings.LIASSE_MAIL_DOMAIN}" if is_made and line.result else ""
        remarks = [*line.remarks, *([line.result] if line.result and not is_made else [])]
        cells = [line.cells.get(column.name, "") for column in columns]
        rows.append([*cells, str(line.number), str(label), " ".join(remarks), sent_to])
    return rows


def report_name(roster: Roster) -> str:
    """Give the name under which a report is kept."""
    stem = slugify(roster.filename.rpartition(".")[0] or roster.filename)[:60] or roster.kind
    return "{}-{}".format(stem, _("report"))

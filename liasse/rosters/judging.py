"""What is said of each line of a list before anything is created. No look at other clients' accounts: that
question is counted and limited, a list would ask it by the thousand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import batched
from typing import Final

from django.utils.translation import gettext as _

from liasse.clients import rules
from liasse.clients.reach import reachable_files
from liasse.core.access import Actor
from liasse.core.errors import InvalidError
from liasse.lib.ids import uuid7
from liasse.lib.people import clean_name
from liasse.lib.text import fold
from liasse.rosters.columns import COLUMNS
from liasse.rosters.models import RosterLine
from liasse.rosters.reading import Cells, People, read_client, read_colleague, remarks_of
from liasse.rosters.types import Outcome, RosterKind, Verdict

_AT_ONCE: Final = 500
_KEY: Final = uuid7()
"""The key of a line that is only looked at; its own comes with its row."""


@dataclass(slots=True)
class _Seen:
    """Which earlier line of the same list said the same."""

    lines: dict[tuple[str, ...], int] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    emails: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Judge:
    """Judges the lines of one list in their order."""

    kind: RosterKind
    people: People
    actor: Actor
    _seen: _Seen = field(default_factory=_Seen)
    count_invited: int = 0

    def judge(self, lines: list[RosterLine]) -> None:
        """Set verdict and remarks of all lines of a list. A query for each 500 names and codes."""
        for line in lines:
            is_client = self.kind is RosterKind.CLIENTS
            wrong = (self._wrong_client if is_client else self._wrong_colleague)(line)
            line.verdict, line.remarks = (Verdict.WRONG, wrong) if wrong else (Verdict.READY, [])
            if not wrong and is_client:
                _warn(line, self._same_in_list(line))
        if self.kind is RosterKind.CLIENTS:
            self._warn_of_files(lines)
        for line in lines:
            line.outcome = Outcome.LEFT if line.verdict == Verdict.WRONG else Outcome.WAITING

    def _wrong_client(self, line: RosterLine) -> list[str]:
        try:
            new = read_client(line.cells, key=_KEY, people=self.people)
        except InvalidError as error:
            return self._said(error)
        words = tuple(fold(line.cells.get(column.name, "")) for column in COLUMNS[self.kind])
        first = self._seen.lines.setdefault(words, line.number)
        if first != line.number:
            return [_("The same as line %(line)d, which is enough.") % {"line": first}]
        self.count_invited += new.invitee is not None
        return []

    def _wrong_colleague(self, line: RosterLine) -> list[str]:
        try:
            wish = read_colleague(line.cells, people=self.people)
        except InvalidError as error:
            return self._said(error)
        if wish.email in self.people.taken:
            return [_("A colleague of the practice has this address already.")]
        first = self._seen.emails.setdefault(wish.email, line.number)
        if first != line.number:
            return [_("Line %(line)d has the same address.") % {"line": first}]
        self.count_invited += wish.is_invited
        return []

    def _said(self, error: InvalidError) -> list[str]:
        return remarks_of(error, labels={column.name: column.label for column in COLUMNS[self.kind]})

    def _same_in_list(self, line: RosterLine) -> list[str]:
        remarks = []
        first = self._seen.names.setdefault(_name(line.cells), line.number)
        if first != line.number:
            remarks.append(_("Line %(line)d has the same name.") % {"line": first})
        code = _code(line.cells)
        first = self._seen.codes.setdefault(code, line.number) if code else line.number
        if first != line.number:
            remarks.append(_("Line %(line)d has the same practice code.") % {"line": first})
        return remarks

    def _warn_of_files(self, lines: list[RosterLine]) -> None:
        """Say which names and codes are those of files that the asker reaches; of others nothing is said."""
        good = [line for line in lines if line.verdict != Verdict.WRONG]
        files = reachable_files(self.actor)
        names, codes = set[str](), set[str]()
        for some in batched({rules.name_sort(_name(line.cells)) for line in good}, _AT_ONCE):
            names |= {name.casefold() for name in files.filter(name_sort__in=some).values_list("name", flat=True)}
        for some in batched({code for line in good if (code := _code(line.cells))}, _AT_ONCE):
            codes |= set(files.filter(practice_code__in=some).values_list("practice_code", flat=True))
        for line in good:
            if _name(line.cells) in names:
                _warn(line, [_("There is a file of this name already; a second one will be made.")])
            if _code(line.cells) in codes:
                _warn(line, [_("There is a file with this practice code already.")])


def _name(cells: Cells) -> str:
    return clean_name(cells.get("name", "")).casefold()


def _code(cells: Cells) -> str:
    return clean_name(cells.get("practice_code", ""))


def _warn(line: RosterLine, remarks: list[str]) -> None:
    if remarks:
        line.verdict, line.remarks = Verdict.WARNED, [*line.remarks, *remarks]


def cells_of(cells: list[str], *, places: Mapping[int, str]) -> dict[str, str]:
    """Give the cells of a line by the names of their columns; blank ones are left out."""
    return {name: cells[place] for place, name in places.items() if place < len(cells) and cells[place]}


def has_more_cells(cells: Iterable[str], *, headings: int) -> bool:
    """Tell whether something stands beyond the last heading: most often a separator inside a name, unquoted."""
    return any(list(cells)[headings:])

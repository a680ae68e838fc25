"""Who of the new practice gets a restored file: the colleagues who had it, by their addresses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from liasse.clients.models import ClientFile, FileAccess
from liasse.core.access import Level
from liasse.custody.restoring_rows import Restoring, Row
from liasse.lib.people import normal_email
from liasse.practices.models import Colleague
from liasse.practices.types import ColleagueStatus

_TEAM: Final = "team"
_MOST: Final = 10_000
_LONGEST: Final = 200
_NAMED: Final = 100


@dataclass(frozen=True, slots=True)
class RestoredAccess:
    """What was given to whom, who answers for the file, and who had it and is not in this practice.

    A team is never given back: a team of the same name may have other people here.
    """

    levels: dict[UUID, Level] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    responsible: Colleague | None = None
    left_out: list[str] = field(default_factory=list)

    def facts(self) -> dict[str, Any]:
        """Give what the history says of it."""
        said: dict[str, Any] = {}
        if self.names:
            said["colleagues"] = self.names[:_NAMED]
        if self.responsible is not None:
            said["responsible"] = self.responsible.name
        return said | ({"left_out": self.left_out[:_NAMED]} if self.left_out else {})

    def detail(self) -> str:
        """Give those who were left out as the list of imports has room for them."""
        text = ", ".join(self.left_out)
        return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rsplit(',', 1)[0]}…"


def access_of(rows: Iterator[Row], *, file: Row, restoring: Restoring) -> RestoredAccess:
    """Read who had the file, and find them here. ZIPs of before say nothing of who answered for it. One query.

    Raises ValueError, KeyError and their like for what no export says.
    """
    restoring.table = "access.json"
    there = Colleague.objects.filter(practice_id=restoring.practice_id).exclude(status=ColleagueStatus.LEFT)
    here = {colleague.email: colleague for colleague in there}
    found, names, left_out = dict[UUID, Level](), dict[UUID, str](), dict[str, None]()
    for number, row in enumerate(rows):
        level = Level(row["level"])
        colleague = None if row["role"] == _TEAM else here.get(normal_email(str(row["email"])))
        if number >= _MOST:
            raise ValueError(number)
        if colleague is None:
            left_out[_said(row)] = None
        elif not colleague.is_administrator:
            found[colleague.id], names[colleague.id] = level, colleague.name
    answers = file.get("responsible")
    responsible = here.get(normal_email(str(answers["email"]))) if answers else None
    if answers and responsible is None:
        left_out[_said(answers)] = None
    if responsible is not None and not responsible.is_administrator and responsible.id not in found:
        found[responsible.id], names[responsible.id] = Level.FULL, responsible.name
    return RestoredAccess(levels=found, names=sorted(names.values()), responsible=responsible, left_out=list(left_out))


def _said(row: Row) -> str:
    return str(row["email"] or row["name"])[:_LONGEST]


def give(access: RestoredAccess, *, restoring: Restoring) -> None:
    """Write the grants and the responsible of a restored file, in the caller's transaction."""
    FileAccess.objects.bulk_create(
        FileAccess(
            practice_id=restoring.practice_id,
            client_file_id=restoring.file_id,
            colleague_id=colleague_id,
            level=level,
        )
        for colleague_id, level in access.levels.items()
    )
    ClientFile.objects.filter(id=restoring.file_id).update(
        responsible=access.responsible, count_colleagues=len(access.levels)
    )

"""Which part of a history an address asks for, and the words of its filter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from liasse.clients.models import ClientFile
from liasse.clients.rules import search_words
from liasse.clients.selectors import members_of
from liasse.core.trail import Wanted
from liasse.practices.models import Colleague, Practice
from liasse.web.trail.words import ACTORS, KINDS, UNASKED

_KINDS_OF_PEOPLE: Final = ("member", "system", "person")
_MOST_FILES: Final = 50
"""So many files a typed name stands for; whoever means one types more of it."""
_MOST_PEOPLE: Final = 500


@dataclass(frozen=True, slots=True)
class Filter:
    """What was chosen, as it stands in the address; what cannot be understood is not chosen."""

    person: str = ""
    kind: str = ""
    file: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def is_set(self) -> bool:
        """Tell whether anything narrows the history."""
        return self != Filter()

    def query(self, **more: str) -> str:
        """Give the words of the address."""
        chosen = {
            "person": self.person,
            "kind": self.kind,
            "file": self.file,
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
        } | more
        return urlencode({name: value for name, value in chosen.items() if value})


def asked_filter(words: QueryDict) -> Filter:
    """Read what an address asks for."""
    person, kind = words.get("person", ""), words.get("kind", "")
    return Filter(
        person=person if person in _KINDS_OF_PEOPLE or _or_none(UUID, person) is not None else "",
        kind=kind if kind in KINDS else "",
        file=words.get("file", "").strip()[:200],
        since=_or_none(date.fromisoformat, words.get("since", "")),
        until=_or_none(date.fromisoformat, words.get("until", "")),
    )


def _or_none[Value](read: Callable[[str], Value], text: str) -> Value | None:
    try:
        return read(text)
    except ValueError:
        return None


def wanted_of(chosen: Filter, *, practice: Practice, client_file: ClientFile | None = None) -> Wanted:
    """Say which events that is; days are those of the reader's clock. One query when a file's name was typed."""
    return Wanted(
        practice_id=practice.id,
        actor_id=_or_none(UUID, chosen.person),
        actor_kind=chosen.person if chosen.person in _KINDS_OF_PEOPLE else "",
        verbs=KINDS[chosen.kind][1] if chosen.kind else (),
        without=() if chosen.kind else UNASKED,
        file_ids=(client_file.id,) if client_file else _files(chosen.file, practice=practice),
        since=_midnight(chosen.since),
        until=_midnight(chosen.until, days=1),
    )


def _files(text: str, *, practice: Practice) -> tuple[UUID, ...] | None:
    if not text:
        return None
    if (file_id := _or_none(UUID, text)) is not None:
        return (file_id,)
    has_words = Q(*(Q(search_text__contains=word) for word in search_words(text)))
    found = ClientFile.objects.filter(has_words, practice_id=practice.id).order_by("name_sort", "id")
    return tuple(found.values_list("id", flat=True)[:_MOST_FILES])


def _midnight(day: date | None, *, days: int = 0) -> datetime | None:
    try:
        moved = day + timedelta(days=days) if day else None
        return timezone.make_aware(datetime.combine(moved, time.min)) if moved else None
    except OverflowError:
        return None


def people_of(practice: Practice, *, client_file: ClientFile | None = None) -> list[tuple[str, str]]:
    """Give whom one may choose: the colleagues, past ones too, the file's users, and everybody of a kind."""
    colleagues = Colleague.objects.filter(practice_id=practice.id).order_by("name", "id")[:_MOST_PEOPLE]
    people = [(str(person.id), person.name) for person in colleagues]
    if client_file is not None:
        people += [(str(member.id), member.name) for member in members_of(client_file)]
    else:
        people.append(("member", _("Users of client files")))
    return [*people, ("system", str(ACTORS["system"])), ("person", str(ACTORS["person"]))]

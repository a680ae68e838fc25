"""Which list of clients an address asks for, and its rows as the screen shows them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from liasse.clients.lists import FilesQuery, SortKey
from liasse.clients.models import ClientFile
from liasse.clients.sectors import sector_label
from liasse.clients.selectors import colleagues_of_files, levels_of_files
from liasse.clients.types import FileStatus
from liasse.core.access import Actor, Level
from liasse.lib.ids import as_uuid
from liasse.practices.models import Colleague
from liasse.ui.shell import Tab

_LONGEST_SEARCH: Final = 200
_SHOWN_COLLEAGUES: Final = 3
_DOORS: Final[dict[str, Promise]] = {
    "mail": gettext_lazy("by email"),
    "web": gettext_lazy("by the practice"),
    "phone": gettext_lazy("by phone"),
    "link": gettext_lazy("by a deposit link"),
    "api": gettext_lazy("by a program"),
    "folder": gettext_lazy("by a watched folder"),
}


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One client in the list; ``menu`` is empty for those who may not manage the file."""

    file: ClientFile
    key: str
    sector: str
    initials: list[str]
    colleague_names: str
    more_colleagues: int
    door: str
    menu: list[dict[str, Any]]
    is_new: bool = False
    responsible: str = ""


def asked_files(words: QueryDict) -> FilesQuery:
    """Read which list an address asks for; what cannot be understood is the default."""
    sort = words.get("sort", "")
    key = sort.removeprefix("-")
    is_known = key in set(SortKey)
    return FilesQuery(
        status=FileStatus.ARCHIVED if words.get("show") == FileStatus.ARCHIVED else FileStatus.ACTIVE,
        key=SortKey(key) if is_known else SortKey.NAME,
        is_falling=is_known and sort.startswith("-"),
        text=words.get("q", "").strip()[:_LONGEST_SEARCH],
        responsible_id=as_uuid(words.get("responsible", "")),
    )


def list_url(query: FilesQuery, **more: str) -> str:
    """Give the address of a list, without the words that only say the default."""
    words = {}
    if query.status is FileStatus.ARCHIVED:
        words["show"] = str(query.status)
    if query.sort != SortKey.NAME:
        words["sort"] = query.sort
    if query.text:
        words["q"] = query.text
    if query.responsible_id is not None:
        words["responsible"] = str(query.responsible_id)
    words |= more
    return reverse("clients") + (f"?{urlencode(words)}" if words else "")


def status_tabs(query: FilesQuery) -> list[Tab]:
    """Give the two halves of the list: files that are worked on, and archived ones."""
    labels = {FileStatus.ACTIVE: pgettext("files", "Active"), FileStatus.ARCHIVED: pgettext("files", "Archived")}
    return [
        Tab(
            label=label,
            url=list_url(replace(query, status=status)),
            is_current=status is query.status,
        )
        for status, label in labels.items()
    ]


def client_rows(files: list[ClientFile], *, actor: Actor, fresh: UUID | None = None) -> list[ClientRow]:
    """Give the rows of some files with their colleagues; two queries for all of them."""
    colleagues = colleagues_of_files(files)
    levels = levels_of_files(files, actor=actor)
    return [
        _row(
            file,
            actor=actor,
            colleagues=colleagues[file.id],
            level=levels.get(file.id),
            is_new=file.id == fresh,
        )
        for file in files
    ]


def _row(
    file: ClientFile, *, actor: Actor, colleagues: list[Colleague], level: Level | None, is_new: bool
) -> ClientRow:
    return ClientRow(
        file=file,
        key=str(file.id),
        sector=sector_label(file.sector),
        initials=[_initials(colleague.name) for colleague in colleagues[:_SHOWN_COLLEAGUES]],
        colleague_names=", ".join(colleague.name for colleague in colleagues),
        more_colleagues=max(len(colleagues) - _SHOWN_COLLEAGUES, 0),
        door=str(_DOORS.get(file.last_arrival_door, "")),
        menu=_menu(file, actor=actor) if level is Level.FULL else [],
        is_new=is_new,
        responsible=file.responsible.name if file.responsible else "",
    )


def _initials(name: str) -> str:
    """Give the first letters of the first and the last word: Claire Dupont-Martin is CD."""
    words = [word for word in name.split() if word[0].isalnum()]
    ends = words[:1] + words[1:][-1:]
    return "".join(word[0] for word in ends).upper()


def _menu(file: ClientFile, *, actor: Actor) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = [
        {"label": _("Edit client settings"), "url": reverse("file-settings", args=[file.id]), "icon": "cog-6-tooth"},
        {"label": _("Practice access"), "url": reverse("file-access", args=[file.id]), "icon": "key"},
        {"label": _("Users of the file"), "url": reverse("file-members", args=[file.id]), "icon": "users"},
        {"label": _("Export the file"), "url": reverse("file-export", args=[file.id]), "icon": "arrow-down-tray"},
    ]
    if file.is_active:
        items.append(_window(_("Archive (deactivate)"), "file-archive", file, icon="archive-box") | {"line": True})
    else:
        items.append(_window(_("Reactivate"), "file-reactivate", file, icon="arrow-path") | {"line": True})
    if actor.is_administrator:
        items.append(_window(pgettext("menu", "Detach"), "file-detach", file, icon="arrow-right-start-on-rectangle"))
        items.append(_window(pgettext("menu", "Delete"), "file-delete", file, icon="trash") | {"danger": True})
    return items


def _window(label: str, name: str, file: ClientFile, *, icon: str) -> dict[str, Any]:
    return {"label": label, "url": reverse(name, args=[file.id]), "icon": icon, "dialog": True}

"""Which list an address asks for, and back: tab, order, search, owner."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, TypedDict
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from liasse.clients.models import ClientFile
from liasse.documents.selectors import MOST_COUNTED, ListQuery, SortKey, matches_by_status
from liasse.documents.types import TABS, DocumentKind, DocumentStatus
from liasse.intake.types import Side
from liasse.lib.ids import as_uuid
from liasse.ui.shell import Tab

_TAB_LABELS: Final = {
    DocumentStatus.PROCESSING: _("In progress"),
    DocumentStatus.TO_REVIEW: _("To review"),
    DocumentStatus.READY: _("Ready"),
    DocumentStatus.ARCHIVED: _("Archive"),
    DocumentStatus.DUPLICATE: _("Duplicates"),
}
_ALWAYS: Final = frozenset(TABS) - {DocumentStatus.DUPLICATE}
# Where a person who comes in is wanted first.
_FIRST: Final = (
    DocumentStatus.TO_REVIEW,
    DocumentStatus.READY,
    DocumentStatus.PROCESSING,
    DocumentStatus.ARCHIVED,
)


class Found(TypedDict):
    """What a tab draws while something is searched."""

    found: str
    found_label: str


@dataclass(frozen=True, slots=True)
class AskedList:
    """The list that an address asks for. ``is_chosen`` is False while nobody chose a tab."""

    query: ListQuery
    is_chosen: bool

    @property
    def sort(self) -> str:
        """Give the order as `sort_header` reads it."""
        return f"-{self.query.key}" if self.query.is_falling else str(self.query.key)

    def words(self) -> dict[str, str]:
        """Give the address's words, without those that only say the default."""
        words = {"tab": str(self.query.status)} if self.is_chosen else {}
        if self.sort != f"-{SortKey.RECEIVED}":
            words["sort"] = self.sort
        if self.query.text:
            words["q"] = self.query.text
        if self.query.owner_id:
            words["owner"] = str(self.query.owner_id)
        if self.query.side:
            words["side"] = str(self.query.side)
        if self.query.kind:
            words["kind"] = str(self.query.kind)
        if self.query.is_doubtful:
            words["doubt"] = "1"
        return words

    def search(self, **more: str) -> str:
        """Give the same as the end of an address, with its question mark; blank when all is default."""
        words = self.words() | more
        return f"?{urlencode(words)}" if words else ""


def asked_list(client_file: ClientFile, *, words: QueryDict) -> AskedList:
    """Read the list that an address or a form asks for; what cannot be understood is the default."""
    tab = words.get("tab", "")
    is_chosen = tab in set(TABS)
    status = DocumentStatus(tab) if is_chosen else first_tab(client_file)
    sort = words.get("sort", "")
    key = sort.removeprefix("-")
    is_known = key in set(SortKey)
    query = ListQuery(
        status=status,
        key=SortKey(key) if is_known else SortKey.RECEIVED,
        is_falling=sort.startswith("-") or not is_known,
        text=words.get("q", "").strip()[:200],
        owner_id=as_uuid(words.get("owner", "")),
        side=Side(words.get("side", "")) if words.get("side", "") in set(Side) else None,
        is_doubtful=words.get("doubt", "") == "1",
        kind=DocumentKind(words.get("kind", "")) if words.get("kind", "") in set(DocumentKind) else None,
    )
    return AskedList(query=query, is_chosen=is_chosen)


def count_of(client_file: ClientFile, status: DocumentStatus) -> int:
    """Give the kept count of a tab."""
    counts = {
        DocumentStatus.PROCESSING: client_file.count_processing,
        DocumentStatus.TO_REVIEW: client_file.count_to_review,
        DocumentStatus.READY: client_file.count_ready,
        DocumentStatus.ARCHIVED: client_file.count_archived,
        DocumentStatus.DUPLICATE: client_file.count_duplicate,
    }
    return counts[status]


def first_tab(client_file: ClientFile) -> DocumentStatus:
    """Give the tab for somebody who chose none: the first that has something to do."""
    filled = (status for status in _FIRST if count_of(client_file, status))
    return next(filled, DocumentStatus.PROCESSING)


def inbox_url(client_file: ClientFile, asked: AskedList, **more: str) -> str:
    """Give the address of the list, with its words."""
    return reverse("inbox", args=[client_file.id]) + asked.search(**more)


def tabs(client_file: ClientFile, asked: AskedList, *, matches: int | None = None) -> list[Tab]:
    """Give the four tabs with their kept counts, or with how much a search finds in each.

    That of the duplicates stands behind the archive once there are any. A search and an owner stay when the tab
    changes. One query for a tab while the list is narrowed, else none; ``matches`` is what the list's page said of
    its own tab.
    """
    is_narrowed = asked.query.is_narrowed
    shown = [
        status for status in TABS if status in _ALWAYS or status == asked.query.status or count_of(client_file, status)
    ]
    found = matches_by_status(client_file, query=asked.query, among=shown, matches=matches) if is_narrowed else {}
    return [
        Tab(
            label=tab_label(status),
            url=_tab_url(client_file, asked, status=status),
            is_current=status == asked.query.status,
            count=count_of(client_file, status),
            **_found(found.get(status)),
        )
        for status in shown
    ]


def _tab_url(client_file: ClientFile, asked: AskedList, *, status: DocumentStatus) -> str:
    return inbox_url(client_file, replace(asked, query=replace(asked.query, status=status), is_chosen=True))


def _found(count: int | None) -> Found:
    if count is None:
        return {"found": "", "found_label": ""}
    if count >= MOST_COUNTED:
        most = MOST_COUNTED - 1
        return {"found": f"{most}+", "found_label": gettext("more than %(count)s found") % {"count": most}}
    text = ngettext("%(count)s found", "%(count)s found", count) % {"count": count}
    return {"found": str(count), "found_label": text}


def elsewhere(drawn: list[Tab]) -> list[Tab]:
    """Give the other tabs in which a search finds something."""
    return [tab for tab in drawn if tab.found not in {"", "0"} and not tab.is_current]


def way_on(client_file: ClientFile, asked: AskedList) -> dict[str, str]:
    """Give the link of an empty list: what was searched taken away, or the tab in which there is something to do."""
    if asked.query.is_narrowed:
        whole = replace(
            asked, query=replace(asked.query, text="", owner_id=None, side=None, is_doubtful=False, kind=None)
        )
        return {"way_url": inbox_url(client_file, whole), "way_label": gettext("Clear the search")}
    for status in _FIRST[:2]:
        if count_of(client_file, status):
            text = gettext("Open “%(tab)s”") % {"tab": tab_label(status)}
            return {"way_url": _tab_url(client_file, asked, status=status), "way_label": text}
    return {}


def tab_label(status: DocumentStatus) -> str:
    """Give the name of a tab."""
    return str(_TAB_LABELS[status])

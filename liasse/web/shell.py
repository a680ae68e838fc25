"""The frame around every screen: menu, account name, switches. Only what a page draws is looked up."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liasse.clients.models import ClientFile
from liasse.clients.reach import files_of_member_user
from liasse.core.access import ANONYMOUS, Actor, Level
from liasse.pipeline.alarm import Hanging, hanging
from liasse.practices.models import Practice
from liasse.ui.shell import Entry, Offer, Shell

_IN_FILE = {
    "inbox": ("inbox", "documents", "hand-in"),
    "suppliers": ("suppliers", "lessons"),
    "to-sort": ("to-sort",),
    "receipts": ("receipts",),
    "file-settings": (
        *("settings", "access", "members", "archive", "reactivate", "detach", "delete", "export", "trail", "sight"),
        "reception",
        "links",
    ),
}
"""For each entry of a file, the parts of its addresses after the file's id."""


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give the templates the frame for this request (a context processor); a part of a page costs nothing."""
    return {"shell": SimpleLazyObject(lambda: shell_of(request))}


def shell_of(request: HttpRequest) -> Shell:
    """Build the frame: one query for an administrator, one for a person of a client, none for others."""
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    practice: Practice | None = getattr(request, "practice", None)
    client_file: ClientFile | None = getattr(request, "client_file", None)
    signed_in = _of_person(request) if actor != ANONYMOUS else {}
    if practice is None:
        place: dict[str, Any] = {}
    elif actor.is_colleague:
        place = _of_colleague(request, actor=actor, practice=practice, client_file=client_file)
    else:
        place = _of_member(actor, practice=practice, client_file=client_file)
    return Shell(**{"theme_url": address("theme"), "language_url": address("language")} | signed_in | place)


def address(name: str, *args: UUID) -> str:
    """Give the address of a route; blank where this instance has no such screen."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _of_person(request: HttpRequest) -> dict[str, Any]:
    user = request.user
    if not user.is_authenticated:
        return {}
    return {
        "home_url": address("home"),
        "user_name": user.name,
        "user_email": user.email,
        "profile_url": address("profile"),
        "sign_out_url": address("sign-out"),
    }


def _of_colleague(
    request: HttpRequest, *, actor: Actor, practice: Practice, client_file: ClientFile | None
) -> dict[str, Any]:
    entries = [_entry(request, label=_("My clients"), name="clients", icon="building-storefront")]
    hangs = hanging(practice.id) if actor.is_administrator else Hanging()
    entries.append(_entry(request, label=_("Arrivals"), name="arrivals", icon="inbox-arrow-down", count=hangs.late))
    if actor.can_see_progress:
        entries.append(_entry(request, label=_("Follow-up"), name="follow-up", icon="chart-bar-square"))
    if actor.is_administrator or actor.is_team_lead:
        entries.append(_entry(request, label=_("Team"), name="team", icon="user-group"))
    if actor.is_administrator:
        entries += [
            _entry(request, label=_("Outbox"), name="outbox", icon="paper-airplane", count=hangs.unsent),
            _entry(request, label=_("Practice"), name="practice", icon="building-office-2"),
        ]
    return {
        "account_name": practice.name,
        "entries": tuple(entry for entry in entries if entry.url),
        "file_name": client_file.name if client_file else "",
        "file_entries": _of_file(request, client_file) if client_file else (),
        "home_url": address("clients"),
        "files_url": address("files-list"),
        "manage_url": address("clients"),
        "hand_in_url": _hand_in_url(request, client_file) if client_file else "",
        "alarm": _alarm(hangs) if hangs.late and not request.path.startswith(address("arrivals")) else None,
    }


def _alarm(hangs: Hanging) -> Offer:
    """Say above every screen that something waits too long; the list itself says it already."""
    said = ngettext(
        "%(count)d thing has been waiting for over an hour.",
        "%(count)d things have been waiting for over an hour.",
        hangs.late,
    )
    url = f"{address('arrivals')}?state=late"
    return Offer(text=said % {"count": hangs.late}, url=url, label=_("See"), icon="clock")


def _hand_in_url(request: HttpRequest, client_file: ClientFile) -> str:
    """Say where documents are handed in, on the screens of a file in which the colleague works."""
    level: Level | None = getattr(request, "file_level", None)
    return address("hand-in", client_file.id) if level is not None and level.allows(Level.CODING) else ""


def _entry(request: HttpRequest, *, label: str, name: str, icon: str, count: int = 0) -> Entry:
    url = address(name)
    is_current = bool(url) and request.path.startswith(url)
    return Entry(label=label, url=url, icon=icon, is_current=is_current, count=count)


def _of_file(request: HttpRequest, client_file: ClientFile) -> tuple[Entry, ...]:
    labels = {
        "inbox": (_("Documents"), "document-text"),
        "suppliers": (_("Suppliers"), "building-storefront"),
        "to-sort": (_("To sort"), "hand-raised"),
        "receipts": (_("Submission history"), "clock"),
        "file-settings": (_("File settings"), "cog-6-tooth"),
    }
    part = request.path.partition(f"/{client_file.id}/")[2].partition("/")[0]
    entries = [
        Entry(
            label=label,
            url=address(name, client_file.id),
            icon=icon,
            is_current=part in _IN_FILE[name],
            count=client_file.count_held if name == "to-sort" else 0,
        )
        for name, (label, icon) in labels.items()
    ]
    return tuple(entry for entry in entries if entry.url)


def _of_member(actor: Actor, *, practice: Practice, client_file: ClientFile | None) -> dict[str, Any]:
    has_several = actor.user_id is not None and len(files_of_member_user(actor.user_id)) > 1
    return {
        "account_name": practice.name if practice.is_firm else _("No practice"),
        "file_name": client_file.name if client_file else "",
        "home_url": address("portal-home"),
        "hand_in_url": address("portal-hand-in", client_file.id) if client_file else "",
        "files_url": address("portal-files") if has_several else "",
        "user_name": actor.name,
    }

"""The client's own screens: which files there are, where to send documents, what became of them."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from liasse.clients.member_rights import RUNS_USERS
from liasse.clients.models import Member
from liasse.clients.reach import files_of_member_user
from liasse.clients.rules import search_words
from liasse.clients.selectors import submission_local_part
from liasse.clients.types import MemberRole
from liasse.core.access import Rule, access
from liasse.documents.handed_in import receipts_for
from liasse.intake.models import Receipt
from liasse.intake.selectors import receipt_of_file
from liasse.portal.arrivals import arrivals
from liasse.portal.offers import offers
from liasse.portal.requests import MemberRequest
from liasse.portal.views_mail import own_address, tasks_for
from liasse.ui.formats import format_day
from liasse.ui.shell import FileLink, Shell

_PAGE: Final = 20
_LONGEST_SEARCH: Final = 200


@access(Rule.SIGNED_IN)
@require_safe
def home(request: MemberRequest) -> HttpResponse:
    members = files_of_member_user(request.user.id)
    if len(members) == 1:
        return redirect("portal-file", members[0].client_file_id)
    waiting = offers(request.user, members=members)
    if not (members or waiting):
        return redirect("home")
    context = {"files": _links(members), "shell": _frame(request), "offers": waiting}
    return render(request, "portal/home.html", context)


def _frame(request: MemberRequest) -> Shell:
    """Give the frame of a screen that is in no file yet: the person's name stands in the file's place."""
    return Shell(
        account_name=request.user.email,
        file_name=request.user.name,
        home_url=reverse("portal-home"),
        user_name=request.user.name,
        user_email=request.user.email,
        profile_url=reverse("profile"),
        sign_out_url=reverse("sign-out"),
        theme_url=reverse("theme"),
        language_url=reverse("language"),
    )


def _links(members: list[Member], *, here: str = "") -> list[FileLink]:
    """Give each file with its practice; files that look alike also with the day on which they were opened."""
    alike = Counter((member.client_file.name, member.practice_id) for member in members)
    links = []
    for member in members:
        file = member.client_file
        url = reverse("portal-file", args=[file.id])
        detail = file.practice.name if file.practice.is_firm else _("No practice")
        if alike[file.name, file.practice_id] > 1:
            opened = _("opened on %(day)s") % {"day": format_day(file.created_at)}
            detail = f"{detail} · {opened}"
        links.append(FileLink(name=file.name, url=url, detail=detail, is_current=here.endswith(url)))
    return links


@access(Rule.SIGNED_IN)
@require_safe
def files(request: MemberRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    words = search_words(text)
    members = files_of_member_user(request.user.id)
    found = [member for member in members if all(word in member.client_file.search_text for word in words)]
    links = _links(found, here=request.htmx.current_url_abs_path or "")
    return render(request, "ui/files_list.html", {"files": links, "has_more": False, "q": text})


@access(Rule.FILE_MEMBER)
@require_safe
def file(request: MemberRequest, file_id: UUID) -> HttpResponse:
    del file_id
    context = _handed_in(request)
    if request.htmx:
        return render(request, f"portal/{'arrivals' if 'after' in request.GET else 'handed_in'}.html", context)
    local_part = submission_local_part(request.client_file)
    context["offers"] = offers(request.user, members=[request.member])
    context["address"] = f"{local_part}@{settings.LIASSE_MAIL_DOMAIN}" if local_part else ""
    context["own_address"] = own_address(request.member)
    context["tasks"] = tasks_for(request.client_file, member=request.member)
    return render(request, "portal/file.html", context)


def _handed_in(request: MemberRequest) -> dict[str, Any]:
    """Give a page of what was handed in: all of it to those who see all documents, their own to others."""
    member = request.member
    text = request.GET.get("q", "").strip()[:_LONGEST_SEARCH]
    found = receipts_for(request.client_file, member=member, text=text, before=_position(request), limit=_PAGE + 1)
    shown = found[:_PAGE]
    more = urlencode(({"q": text} if text else {}) | {"after": shown[-1].id}) if len(found) > _PAGE else ""
    return {
        "client_file": request.client_file,
        "arrivals": arrivals(request.client_file, shown, member=member),
        "more_url": f"{request.path}?{more}" if more else "",
        "q": text,
        "is_restricted": not member.sees_all,
        "is_owner": member.role == MemberRole.ADMINISTRATOR,
        "runs_users": member.role in RUNS_USERS,
    }


def _position(request: MemberRequest) -> tuple[Any, UUID] | None:
    try:
        receipt_id = UUID(request.GET.get("after", ""))
    except ValueError:
        return None
    last: Receipt | None = receipt_of_file(request.client_file, receipt_id=receipt_id)
    return (last.received_at, last.id) if last else None

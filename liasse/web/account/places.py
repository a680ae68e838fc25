"""Where a person belongs after coming in, and the cookies that remember what was chosen."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from liasse.clients.reach import files_of_member_user
from liasse.identity.models import User
from liasse.invitations.selectors import invitations_to
from liasse.practices.selectors import colleague_of_user
from liasse.web.shell import address

_YEAR = 365 * 24 * 60 * 60


def first_screen(user: User) -> str:
    """Give the address where a person's work begins: the practice's clients, else the client's own files and offers."""
    if colleague_of_user(user.id):
        return address("clients")
    if files_of_member_user(user.id) or invitations_to(user):
        return address("portal-home") or address("profile")
    return address("profile")


def wanted_address(request: HttpRequest, *, otherwise: str) -> str:
    """Give the address that the form wants to go on to, if it is one of this instance."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else otherwise


def remember(response: HttpResponse, *, cookie: str, value: str) -> None:
    """Keep a choice in the browser for a year; a blank one is forgotten."""
    if not value:
        response.delete_cookie(cookie, samesite="Lax")
        return
    response.set_cookie(
        cookie, value, max_age=_YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )

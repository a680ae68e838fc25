"""Leading somebody to say once more who they are, before a sensitive act, and back."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from liasse.identity.sessions import is_proved


def proof_wanted(request: HttpRequest) -> HttpResponseBase | None:
    """Give the way to the proof, unless the person proved who they are within ten minutes.

    For a view of which only some uses are sensitive; one that always is says so in ``@access``.
    """
    if is_proved(request.session):
        return None
    return lead(request, to="{}?{}".format(reverse("prove"), urlencode({"next": _page_asked_from(request)})))


def to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Lead somebody who is not signed in to where one signs in, and back."""
    if request.headers.get("HX-Request"):
        answer = HttpResponse(status=401)
        answer.headers["HX-Redirect"] = reverse("sign-in")
        return answer
    return redirect("{}?{}".format(reverse("sign-in"), urlencode({"next": request.get_full_path()})))


def sign_out_idle(request: HttpRequest) -> HttpResponseBase:
    """Sign out who did nothing for so long that somebody else may sit there, and say why."""
    logout(request)
    messages.info(request, _("You were signed out, because nothing was done for an hour."))
    return to_sign_in(request)


def lead(request: HttpRequest, *, to: str) -> HttpResponseBase:
    """Send the browser elsewhere, also where htmx asked for a part of a page."""
    if request.headers.get("HX-Request"):
        answer = HttpResponse(status=204)
        answer.headers["HX-Redirect"] = to
        return answer
    return redirect(to)


def _page_asked_from(request: HttpRequest) -> str:
    """Give the page to come back to: the one asked for, or that on which a window or a form was opened."""
    if request.method == "GET" and not request.headers.get("HX-Request"):
        return request.get_full_path()
    page = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    return page.path + (f"?{page.query}" if page.query else "")

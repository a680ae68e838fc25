"""The link of an invitation. Looking changes nothing: programs that check mail follow links too; a click accepts."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liasse.core.access import Rule, access
from liasse.core.errors import ConflictError, ForbiddenError, InvalidError
from liasse.identity.selectors import user_of_email
from liasse.invitations.models import Invitation
from liasse.invitations.sentences import closed_sentence
from liasse.invitations.services import accept_as_new, accept_as_user, decline, find, state_of
from liasse.invitations.types import LinkState
from liasse.portal.forms import AcceptForm

_LINK: Final = "invitation-link"
_PAGE = ["GET", "HEAD", "POST"]


@access(Rule.LINK_HOLDER)
@never_cache
@require_safe
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address before anything is shown, so that it is in no history and no referrer."""
    request.session[_LINK] = token
    response = redirect("invitation-form")
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@access(Rule.LINK_HOLDER)
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(_PAGE)
def invitation_form(request: HttpRequest) -> HttpResponse:
    token = request.session.get(_LINK, "")
    found = find(token)
    if found is None:
        sentence = _("This link is not whole, or it was replaced by a newer one. Open the newest message you got.")
        return _closed(request, sentence, status=HTTPStatus.NOT_FOUND)
    state = state_of(found)
    if state is not LinkState.OPEN:
        return _closed(request, closed_sentence(state), status=HTTPStatus.GONE)
    return _accept(request, found, token=token) if request.method == "POST" else _ask(request, found)


def _accept(request: HttpRequest, found: Invitation, *, token: str) -> HttpResponse:
    form = AcceptForm(request.POST)
    try:
        if request.user.is_authenticated:
            accept_as_user(token, user=request.user)
        else:
            name, password = request.POST.get("name", ""), request.POST.get("password", "")
            login(request, accept_as_new(token, name=name, password=password))
    except InvalidError as error:
        return _ask(request, found, form=form.refused(error), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except (ConflictError, ForbiddenError):
        # Something moved between looking and clicking: look again, at what is true now.
        return redirect("invitation-form")
    request.session.pop(_LINK, None)
    if found.member:
        return redirect("portal-file", found.member.client_file_id)
    request.session["practice"] = str(found.practice_id)
    return redirect("clients")


@access(Rule.LINK_HOLDER)
@never_cache
@require_POST
def decline_invitation(request: HttpRequest) -> HttpResponse:
    """Say no, as the person whom the invitation is for; it says who that was, so nobody else can."""
    if not request.user.is_authenticated:
        return redirect("invitation-form")
    try:
        decline(request.session.get(_LINK, ""), user=request.user)
    except (ConflictError, ForbiddenError):
        return redirect("invitation-form")
    request.session.pop(_LINK, None)
    messages.success(request, _("You declined the invitation. The practice sees it."))
    return redirect("home")


def _ask(
    request: HttpRequest, found: Invitation, *, form: AcceptForm | None = None, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    person = found.colleague or found.member
    is_known = user_of_email(found.email) is not None
    context = {
        "invitation": found,
        "practice": found.practice,
        "client_file": found.member.client_file if found.member else None,
        "inviter": found.invited_by.name if found.invited_by else "",
        "form": form or AcceptForm(initial={"name": person.name if person else ""}),
        "is_known": is_known,
        "is_own": request.user.is_authenticated and request.user.email == found.email,
    }
    return render(request, "portal/invitation.html", context, status=status)


def _closed(request: HttpRequest, sentence: str, *, status: HTTPStatus) -> HttpResponse:
    return render(request, "portal/closed.html", {"sentence": sentence}, status=status)

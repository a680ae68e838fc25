"""The link of an invitation. Looking changes nothing: programs that check mail follow links too; a click accepts."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liasse.core.access import Rule, access
from liasse.core.errors import ConflictError, ForbiddenError, InvalidError, LiasseError
from liasse.identity.selectors import user_of_email
from liasse.invitations.answers import accept_as_new, accept_as_user, ask_again, decline, look, mark_opened
from liasse.invitations.errors import InvitationClosedError
from liasse.invitations.models import Invitation
from liasse.invitations.proofs import ask_code, needs_proof, take_code
from liasse.invitations.selectors import token_for
from liasse.invitations.sentences import closed_link
from liasse.invitations.types import LinkState
from liasse.portal.forms import AcceptForm, CodeForm
from liasse.portal.requests import MemberRequest

_LINK: Final = "invitation-link"
_CODE: Final = "invitation-code"
_PROVED: Final = "invitation-proved"
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")
_BACKEND: Final = "django.contrib.auth.backends.ModelBackend"
_PAGE = ["GET", "HEAD", "POST"]


@access(Rule.LINK_HOLDER)
@never_cache
@require_safe
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address before anything is shown, so that it is in no history and no referrer."""
    del request
    return _with_link(token)


@access(Rule.SIGNED_IN)
@never_cache
@require_safe
def own_invitation(request: MemberRequest, invitation_id: UUID) -> HttpResponse:
    """Open an invitation without its link, as the person whose proved address it is for."""
    token = token_for(request.user, invitation_id=invitation_id)
    if token is None:
        raise Http404
    return _with_link(token)


def _with_link(token: str) -> HttpResponse:
    response = redirect("invitation-form")
    response.headers["Referrer-Policy"] = "no-referrer"
    # Signing in begins a new session, so the link waits in a cookie of its own, sent to these pages alone.
    response.set_cookie(
        _LINK,
        token if _TOKEN.fullmatch(token) else "",
        path=reverse("invitation-form"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@access(Rule.LINK_HOLDER)
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(_PAGE)
def invitation_form(request: HttpRequest) -> HttpResponse:
    token = _token(request)
    looked = look(token)
    found = looked.invitation
    if found is None or looked.state is not LinkState.OPEN:
        return _closed(request, found, state=looked.state)
    if request.method == "POST":
        return _accept(request, found, token=token)
    if _is_own(request, found):
        # Only the person can be signed in as the person: this is no program that checks mail.
        _note_opened(token)
    return _ask(request, found)


def _token(request: HttpRequest) -> str:
    return request.COOKIES.get(_LINK, "")


def _is_own(request: HttpRequest, found: Invitation) -> bool:
    return request.user.is_authenticated and request.user.email == found.email


def _note_opened(token: str) -> None:
    try:
        mark_opened(token)
    except InvitationClosedError:
        return


def _accept(request: HttpRequest, found: Invitation, *, token: str) -> HttpResponse:
    form = AcceptForm(request.POST)
    try:
        if request.user.is_authenticated:
            accept_as_user(token, user=request.user)
        else:
            name, password = request.POST.get("name", ""), request.POST.get("password", "")
            user = accept_as_new(token, name=name, password=password, is_proved=_is_proved(request, found))
            login(request, user, backend=_BACKEND)
    except InvalidError as error:
        _note_opened(token)
        return _ask(request, found, form=form.refused(error), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except (ConflictError, ForbiddenError):
        # Something moved between looking and clicking: look again, at what is true now.
        return redirect("invitation-form")
    return _forget(request, _inside(request, found))


def _inside(request: HttpRequest, found: Invitation) -> HttpResponse:
    """Lead to what the invitation opens."""
    if found.member:
        return redirect("portal-file", found.member.client_file_id)
    request.session["practice"] = str(found.practice_id)
    return redirect("clients")


def _forget(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let the browser drop a link that was answered, and what it proved for it."""
    for key in (_CODE, _PROVED):
        request.session.pop(key, None)
    response.delete_cookie(_LINK, path=reverse("invitation-form"), samesite="Lax")
    return response


@access(Rule.LINK_HOLDER)
@never_cache
@require_POST
def ask_for_code(request: HttpRequest) -> HttpResponse:
    """Mail a code to the invited address; only the browser that asked can use it."""
    found = look(_token(request)).invitation
    if found is not None and not request.user.is_authenticated:
        _note_opened(_token(request))
        try:
            request.session[_CODE] = ask_code(found)
        except InvitationClosedError:
            pass
        except ConflictError as error:
            messages.error(request, error.sentence)
    return redirect("invitation-form")


@access(Rule.LINK_HOLDER)
@never_cache
@require_POST
def prove(request: HttpRequest) -> HttpResponse:
    """Take the code that was mailed; from then on this browser may choose a password for the address."""
    looked = look(_token(request))
    found = looked.invitation
    if found is None or looked.state is not LinkState.OPEN:
        return redirect("invitation-form")
    typed = request.POST.get("code", "")
    try:
        take_code(found, nonce=request.session.get(_CODE, ""), typed=typed)
    except LiasseError as error:
        form = CodeForm(request.POST).refused(InvalidError({"code": error.sentence}))
        return _ask(request, found, code_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    request.session[_PROVED] = _mark(found)
    return redirect("invitation-form")


def _mark(found: Invitation) -> str:
    """Give what a proof is of: this invitation, as it was sent last."""
    return f"{found.id} {found.token_hash}"


def _is_proved(request: HttpRequest, found: Invitation) -> bool:
    is_proved: bool = request.session.get(_PROVED) == _mark(found)
    return is_proved


@access(Rule.LINK_HOLDER)
@never_cache
@require_POST
def decline_invitation(request: HttpRequest) -> HttpResponse:
    """Say no, as the person whom the invitation is for, signed in or with the address proved, so nobody else can."""
    token = _token(request)
    found = look(token).invitation
    is_known = request.user.is_authenticated
    if found is None or not (is_known or (needs_proof() and _is_proved(request, found))):
        return redirect("invitation-form")
    try:
        decline(token, user=request.user if request.user.is_authenticated else None)
    except (ConflictError, ForbiddenError):
        return redirect("invitation-form")
    if not is_known:
        return redirect("invitation-form")
    messages.success(request, _("You declined the invitation. The practice sees it."))
    return _forget(request, redirect("home"))


@access(Rule.LINK_HOLDER)
@never_cache
@require_POST
def ask_for_another(request: HttpRequest) -> HttpResponse:
    """Tell those who invite that this link holds no more and another is wanted; nothing is sent to the asker."""
    try:
        ask_again(_token(request))
    except InvitationClosedError:
        return redirect("invitation-form")
    messages.success(request, _("Your request was passed on. If it is granted, you get a new message."))
    return redirect("invitation-form")


@access(Rule.LINK_HOLDER)
@never_cache
@require_POST
def change_person(request: HttpRequest) -> HttpResponse:
    """Sign somebody out whom the invitation is not for, and come back to it."""
    logout(request)
    return redirect("invitation-form")


def _ask(
    request: HttpRequest,
    found: Invitation,
    *,
    form: AcceptForm | None = None,
    code_form: CodeForm | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    person = found.colleague or found.member
    context = {
        **_what(found),
        "form": form or AcceptForm(initial={"name": person.name if person else ""}),
        "code_form": code_form or CodeForm(),
        "step": _step(request, found),
        "is_declinable": needs_proof(),
    }
    return render(request, "portal/invitation.html", context, status=status)


def _what(found: Invitation | None) -> dict[str, Any]:
    """Give who invites to what."""
    if found is None:
        return {"invitation": None, "practice": None, "client_file": None, "inviter": ""}
    inviter = found.invited_by or found.invited_by_member
    return {
        "invitation": found,
        "practice": found.practice,
        "client_file": found.member.client_file if found.member else None,
        "inviter": inviter.name if inviter else "",
        "is_by_client": found.invited_by_member is not None,
    }


def _step(request: HttpRequest, found: Invitation) -> str:
    """Say what is next for whoever looks: each step has its part of the page."""
    if request.user.is_authenticated:
        return "accept" if _is_own(request, found) else "other-person"
    if user_of_email(found.email) is not None:
        return "sign-in"
    if not needs_proof() or _is_proved(request, found):
        return "password"
    has_asked = bool(found.code_nonce) and request.session.get(_CODE) == found.code_nonce
    return "code" if has_asked else "prove"


def _closed(request: HttpRequest, found: Invitation | None, *, state: LinkState) -> HttpResponse:
    """Say why the link holds no more, with a way on; whoever came in by it already is led there again."""
    if state is LinkState.USED and found is not None and _is_theirs(request, found):
        return _forget(request, _inside(request, found))
    context = {
        **_what(found),
        "closed": closed_link(state),
        "is_asked": found is not None and found.asked_again_at is not None,
        "state": state,
    }
    status = HTTPStatus.NOT_FOUND if found is None else HTTPStatus.GONE
    return render(request, "portal/closed.html", context, status=status)


def _is_theirs(request: HttpRequest, found: Invitation) -> bool:
    person = found.colleague or found.member
    return request.user.is_authenticated and person is not None and person.user_id == request.user.id

"""The other ways in: a code by email, the second factor after a password, a passkey."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from liasse.core.access import Rule, access
from liasse.core.errors import LiasseError
from liasse.identity import codes, factors, passkeys
from liasse.identity.codes import Purpose
from liasse.identity.errors import TooManyTriesError
from liasse.identity.sessions import client_address
from liasse.messaging.services import can_send_email
from liasse.practices.selectors import is_set_up
from liasse.web.account import mails
from liasse.web.account.entering import (
    BY_CODE,
    BY_PASSKEY,
    enter,
    half_signed_in,
    keep_begun,
    open_session,
    site_of,
    take_begun,
)
from liasse.web.account.failures import note_failed_factor
from liasse.web.account.forms import AccountForm, CodeAskForm, CodeForm, FactorForm
from liasse.web.account.places import first_screen, wanted_address

_PAGE = ["GET", "HEAD", "POST"]
_ASKED: Final = "sign-in-code"
_NEXT: Final = "sign-in-code-next"


def refusal_status(error: LiasseError) -> int:
    """Give the status of a refused form: the sixth try waits, others are typed again."""
    is_limit = isinstance(error, TooManyTriesError)
    return HTTPStatus.TOO_MANY_REQUESTS if is_limit else HTTPStatus.UNPROCESSABLE_ENTITY


@access(Rule.PUBLIC)
@require_http_methods(_PAGE)
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Send a code to an address; the answer is the same whoever has it, or nobody."""
    if request.method != "POST" or not (can_send_email() and is_set_up()):
        return _ask_page(request, CodeAskForm())
    form = CodeAskForm(request.POST)
    try:
        asked = codes.ask_sign_in(form.typed("email"), place=client_address(request))
    except LiasseError as error:
        return _ask_page(request, form.refused(error), status=refusal_status(error))
    mails.send_code(asked)
    request.session[_ASKED] = str(asked.code.id)
    request.session[_NEXT] = wanted_address(request, otherwise="")
    return redirect("sign-in-code-check")


def _ask_page(request: HttpRequest, form: AccountForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    context = {"form": form, "next": wanted_address(request, otherwise=""), "has_relay": can_send_email()}
    return render(request, "web/account/code_ask.html", context, status=status)


@access(Rule.PUBLIC)
@sensitive_post_parameters()
@require_http_methods(_PAGE)
def sign_in_code_check(request: HttpRequest) -> HttpResponse:
    asked = request.session.get(_ASKED)
    if asked is None:
        return redirect("sign-in-code")
    if request.method != "POST":
        return _check_page(request, CodeForm())
    form = CodeForm(request.POST)
    try:
        user = codes.take(asked, purpose=Purpose.SIGN_IN, typed=form.typed("code")).user
    except LiasseError as error:
        return _check_page(request, form.refused(error), status=refusal_status(error))
    if user is None:
        return redirect("sign-in-code")
    to = request.session.get(_NEXT) or first_screen(user)
    del request.session[_ASKED]
    return enter(request, user, to=to, by=BY_CODE)


def _check_page(request: HttpRequest, form: AccountForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    return render(request, "web/account/code_check.html", {"form": form}, status=status)


@access(Rule.PUBLIC)
@sensitive_post_parameters()
@require_http_methods(_PAGE)
def sign_in_factor(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor of whoever gave the first; nobody is signed in before."""
    half = half_signed_in(request)
    if half is None:
        return redirect("sign-in")
    user, to, by = half
    if request.method != "POST":
        return _factor_page(request, FactorForm())
    form = FactorForm(request.POST)
    try:
        factors.require_factor(user, code=form.typed("code"))
    except LiasseError as error:
        note_failed_factor(user)
        if isinstance(error, TooManyTriesError):
            mails.tell_factor_guessed(user)
        return _factor_page(request, form.refused(error), status=refusal_status(error))
    return open_session(request, user, to=to, by=by)


def _factor_page(request: HttpRequest, form: AccountForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    half = half_signed_in(request)
    user = half[0] if half else None
    context = {
        "form": form,
        "has_app": user is not None and factors.has_app(user),
        "has_passkey": user is not None and bool(passkeys.passkeys_of(user)),
        "can_have_passkeys": site_of(request).can_have_passkeys,
    }
    return render(request, "web/account/factor.html", context, status=status)


@access(Rule.PUBLIC)
@require_POST
def passkey_options(request: HttpRequest) -> JsonResponse:
    """Give what the browser asks a passkey, alike for everybody."""
    begun = passkeys.begin_proving(site=site_of(request))
    return JsonResponse(keep_begun(request, begun))


@access(Rule.PUBLIC)
@sensitive_post_parameters()
@require_POST
def sign_in_passkey(request: HttpRequest) -> HttpResponse:
    """Sign in by a passkey, which is two factors by itself, or by that of whoever gave a password already."""
    half = half_signed_in(request)
    try:
        user = passkeys.prove(
            site=site_of(request),
            state=take_begun(request),
            answer=request.POST.get("credential", ""),
            user=half[0] if half else None,
        )
    except LiasseError as error:
        if half:
            note_failed_factor(half[0])
        messages.error(request, str(error.sentence) or _("This passkey does not open Liasse here."))
        return redirect("sign-in-factor" if half else "sign-in")
    to = half[1] if half else wanted_address(request, otherwise=first_screen(user))
    return open_session(request, user, to=to, by=BY_PASSKEY)

"""Coming in and going out, setting the practice up, and what a person chooses for themselves."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liasse.clients.reach import files_of_member_user
from liasse.core.access import Rule, access
from liasse.core.errors import InvalidError, LiasseError
from liasse.identity.errors import SignInError, TooManyTriesError
from liasse.identity.services import authenticate, change_password, set_preferences
from liasse.identity.sessions import end_others, rekeyed
from liasse.identity.tries import TRIES_WINDOW
from liasse.messaging.services import can_send_email
from liasse.practices.selectors import is_set_up, practices_of_user
from liasse.practices.services import claim_set_up_link, set_up
from liasse.ui.theme import THEMES
from liasse.web.account.entering import enter, is_password_asked, site_of
from liasse.web.account.forms import AccountForm, PasswordForm, ProfileForm, SetUpForm, SignInForm
from liasse.web.account.mails import tell_password_changed
from liasse.web.account.places import first_screen, remember, wanted_address
from liasse.web.requests import PersonRequest

_LINK = "set-up-link"
_PAGE = ["GET", "HEAD", "POST"]


@access(Rule.PUBLIC)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user = request.user
    return redirect(first_screen(user) if user.is_authenticated else "sign-in")


@access(Rule.PUBLIC)
@sensitive_post_parameters()
@require_http_methods(_PAGE)
def sign_in(request: HttpRequest) -> HttpResponse:
    user = request.user
    if request.method != "POST":
        if user.is_authenticated:
            return redirect(wanted_address(request, otherwise=first_screen(user)))
        return _sign_in_page(request, SignInForm())
    form = SignInForm(request.POST)
    try:
        signed_in = authenticate(form.typed("email"), form.typed("password"))
    except TooManyTriesError as error:
        response = _sign_in_page(request, form.refused(error), status=HTTPStatus.TOO_MANY_REQUESTS)
        response.headers["Retry-After"] = str(int(TRIES_WINDOW.total_seconds()))
        return response
    except SignInError as error:
        return _sign_in_page(request, form.refused(error), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return enter(request, signed_in, to=wanted_address(request, otherwise=first_screen(signed_in)))


def _sign_in_page(request: HttpRequest, form: AccountForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    context = {
        "form": form,
        "next": wanted_address(request, otherwise=""),
        "is_set_up": is_set_up(),
        "has_relay": can_send_email(),
        "can_have_passkeys": site_of(request).can_have_passkeys,
    }
    return render(request, "web/account/sign_in.html", context, status=status)


@access(Rule.PUBLIC)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("sign-in")


@access(Rule.LINK_HOLDER)
@sensitive_post_parameters()
@require_http_methods(_PAGE)
def setup(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address before anything is shown, so that it is in no history and no referrer."""
    if claim_set_up_link(token) is None:
        response = _no_link(request)
    elif request.method == "POST":
        response = _set_up(request)
    else:
        request.session[_LINK] = token
        response = redirect("setup-form")
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@access(Rule.LINK_HOLDER)
@sensitive_post_parameters()
@require_http_methods(_PAGE)
def setup_form(request: HttpRequest) -> HttpResponse:
    if claim_set_up_link(request.session.get(_LINK, "")) is None:
        return _no_link(request)
    if request.method == "POST":
        return _set_up(request)
    return render(request, "web/account/set_up.html", {"form": SetUpForm()})


def _set_up(request: HttpRequest) -> HttpResponse:
    form = SetUpForm(request.POST)
    try:
        set_up(
            practice_name=form.typed("practice_name"),
            person_name=form.typed("person_name"),
            email=form.typed("email"),
            password=form.typed("password"),
            language=translation.get_language() or "",
        )
        user = authenticate(form.typed("email"), form.typed("password"))
    except InvalidError as error:
        context = {"form": form.refused(error)}
        return render(request, "web/account/set_up.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except LiasseError:
        return _no_link(request)
    return enter(request, user, to=first_screen(user))


def _no_link(request: HttpRequest) -> HttpResponse:
    context = {"is_set_up": is_set_up()}
    return render(request, "web/account/no_link.html", context, status=HTTPStatus.NOT_FOUND)


@access(Rule.PUBLIC)
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("language", "")
    response = redirect(wanted_address(request, otherwise="/"))
    if chosen in dict(settings.LANGUAGES):
        _keep(request, language=chosen)
        remember(response, cookie=settings.LANGUAGE_COOKIE_NAME, value=chosen)
    return response


@access(Rule.PUBLIC)
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("theme", "")
    response = redirect(wanted_address(request, otherwise="/"))
    if chosen in {"system", *THEMES}:
        value = chosen if chosen in THEMES else ""
        _keep(request, theme=value)
        remember(response, cookie=settings.THEME_COOKIE_NAME, value=value)
    return response


def _keep(request: HttpRequest, **chosen: str) -> None:
    user = request.user
    if user.is_authenticated:
        set_preferences(user, **chosen)


@access(Rule.SIGNED_IN)
@require_POST
def practice_switch(request: PersonRequest, practice_id: UUID) -> HttpResponse:
    if practice_id not in {practice.id for practice in practices_of_user(request.user.id)}:
        raise Http404
    request.session["practice"] = str(practice_id)
    return redirect("clients")


@access(Rule.SIGNED_IN)
@require_http_methods(_PAGE)
def profile(request: PersonRequest) -> HttpResponse:
    if request.method != "POST":
        return _profile_page(request)
    form = ProfileForm(request.POST)
    chosen = form.typed("language")
    try:
        set_preferences(request.user, name=form.typed("name"), language=chosen)
    except InvalidError as error:
        return _profile_page(request, form=form.refused(error))
    with translation.override(chosen or translation.get_language()):
        messages.success(request, _("Saved."))
    response = redirect("profile")
    remember(response, cookie=settings.LANGUAGE_COOKIE_NAME, value=chosen)
    return response


@access(Rule.SIGNED_IN)
@sensitive_post_parameters()
@require_http_methods(_PAGE)
def password(request: PersonRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect("profile")
    form = PasswordForm(request.POST)
    try:
        current = form.typed("current") if is_password_asked(request, request.user) else None
        user = change_password(request.user, current=current, new=form.typed("new"))
    except LiasseError as error:
        return _profile_page(request, password_form=form.refused(error))
    former = request.session.session_key
    update_session_auth_hash(request, user)
    rekeyed(request.session, former=former)
    end_others(user, here=request.session.session_key)
    tell_password_changed(user)
    messages.success(request, _("Your password was changed. Your other sessions were signed out."))
    return redirect("profile")


def _profile_page(
    request: PersonRequest, *, form: AccountForm | None = None, password_form: AccountForm | None = None
) -> HttpResponse:
    user = request.user
    language_now = user.language or translation.get_language()
    context: dict[str, Any] = {
        "form": form or ProfileForm(initial={"name": user.name, "language": language_now}),
        "password_form": password_form or PasswordForm(),
        "asks_password": is_password_asked(request, user),
        "practices": practices_of_user(user.id),
        "here": request.actor.practice_id,
        "has_files": request.actor.is_colleague and bool(files_of_member_user(user.id)),
        "frame": "ui/shell.html" if request.actor.is_colleague else "ui/plain.html",
        "first_screen": first_screen(user),
        "profile_address": request.path,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form or password_form else HTTPStatus.OK
    return render(request, "web/account/profile.html", context, status=status)

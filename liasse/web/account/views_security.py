"""Sign-in and security: the second factor, passkeys, recovery codes, and where one is signed in."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liasse.core.access import Rule, access
from liasse.core.errors import LiasseError
from liasse.identity import factors, passkeys, sessions
from liasse.identity.sealing import seal, unseal
from liasse.messaging.services import can_send_email
from liasse.practices.logins import factor_due_of, owes_factor
from liasse.web.account.agents import described
from liasse.web.account.entering import keep_begun, site_of, take_begun
from liasse.web.account.forms import AppForm, PasskeyForm
from liasse.web.account.mails import tell_factor_changed
from liasse.web.account.places import first_screen
from liasse.web.account.views_ways import refusal_status
from liasse.web.requests import PersonRequest

_PAGE = ["GET", "HEAD", "POST"]
_OFFER: Final = "app-offer"
_OFFER_HOLDS: Final = 60 * 60
_FILE_NAME: Final = "liasse-recovery-codes.txt"


@access(Rule.SIGNED_IN)
@require_safe
def security(request: PersonRequest) -> HttpResponse:
    return security_page(request)


def security_page(request: PersonRequest, *, status: int = HTTPStatus.OK, **more: Any) -> HttpResponse:  # noqa: ANN401 - a template's context
    """Give the page, with a form that was refused in its place."""
    user = request.user
    practice = getattr(request, "practice", None)
    due = None if user.has_factor else factor_due_of(user)
    context = {
        "frame": frame_of(request),
        "has_app": factors.has_app(user),
        "passkeys": passkeys.passkeys_of(user),
        "passkey_form": PasskeyForm(),
        "site": site_of(request),
        "count_codes": factors.count_recovery_codes(user) if user.has_factor else 0,
        "due": due,
        "is_owed": practice is not None and owes_factor(user, practice=practice, actor=request.actor),
        "places": _places(request),
        "has_relay": can_send_email(),
        "first_screen": first_screen(user),
        **more,
    }
    return render(request, "web/account/security.html", context, status=status)


def frame_of(request: PersonRequest) -> str:
    """Give the frame of a person's own pages: the practice's for its people, a plain one for others."""
    return "ui/shell.html" if request.actor.is_colleague else "ui/plain.html"


def _places(request: PersonRequest) -> list[dict[str, Any]]:
    found = sessions.places_of(request.user, here=request.session.session_key)
    return [{"place": place, "device": described(place.agent)} for place in found]


# ---------------------------------------------------------------------------------------------------- the app


@access(Rule.SIGNED_IN, is_sensitive=True)
@sensitive_post_parameters()
@require_http_methods(_PAGE)
def app(request: PersonRequest) -> HttpResponse:
    """Show a seed, and bind the app that shows its code. The seed travels sealed, and is kept once it is proved."""
    user = request.user
    if request.method != "POST":
        seed = factors.new_seed()
        return _app_page(request, AppForm(initial={"offer": seal(f"{_OFFER} {user.id} {seed}")}), seed=seed)
    form = AppForm(request.POST)
    mark, _blank, seed = unseal(form.typed("offer"), within=_OFFER_HOLDS).rpartition(" ")
    if mark != f"{_OFFER} {user.id}":
        return redirect("security-app")
    try:
        factors.add_app(user, seed=seed, code=form.typed("code"))
    except LiasseError as error:
        return _app_page(request, form.refused(error), seed=seed, status=refusal_status(error))
    return _factor_added(request, _("Your app is set up."))


def _app_page(request: PersonRequest, form: AppForm, *, seed: str, status: int = HTTPStatus.OK) -> HttpResponse:
    address = factors.seed_address(seed, user=request.user)
    groups = " ".join(seed[start : start + 4] for start in range(0, len(seed), 4))
    context = {
        "frame": frame_of(request),
        "form": form,
        "seed": groups,
        "address": address,
        "picture": factors.seed_picture(address),
    }
    return render(request, "web/account/app.html", context, status=status)


@access(Rule.SIGNED_IN, is_sensitive=True)
@require_POST
def app_remove(request: PersonRequest) -> HttpResponse:
    factors.remove_app(request.user)
    return _changed(request, _("Your app was removed."))


def _factor_added(request: PersonRequest, text: str) -> HttpResponse:
    """Show fresh recovery codes with the first factor; a further one leaves those that are there."""
    tell_factor_changed(request.user)
    if factors.count_recovery_codes(request.user):
        messages.success(request, text)
        return redirect("security")
    return _codes_page(request, text=text)


def _changed(request: PersonRequest, text: str) -> HttpResponse:
    tell_factor_changed(request.user)
    messages.success(request, text)
    return redirect("security")


# --------------------------------------------------------------------------------------------- recovery codes


@access(Rule.SIGNED_IN, is_sensitive=True)
@require_POST
def recovery(request: PersonRequest) -> HttpResponse:
    try:
        response = _codes_page(request, text="")
    except LiasseError as error:
        messages.error(request, str(error.sentence))
        return redirect("security")
    tell_factor_changed(request.user)
    return response


def _codes_page(request: PersonRequest, *, text: str) -> HttpResponse:
    made = factors.new_recovery_codes(request.user)
    context = {"frame": frame_of(request), "codes": made, "said": text, "first_screen": first_screen(request.user)}
    return render(request, "web/account/recovery.html", context)


@access(Rule.SIGNED_IN)
@sensitive_post_parameters()
@require_POST
def recovery_file(request: PersonRequest) -> HttpResponse:
    """Give the codes that the page shows as a file; the page says them, since they are kept nowhere."""
    said = request.POST.getlist("code")[: factors.RECOVERY_CODES]
    known = factors.open_recovery_codes(request.user, said)
    heading = _("Recovery codes of %(email)s for Liasse. Each works once.") % {"email": request.user.email}
    response = HttpResponse("\n".join([heading, "", *known, ""]), content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{_FILE_NAME}"'
    return response


# --------------------------------------------------------------------------------------------------- passkeys


@access(Rule.SIGNED_IN, is_sensitive=True)
@require_POST
def passkey_begin(request: PersonRequest) -> JsonResponse:
    """Give what the browser asks for a new passkey."""
    begun = passkeys.begin_adding(request.user, site=site_of(request))
    return JsonResponse(keep_begun(request, begun))


@access(Rule.SIGNED_IN, is_sensitive=True)
@sensitive_post_parameters()
@require_POST
def passkey_add(request: PersonRequest) -> HttpResponse:
    form = PasskeyForm(request.POST)
    try:
        passkeys.add(
            request.user,
            site=site_of(request),
            state=take_begun(request),
            answer=form.typed("credential"),
            name=form.typed("name"),
        )
    except LiasseError as error:
        return security_page(request, status=refusal_status(error), passkey_form=form.refused(error))
    return _factor_added(request, _("Your passkey is set up."))


@access(Rule.SIGNED_IN, is_sensitive=True)
@require_http_methods(_PAGE)
def passkey(request: PersonRequest, passkey_id: UUID) -> HttpResponse:
    """Name a passkey, on a page of its own."""
    found = next((one for one in passkeys.passkeys_of(request.user) if one.id == passkey_id), None)
    if found is None:
        raise Http404
    action = reverse("passkey", args=[passkey_id])
    context: dict[str, Any] = {"frame": frame_of(request), "passkey": found, "action": action}
    if request.method != "POST":
        return render(
            request, "web/account/passkey.html", {**context, "form": PasskeyForm(initial={"name": found.name})}
        )
    form = PasskeyForm(request.POST)
    try:
        passkeys.rename(request.user, passkey_id=passkey_id, name=form.typed("name"))
    except LiasseError as error:
        context["form"] = form.refused(error)
        return render(request, "web/account/passkey.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("Saved."))
    return redirect("security")


@access(Rule.SIGNED_IN, is_sensitive=True)
@require_POST
def passkey_remove(request: PersonRequest, passkey_id: UUID) -> HttpResponse:
    if not passkeys.remove(request.user, passkey_id=passkey_id):
        raise Http404
    return _changed(request, _("The passkey was removed."))


# --------------------------------------------------------------------------------------------------- sessions


@access(Rule.SIGNED_IN, is_sensitive=True)
@require_POST
def session_end(request: PersonRequest, place_id: UUID) -> HttpResponse:
    if not sessions.end(request.user, place_id=place_id):
        raise Http404
    messages.success(request, _("Signed out there."))
    return redirect("security")


@access(Rule.SIGNED_IN, is_sensitive=True)
@require_POST
def sessions_end(request: PersonRequest) -> HttpResponse:
    count = sessions.end_others(request.user, here=request.session.session_key)
    text = ngettext("Signed out in %(count)d other place.", "Signed out in %(count)d other places.", count)
    messages.success(request, text % {"count": count})
    return redirect("security")

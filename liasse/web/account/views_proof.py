"""Proving oneself again before something sensitive, and changing one's address."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from liasse.clients.logins import follow_member_address
from liasse.core.access import Rule, access
from liasse.core.errors import LiasseError
from liasse.identity import codes, passkeys
from liasse.identity.codes import Purpose
from liasse.identity.services import require_password
from liasse.identity.sessions import client_address, end_others
from liasse.messaging.services import can_send_email
from liasse.practices.logins import follow_address
from liasse.web.account import mails
from liasse.web.account.entering import BY_CODE, BY_PASSKEY, BY_PASSWORD, note_proof, site_of, take_begun
from liasse.web.account.forms import AccountForm, AddressForm, CodeForm, ProofForm
from liasse.web.account.places import first_screen, wanted_address
from liasse.web.account.views_security import frame_of
from liasse.web.account.views_ways import refusal_status
from liasse.web.requests import PersonRequest

_PAGE = ["GET", "HEAD", "POST"]
_ASKED: Final = "proof-code"
_ADDRESS: Final = "address-code"


@access(Rule.SIGNED_IN)
@sensitive_post_parameters()
@require_http_methods(_PAGE)
def prove(request: PersonRequest) -> HttpResponse:
    """Take the password, a passkey or a code sent by email, and lead back to what was wanted."""
    if request.method != "POST":
        return _page(request)
    way = request.POST.get("way", BY_PASSWORD)
    form: AccountForm = CodeForm(request.POST) if way == BY_CODE else ProofForm(request.POST)
    try:
        _check(request, form, way=way)
    except LiasseError as error:
        refused = form.refused(error)
        return _page(request, status=refusal_status(error), **{"code_form" if way == BY_CODE else "form": refused})
    note_proof(request, by=way if way in {BY_CODE, BY_PASSKEY} else BY_PASSWORD)
    return redirect(wanted_address(request, otherwise=first_screen(request.user)))


def _check(request: PersonRequest, form: AccountForm, *, way: str) -> None:
    user = request.user
    if way == BY_PASSKEY:
        answer = form.typed("credential")
        passkeys.prove(site=site_of(request), state=take_begun(request), answer=answer, user=user)
    elif way == BY_CODE:
        codes.take(request.session.get(_ASKED), purpose=Purpose.PROOF, typed=form.typed("code"), user=user)
        request.session.pop(_ASKED, None)
    else:
        require_password(user, password=form.typed("password"))


@access(Rule.SIGNED_IN)
@require_POST
def prove_code(request: PersonRequest) -> HttpResponse:
    """Send a code to the person's own address."""
    if not can_send_email():
        return _page(request)
    try:
        asked = codes.ask_proof(request.user, place=client_address(request))
    except LiasseError as error:
        return _page(request, code_form=CodeForm({}).refused(error), status=refusal_status(error))
    mails.send_code(asked)
    request.session[_ASKED] = str(asked.code.id)
    return _page(request)


def _page(request: PersonRequest, *, status: int = HTTPStatus.OK, **forms: AccountForm) -> HttpResponse:
    user = request.user
    site = site_of(request)
    context = {
        "frame": frame_of(request),
        "form": ProofForm(),
        "code_form": CodeForm(),
        "was_sent": _ASKED in request.session,
        "next": wanted_address(request, otherwise=""),
        "has_password": user.has_usable_password(),
        "has_passkey": site.can_have_passkeys and any(one.site == site.name for one in passkeys.passkeys_of(user)),
        "has_relay": can_send_email(),
        **forms,
    }
    return render(request, "web/account/prove.html", context, status=status)


@access(Rule.SIGNED_IN, is_sensitive=True)
@require_http_methods(_PAGE)
def address(request: PersonRequest) -> HttpResponse:
    """Ask for a new address, to which a code goes; the old one holds until the code is typed."""
    if request.method != "POST" or not can_send_email():
        return _address_page(request, AddressForm())
    form = AddressForm(request.POST)
    try:
        asked = codes.ask_address(request.user, email=form.typed("email"), place=client_address(request))
    except LiasseError as error:
        return _address_page(request, form.refused(error), status=refusal_status(error))
    mails.send_code(asked)
    request.session[_ADDRESS] = str(asked.code.id)
    return redirect("address-check")


def _address_page(request: PersonRequest, form: AccountForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    context = {"frame": frame_of(request), "form": form, "has_relay": can_send_email()}
    return render(request, "web/account/address.html", context, status=status)


@access(Rule.SIGNED_IN, is_sensitive=True)
@require_http_methods(_PAGE)
def address_check(request: PersonRequest) -> HttpResponse:
    asked = request.session.get(_ADDRESS)
    if asked is None:
        return redirect("address")
    context = {"frame": frame_of(request), "form": CodeForm()}
    if request.method != "POST":
        return render(request, "web/account/address_check.html", context)
    form = CodeForm(request.POST)
    try:
        former = codes.change_address(request.user, code_id=asked, typed=form.typed("code"))
    except LiasseError as error:
        context["form"] = form.refused(error)
        return render(request, "web/account/address_check.html", context, status=refusal_status(error))
    del request.session[_ADDRESS]
    follow_address(request.user, former=former)
    follow_member_address(request.user, former=former)
    end_others(request.user, here=request.session.session_key)
    mails.tell_address_changed(request.user, former=former)
    messages.success(request, _("Your address was changed. Your other sessions were signed out."))
    return redirect("security")

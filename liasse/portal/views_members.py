"""Utilisateurs, on the client's side: those who run a file's users add, invite, change and take out people."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from liasse.clients.member_rights import roles_in_reach
from liasse.clients.models import Member
from liasse.clients.people import change_member
from liasse.clients.selectors import member_of_file, members_of
from liasse.clients.sentences import MEMBER_ROLES, member_status_label
from liasse.clients.types import MemberStatus
from liasse.core.access import Rule, access
from liasse.core.errors import InvalidError, LiasseError
from liasse.documents.leaving import count_owned, heirs_of, take_out
from liasse.invitations.opening import (
    add_and_invite,
    invite_known,
    is_on_its_way,
    resend_to,
    withdraw_from,
)
from liasse.invitations.standing import standing_of, standings_of_members
from liasse.portal.forms_members import HeirForm, PersonForm
from liasse.portal.requests import MemberRequest
from liasse.ui.errors import of_error

_PAGE: Final = ["GET", "HEAD", "POST"]
_UNPROCESSABLE: Final = 422
_NOT_IN: Final = {MemberStatus.NO_LOGIN, MemberStatus.INVITED}
_TONES: Final = {MemberStatus.INVITED: "info", MemberStatus.ACTIVE: "ok", MemberStatus.SUSPENDED: "warn"}


@access(Rule.FILE_PEOPLE)
@require_safe
def members(request: MemberRequest, file_id: UUID) -> HttpResponse:
    del file_id
    file = request.client_file
    found, reach = standings_of_members(file), roles_in_reach(file, actor=request.actor)
    rows = [
        {
            "member": member,
            "role": MEMBER_ROLES.get(member.role, ""),
            "status": member_status_label(member.status),
            "tone": _TONES.get(MemberStatus(member.status), "neutral"),
            "standing": found.get(member.id) if member.status in _NOT_IN else None,
            "is_self": member.id == request.member.id,
            "in_reach": member.role in reach,
        }
        for member in members_of(file)
    ]
    template = "portal/members_list.html" if request.htmx else "portal/members.html"
    return render(request, template, {"client_file": file, "rows": rows})


def _member(request: MemberRequest, member_id: UUID) -> Member:
    """Give a person of the file; those who are out of reach are shown on the list and no more."""
    member = member_of_file(request.client_file, member_id=member_id)
    if member is None:
        raise Http404
    return member


def _form(request: MemberRequest, **kwargs: Any) -> PersonForm:  # noqa: ANN401 - a form's own arguments
    reach = roles_in_reach(request.client_file, actor=request.actor)
    return PersonForm(roles={role: label for role, label in MEMBER_ROLES.items() if role in reach}, **kwargs)


@access(Rule.FILE_PEOPLE)
@require_http_methods(_PAGE)
def add(request: MemberRequest, file_id: UUID) -> HttpResponse:
    action = reverse("portal-member-add", args=[file_id])
    if request.method != "POST":
        form = _form(request, initial={"role": "standard", "invites": True})
        return _ask(request, "form", form=form, action=action)
    form = _form(request, data=request.POST)
    try:
        member, invitation = add_and_invite(
            request.client_file, typed=form.typed(), invites="invites" in request.POST, actor=request.actor
        )
    except InvalidError as error:
        return _ask(request, "form", form=form.refused(error), action=action)
    except LiasseError as error:
        return _refused(request, error)
    said = _("%(name)s is a user of this file.") % {"name": member.name}
    return _done(request, f"{said} {_sent_text(is_on_its_way(invitation))}" if invitation else said)


@access(Rule.FILE_PEOPLE)
@require_http_methods(_PAGE)
def change(request: MemberRequest, file_id: UUID, member_id: UUID) -> HttpResponse:
    member = _member(request, member_id)
    action = reverse("portal-member", args=[file_id, member.id])
    if request.method != "POST":
        return _ask(request, "form", form=_form(request, initial=_words(member)), action=action, member=member)
    form = _form(request, data=request.POST)
    try:
        change_member(member, typed=form.typed(phone=member.phone), actor=request.actor)
    except InvalidError as error:
        return _ask(request, "form", form=form.refused(error), action=action, member=member)
    except LiasseError as error:
        return _refused(request, error)
    return _done(request, _("Saved."))


def _words(member: Member) -> dict[str, str | bool]:
    return {
        "name": member.name,
        "email": member.email,
        "role": member.role,
        "can_see_all": member.can_see_all,
        "employee_code": member.employee_code,
    }


@access(Rule.FILE_PEOPLE)
@require_POST
def invite(request: MemberRequest, file_id: UUID, member_id: UUID) -> HttpResponse:
    """Invite somebody who is in the file without a login, by email; the documents stay theirs."""
    del file_id
    try:
        invitation = invite_known(_member(request, member_id), actor=request.actor)
    except LiasseError as error:
        return _refused(request, error)
    return _done(request, _sent_text(is_on_its_way(invitation)))


@access(Rule.FILE_PEOPLE)
@require_POST
def resend(request: MemberRequest, file_id: UUID, member_id: UUID) -> HttpResponse:
    del file_id
    try:
        invitation = resend_to(_member(request, member_id), actor=request.actor)
    except LiasseError as error:
        return _refused(request, error)
    return _done(request, _sent_text(is_on_its_way(invitation)))


@access(Rule.FILE_PEOPLE)
@require_POST
def revoke(request: MemberRequest, file_id: UUID, member_id: UUID) -> HttpResponse:
    del file_id
    member = _member(request, member_id)
    try:
        withdraw_from(member, actor=request.actor)
    except LiasseError as error:
        return _refused(request, error)
    return _done(request, _("The invitation of %(name)s is cancelled.") % {"name": member.name})


@access(Rule.FILE_PEOPLE)
@require_safe
def link(request: MemberRequest, file_id: UUID, member_id: UUID) -> HttpResponse:
    """Show the secret link of an open invitation to those who may send it."""
    del file_id
    member = _member(request, member_id)
    standing = standing_of(member)
    if standing is None or not standing.link or member.role not in _reach(request):
        raise Http404
    return _ask(request, "link", member=member, standing=standing)


def _reach(request: MemberRequest) -> frozenset[str]:
    return frozenset(str(role) for role in roles_in_reach(request.client_file, actor=request.actor))


@access(Rule.FILE_PEOPLE)
@require_http_methods(_PAGE)
def remove(request: MemberRequest, file_id: UUID, member_id: UUID) -> HttpResponse:
    """Take somebody out of the file; whatever they own goes to another. Whoever takes themselves out leaves."""
    member = _member(request, member_id)
    heirs = heirs_of(request.client_file, leaving=member)
    context = {
        "member": member,
        "count": count_owned(member) if member.role in _reach(request) else 0,
        "action": reverse("portal-member-remove", args=[file_id, member.id]),
        "is_self": member.id == request.member.id,
    }
    if request.method != "POST":
        return _ask(request, "remove", form=HeirForm(heirs=heirs), **context)
    form = HeirForm(request.POST, heirs=heirs)
    try:
        take_out(member, heir_id=form.heir_id(), actor=request.actor)
    except InvalidError as error:
        return _ask(request, "remove", form=form.refused(error), **context)
    except LiasseError as error:
        return _refused(request, error)
    if context["is_self"]:
        return redirect("portal-home")
    return _done(request, _("%(name)s has no access to this file any more.") % {"name": member.name})


def _sent_text(is_on_its_way: bool) -> str:  # noqa: FBT001 - the answer of one question
    if is_on_its_way:
        return _("The invitation is on its way.")
    return _("The invitation cannot leave by itself here. Its link can be copied.")


def _refused(request: MemberRequest, error: LiasseError) -> HttpResponse:
    """Say why nothing was done: in the window, or on the list it was asked from."""
    if request.htmx:
        return of_error(request, error)
    messages.error(request, error.sentence)
    return redirect("portal-members", request.client_file.id)


def _ask(
    request: MemberRequest,
    what: str,
    *,
    form: PersonForm | HeirForm | None = None,
    **more: Any,  # noqa: ANN401 - a template's context
) -> HttpResponse:
    window = f"portal/member_{what}.html"
    context = {"client_file": request.client_file, "form": form, "window": window, "title": _("Users"), **more}
    status = _UNPROCESSABLE if form is not None and form.is_refused else 200
    return render(request, window if request.htmx else "portal/window_page.html", context, status=status)


def _done(request: MemberRequest, text: str) -> HttpResponse:
    if not request.htmx:
        messages.success(request, text)
        return redirect("portal-members", request.client_file.id)
    response = trigger_client_event(HttpResponse(), "close-dialog", {})
    response = trigger_client_event(response, "toast", {"text": text})
    return trigger_client_event(response, "members-changed", {}, after="settle")

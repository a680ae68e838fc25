"""Utilisateurs du dossier: the people of the client, with or without a login, and their invitations."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liasse.clients.email_use import EmailUse, check_email
from liasse.clients.models import Member
from liasse.clients.people import MemberForm, add_member, change_member
from liasse.clients.rules import readable_phone
from liasse.clients.selectors import member_of_file, members_of
from liasse.clients.sentences import MEMBER_ROLES, member_status_label
from liasse.clients.types import MemberStatus
from liasse.core.access import Rule, access
from liasse.core.errors import InvalidError, LiasseError
from liasse.invitations.models import Invitation
from liasse.invitations.opening import (
    clean_invitation,
    invite_person,
    is_on_its_way,
    is_sms_offered,
    resend_to,
    withdraw_from,
)
from liasse.invitations.standing import standing_of, standings_of_members
from liasse.lib.people import normal_email
from liasse.ui.errors import of_error
from liasse.web.requests import FileRequest
from liasse.web.settings import screen
from liasse.web.settings.forms_members import InviteForm, PersonForm
from liasse.web.settings.windows_members import ask, done

_NOT_IN = {MemberStatus.NO_LOGIN, MemberStatus.INVITED}
_TONES = {
    MemberStatus.NO_LOGIN: "neutral",
    MemberStatus.INVITED: "info",
    MemberStatus.ACTIVE: "ok",
    MemberStatus.SUSPENDED: "warn",
    MemberStatus.LEFT: "neutral",
}


@access(Rule.FILE_MANAGE)
@require_safe
def members(request: FileRequest, file_id: UUID) -> HttpResponse:
    del file_id
    template = "web/settings/members_list.html" if request.htmx else "web/settings/members.html"
    return render(request, template, _list(request))


def _list(request: FileRequest) -> dict[str, Any]:
    file = request.client_file
    found = standings_of_members(file)
    rows = [
        {
            "member": member,
            "phone": readable_phone(member.phone) if member.phone else "",
            "role": MEMBER_ROLES.get(member.role, ""),
            "status": member_status_label(member.status),
            "tone": _TONES.get(MemberStatus(member.status), "neutral"),
            "standing": found.get(member.id) if member.status in _NOT_IN else None,
            "was_invited": member.id in found,
            "may_invite": member.status == MemberStatus.NO_LOGIN,
        }
        for member in members_of(file)
    ]
    return {
        "client_file": file,
        "crumbs": screen.crumbs(file),
        "tabs": screen.tabs(file, current="file-members"),
        "rows": rows,
    }


def _member(request: FileRequest, member_id: UUID) -> Member:
    member = member_of_file(request.client_file, member_id=member_id)
    if member is None:
        raise Http404
    return member


@access(Rule.FILE_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: FileRequest, file_id: UUID) -> HttpResponse:
    del file_id
    action = reverse("file-member-add", args=[request.client_file.id])
    if request.method != "POST":
        return ask(
            request, "web/settings/member_form.html", form=PersonForm(initial={"role": "standard"}), action=action
        )
    form = PersonForm(request.POST)
    try:
        member = add_member(request.client_file, typed=_typed(form), actor=request.actor)
    except InvalidError as error:
        return ask(request, "web/settings/member_form.html", form=form.refused(error), action=action)
    return done(request, _("%(name)s is a user of this file.") % {"name": member.name})


@access(Rule.FILE_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: FileRequest, file_id: UUID, member_id: UUID) -> HttpResponse:
    del file_id
    member = _member(request, member_id)
    action = reverse("file-member", args=[request.client_file.id, member.id])
    if request.method != "POST":
        form = PersonForm(initial=_words(member))
        return ask(request, "web/settings/member_form.html", form=form, action=action, member=member)
    form = PersonForm(request.POST)
    try:
        change_member(member, typed=_typed(form), actor=request.actor)
    except InvalidError as error:
        return ask(request, "web/settings/member_form.html", form=form.refused(error), action=action, member=member)
    return done(request, _("Saved."))


def _words(member: Member) -> dict[str, str | bool]:
    phone = readable_phone(member.phone) if member.phone else ""
    return {
        "name": member.name,
        "email": member.email,
        "phone": phone,
        "role": member.role,
        "can_see_all": member.can_see_all,
        "employee_code": member.employee_code,
    }


def _typed(form: PersonForm) -> MemberForm:
    words = form.data
    return MemberForm(
        name=words.get("name", ""),
        email=words.get("email", ""),
        phone=words.get("phone", ""),
        role=words.get("role", ""),
        employee_code=words.get("employee_code", ""),
        can_see_all="can_see_all" in words,
    )


@access(Rule.FILE_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: FileRequest, file_id: UUID, member_id: UUID) -> HttpResponse:
    """Invite somebody who is in the file already: the same row gains the login and keeps its documents."""
    del file_id
    member = _member(request, member_id)
    action = reverse("file-member-invite", args=[request.client_file.id, member.id])
    has_sms = is_sms_offered()
    if request.method != "POST":
        form = InviteForm(initial=_words(member) | {"by_email": True, "by_sms": False}, has_sms=has_sms)
        return ask(request, "web/settings/invite.html", form=form, action=action, member=member)
    form = InviteForm(request.POST, has_sms=has_sms)
    words = form.data
    typed = MemberForm(
        name=words.get("name", ""), email=words.get("email", ""), phone=words.get("phone", ""), role=member.role
    )
    ways = {"by_email": "by_email" in words, "by_sms": has_sms and "by_sms" in words}
    try:
        clean_invitation(member, typed=typed, actor=request.actor, **ways)
        if warned := _look_up_email(request, typed.email):
            return ask(request, "web/settings/invite.html", form=form, action=action, member=member, warned=warned)
        invitation = invite_person(member, typed=typed, actor=request.actor, **ways)
    except InvalidError as error:
        return ask(request, "web/settings/invite.html", form=form.refused(error), action=action, member=member)
    except LiasseError as error:
        return of_error(request, error)
    return done(request, _sent_text(invitation))


def _look_up_email(request: FileRequest, email: str) -> str:
    """Give an address that another client's account uses, unless this window warned of it already.

    Whoever asked too often within the hour is told nothing, and invites without a warning.
    """
    normal = normal_email(email)
    if request.POST.get("warned") == normal:
        return ""
    use = check_email(normal, actor=request.actor, client_file=request.client_file)
    return normal if use is EmailUse.IN_USE else ""


@access(Rule.FILE_MANAGE)
@require_POST
def resend(request: FileRequest, file_id: UUID, member_id: UUID) -> HttpResponse:
    del file_id
    member = _member(request, member_id)
    try:
        invitation = resend_to(member, actor=request.actor)
    except LiasseError as error:
        return of_error(request, error)
    return done(request, _sent_text(invitation))


@access(Rule.FILE_MANAGE)
@require_POST
def revoke(request: FileRequest, file_id: UUID, member_id: UUID) -> HttpResponse:
    """End an open invitation: the person stays a user of the file, without a login."""
    del file_id
    member = _member(request, member_id)
    try:
        withdraw_from(member, actor=request.actor)
    except LiasseError as error:
        return of_error(request, error)
    return done(request, _("The invitation of %(name)s is cancelled.") % {"name": member.name})


def _sent_text(invitation: Invitation) -> str:
    if is_on_its_way(invitation):
        return _("The invitation is on its way.")
    return _("The invitation waits in the outbox: no mail relay is set up. Its link can be copied.")


@access(Rule.FILE_MANAGE)
@require_safe
def link(request: FileRequest, file_id: UUID, member_id: UUID) -> HttpResponse:
    """Show the secret link of an open invitation, for a firm that hands it over by itself."""
    del file_id
    member = _member(request, member_id)
    standing = standing_of(member)
    if standing is None or not standing.link:
        raise Http404
    return ask(request, "web/settings/link.html", action="", member=member, standing=standing)

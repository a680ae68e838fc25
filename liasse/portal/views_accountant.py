"""Expert-comptable: which practice has the file; asking another in, answering one, or taking the access away."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget

from liasse.clients.reach import files_of_member_user
from liasse.clients.types import MemberRole
from liasse.core.access import Rule, access
from liasse.core.errors import ConflictError, ForbiddenError, InvalidError, NotThereError
from liasse.custody.answering import grant, refuse, request_to, requests_to
from liasse.custody.services import clean_address, give_access, take_access_away
from liasse.outside.sentences import engine_sentence
from liasse.portal.forms import AccountantForm
from liasse.portal.requests import MemberRequest
from liasse.ui.shell import FileLink

_UNPROCESSABLE: Final = 422


@access(Rule.FILE_OWNER)
@require_safe
def accountant(request: MemberRequest, file_id: UUID) -> HttpResponse:
    del file_id
    return _page(request, AccountantForm())


def _page(request: MemberRequest, form: AccountantForm, *, status: int = 200) -> HttpResponse:
    requests = requests_to(request.user.email, apart=request.practice.id)
    context = {
        "client_file": request.client_file,
        "practice": request.practice,
        "form": form,
        "requests": requests,
        "others": _other_files(request) if requests else [],
        "engine": engine_sentence(request.client_file),
    }
    return render(request, "portal/accountant.html", context, status=status)


def _other_files(request: MemberRequest) -> list[FileLink]:
    """Give the ways to the person's other files, any of which may be the one that is asked for."""
    return [
        FileLink(name=member.client_file.name, url=reverse("portal-accountant", args=[member.client_file_id]))
        for member in files_of_member_user(request.user.id)
        if member.role == MemberRole.ADMINISTRATOR and member.client_file_id != request.client_file.id
    ]


@access(Rule.FILE_OWNER, is_sensitive=True)
@require_POST
def allow(request: MemberRequest, file_id: UUID) -> HttpResponse:
    """Ask once more, saying what it means; the second time, do it and say the same whatever came of it."""
    form = AccountantForm(request.POST)
    email = request.POST.get("email", "")
    try:
        normal = clean_address(email)
        if "confirmed" not in request.POST:
            return _with_form(request, _ask(request, "allow", email=normal), email=normal)
        give_access(request.client_file, email=normal, actor=request.actor)
    except InvalidError as error:
        return _refused(request, form.refused(error))
    except ConflictError as error:
        messages.error(request, error.sentence)
    else:
        said = _("If %(email)s is the address of a colleague of a practice, that practice has access now.")
        messages.success(request, said % {"email": normal})
    return _to_page(request, file_id)


def _with_form(request: MemberRequest, response: HttpResponse, *, email: str) -> HttpResponse:
    """Take away what was wrong with the field on the page behind the window."""
    if request.htmx:
        form = AccountantForm(initial={"email": email})
        context = {"client_file": request.client_file, "form": form, "is_swapped": True}
        response.write(render_to_string("portal/accountant_form.html", context, request))
    return response


def _refused(request: MemberRequest, form: AccountantForm) -> HttpResponse:
    """Show what is wrong beside the field, on the page from which the window would have opened."""
    if not request.htmx:
        return _page(request, form, status=_UNPROCESSABLE)
    context = {"client_file": request.client_file, "form": form}
    response = render(request, "portal/accountant_form.html", context, status=_UNPROCESSABLE)
    return retarget(reswap(response, "outerHTML"), "#accountant-form")


@access(Rule.FILE_OWNER, is_sensitive=True)
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: MemberRequest, file_id: UUID) -> HttpResponse:
    if request.method != "POST":
        return _ask(request, "leave")
    name = request.practice.name
    try:
        take_access_away(request.client_file, actor=request.actor)
    except ConflictError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("%(practice)s has no access any more.") % {"practice": name})
    return _to_page(request, file_id)


@access(Rule.FILE_OWNER, is_sensitive=True)
@require_http_methods(["GET", "HEAD", "POST"])
def accept_request(request: MemberRequest, file_id: UUID, request_id: UUID) -> HttpResponse:
    """Give this file to a practice that asked for one."""
    del file_id
    return _answer_request(request, "accept", request_id=request_id)


@access(Rule.FILE_OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def refuse_request(request: MemberRequest, file_id: UUID, request_id: UUID) -> HttpResponse:
    """Say no to a practice that asked for a file."""
    del file_id
    return _answer_request(request, "refuse", request_id=request_id)


def _answer_request(request: MemberRequest, what: str, *, request_id: UUID) -> HttpResponse:
    """Ask once more, then do it; a request that ended meanwhile says how."""
    file = request.client_file
    try:
        found = request_to(file, request_id=request_id, email=request.user.email)
        if request.method != "POST":
            action = reverse(f"portal-request-{what}", args=[file.id, request_id])
            return _ask(request, what, action=action, asking=found)
        answer = grant if what == "accept" else refuse
        answer(file, request_id=request_id, actor=request.actor)
    except NotThereError as error:
        raise Http404 from error
    except (ConflictError, ForbiddenError) as error:
        messages.error(request, error.sentence)
    else:
        said = (
            _("%(practice)s has your file now.")
            if what == "accept"
            else _("You refused the request of %(practice)s. Nothing changed.")
        )
        messages.success(request, said % {"practice": found.practice.name})
    return _to_page(request, file.id)


def _ask(request: MemberRequest, what: str, *, action: str = "", **words: Any) -> HttpResponse:  # noqa: ANN401 - a template's own
    window = f"portal/accountant_{what}.html"
    context = {
        "client_file": request.client_file,
        "practice": request.practice,
        "action": action or reverse(f"portal-accountant-{what}", args=[request.client_file.id]),
        "window": window,
        "title": _("Accountant"),
        **words,
    }
    return render(request, window if request.htmx else "portal/window_page.html", context)


def _to_page(request: MemberRequest, file_id: UUID) -> HttpResponse:
    if request.htmx:
        return HttpResponseClientRedirect(reverse("portal-accountant", args=[file_id]))
    return redirect("portal-accountant", file_id)

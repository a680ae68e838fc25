"""Expert-comptable: which practice has the file; asking another in, or taking the access away."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget

from liasse.core.access import Rule, access
from liasse.core.errors import ConflictError, InvalidError
from liasse.custody.services import clean_address, give_access, take_access_away
from liasse.portal.forms import AccountantForm
from liasse.portal.requests import MemberRequest

_UNPROCESSABLE: Final = 422


@access(Rule.FILE_OWNER)
@require_safe
def accountant(request: MemberRequest, file_id: UUID) -> HttpResponse:
    del file_id
    return _page(request, AccountantForm())


def _page(request: MemberRequest, form: AccountantForm, *, status: int = 200) -> HttpResponse:
    context = {"client_file": request.client_file, "practice": request.practice, "form": form}
    return render(request, "portal/accountant.html", context, status=status)


@access(Rule.FILE_OWNER)
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


@access(Rule.FILE_OWNER)
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


def _ask(request: MemberRequest, what: str, *, email: str = "") -> HttpResponse:
    window = f"portal/accountant_{what}.html"
    context = {
        "client_file": request.client_file,
        "practice": request.practice,
        "email": email,
        "action": reverse(f"portal-accountant-{what}", args=[request.client_file.id]),
        "window": window,
        "title": _("Accountant"),
    }
    return render(request, window if request.htmx else "portal/window_page.html", context)


def _to_page(request: MemberRequest, file_id: UUID) -> HttpResponse:
    if request.htmx:
        return HttpResponseClientRedirect(reverse("portal-accountant", args=[file_id]))
    return redirect("portal-accountant", file_id)

"""Déposer: a client hands documents in; without scripts the form is sent here as a whole."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from liasse.clients.selectors import members_of
from liasse.core.access import Rule, access
from liasse.documents.sentences import SIDE_LABELS
from liasse.intake import depositors, uploads
from liasse.pipeline import deposits
from liasse.portal.requests import MemberRequest
from liasse.ui.hand_in import Sizes, Ways, form_of, say_taken
from liasse.ui.shell import HandIn


@access(Rule.FILE_MEMBER)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: MemberRequest, file_id: UUID) -> HttpResponse:
    """Show the form, on its page or in the window; take what it sends."""
    del file_id
    if request.method == "POST":
        return _take(request)
    context = {"hand_in": _form(request), "client_file": request.client_file}
    template = "ui/hand_in_window.html" if request.headers.get("HX-Request") else "portal/hand_in.html"
    return render(request, template, context)


def _form(request: MemberRequest) -> HandIn:
    file_id, limits, member = request.client_file.id, uploads.limits(), request.member
    others = members_of(request.client_file) if member.sees_all else []
    return form_of(
        Ways(
            action=reverse("portal-hand-in", args=[file_id]),
            uploads=reverse("portal-uploads", args=[file_id]),
            outcomes=reverse("portal-uploads-outcomes", args=[file_id]),
        ),
        who=f"{request.user.id}:{file_id}",
        sizes=Sizes(limits.file_bytes, limits.archive_bytes, uploads.megabytes),
        sides=SIDE_LABELS,
        owners=[(str(one.id), one.name) for one in others] if len(others) > 1 else [],
        owner=str(member.id),
    )


def _take(request: MemberRequest) -> HttpResponse:
    peer = str(request.META.get("REMOTE_ADDR", ""))
    depositor = depositors.person_of_client(request.client_file, member=request.member, peer=peer)
    taken = deposits.take_form(request.FILES.getlist("files"), request.POST.dict(), depositor=depositor)
    return redirect("portal-file" if say_taken(request, taken) else "portal-hand-in", file_id=request.client_file.id)

"""Déposer: a client hands documents in; without scripts the form is sent here as a whole."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from liasse.clients.selectors import members_of
from liasse.core.access import Rule, access
from liasse.documents.sentences import SIDE_LABELS
from liasse.intake import depositors, uploads
from liasse.lib.ids import uuid7
from liasse.pipeline import deposits
from liasse.portal.requests import MemberRequest
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
    owners = [(str(one.id), one.name) for one in others]
    return HandIn(
        action=reverse("portal-hand-in", args=[file_id]),
        uploads_url=reverse("portal-uploads", args=[file_id]),
        outcomes_url=reverse("portal-uploads-outcomes", args=[file_id]),
        who=f"{request.user.id}:{file_id}",
        key=str(uuid7()),
        limit=limits.file_bytes,
        limit_text=uploads.megabytes(limits.file_bytes),
        zip_limit=limits.archive_bytes,
        zip_limit_text=uploads.megabytes(limits.archive_bytes),
        sides=tuple((value, str(label)) for value, label in SIDE_LABELS.items()),
        owners=tuple(owners) if len(owners) > 1 else (),
        owner=str(member.id),
    )


def _take(request: MemberRequest) -> HttpResponse:
    files = request.FILES.getlist("files")
    peer = str(request.META.get("REMOTE_ADDR", ""))
    depositor = depositors.person_of_client(request.client_file, member=request.member, peer=peer)
    taken = deposits.take_form(files, request.POST.dict(), depositor=depositor)
    received = sum(one.receipt is not None for one in taken)
    if not files:
        messages.error(request, _("Choose at least one file."))
        return redirect("portal-hand-in", file_id=request.client_file.id)
    if received:
        text = ngettext("%(count)s file received.", "%(count)s files received.", received)
        messages.success(request, text % {"count": received})
    for one in taken:
        if one.sentence:
            messages.error(request, f"{one.filename} – {one.sentence}")
    return redirect("portal-file" if received else "portal-hand-in", file_id=request.client_file.id)

"""Ajouter des pièces: the form in the window or on its page; without scripts it is sent here as a whole."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from liasse.clients.selectors import members_of
from liasse.core.access import Rule, access
from liasse.documents.sentences import SIDE_LABELS
from liasse.intake import depositors, uploads
from liasse.pipeline import deposits
from liasse.ui.hand_in import Sizes, Ways, form_of, say_taken
from liasse.ui.shell import Crumb, HandIn
from liasse.web.requests import FileRequest


@access(Rule.FILE_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: FileRequest, file_id: UUID) -> HttpResponse:
    del file_id
    if request.method == "POST":
        return _take(request)
    context = {"hand_in": _form(request)}
    if request.headers.get("HX-Request"):
        return render(request, "ui/hand_in_window.html", context)
    crumbs = [Crumb(label=_("Inbox"), url=reverse("inbox", args=[request.client_file.id]))]
    return render(request, "web/hand_in/page.html", context | {"crumbs": crumbs})


def _form(request: FileRequest) -> HandIn:
    file_id, limits = request.client_file.id, uploads.limits()
    owners = [(str(member.id), member.name) for member in members_of(request.client_file)]
    return form_of(
        Ways(
            action=reverse("hand-in", args=[file_id]),
            uploads=reverse("uploads", args=[file_id]),
            outcomes=reverse("uploads-outcomes", args=[file_id]),
        ),
        who=f"{request.user.id}:{file_id}",
        sizes=Sizes(limits.file_bytes, limits.archive_bytes, uploads.megabytes),
        sides=SIDE_LABELS,
        owners=[("", _("Main contact")), *owners] if len(owners) > 1 else [],
    )


def _take(request: FileRequest) -> HttpResponse:
    peer = str(request.META.get("REMOTE_ADDR", ""))
    depositor = depositors.colleague(request.client_file, user_id=request.user.id, peer=peer)
    taken = deposits.take_form(request.FILES.getlist("files"), request.POST.dict(), depositor=depositor)
    return redirect("receipts" if say_taken(request, taken) else "hand-in", file_id=request.client_file.id)

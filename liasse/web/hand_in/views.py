"""Ajouter des pièces: the form in the window or on its page; without scripts it is sent here as a whole."""

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
    members = members_of(request.client_file)
    owners = [(str(member.id), member.name) for member in members]
    return HandIn(
        action=reverse("hand-in", args=[file_id]),
        uploads_url=reverse("uploads", args=[file_id]),
        outcomes_url=reverse("uploads-outcomes", args=[file_id]),
        who=f"{request.user.id}:{file_id}",
        key=str(uuid7()),
        limit=limits.file_bytes,
        limit_text=uploads.megabytes(limits.file_bytes),
        zip_limit=limits.archive_bytes,
        zip_limit_text=uploads.megabytes(limits.archive_bytes),
        sides=tuple((value, str(label)) for value, label in SIDE_LABELS.items()),
        owners=(("", _("Main contact")), *owners) if len(owners) > 1 else (),
    )


def _take(request: FileRequest) -> HttpResponse:
    files = request.FILES.getlist("files")
    peer = str(request.META.get("REMOTE_ADDR", ""))
    depositor = depositors.colleague(request.client_file, user_id=request.user.id, peer=peer)
    taken = deposits.take_form(files, request.POST.dict(), depositor=depositor)
    received = sum(one.receipt is not None for one in taken)
    if not files:
        messages.error(request, _("Choose at least one file."))
        return redirect("hand-in", file_id=request.client_file.id)
    if received:
        text = ngettext("%(count)s file received.", "%(count)s files received.", received)
        messages.success(request, text % {"count": received})
    for one in taken:
        if one.sentence:
            messages.error(request, f"{one.filename} – {one.sentence}")
    return redirect("receipts" if received else "hand-in", file_id=request.client_file.id)

"""Liens de dépôt: links and QR codes by which somebody without an account hands documents in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from liasse.core.access import Rule, access
from liasse.core.errors import InvalidError, NotThereError
from liasse.documents.sentences import SIDE_LABELS
from liasse.passes import links as passes
from liasse.passes.links import Standing
from liasse.passes.sentences import STATES
from liasse.passes.types import MIB, LinkState
from liasse.web.requests import FileRequest
from liasse.web.settings import screen

_BEGIN = {"request": "", "days": "14", "files": "20", "megabytes": "200", "side": "costs"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A link as the list draws it; its address and code only while it is of use."""

    standing: Standing
    label: str
    tone: str
    most_megabytes: int
    taken_megabytes: int
    address: str = ""
    qr: str = ""


@access(Rule.FILE_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def links(request: FileRequest, file_id: UUID) -> HttpResponse:
    """Show the file's links, or make one."""
    del file_id
    if request.method != "POST":
        return render(request, "web/links/links.html", _context(request))
    try:
        passes.make_link(request.client_file, words=request.POST.dict(), actor=request.actor)
    except InvalidError as error:
        context = _context(request, typed=request.POST.dict(), errors=error.fields)
        return render(request, "web/links/links.html", context, status=422)
    messages.success(request, _("The link is ready: copy it, or show its QR code."))
    return redirect("file-links", request.client_file.id)


@access(Rule.FILE_WORK)
@require_POST
def revoke(request: FileRequest, file_id: UUID, link_id: UUID) -> HttpResponse:
    del file_id
    try:
        passes.revoke_link(request.client_file, link_id=link_id, actor=request.actor)
    except NotThereError as error:
        raise Http404 from error
    messages.success(request, _("The link was withdrawn. What came by it stays."))
    return redirect("file-links", request.client_file.id)


def _context(
    request: FileRequest, *, typed: dict[str, str] | None = None, errors: dict[str, str] | None = None
) -> dict[str, Any]:
    file = request.client_file
    return {
        "client_file": file,
        "crumbs": screen.crumbs(file),
        "tabs": screen.tabs(file, current="file-links"),
        "links": [_shown(standing) for standing in passes.links_of(file)],
        "typed": _BEGIN | (typed or {}),
        "errors": errors or {},
        "sides": [(value, str(label)) for value, label in SIDE_LABELS.items()],
    }


def _shown(standing: Standing) -> Shown:
    label, tone = STATES[standing.state]
    shown = Shown(
        standing=standing,
        label=str(label),
        tone=tone,
        most_megabytes=standing.link.most_bytes // MIB,
        # What has begun counts: nothing that came is told as nothing.
        taken_megabytes=-(-standing.taken.size // MIB),
    )
    if standing.state in {LinkState.REVOKED, LinkState.EXPIRED}:
        return shown
    address = passes.address_of(standing.link)
    qr = segno.make(address, error="m").svg_data_uri(scale=4, border=3, light="#fff")
    return replace(shown, address=address, qr=qr)

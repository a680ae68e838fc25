"""Exporter le dossier: asking for the ZIP of a whole file, watching it being made, taking it away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import get_language, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from liasse.core.access import Rule, access
from liasse.core.errors import NotThereError
from liasse.custody import whole
from liasse.custody.models import WholeExport
from liasse.custody.types import ExportState
from liasse.documents.takeout import Reader
from liasse.web.proof import proof_wanted
from liasse.web.requests import FileRequest
from liasse.web.settings.screen import crumbs

_STATES: Final[dict[str, tuple[Promise, str]]] = {
    ExportState.ASKED: (pgettext_lazy("export", "waits"), "busy"),
    ExportState.UNDER_WAY: (pgettext_lazy("export", "being made"), "busy"),
    ExportState.READY: (pgettext_lazy("export", "ready"), "ok"),
    ExportState.FAILED: (pgettext_lazy("export", "failed"), "danger"),
    ExportState.EXPIRED: (pgettext_lazy("export", "removed"), "neutral"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One export as the screen shows it; ``is_newest`` is the one to take."""

    export: WholeExport
    label: str
    tone: str
    is_ready: bool
    is_newest: bool


@access(Rule.FILE_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: FileRequest, file_id: UUID) -> HttpResponseBase:
    if request.method == "POST":
        if proof := proof_wanted(request):
            return proof
        zone = request.client_file.time_zone or request.practice.time_zone
        reader = Reader(language=get_language() or "fr", time_zone=zone)
        whole.ask(request.client_file, actor=request.actor, reader=reader)
        if not request.htmx:
            return redirect("file-export", file_id=file_id)
    exports = whole.exports_of(request.client_file)
    ready = [one for one in exports if one.state == ExportState.READY]
    context = {
        "client_file": request.client_file,
        "crumbs": crumbs(request.client_file),
        "rows": [_row(one, newest=ready[0] if ready else None) for one in exports],
        "busy": next((one for one in exports if one.state in {ExportState.ASKED, ExportState.UNDER_WAY}), None),
        "has_ready": bool(ready),
        "was_asked": request.method == "POST",
        "kept_days": whole.KEPT.days,
    }
    return render(request, f"web/whole/{'exports' if request.htmx else 'export'}.html", context)


def _row(one: WholeExport, *, newest: WholeExport | None) -> Row:
    label, tone = _STATES[one.state]
    is_ready = one.state == ExportState.READY
    return Row(export=one, label=str(label), tone=tone, is_ready=is_ready, is_newest=one is newest)


@access(Rule.FILE_MANAGE, is_sensitive=True)
@require_POST
def download(request: FileRequest, file_id: UUID, export_id: UUID) -> HttpResponseBase:
    """Send the ZIP; a POST, since who took it is written in the file's history."""
    del file_id
    try:
        found = whole.note_download(request.client_file, export_id=export_id, actor=request.actor)
        content = whole.export_path(found).open("rb")
    except NotThereError as error:
        raise Http404 from error
    zone = ZoneInfo(request.client_file.time_zone or request.practice.time_zone)
    made = (found.ready_at or found.asked_at).astimezone(zone)
    name = f"{slugify(request.client_file.name)[:60] or 'dossier'}-{made:%Y-%m-%d-%H%M}.zip"
    return FileResponse(content, as_attachment=True, filename=name, content_type="application/zip")

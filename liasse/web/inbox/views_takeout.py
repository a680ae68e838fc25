"""Documents leave: chosen ones or a whole list as table or originals, and one original by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from liasse.core.access import Rule, access
from liasse.core.adapters import adapter
from liasse.core.blobs import BlobMissingError
from liasse.core.errors import NotThereError
from liasse.documents import takeout
from liasse.documents.names import safe_name
from liasse.documents.ports import SheetWriter
from liasse.documents.selectors import Chosen, choose, choose_all
from liasse.documents.types import DocumentStatus
from liasse.pipeline import flow
from liasse.ui.downloads import as_download
from liasse.web.inbox.lists import asked_list, inbox_url
from liasse.web.inbox.loaders import document_or_404
from liasse.web.requests import FileRequest


@access(Rule.FILE_READ)
@require_POST
def as_csv(request: FileRequest, file_id: UUID) -> HttpResponseBase:
    del file_id
    chosen = _chosen(request)
    if chosen is None:
        return _nothing_chosen(request)
    return _stream(request, takeout.as_csv(chosen, reader=_reader(request)), media_type="text/csv; charset=utf-8")


@access(Rule.FILE_READ)
@require_POST
def as_xlsx(request: FileRequest, file_id: UUID) -> HttpResponseBase:
    del file_id
    chosen = _chosen(request)
    if chosen is None:
        return _nothing_chosen(request)
    writer: SheetWriter = adapter("sheet_writer")
    sheet = takeout.as_sheet(chosen, reader=_reader(request), writer=writer)
    name = _name(request, suffix=writer.extension)
    return FileResponse(sheet, as_attachment=True, filename=name, content_type=writer.media_type)


@access(Rule.FILE_READ)
@require_POST
def as_zip(request: FileRequest, file_id: UUID) -> HttpResponseBase:
    del file_id
    chosen = _chosen(request)
    if chosen is None:
        return _nothing_chosen(request)
    content = takeout.as_archive(chosen, reader=_reader(request), blobs=adapter("blobs"))
    return _stream(request, content, media_type="application/zip")


@access(Rule.FILE_READ)
@require_safe
def original(request: FileRequest, file_id: UUID, document_id: UUID) -> HttpResponseBase:
    """Send the original's own bytes, always to be saved: what a sender wrote is never shown as a page of ours."""
    del file_id
    document = document_or_404(request, document_id)
    name = safe_name(document.filename, media_type=document.media_type, fallback="document")
    return attachment(document.sha256, name=name)


def attachment(sha256: str, *, name: str) -> HttpResponseBase:
    """Send stored bytes under a name, as a download that no browser opens."""
    try:
        return as_download(flow.original(sha256), name=name)
    except BlobMissingError as error:
        raise Http404 from error


def _chosen(request: FileRequest) -> Chosen | None:
    """Give what was chosen: the whole list, or documents by id; one foreign id makes all of it a 404."""
    if request.POST.get("all"):
        return choose_all(request.client_file, query=asked_list(request.client_file, words=request.POST).query)
    ids = request.POST.getlist("document")
    if not ids:
        return None
    try:
        is_asked_for = request.POST.get("tab") == DocumentStatus.DUPLICATE
        return choose(request.client_file, ids=ids, with_duplicates=is_asked_for)
    except NotThereError as error:
        raise Http404 from error


def _nothing_chosen(request: FileRequest) -> HttpResponseBase:
    messages.error(request, _("Choose at least one document first."))
    return redirect(inbox_url(request.client_file, asked_list(request.client_file, words=request.POST)))


def _zone(request: FileRequest) -> str:
    return request.client_file.time_zone or request.practice.time_zone


def _reader(request: FileRequest) -> takeout.Reader:
    return takeout.Reader(language=get_language() or "fr", time_zone=_zone(request))


def _stream(request: FileRequest, content: Iterator[bytes], *, media_type: str) -> StreamingHttpResponse:
    suffix = "zip" if media_type == "application/zip" else "csv"
    response = StreamingHttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{_name(request, suffix=suffix)}"'
    return response


def _name(request: FileRequest, *, suffix: str) -> str:
    today: datetime = timezone.now().astimezone(ZoneInfo(_zone(request)))
    name = slugify(request.client_file.name)[:60] or "documents"
    return f"{name}-{today:%Y-%m-%d}.{suffix}"

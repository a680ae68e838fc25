"""What a document's page asks and sends beside single fields: a page's words, several fields, the VAT table, lines."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from liasse.core.access import Rule, access
from liasse.core.blobs import BlobMissingError
from liasse.core.errors import ConflictError, InvalidError, NotThereError
from liasse.documents.models import Document
from liasse.pipeline import copies
from liasse.reading.selectors import reading_of, words_name_of, words_of
from liasse.reading.services import correct, set_lines, set_vat, take_back
from liasse.reading.types import FieldName
from liasse.web.inbox.invoice_lines import edits_of, refused_lines, typed_lines
from liasse.web.inbox.loaders import document_or_404
from liasse.web.inbox.screen import lines_screen, many_screen, vat_screen
from liasse.web.inbox.vat import refused_table, typed_rows
from liasse.web.inbox.versions import sent_version
from liasse.web.requests import FileRequest

_DIGITS = 5


@access(Rule.FILE_READ)
@require_safe
def page_words(request: FileRequest, file_id: UUID, document_id: UUID) -> HttpResponse:
    """Give the words of one page with their boxes, as fractions of the page: ``[[text, x0, y0, x1, y1], …]``."""
    del file_id
    found = document_or_404(request, document_id)
    asked = request.GET.get("page", "1")
    page = int(asked) if asked.isdecimal() and len(asked) < _DIGITS else 0
    # Another reading finds other words, under another name; a browser asks whether it is still the same.
    etag = f'"{words_name_of(found)[:32]}-{page}"'
    response: HttpResponse = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
    if etag not in request.headers.get("If-None-Match", ""):
        response = JsonResponse({"page": page, "words": _rows(found, page=page)})
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _rows(document: Document, *, page: int) -> list[list[str | float]]:
    try:
        words = words_of(document, page=page)
    except BlobMissingError:
        # Without words one types; that a blob is gone is the watch's to say.
        return []
    return [
        [word.text, *(round(side, _DIGITS) for side in (word.place.x0, word.place.y0, word.place.x1, word.place.y1))]
        for word in words
    ]


@access(Rule.FILE_WORK)
@require_POST
def save_fields(request: FileRequest, file_id: UUID, document_id: UUID) -> HttpResponse:
    """Save several fields at once, or let what was read stand again in those named ``take_back``; answer with them."""
    del file_id
    found = document_or_404(request, document_id)
    names = [name for name in request.POST if name in set(FieldName)]
    back = [name for name in request.POST.getlist("take_back") if name in set(FieldName)]
    if not names and not back:
        raise Http404
    try:
        version = sent_version(request.POST)
        if back:
            found = take_back(found, actor=request.actor, version=version, names=back)
            version = found.version
        if names:
            correct(found, actor=request.actor, version=version, values={name: request.POST[name] for name in names})
        copies.look_now(found.id)
    except (InvalidError, ConflictError) as error:
        response = HttpResponse(status=HTTPStatus.CONFLICT)
        return trigger_client_event(response, "toast", {"text": _sentence(error), "tone": "error"})
    except NotThereError as error:
        raise Http404 from error
    return _saved(request, document_or_404(request, document_id), names=[*names, *back])


def _saved(request: FileRequest, document: Document, *, names: list[str]) -> HttpResponse:
    response = render(request, "web/inbox/saved_many.html", many_screen(request, document, names=names))
    return trigger_client_event(response, "document-saved", {})


def _sentence(error: InvalidError | ConflictError) -> str:
    fields = error.fields.values() if isinstance(error, InvalidError) else ()
    return f"{_('Not saved')}. {' '.join(fields) or error.sentence}"


@access(Rule.FILE_WORK)
@require_POST
def save_vat(request: FileRequest, file_id: UUID, document_id: UUID) -> HttpResponse:
    """Save the VAT table and answer with it, its sums checked."""
    del file_id
    found = document_or_404(request, document_id)
    rows = typed_rows(request.POST)
    try:
        set_vat(found, actor=request.actor, version=sent_version(request.POST), rows=rows)
    except InvalidError as error:
        table = refused_table(rows, error.fields)
    except ConflictError as error:
        table = refused_table(rows, {"": error.sentence})
    except NotThereError as error:
        raise Http404 from error
    else:
        screen = vat_screen(request, document_or_404(request, document_id))
        response = render(request, "web/inbox/saved_vat.html", screen)
        return trigger_client_event(response, "document-saved", {})
    context = {"table": table, "document": found, "can_work": True}
    return render(request, "web/inbox/vat_edit.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@access(Rule.FILE_WORK)
@require_POST
def save_lines(request: FileRequest, file_id: UUID, document_id: UUID) -> HttpResponse:
    """Save the lines of an invoice and answer with them, their sum beside the net amount."""
    del file_id
    found = document_or_404(request, document_id)
    rows = typed_lines(request.POST)
    try:
        edits = edits_of(rows, reading=reading_of(found))
        set_lines(found, actor=request.actor, version=sent_version(request.POST), edits=edits)
    except InvalidError as error:
        table = refused_lines(rows, error.fields or {"": error.sentence})
    except ConflictError as error:
        table = refused_lines(rows, {"": error.sentence})
    except NotThereError as error:
        raise Http404 from error
    else:
        screen = lines_screen(request, document_or_404(request, document_id))
        response = render(request, "web/inbox/saved_lines.html", screen)
        return trigger_client_event(response, "document-saved", {})
    context = {"line_table": table, "document": found, "can_work": True}
    return render(request, "web/inbox/lines_edit.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)

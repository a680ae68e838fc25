"""A document's page: its pages at the left, its fields at the right, and what can be done with it."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh, trigger_client_event

from liasse.core.access import Rule, access
from liasse.core.errors import ConflictError, InvalidError, NotThereError
from liasse.documents.models import Document
from liasse.documents.selectors import neighbours
from liasse.documents.services import mark_ready, move, read_again, set_note, set_owner, unarchive
from liasse.documents.sides import set_side
from liasse.documents.types import TABS, DocumentStatus
from liasse.intake.types import Side
from liasse.pipeline import checking, copies, flow
from liasse.reading.services import correct
from liasse.reading.types import FieldName
from liasse.ui.downloads import as_kept_image
from liasse.web.inbox.lists import asked_list, inbox_url, tab_label
from liasse.web.inbox.loaders import document_or_404
from liasse.web.inbox.rows import BACK
from liasse.web.inbox.screen import document_screen, document_url, saved_screen
from liasse.web.inbox.versions import sent_place, sent_version
from liasse.web.requests import FileRequest

_EDITABLE = {*FieldName, "owner", "note", "side"}


@access(Rule.FILE_READ)
@require_safe
def document(request: FileRequest, file_id: UUID, document_id: UUID) -> HttpResponse:
    del file_id
    found = document_or_404(request, document_id)
    return render(request, "web/inbox/document.html", document_screen(request, found))


@access(Rule.FILE_READ)
@require_safe
def news(request: FileRequest, file_id: UUID, document_id: UUID) -> HttpResponse:
    """Draw the page anew once the step that it waited for is done; 204 until then."""
    del file_id
    found = document_or_404(request, document_id)
    is_same = request.GET.get("step") == found.step and request.GET.get("status") == found.status
    return HttpResponse(status=HTTPStatus.NO_CONTENT) if is_same else HttpResponseClientRefresh()


@access(Rule.FILE_READ)
@require_safe
def page_image(request: FileRequest, file_id: UUID, document_id: UUID, page: int) -> HttpResponseBase:
    """Send a page's image. It is named by its content, so a browser may keep it for ever."""
    del file_id
    try:
        path, media_type = flow.page_image(
            document_or_404(request, document_id), page, size=request.GET.get("size", "")
        )
    except NotThereError as error:
        raise Http404 from error
    return as_kept_image(request, path, media_type=media_type)


@access(Rule.FILE_WORK)
@require_POST
def save_field(request: FileRequest, file_id: UUID, document_id: UUID, name: str) -> HttpResponse:
    """Save one field, made against the version that the page was drawn from; answer with the field."""
    del file_id
    found = document_or_404(request, document_id)
    typed = request.POST.get(name, "")
    if name not in _EDITABLE:
        raise Http404
    try:
        _save(request, found, name=name, typed=typed)
    except InvalidError as error:
        problem = error.fields.get(name, error.sentence)
    except ConflictError as error:
        problem = error.sentence
    except NotThereError as error:
        raise Http404 from error
    else:
        screen = saved_screen(request, document_or_404(request, document_id), name=name)
        response = render(request, "web/inbox/saved.html", screen)
        return trigger_client_event(response, "document-saved", {})
    screen = saved_screen(request, found, name=name, typed=typed, problem=problem)
    return render(request, "web/inbox/field.html", screen, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _save(request: FileRequest, found: Document, *, name: str, typed: str) -> None:
    version = sent_version(request.POST)
    if name == "note":
        set_note(found, actor=request.actor, version=version, note=typed)
    elif name == "owner":
        set_owner(found, actor=request.actor, version=version, owner_id=_owner(typed))
    elif name == "side":
        set_side(found, actor=request.actor, version=version, side=_side(typed))
    else:
        place = sent_place(request.POST.get("place", ""))
        places = {name: place} if place else {}
        correct(found, actor=request.actor, version=version, values={name: typed}, places=places)
        # The job that it left looks again; whoever typed sees at once that this document is there already.
        copies.look_now(found.id)


def _side(text: str) -> Side:
    try:
        return Side(text)
    except ValueError as error:
        raise Http404 from error


def _owner(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Http404 from error


@access(Rule.FILE_WORK)
@require_POST
def move_document(request: FileRequest, file_id: UUID, document_id: UUID) -> HttpResponse:
    """Move a document to a tab and open the next of the list that it was opened from."""
    del file_id
    found = document_or_404(request, document_id)
    asked = asked_list(request.client_file, words=request.POST)
    to = request.POST.get("to", "")
    if to not in {*TABS, BACK}:
        raise Http404
    following = neighbours(found, query=asked.query).next
    moved, is_lacking = _move(request, found.id, to=to)
    if is_lacking:
        return _gone_to(request, document_url(found, asked, ask="ready"))
    if not moved:
        return _gone_to(
            request, document_url(found, asked), error=_("A document that is being read cannot be moved yet.")
        )
    now = DocumentStatus(document_or_404(request, document_id).status)
    said = _("Moved to “%(tab)s”.") % {"tab": tab_label(now)}
    if following is None:
        last = _("That was the last one of the list.")
        return _gone_to(request, inbox_url(request.client_file, asked), said=f"{said} {last}")
    return _gone_to(request, document_url(found, asked, document_id=following), said=said)


def _gone_to(request: FileRequest, url: str, *, said: str = "", error: str = "") -> HttpResponse:
    """Lead on and say what was done; a page that went on by itself is only told where it should be, and what to say."""
    if request.POST.get("ahead"):
        return JsonResponse({"url": url, "said": said, "error": error})
    if error:
        messages.error(request, error)
    if said:
        messages.success(request, said)
    return redirect(url)


def _move(request: FileRequest, document_id: UUID, *, to: str) -> tuple[int, bool]:
    """Move one document; give how many moved, and whether it stays because something is missing in it."""
    if to == BACK:
        return unarchive([document_id], actor=request.actor, client_file=request.client_file), False
    if to == DocumentStatus.READY:
        marked = mark_ready(
            [document_id],
            actor=request.actor,
            client_file=request.client_file,
            is_certain=bool(request.POST.get("anyway")),
        )
        return marked.ready, bool(marked.left)
    return move([document_id], actor=request.actor, client_file=request.client_file, to=DocumentStatus(to)), False


@access(Rule.FILE_WORK)
@require_POST
def read_document_again(request: FileRequest, file_id: UUID, document_id: UUID) -> HttpResponse:
    """Have a document read again from its original, and stay on its page, which shows the outcome by itself."""
    del file_id
    found = document_or_404(request, document_id)
    try:
        read_again(found, actor=request.actor)
    except ConflictError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("The document is being read again. What you typed stays."))
    return redirect(document_url(found, asked_list(request.client_file, words=request.POST)))


@access(Rule.FILE_WORK)
@require_POST
def check_document(request: FileRequest, file_id: UUID, document_id: UUID) -> HttpResponse:
    """Have an e-invoice checked that was read before there were checks, and stay on its page, which waits for it."""
    del file_id
    found = document_or_404(request, document_id)
    if found.status == DocumentStatus.REPLACED:
        raise Http404
    # What is checked within this very second is later than what was asked.
    asked_at = int(timezone.now().timestamp()) - 1
    checking.ask(found)
    asked = asked_list(request.client_file, words=request.POST)
    return redirect(document_url(found, asked, checking=str(asked_at)))

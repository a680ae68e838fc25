"""Documents cut, joined and put in order by hand, and that undone."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from liasse.core.access import Rule, access
from liasse.core.errors import ConflictError, InvalidError, LiasseError, NotThereError
from liasse.cutting.services import documents_on_table, keep_whole
from liasse.documents.lineage import Change, change_of, originals_of
from liasse.documents.names import safe_name
from liasse.documents.sentences import STATUS_LABELS, label
from liasse.pipeline import arranging
from liasse.reading.selectors import papers_of
from liasse.ui.shell import Crumb
from liasse.web.inbox.lists import asked_list, inbox_url
from liasse.web.inbox.loaders import document_or_404
from liasse.web.inbox.rows import TONES, title_of
from liasse.web.inbox.screen import document_url
from liasse.web.inbox.table import chosen_ids, layout, table_pages, table_url, versions
from liasse.web.inbox.versions import sent_version
from liasse.web.inbox.views_takeout import attachment
from liasse.web.requests import FileRequest


@access(Rule.FILE_WORK)
@require_safe
def cutting(request: FileRequest, file_id: UUID) -> HttpResponse:
    """Show the pages of the chosen documents side by side, with the cuts that are proposed."""
    del file_id
    ids = chosen_ids(request.GET)
    if not ids:
        return redirect("inbox", file_id=request.client_file.id)
    try:
        documents = documents_on_table(request.client_file.id, ids=ids)
    except NotThereError as error:
        raise Http404 from error
    except (ConflictError, InvalidError) as error:
        messages.error(request, error.sentence)
        return redirect("inbox", file_id=request.client_file.id)
    home = reverse("inbox", args=[request.client_file.id])
    is_one = len(documents) == 1
    context = {
        "client_file": request.client_file,
        "documents": documents,
        "pages": table_pages(documents),
        "crumbs": [Crumb(label=_("Inbox"), url=home)],
        "title": _("Cut the document") if is_one else _("Join the documents"),
        "back_url": reverse("document", args=[request.client_file.id, documents[0].id]) if is_one else home,
    }
    return render(request, "web/inbox/cutting.html", context)


@access(Rule.FILE_WORK)
@require_POST
def open_table(request: FileRequest, file_id: UUID) -> HttpResponse:
    """Put the documents ticked in a list on the table."""
    del file_id
    ids = chosen_ids(request.POST)
    if not ids:
        messages.error(request, _("Choose at least one document first."))
        return redirect(inbox_url(request.client_file, asked_list(request.client_file, words=request.POST)))
    return redirect(table_url(request.client_file, ids))


@access(Rule.FILE_WORK)
@require_POST
def take_apart(request: FileRequest, file_id: UUID, document_id: UUID) -> HttpResponse:
    """Make a document of each paper that lies on the one page of this."""
    del file_id
    found = document_or_404(request, document_id)
    try:
        version = sent_version(request.POST)
        made = arranging.take_apart(found, version=version, boxes=papers_of(found), actor=request.actor)
    except NotThereError as error:
        raise Http404 from error
    except (ConflictError, InvalidError) as error:
        messages.error(request, error.sentence)
        return redirect(document_url(found, asked_list(request.client_file, words=request.POST)))
    return redirect("cutting-made", file_id=request.client_file.id, change_id=made[0].made_by)


@access(Rule.FILE_WORK)
@require_POST
def apply(request: FileRequest, file_id: UUID) -> HttpResponse:
    """Make the documents as they were laid out."""
    del file_id
    try:
        seen = versions(request.POST)
        documents = documents_on_table(request.client_file.id, ids=list(seen))
        groups = layout(request.POST, documents=documents)
        made = arranging.arrange(request.client_file, versions=seen, groups=groups, actor=request.actor)
    except NotThereError as error:
        raise Http404 from error
    except (ConflictError, InvalidError) as error:
        messages.error(request, error.sentence)
        return redirect(table_url(request.client_file, chosen_ids(request.POST)))
    return redirect("cutting-made", file_id=request.client_file.id, change_id=made[0].made_by)


@access(Rule.FILE_READ)
@require_safe
def made(request: FileRequest, file_id: UUID, change_id: UUID) -> HttpResponse:
    """Show what a cutting or a joining made, and let it be undone."""
    del file_id
    found = _change_or_404(request, change_id)
    context = {
        "client_file": request.client_file,
        "change": found,
        "rows": [
            {
                "url": reverse("document", args=[one.client_file_id, one.id]),
                "title": title_of(one),
                "pages": sum(piece["last"] - piece["first"] + 1 for piece in one.pieces),
                "status": label(STATUS_LABELS, one.status),
                "tone": TONES.get(one.status, "neutral"),
            }
            for one in found.made
        ],
        "crumbs": [Crumb(label=_("Inbox"), url=reverse("inbox", args=[request.client_file.id]))],
    }
    return render(request, "web/inbox/cutting_made.html", context)


@access(Rule.FILE_WORK)
@require_POST
def undo(request: FileRequest, file_id: UUID, change_id: UUID) -> HttpResponse:
    """Undo a cutting or a joining, unless somebody worked on what it made."""
    del file_id
    found = _change_or_404(request, change_id)
    try:
        back = arranging.undo(request.client_file, change_id=change_id, actor=request.actor)
    except NotThereError:
        messages.error(request, _("This was undone already."))
        return redirect("inbox", file_id=request.client_file.id)
    except ConflictError as error:
        messages.error(request, error.sentence)
        return redirect("cutting-made", file_id=request.client_file.id, change_id=found.id)
    messages.success(request, _("Undone: the documents are as they were."))
    if len(back) == 1:
        return redirect("document", file_id=request.client_file.id, document_id=back[0].id)
    return redirect("inbox", file_id=request.client_file.id)


def _change_or_404(request: FileRequest, change_id: UUID) -> Change:
    found = change_of(request.client_file, change_id=change_id)
    if found is None:
        raise Http404
    return found


@access(Rule.FILE_WORK)
@require_POST
def say_one(request: FileRequest, file_id: UUID, document_id: UUID) -> HttpResponse:
    """Say that a document is one, whatever was proposed."""
    del file_id
    found = document_or_404(request, document_id)
    try:
        keep_whole(found, version=_number(request.POST.get("version", "")), actor=request.actor)
    except LiasseError as error:
        messages.error(request, error.sentence)
    return redirect(document_url(found, asked_list(request.client_file, words=request.POST)))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else -1  # noqa: PLR2004 - a version is no longer


@access(Rule.FILE_READ)
@require_safe
def piece_original(request: FileRequest, file_id: UUID, document_id: UUID, number: int) -> HttpResponseBase:
    """Send an original that a document was made of, counted from 1, as it arrived."""
    del file_id
    originals = originals_of(document_or_404(request, document_id))
    if not 1 <= number <= len(originals):
        raise Http404
    found = originals[number - 1]
    return attachment(found.sha256, name=safe_name(found.filename, media_type=found.media_type, fallback="document"))

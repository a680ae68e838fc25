"""Documents that may be there twice: side by side, decided one by one or many at once, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from liasse.core.access import Level, Rule, access
from liasse.core.errors import ConflictError, NotThereError
from liasse.documents.models import Document
from liasse.duplicates import services
from liasse.duplicates.types import Verdict
from liasse.lib.ids import as_uuid
from liasse.ui.formats import format_count
from liasse.ui.shell import Crumb
from liasse.web.inbox.answers import said_of_many
from liasse.web.inbox.lists import asked_list, inbox_url
from liasse.web.inbox.loaders import document_or_404
from liasse.web.inbox.rows import title_of
from liasse.web.inbox.screen import page_images
from liasse.web.inbox.twins import twin_url, twins_of
from liasse.web.requests import FileRequest


@access(Rule.FILE_READ)
@require_safe
def side_by_side(request: FileRequest, file_id: UUID, document_id: UUID) -> HttpResponse:
    """Show a document beside one that may be the same, with what differs marked."""
    del file_id
    own = document_or_404(request, document_id)
    found = twins_of(own, other_id=as_uuid(request.GET.get("with", "")))
    if found is None:
        return redirect("document", file_id=request.client_file.id, document_id=own.id)
    context = {
        "client_file": request.client_file,
        "twins": found,
        "sides": [(one, title_of(one), page_images(one)) for one in (found.own, found.other)],
        "can_work": request.file_level.allows(Level.CODING),
        "crumbs": _crumbs(request, own),
        "title": _("The same document twice?"),
    }
    return render(request, "web/inbox/twins.html", context)


def _crumbs(request: FileRequest, own: Document) -> list[Crumb]:
    doubtful = inbox_url(request.client_file, asked_list(request.client_file, words=request.GET), doubt="1")
    return [
        Crumb(label=_("Possible duplicates"), url=doubtful),
        Crumb(label=title_of(own), url=_document(own)),
    ]


def _document(document: Document) -> str:
    return twin_url(document).removesuffix("copies/")


@access(Rule.FILE_WORK)
@require_POST
def decide(request: FileRequest, file_id: UUID, document_id: UUID) -> HttpResponse:
    """Say of two documents that both are wanted, or which of them is the duplicate."""

    def act(own: Document, other_id: UUID) -> None:
        verdict = Verdict(request.POST.get("verdict", ""))
        services.decide(
            request.client_file, document_id=own.id, other_id=other_id, verdict=verdict, actor=request.actor
        )

    del file_id
    return _acted(request, document_id, act)


@access(Rule.FILE_WORK)
@require_POST
def undo(request: FileRequest, file_id: UUID, document_id: UUID) -> HttpResponse:
    """Take back what was said of two documents."""

    def act(own: Document, other_id: UUID) -> None:
        services.undo(request.client_file, document_id=own.id, other_id=other_id, actor=request.actor)

    del file_id
    return _acted(request, document_id, act)


def _acted(request: FileRequest, document_id: UUID, act: Callable[[Document, UUID], None]) -> HttpResponse:
    own, other_id = document_or_404(request, document_id), as_uuid(request.POST.get("with", ""))
    if other_id is None:
        raise Http404
    try:
        act(own, other_id)
    except (NotThereError, ValueError) as error:
        raise Http404 from error
    except ConflictError as error:
        messages.error(request, error.sentence)
    return redirect(twin_url(own, other_id=other_id))


@access(Rule.FILE_WORK)
@require_POST
def decide_many(request: FileRequest, file_id: UUID) -> HttpResponse:
    """Keep the chosen documents beside their likes, set them aside as duplicates, or take them back."""
    del file_id
    try:
        ids = [UUID(text) for text in request.POST.getlist("document")]
        said, is_whole = _decide_many(request, ids, verdict=request.POST.get("verdict", ""))
    except (ValueError, NotThereError) as error:
        raise Http404 from error
    return said_of_many(request, said, is_whole=is_whole)


def _decide_many(request: FileRequest, ids: list[UUID], *, verdict: str) -> tuple[str, bool]:
    file, actor = request.client_file, request.actor
    if verdict == "back":
        count = services.take_back(ids, client_file=file, actor=actor)
        text = ngettext(
            "%(count)s document is back where it was.", "%(count)s documents are back where they were.", count
        )
        return text % {"count": format_count(count)}, True
    if verdict not in {Verdict.BOTH, Verdict.THIS}:
        raise ValueError(verdict)
    keep_both = verdict == Verdict.BOTH
    count, left = services.decide_many(ids, client_file=file, keep_both=keep_both, actor=actor)
    if keep_both:
        text = ngettext("%(count)s document is kept.", "%(count)s documents are kept.", count)
    else:
        text = ngettext(
            "%(count)s document set aside as a duplicate.", "%(count)s documents set aside as duplicates.", count
        )
    said = text % {"count": format_count(count)}
    if left:
        more = ngettext("%(count)s is like no other.", "%(count)s are like no other.", left)
        said = f"{said} {more % {'count': format_count(left)}}"
    return said, not left

"""One document as its client sees it: its pages, what became of it, what was read, and the original."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from liasse.core.access import Rule, access
from liasse.core.blobs import BlobMissingError
from liasse.core.errors import NotThereError
from liasse.documents.handed_in import document_for
from liasse.documents.models import Document
from liasse.documents.names import safe_name
from liasse.documents.sentences import KIND_LABELS, label
from liasse.documents.types import DocumentStatus, Step
from liasse.pipeline import flow
from liasse.portal.arrivals import arrivals, status_of, title_of
from liasse.portal.requests import MemberRequest
from liasse.ui.downloads import as_download, as_kept_image
from liasse.ui.shell import PageImage

_BECAME: Final[dict[str, Promise]] = {
    DocumentStatus.PROCESSING: gettext_lazy("It has arrived and is being read."),
    DocumentStatus.TO_REVIEW: gettext_lazy("It has arrived and was read. The practice checks it next."),
    DocumentStatus.READY: gettext_lazy("It is ready for the books."),
    DocumentStatus.ARCHIVED: gettext_lazy("The practice has filed it."),
    DocumentStatus.DUPLICATE: gettext_lazy("The practice has this document already, and keeps this one beside it."),
}


def _document_or_404(request: MemberRequest, document_id: UUID) -> Document:
    """Give a document that this person may see; a colleague's, another file's and a missing one are the same."""
    found = document_for(request.client_file, member=request.member, document_id=document_id)
    if found is None or found.status not in _BECAME:
        raise Http404
    return found


@access(Rule.FILE_MEMBER)
@require_safe
def document(request: MemberRequest, file_id: UUID, document_id: UUID) -> HttpResponse:
    found = _document_or_404(request, document_id)
    [delivery] = arrivals(request.client_file, [found.receipt], member=request.member)
    status, tone = status_of(found)
    context: dict[str, Any] = {
        "client_file": request.client_file,
        "document": found,
        "title": title_of(found),
        "status": status,
        "tone": tone,
        "became": _BECAME[found.status],
        "is_busy": found.step != Step.DONE,
        "kind": label(KIND_LABELS, found.kind) if found.kind else "",
        "pages": _pages(found),
        "original_url": reverse("portal-document-original", args=[file_id, found.id]),
        "arrival": delivery,
        "is_restricted": not request.member.sees_all,
        "owner": found.owner.name if found.owner and request.member.sees_all else "",
    }
    return render(request, "portal/document.html", context)


def _pages(document: Document) -> list[PageImage]:
    """Give the pages; an address changes with the original, so that browsers may keep what is behind it."""
    return [
        PageImage(
            number=number,
            url=f"{_page_url(document, number)}?v={document.sha256[:12]}",
            large_url=f"{_page_url(document, number)}?size=large&v={document.sha256[:12]}",
            width=max(round(float(size["width"])), 1),
            height=max(round(float(size["height"])), 1),
        )
        for number, size in enumerate(document.pages, start=1)
    ]


def _page_url(document: Document, number: int) -> str:
    return reverse("portal-document-page", args=[document.client_file_id, document.id, number])


@access(Rule.FILE_MEMBER)
@require_safe
def page_image(request: MemberRequest, file_id: UUID, document_id: UUID, page: int) -> HttpResponseBase:
    del file_id
    found = _document_or_404(request, document_id)
    try:
        path, media_type = flow.page_image(found, page, size=request.GET.get("size", ""))
        return as_kept_image(request, path, media_type=media_type)
    except (NotThereError, BlobMissingError) as error:
        raise Http404 from error


@access(Rule.FILE_MEMBER)
@require_safe
def original(request: MemberRequest, file_id: UUID, document_id: UUID) -> HttpResponseBase:
    """Send what was handed in, byte for byte, to be saved."""
    del file_id
    found = _document_or_404(request, document_id)
    name = safe_name(found.filename, media_type=found.media_type, fallback="document")
    try:
        return as_download(flow.original(found.sha256), name=name)
    except BlobMissingError as error:
        raise Http404 from error

"""Fournisseurs: the directory of a file, one supplier with what was learned of its papers, and words as one types."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from liasse.core.access import Level, Rule, access
from liasse.core.errors import NotThereError
from liasse.reading.types import FieldName
from liasse.suppliers import lessons, selectors
from liasse.ui.shell import Crumb
from liasse.web.requests import FileRequest
from liasse.web.suppliers.screen import lesson_views, mark_groups, paper_rows, supplier_row


@access(Rule.FILE_READ)
@require_safe
def suppliers(request: FileRequest, file_id: UUID) -> HttpResponse:
    del file_id
    text = request.GET.get("q", "")
    page = selectors.page_of_suppliers(request.client_file, text=text, after=request.GET.get("after", ""))
    here = reverse("suppliers", args=[request.client_file.id])
    more = urlencode({"q": text, "after": page.after})
    context = {
        "client_file": request.client_file,
        "q": text,
        "rows": [supplier_row(one) for one in page.suppliers],
        "more_url": f"{here}?{more}" if page.after else "",
    }
    if not request.htmx:
        return render(request, "web/suppliers/suppliers.html", context)
    return render(
        request, "web/suppliers/rows.html" if request.GET.get("after") else "web/suppliers/list.html", context
    )


@access(Rule.FILE_READ)
@require_safe
def supplier(request: FileRequest, file_id: UUID, supplier_id: UUID) -> HttpResponse:
    del file_id
    found = selectors.supplier_of_file(request.client_file, supplier_id=supplier_id)
    if found is None:
        raise Http404
    context: dict[str, Any] = {
        "client_file": request.client_file,
        "supplier": found,
        "row": supplier_row(found),
        "groups": mark_groups(found, selectors.marks_of(found)),
        "lessons": lesson_views(selectors.lessons_of(found)),
        "papers": paper_rows(selectors.documents_of(found)),
        "can_work": request.file_level.allows(Level.CODING),
        "crumbs": [Crumb(label=_("Suppliers"), url=reverse("suppliers", args=[request.client_file.id]))],
    }
    return render(request, "web/suppliers/supplier.html", context)


@access(Rule.FILE_WORK)
@require_POST
def forget_lesson(request: FileRequest, file_id: UUID, lesson_id: UUID) -> HttpResponse:
    """Forget what one correction taught, and go back to where it was said."""
    del file_id
    try:
        lesson = lessons.forget(request.client_file, lesson_id=lesson_id, actor=request.actor)
    except NotThereError as error:
        raise Http404 from error
    messages.success(request, _("Forgotten: the next documents are read without it."))
    supplier_id = lesson.layout.supplier_id
    if supplier_id is None:
        return redirect("document", file_id=request.client_file.id, document_id=lesson.document_id)
    return redirect("supplier", file_id=request.client_file.id, supplier_id=supplier_id)


@access(Rule.FILE_READ)
@require_safe
def suggest(request: FileRequest, file_id: UUID) -> HttpResponse:
    """Give the values that fit what is being typed into a field, at most eight, and what is known with each."""
    del file_id
    name = request.GET.get("field", "")
    field = FieldName(name) if name in set(FieldName) else None
    found = selectors.suggestions(request.client_file, field=field, text=request.GET.get("q", "")) if field else []
    answer = JsonResponse({"values": [{"value": one.value, "also": dict(one.also)} for one in found]})
    answer["Cache-Control"] = "private, no-store"
    return answer

"""Importer des clients, Importer des collaborateurs: a list is uploaded, looked at, confirmed, followed to its end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liasse.core.errors import InvalidError, LiasseError, NotThereError
from liasse.lib.csv_text import as_csv
from liasse.rosters import services
from liasse.rosters.columns import COLUMNS, template_rows
from liasse.rosters.models import Roster
from liasse.rosters.types import RosterKind
from liasse.ui.errors import of_error
from liasse.web.requests import PracticeRequest
from liasse.web.rosters import screen


class UploadForm(forms.Form):
    """One CSV; what is in it is judged by the service."""

    use_required_attribute = False

    table = forms.FileField(
        label=gettext_lazy("CSV file"),
        error_messages={
            "required": gettext_lazy("Choose the CSV file."),
            "empty": gettext_lazy("This file is empty."),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv,text/plain,text/tab-separated-values"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: PracticeRequest, *, kind: RosterKind) -> HttpResponse:
    form = UploadForm()
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        made = _uploaded(form, request=request, kind=kind) if form.is_valid() else None
        if made is not None:
            return redirect(f"{kind}-list", made.id)
    context: dict[str, Any] = {
        "form": form,
        "kind": kind,
        "words": screen.WORDS[kind],
        "columns": COLUMNS[kind],
        "template_url": screen.address(kind, "template"),
        "here": screen.address(kind),
        "crumbs": screen.crumbs(kind),
        "rows": screen.past_rows(services.rosters_of(kind, actor=request.actor)),
        "most": services.MOST_LINES,
        "largest": services.LARGEST,
    }
    return render(request, "web/rosters/upload.html", context, status=422 if form.errors else 200)


def _uploaded(form: UploadForm, *, request: PracticeRequest, kind: RosterKind) -> Roster | None:
    table: UploadedFile[Any] = form.cleaned_data["table"]
    content: Any = table.file
    try:
        return services.upload(
            content,
            size=table.size or 0,
            kind=kind,
            filename=table.name or "",
            practice=request.practice,
            actor=request.actor,
        )
    except InvalidError as error:
        form.add_error("table", error.fields["table"])
        return None


@require_safe
def template(request: PracticeRequest, *, kind: RosterKind) -> HttpResponseBase:
    del request
    return _csv(template_rows(kind), name=screen.WORDS[kind]["template"])


@require_safe
def roster(request: PracticeRequest, *, kind: RosterKind, roster_id: UUID) -> HttpResponse:
    """Show a list: what is said of its lines, how far it is, what became of them. Asked again while it is made."""
    found = _found(request, kind=kind, roster_id=roster_id)
    context = screen.roster_context(found, words=request.GET, is_administrator=request.actor.is_administrator)
    if request.htmx and "after" in request.GET:
        return render(request, "web/rosters/lines.html", context)
    return render(request, f"web/rosters/{'one' if request.htmx else 'roster'}.html", context)


@require_POST
def confirm(request: PracticeRequest, *, kind: RosterKind, roster_id: UUID) -> HttpResponse:
    found = _found(request, kind=kind, roster_id=roster_id)
    try:
        services.confirm(found, actor=request.actor)
    except LiasseError as error:
        return of_error(request, error)
    return redirect(f"{kind}-list", found.id)


@require_POST
def discard(request: PracticeRequest, *, kind: RosterKind, roster_id: UUID) -> HttpResponse:
    try:
        services.discard(_found(request, kind=kind, roster_id=roster_id))
    except LiasseError as error:
        return of_error(request, error)
    return redirect(f"{kind}-lists")


@require_safe
def report(request: PracticeRequest, *, kind: RosterKind, roster_id: UUID) -> HttpResponseBase:
    """Send every line as it was uploaded, with what is said of it or became of it; it can be uploaded again."""
    found = _found(request, kind=kind, roster_id=roster_id)
    return _csv(screen.report_rows(found), name=screen.report_name(found))


def _found(request: PracticeRequest, *, kind: RosterKind, roster_id: UUID) -> Roster:
    try:
        return services.roster_of(roster_id, kind=kind, actor=request.actor)
    except NotThereError as error:
        raise Http404 from error


def _csv(rows: list[list[str]], *, name: str | Promise) -> HttpResponseBase:
    is_french = (get_language() or "fr").startswith("fr")
    pieces = list(as_csv(rows, is_french=is_french))
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response

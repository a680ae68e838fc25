"""Importer un dossier: uploading the ZIP of a whole file, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from liasse.core.access import Rule, access
from liasse.custody import restoring
from liasse.custody.models import WholeImport
from liasse.custody.restoring_sentences import left_out_sentence, refusal_sentence
from liasse.custody.types import ImportState
from liasse.ui.shell import Crumb
from liasse.web.requests import PracticeRequest

_STATES: Final[dict[str, tuple[Promise, str]]] = {
    ImportState.ASKED: (pgettext_lazy("import", "waits"), "busy"),
    ImportState.CHECKING: (pgettext_lazy("import", "being checked"), "busy"),
    ImportState.RESTORING: (pgettext_lazy("import", "being restored"), "busy"),
    ImportState.DONE: (pgettext_lazy("import", "imported"), "ok"),
    ImportState.REFUSED: (pgettext_lazy("import", "refused"), "danger"),
    ImportState.FAILED: (pgettext_lazy("import", "failed"), "danger"),
}
_UNDER_WAY: Final = {ImportState.ASKED, ImportState.CHECKING, ImportState.RESTORING}
_ZIP: Final = b"PK\x03\x04"


class UploadForm(forms.Form):
    """One ZIP; what is in it is judged by the worker."""

    use_required_attribute = False

    archive = forms.FileField(
        label=gettext_lazy("ZIP of a client file"),
        error_messages={
            "required": gettext_lazy("Choose the ZIP that an export gave."),
            "empty": gettext_lazy("This file is empty."),
        },
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
    )

    def clean_archive(self) -> UploadedFile[Any]:
        """Refuse at once what is plainly no ZIP, or too large."""
        archive: UploadedFile[Any] = self.cleaned_data["archive"]
        if archive.size is None or archive.size > restoring.LARGEST_UPLOAD:
            limit = filesizeformat(restoring.LARGEST_UPLOAD)
            raise forms.ValidationError(_("This file is too large: at most %(limit)s.") % {"limit": limit})
        if archive.read(len(_ZIP)) != _ZIP:
            raise forms.ValidationError(_("This is not a ZIP. Choose the file that “Export the file” gave."))
        archive.seek(0)
        return archive


@dataclass(frozen=True, slots=True)
class Row:
    """One import as the screen shows it."""

    one: WholeImport
    label: str
    tone: str
    sentence: str
    url: str
    is_under_way: bool


@access(Rule.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: PracticeRequest) -> HttpResponse:
    form = UploadForm()
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            archive: Any = form.cleaned_data["archive"]
            restoring.upload(archive.file, filename=archive.name or "", actor=request.actor)
            return redirect("clients-import")
    rows = [_row(one) for one in restoring.imports_of(request.practice.id)]
    context = {
        "form": form,
        "rows": rows,
        "is_busy": any(row.is_under_way for row in rows),
        "crumbs": [Crumb(label=_("My clients"), url=reverse("clients"))],
        "limit": restoring.LARGEST_UPLOAD,
    }
    template = "imports" if _is_poll(request) else "import"
    return render(request, f"web/whole/{template}.html", context, status=422 if form.errors else 200)


def _is_poll(request: HttpRequest) -> bool:
    return request.method != "POST" and "HX-Request" in request.headers


def _row(one: WholeImport) -> Row:
    label, tone = _STATES[one.state]
    has_ended_badly = one.state in {ImportState.REFUSED, ImportState.FAILED}
    sentence = refusal_sentence(one.problem, detail=one.detail) if has_ended_badly else left_out_sentence(one.detail)
    is_there = one.state == ImportState.DONE and one.restored_id is not None
    return Row(
        one=one,
        label=str(label),
        tone=tone,
        sentence=sentence,
        url=reverse("inbox", args=[one.restored_id]) if is_there else "",
        is_under_way=one.state in _UNDER_WAY,
    )

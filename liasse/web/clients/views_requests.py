"""Demander un dossier: asking a client of another practice for a file, and what became of each request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from liasse.clients.reach import reachable_files
from liasse.core.access import Actor, Rule, access
from liasse.core.errors import ConflictError, InvalidError, LiasseError, NotThereError
from liasse.custody import requesting, rules
from liasse.custody.models import TransferRequest
from liasse.custody.sentences import state_label
from liasse.custody.types import TransferState
from liasse.lib.ids import as_uuid
from liasse.ui.shell import Crumb
from liasse.web.requests import PracticeRequest

_PAGE: Final = 20


class AskForm(forms.Form):
    """The address of the client's administrator, and a word to them; the service judges both."""

    use_required_attribute = False

    email = forms.CharField(
        label=gettext_lazy("Email address of the client’s administrator"),
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "inputmode": "email", "spellcheck": "false", "aria-required": "true"}
        ),
    )
    message = forms.CharField(
        label=gettext_lazy("Message"), required=False, widget=forms.Textarea({"rows": "3", "dir": "auto"})
    )

    def refused(self, error: LiasseError) -> AskForm:
        """Put the service's sentences beside the fields; what concerns no other is about the address."""
        self.full_clean()
        fields = error.fields if isinstance(error, InvalidError) else {"email": str(error.sentence)}
        for field, sentence in fields.items():
            self.add_error(field, sentence)
        return self


@dataclass(frozen=True, slots=True)
class Row:
    """One request as the screen shows it."""

    one: TransferRequest
    label: str
    tone: str
    sentence: str
    url: str
    is_open: bool


@access(Rule.ADD_CLIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def transfer_requests(request: PracticeRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, AskForm())
    form = AskForm(request.POST)
    try:
        email, message = request.POST.get("email", ""), request.POST.get("message", "")
        made = requesting.ask_for_file(email=email, message=message, actor=request.actor)
    except (InvalidError, ConflictError) as error:
        return _page(request, form.refused(error), status=422)
    said = _("If %(email)s is the address of somebody who runs a client file, they were written to.")
    messages.success(request, said % {"email": made.email})
    return redirect("clients-requests")


def _page(request: PracticeRequest, form: AskForm, *, status: int = 200) -> HttpResponse:
    found = requesting.requests_of(request.actor, before=as_uuid(request.GET.get("after", "")), limit=_PAGE + 1)
    shown = found[:_PAGE]
    context = {
        "form": form,
        "rows": _rows(shown, actor=request.actor),
        "more_url": f"{request.path}?after={shown[-1].id}" if len(found) > _PAGE else "",
        "crumbs": [Crumb(label=_("My clients"), url=reverse("clients"))],
        "longest": rules.LONGEST_MESSAGE,
    }
    is_more = request.htmx and request.method != "POST"
    return render(request, f"web/clients/{'request_rows' if is_more else 'requests'}.html", context, status=status)


def _rows(found: list[TransferRequest], *, actor: Actor) -> list[Row]:
    """Give the rows, with a way into those files that the reader reaches still. One query for all."""
    granted = [one.granted_id for one in found if one.granted_id]
    there = set(reachable_files(actor).filter(id__in=granted).values_list("id", flat=True)) if granted else set()
    return [_row(one, is_there=one.granted_id in there) for one in found]


def _row(one: TransferRequest, *, is_there: bool) -> Row:
    state = requesting.standing(one)
    label, tone = state_label(state)
    sentences = {
        TransferState.GRANTED: one.granted_name,
        TransferState.REFUSED: _("Your client said no. Speak with them before you ask again."),
        TransferState.EXPIRED: _("Nobody answered within two weeks. You may ask again."),
        TransferState.ENDED: _("The client decided otherwise.")
        if one.state == TransferState.ENDED
        else _("%(name)s may add no clients any more. Ask again in your own name.") % {"name": one.asked_by.name},
    }
    return Row(
        one=one,
        label=label,
        tone=tone,
        sentence=sentences.get(state, ""),
        url=reverse("inbox", args=[one.granted_id]) if is_there else "",
        is_open=state is TransferState.ASKED,
    )


@access(Rule.ADD_CLIENTS)
@require_POST
def withdraw(request: PracticeRequest, request_id: UUID) -> HttpResponse:
    try:
        requesting.withdraw(request_id, actor=request.actor)
    except NotThereError as error:
        raise Http404 from error
    except ConflictError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("Your request was withdrawn."))
    return redirect("clients-requests")

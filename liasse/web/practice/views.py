"""Cabinet: the practice's name, and what every new client file begins with."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from liasse.clients.choices import label_of
from liasse.core.access import Rule, access
from liasse.core.audit import history as history_of
from liasse.core.errors import InvalidError, LiasseError
from liasse.core.models import AuditEvent
from liasse.practices.services import CHANGEABLE, change_default
from liasse.practices.types import BOOKING_DEFAULTS, LIVE_DEFAULTS, Switch
from liasse.suppliers import sharing
from liasse.ui.errors import of_error
from liasse.web.practice import screen
from liasse.web.practice.fields import LABELS, PracticeField, practice_fields, refused_field, saved_field
from liasse.web.practice.strictness import KINDS, measured_rows
from liasse.web.requests import PracticeRequest
from liasse.web.settings.history import Change, Line

_HISTORY: Final = 30
_GONE: Final[dict[str, tuple[str, Promise]]] = {
    "practice.file-left": ("arrow-right-start-on-rectangle", gettext_lazy("File left the practice")),
    "practice.file-deleted": ("trash", gettext_lazy("File deleted")),
}


@access(Rule.ADMINISTRATOR)
@require_safe
def practice(request: PracticeRequest) -> HttpResponse:
    context = {
        "practice": request.practice,
        "tabs": screen.tabs(current="practice"),
        "name": practice_fields(request.practice, names=("name",)),
        "safety": practice_fields(request.practice, names=("factor_days",)),
        "mails": practice_fields(request.practice, names=("answers_mail",)),
        "copied": practice_fields(request.practice, names=BOOKING_DEFAULTS),
        "followed": practice_fields(request.practice, names=LIVE_DEFAULTS),
        "reading": practice_fields(request.practice, names=("strictness", "shares_suppliers")),
        "measured": measured_rows(),
        "kinds": list(KINDS.values()),
        "lines": _lines(request),
    }
    return render(request, "web/practice/practice.html", context)


@access(Rule.ADMINISTRATOR)
@require_safe
def history(request: PracticeRequest) -> HttpResponse:
    return render(request, "web/practice/lines.html", {"lines": _lines(request)})


@access(Rule.ADMINISTRATOR)
@require_POST
def save_field(request: PracticeRequest, field: str) -> HttpResponse:
    if field not in CHANGEABLE:
        raise Http404
    typed, sent = request.POST.get(field, ""), request.POST.get("version", "")
    version = int(sent[:9]) if sent.isdecimal() else 0
    try:
        request.practice = change_default(
            request.practice, field=field, value=typed, version=version, actor=request.actor
        )
    except InvalidError as error:
        again = refused_field(request.practice, name=field, typed=typed, sentence=error.fields[field])
        return _answer(request, again, status=422)
    except LiasseError as error:
        return of_error(request, error)
    if field == "shares_suppliers" and request.practice.shares_suppliers == Switch.OFF:
        sharing.forget_all(request.practice.id)
    response = _answer(request, saved_field(request.practice, name=field))
    return trigger_client_event(response, "history-changed", {}, after="settle")


def _answer(request: PracticeRequest, field: PracticeField, *, status: int = 200) -> HttpResponse:
    if not request.htmx:
        return redirect("practice")
    context = {"one": field, "practice": request.practice}
    return render(request, "web/practice/field.html", context, status=status)


def _lines(request: PracticeRequest) -> list[Line]:
    practice_id = request.practice.id
    events = history_of(practice_id=practice_id, subject_id=practice_id, limit=_HISTORY)
    return [_line(event) for event in events if not event.verb.startswith("practice.message-")]


def _line(event: AuditEvent) -> Line:
    if event.verb in _GONE:
        icon, said = _GONE[event.verb]
        change = Change(_("File"), str(event.before.get("file", "")), "")
        return Line(icon=icon, text=str(said), actor=event.actor_name, at=event.at, changes=[change])
    is_new = event.verb == "practice.set-up"
    names = [name for name in CHANGEABLE if name in event.after]
    changes = [Change(str(LABELS[name]), _shown(event.before, name), _shown(event.after, name)) for name in names]
    text = _("Practice set up") if is_new else _("Setting changed")
    icon = "building-office-2" if is_new else "pencil"
    return Line(icon=icon, text=text, actor=event.actor_name, at=event.at, changes=changes)


def _shown(values: dict[str, Any], name: str) -> str:
    return label_of(name, str(values[name])) if name in values else ""

"""The window that opens a client file. Nothing is created before the last click."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import trigger_client_event

from liasse.clients import rules
from liasse.clients.email_use import EmailUse, check_email
from liasse.clients.sectors import sector_label
from liasse.clients.selectors import choosable_colleagues, colleagues_named, has_same_name
from liasse.core.access import Rule, access
from liasse.core.errors import InvalidError, LiasseError
from liasse.invitations.opening import Opening, is_mail_sent, is_sms_offered, leaves_by_itself, open_client_file
from liasse.lib.ids import as_uuid
from liasse.practices.models import Colleague
from liasse.web.clients.forms import ClientForm, NameForm, PhoneForm, StepForm, initial
from liasse.web.clients.wizard import Answers, Step, fresh_answers, neighbour, opened_answers, steps_of
from liasse.web.requests import PracticeRequest
from liasse.web.windows import at_once


@dataclass(slots=True)
class Window:
    """One request of the window: what was answered so far, and whom the file may be given to."""

    request: PracticeRequest
    answers: Answers
    colleagues: list[Colleague]

    @property
    def steps(self) -> list[Step]:
        return steps_of(self.answers, has_colleagues=bool(self.colleagues))


@access(Rule.ADD_CLIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PracticeRequest) -> HttpResponse:
    person = request.actor.person_id
    colleagues = choosable_colleagues(request.actor)
    if request.method != "POST":
        window = Window(request, fresh_answers(person=person), colleagues)
        return _show(window, Step.NAME)
    answers = opened_answers(request.POST.get("state", ""), person=person)
    if answers is None and "resume" in request.POST:
        return HttpResponse(status=204)
    if answers is None:
        window = Window(request, fresh_answers(person=person), colleagues)
        notice = _("This window was open for too long. Begin again; nothing was created.")
        return _show(window, Step.NAME, notice=notice)
    window = Window(request, answers, colleagues)
    step = _posted_step(window)
    if "resume" in request.POST:
        # The page was loaded anew with the window open: the same step, with what was typed in it.
        window.answers = answers.with_typed(_typed(window, step))
        return _show(window, step)
    if step is Step.CONFIRM:
        return _confirm(window)
    return _advance(window, step)


def _posted_step(window: Window) -> Step:
    at = window.request.POST.get("at", "")
    return Step(at) if at in set(Step) else Step.NAME


def _advance(window: Window, step: Step) -> HttpResponse:
    """Take the entries of a step along, and show the step before or after."""
    words = window.request.POST
    form = _form(window, step, is_bound=True)
    if "back" in words:
        window.answers = window.answers.with_typed(_typed(window, step))
        return _show(window, neighbour(step, steps=window.steps, by=-1))
    if step is Step.CLIENT and "skip" in words:
        window.answers = replace(window.answers.with_typed(_typed(window, step)), is_invited=False)
        return _show(window, Step.CONFIRM)
    if form is not None and not form.is_valid():
        return _show(window, step, form=form)
    cleaned = form.cleaned_data if form is not None else {"colleagues": _ticked(window)}
    window.answers = window.answers.with_typed(cleaned)
    if step is Step.CLIENT:
        window.answers = replace(window.answers, is_invited=True)
    return _show(window, neighbour(step, steps=window.steps, by=1))


def _typed(window: Window, step: Step) -> dict[str, Any]:
    """Give the entries of a step as they are, right or wrong, so that going back loses none."""
    words = window.request.POST
    if step is Step.COLLEAGUES:
        return {"colleagues": _ticked(window)}
    texts = {Step.NAME: ("name", "sector"), Step.CLIENT: ("contact_name", "email"), Step.PHONE: ("phone",)}
    typed: dict[str, Any] = {name: words.get(name, "") for name in texts.get(step, ())}
    if step is Step.PHONE:
        typed |= {"by_email": "by_email" in words, "by_sms": "by_sms" in words}
    return typed


def _ticked(window: Window) -> tuple[str, ...]:
    """Give who was ticked; somebody who left meanwhile too, so that the last step can say so by name."""
    known = {str(colleague.id) for colleague in window.colleagues}
    ticked = window.request.POST.getlist("colleague")
    gone = tuple(found for each in ticked if each not in known and (found := as_uuid(each)))
    if gone:
        known |= {str(colleague.id) for colleague in colleagues_named(window.request.actor, ids=gone)}
    return tuple(each for each in ticked if each in known)


def _form(window: Window, step: Step, *, is_bound: bool) -> StepForm | None:
    given: dict[str, Any] = {"data": window.request.POST} if is_bound else {"initial": initial(window.answers)}
    if step is Step.NAME:
        return NameForm(**given)
    if step is Step.CLIENT:
        return ClientForm(**given)
    if step is Step.PHONE:
        return PhoneForm(country=window.request.practice.country, has_sms=is_sms_offered(), **given)
    return None


def _confirm(window: Window) -> HttpResponse:
    words = window.request.POST
    if "back" in words:
        return _show(window, neighbour(Step.CONFIRM, steps=window.steps, by=-1))
    if words.get("goto") in set(Step):
        return _show(window, Step(words["goto"]))
    try:
        opening = open_client_file(window.answers.as_request(), actor=window.request.actor)
    except InvalidError as error:
        return _show(window, Step.CONFIRM, problem=error)
    except LiasseError as error:
        return _show(window, Step.CONFIRM, problem=InvalidError({}, str(error.sentence)))
    return _opened(window, opening)


def _opened(window: Window, opening: Opening) -> HttpResponse:
    file = opening.opened.client_file
    context = {
        "file": file,
        "address": f"{opening.opened.local_part}@{settings.LIASSE_MAIL_DOMAIN}",
        "was_already_there": opening.opened.was_already_there,
        "invitee": window.answers if window.answers.is_invited else None,
        "leaves": leaves_by_itself(by_email=window.answers.by_email, by_sms=window.answers.by_sms),
    }
    response = _answer(window, "web/clients/opened.html", context)
    for event in ("clients-changed", "files-changed"):
        response = trigger_client_event(response, event, {}, after="settle")
    return response


def _show(
    window: Window,
    step: Step,
    *,
    form: StepForm | None = None,
    notice: str = "",
    problem: InvalidError | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {"notice": notice, "problem": problem}
    if step is Step.CONFIRM:
        window.answers = _look_up_email(window)
        context |= _summary(window)
    if step is Step.COLLEAGUES:
        context["colleagues"] = [
            (colleague, str(colleague.id) in window.answers.colleagues) for colleague in window.colleagues
        ]
    if step is Step.PHONE:
        context["has_sms"] = is_sms_offered()
    if step is not Step.NAME:
        context["has_same_name"] = has_same_name(window.request.actor, name=window.answers.name)
    steps = window.steps
    context |= {
        "form": form or _form(window, step, is_bound=False),
        "answers": window.answers,
        "state": window.answers.sealed(),
        "at": step,
        "wizard": {
            "action": reverse("clients-new"),
            "step": steps.index(step) + 1,
            "steps": len(steps),
            "has_back": step is not steps[0],
        },
    }
    status = 422 if problem or (form is not None and form.errors) else 200
    return _answer(window, f"web/clients/step_{step}.html", context, status=status)


def _summary(window: Window) -> dict[str, Any]:
    answers = window.answers
    ids = tuple(UUID(colleague) for colleague in answers.colleagues)
    return {
        "sector": sector_label(answers.sector),
        "chosen": colleagues_named(window.request.actor, ids=ids),
        "phone": rules.readable_phone(answers.phone) if answers.phone else "",
        "is_in_use": answers.is_invited and answers.email_use == EmailUse.IN_USE,
        "is_limited": answers.is_invited and answers.email_use == EmailUse.LIMITED,
        "is_mail_sent": is_mail_sent(),
        "leaves": leaves_by_itself(by_email=answers.by_email, by_sms=answers.by_sms),
    }


def _look_up_email(window: Window) -> Answers:
    """Look whether the address is in use, once for each address that this window ends with."""
    answers = window.answers
    if not answers.is_invited or answers.looked_email == answers.email:
        return answers
    use = check_email(answers.email, actor=window.request.actor)
    looked = "" if use is EmailUse.LIMITED else answers.email
    return replace(answers, looked_email=looked, email_use=str(use))


def _answer(window: Window, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Answer the window; without htmx, the same on a page of its own."""
    if window.request.htmx:
        return at_once(render(window.request, template, context, status=status))
    fragment = render_to_string(template, context, request=window.request)
    return render(window.request, "web/clients/new.html", {"fragment": fragment}, status=status)

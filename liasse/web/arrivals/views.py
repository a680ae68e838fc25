"""Tout ce qui est arrivé, over all files of the practice that somebody reaches: what hangs, why, and try again."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from liasse.core.access import Rule, access
from liasse.pipeline.health import health_of
from liasse.pipeline.journeys import arrivals as arrivals_of
from liasse.pipeline.journeys import count_late, of_actor, retry_all
from liasse.web.arrivals.screen import arrival_row, asked_arrivals, door_rows, filter_words, query_of
from liasse.web.inbox.views_receipts import cursor
from liasse.web.requests import PracticeRequest

_PAGE: Final = 50


@access(Rule.COLLEAGUE)
@require_safe
def arrivals(request: PracticeRequest) -> HttpResponse:
    here, chosen, after = reverse("arrivals"), asked_arrivals(request.GET), cursor(request.GET.get("after", ""))
    reached = of_actor(request.actor)
    page = arrivals_of(reached, query_of(chosen), before=after, limit=_PAGE)
    context: dict[str, Any] = {
        "chosen": chosen,
        "rows": [arrival_row(item) for item in page.items],
        "more_url": chosen.url(here, after=f"{page.after[0].isoformat()}~{page.after[1]}") if page.after else "",
    }
    if request.htmx and after:
        return render(request, "web/arrivals/rows.html", context)
    context |= filter_words(chosen, here=here, count_late=count_late(reached))
    if request.actor.is_administrator and not request.htmx:
        context["health"] = health_of(request.practice.id)
        context["last_by_door"] = door_rows(context["health"])
    template = "web/arrivals/list.html" if request.htmx else "web/arrivals/arrivals.html"
    return render(request, template, context)


@access(Rule.COLLEAGUE)
@require_POST
def retry(request: PracticeRequest) -> HttpResponse:
    """Try again all that failed or waits too long in the files in which the colleague works."""
    say_retried(request, count=retry_all(of_actor(request.actor), actor=request.actor))
    return redirect("arrivals")


def say_retried(request: PracticeRequest, *, count: int) -> None:
    """Say how many things are tried again."""
    if not count:
        messages.info(request, _("Nothing is there to be tried again."))
        return
    said = ngettext("%(count)d thing is tried again.", "%(count)d things are tried again.", count)
    messages.success(request, said % {"count": count})

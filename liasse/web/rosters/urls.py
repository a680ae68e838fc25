"""Addresses of lists that are uploaded as CSV: of clients, and of colleagues."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponseBase
from django.urls import URLPattern, path

from liasse.core.access import Rule, access
from liasse.rosters.types import RosterKind
from liasse.web.requests import PracticeRequest
from liasse.web.rosters import views

type View = Callable[..., HttpResponseBase]


def _routes(kind: RosterKind, *, rule: Rule, under: str) -> list[URLPattern]:
    """Give the addresses of one kind of list; the rule is the only thing in which they differ."""

    def entered(view: View, *, is_sensitive: bool = False) -> View:
        @access(rule, is_sensitive=is_sensitive)
        @wraps(view)
        def of_kind(request: PracticeRequest, **words: Any) -> HttpResponseBase:  # noqa: ANN401 - the address's own
            return view(request, kind=kind, **words)

        return of_kind

    makes_administrators = kind is RosterKind.COLLEAGUES
    one = f"{under}<uuid:roster_id>/"
    return [
        path(under, entered(views.upload), name=f"{kind}-lists"),
        path(f"{under}template/", entered(views.template), name=f"{kind}-list-template"),
        path(one, entered(views.roster), name=f"{kind}-list"),
        path(f"{one}confirm/", entered(views.confirm, is_sensitive=makes_administrators), name=f"{kind}-list-confirm"),
        path(f"{one}discard/", entered(views.discard), name=f"{kind}-list-discard"),
        path(f"{one}report/", entered(views.report), name=f"{kind}-list-report"),
    ]


urlpatterns: list[URLPattern] = [
    *_routes(RosterKind.CLIENTS, rule=Rule.ADD_CLIENTS, under="clients/csv/"),
    *_routes(RosterKind.COLLEAGUES, rule=Rule.ADMINISTRATOR, under="team/csv/"),
]

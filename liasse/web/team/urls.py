"""Addresses of the practice's people."""

from __future__ import annotations

from django.urls import URLPattern, path

from liasse.web.team import views, views_invitation

_COLLEAGUE = "<uuid:colleague_id>/"

urlpatterns: list[URLPattern] = [
    path("", views.team, name="team"),
    path("new/", views.add, name="team-add"),
    path(_COLLEAGUE, views.change, name="team-colleague"),
    path(f"{_COLLEAGUE}link/", views.link, name="team-link"),
    path(f"{_COLLEAGUE}resend/", views.resend, name="team-resend"),
    path(f"{_COLLEAGUE}revoke/", views_invitation.revoke, name="team-revoke"),
    path(f"{_COLLEAGUE}invitation/", views_invitation.invitation, name="team-invitation"),
    path(f"{_COLLEAGUE}suspend/", views.suspend_colleague, name="team-suspend"),
    path(f"{_COLLEAGUE}reactivate/", views.reactivate_colleague, name="team-reactivate"),
]

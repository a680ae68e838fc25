"""Addresses of the practice's people."""

from __future__ import annotations

from django.urls import URLPattern, path

from liasse.web.team import views, views_files, views_invitation, views_leaving, views_teams

_COLLEAGUE = "<uuid:colleague_id>/"

urlpatterns: list[URLPattern] = [
    path("", views.team, name="team"),
    path("new/", views.add, name="team-add"),
    path("teams/", views_teams.teams, name="teams"),
    path("teams/new/", views_teams.add, name="teams-add"),
    path("teams/<uuid:team_id>/", views_teams.change, name="teams-change"),
    path("teams/<uuid:team_id>/remove/", views_teams.remove, name="teams-remove"),
    path(_COLLEAGUE, views.change, name="team-colleague"),
    path(f"{_COLLEAGUE}link/", views.link, name="team-link"),
    path(f"{_COLLEAGUE}resend/", views.resend, name="team-resend"),
    path(f"{_COLLEAGUE}revoke/", views_invitation.revoke, name="team-revoke"),
    path(f"{_COLLEAGUE}invitation/", views_invitation.invitation, name="team-invitation"),
    path(f"{_COLLEAGUE}files/", views_files.files, name="team-files"),
    path(f"{_COLLEAGUE}files/set/", views_files.set_files, name="team-files-set"),
    path(f"{_COLLEAGUE}files/<uuid:file_id>/", views_files.set_file, name="team-file"),
    path(f"{_COLLEAGUE}leave/", views_leaving.leave, name="team-leave"),
    path(f"{_COLLEAGUE}suspend/", views.suspend_colleague, name="team-suspend"),
    path(f"{_COLLEAGUE}reactivate/", views.reactivate_colleague, name="team-reactivate"),
]

"""Addresses of Qui voit ce dossier ?; all begin with the file's own."""

from __future__ import annotations

from django.urls import URLPattern, path

from liasse.web.sight import views

urlpatterns: list[URLPattern] = [
    path("sight/", views.sight, name="file-sight"),
    path("sight/colleagues/<uuid:colleague_id>/remove/", views.remove_colleague, name="file-sight-colleague"),
    path("sight/teams/<uuid:team_id>/remove/", views.remove_team, name="file-sight-team"),
    path("sight/members/<uuid:member_id>/remove/", views.remove_member, name="file-sight-member"),
    path("sight/invitations/<uuid:member_id>/remove/", views.remove_invitation, name="file-sight-invitation"),
    path("sight/engine/remove/", views.remove_engine, name="file-sight-engine"),
    path("sight/exports/<uuid:export_id>/remove/", views.remove_whole, name="file-sight-export"),
]

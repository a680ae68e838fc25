"""Addresses of a file's settings, access, users and its life as a whole; all begin with the file's own."""

from __future__ import annotations

from django.urls import URLPattern, path

from liasse.web.settings import views, views_access, views_archive, views_custody, views_members, views_person

_MEMBER = "members/<uuid:member_id>/"

urlpatterns: list[URLPattern] = [
    path("settings/", views.settings_page, name="file-settings"),
    path("settings/history/", views.history, name="file-history"),
    path("settings/defaults/", views.reapply, name="file-defaults"),
    path("settings/<slug:field>/", views.save_field, name="file-setting"),
    path("settings/<slug:field>/reset/", views.reset_field, name="file-setting-reset"),
    path("access/", views_access.access_page, name="file-access"),
    path("access/<uuid:colleague_id>/", views_access.set_level, name="file-access-level"),
    path("access/teams/<uuid:team_id>/", views_access.set_team_level, name="file-access-team"),
    path("access/responsible/", views_access.choose_responsible, name="file-responsible"),
    path("members/", views_members.members, name="file-members"),
    path("members/new/", views_members.add, name="file-member-add"),
    path(_MEMBER, views_members.change, name="file-member"),
    path(f"{_MEMBER}invite/", views_members.invite, name="file-member-invite"),
    path(f"{_MEMBER}resend/", views_members.resend, name="file-member-resend"),
    path(f"{_MEMBER}revoke/", views_members.revoke, name="file-member-revoke"),
    path(f"{_MEMBER}link/", views_members.link, name="file-member-link"),
    path(f"{_MEMBER}invitation/", views_person.invitation, name="file-member-invitation"),
    path(f"{_MEMBER}main/", views_person.main, name="file-member-main"),
    path(f"{_MEMBER}remove/", views_person.remove, name="file-member-remove"),
    path("archive/", views_archive.archive, name="file-archive"),
    path("reactivate/", views_archive.reactivate, name="file-reactivate"),
    path("detach/", views_custody.detach_file, name="file-detach"),
    path("delete/", views_custody.delete, name="file-delete"),
]

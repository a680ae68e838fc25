"""Addresses of the client's screens, and of the link that lets a person in."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from liasse.portal import views, views_accountant, views_invitation

urlpatterns: list[URLPattern | URLResolver] = [
    path("portal/", views.home, name="portal-home"),
    path("portal/files/", views.files, name="portal-files"),
    path("portal/<uuid:file_id>/", views.file, name="portal-file"),
    path("portal/<uuid:file_id>/accountant/", views_accountant.accountant, name="portal-accountant"),
    path("portal/<uuid:file_id>/accountant/allow/", views_accountant.allow, name="portal-accountant-allow"),
    path("portal/<uuid:file_id>/accountant/leave/", views_accountant.leave, name="portal-accountant-leave"),
    path("invitations/", views_invitation.invitation_form, name="invitation-form"),
    path("invitations/decline/", views_invitation.decline_invitation, name="invitation-decline"),
    path("invitations/<str:token>/", views_invitation.invitation, name="invitation"),
]

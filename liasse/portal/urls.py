"""Addresses of the client's screens, and of the link that lets a person in."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from liasse.portal import views, views_invitation

urlpatterns: list[URLPattern | URLResolver] = [
    path("portal/", views.home, name="portal-home"),
    path("portal/files/", views.files, name="portal-files"),
    path("portal/<uuid:file_id>/", views.file, name="portal-file"),
    path("invitations/", views_invitation.invitation_form, name="invitation-form"),
    path("invitations/decline/", views_invitation.decline_invitation, name="invitation-decline"),
    path("invitations/<str:token>/", views_invitation.invitation, name="invitation"),
]

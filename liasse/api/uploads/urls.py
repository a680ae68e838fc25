"""Addresses of uploads: one door for colleagues, one for people of the client, the same protocol behind both."""

from __future__ import annotations

from django.urls import URLPattern, path

from liasse.api.uploads import views

urlpatterns: list[URLPattern] = [
    path("files/<uuid:file_id>/uploads/", views.uploads, name="uploads"),
    path("files/<uuid:file_id>/uploads/outcomes/", views.outcomes, name="uploads-outcomes"),
    path("files/<uuid:file_id>/uploads/<uuid:upload_id>/", views.upload, name="upload"),
    path("portal/<uuid:file_id>/uploads/", views.portal_uploads, name="portal-uploads"),
    path("portal/<uuid:file_id>/uploads/outcomes/", views.portal_outcomes, name="portal-uploads-outcomes"),
    path("portal/<uuid:file_id>/uploads/<uuid:upload_id>/", views.portal_upload, name="portal-upload"),
]

"""Addresses of a file's upload links; all begin with the file's own."""

from __future__ import annotations

from django.urls import URLPattern, path

from liasse.web.links import views

urlpatterns: list[URLPattern] = [
    path("links/", views.links, name="file-links"),
    path("links/<uuid:link_id>/revoke/", views.revoke, name="file-link-revoke"),
]

"""Addresses of the histories of the practice and of a file."""

from __future__ import annotations

from django.urls import URLPattern, path

from liasse.web.trail import views

urlpatterns: list[URLPattern] = [
    path("practice/trail/", views.practice_trail, name="trail"),
    path("practice/trail/csv/", views.practice_trail_csv, name="trail-csv"),
    path("files/<uuid:file_id>/trail/", views.file_trail, name="file-trail"),
    path("files/<uuid:file_id>/trail/csv/", views.file_trail_csv, name="file-trail-csv"),
]

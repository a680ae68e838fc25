"""Addresses of taking a whole file out and of restoring one."""

from __future__ import annotations

from django.urls import URLPattern, path

from liasse.web.whole import views_export, views_import

_FILE = "files/<uuid:file_id>/export/"

urlpatterns: list[URLPattern] = [
    path("clients/import/", views_import.import_file, name="clients-import"),
    path(_FILE, views_export.export, name="file-export"),
    path(f"{_FILE}<uuid:export_id>/download/", views_export.download, name="file-export-download"),
]

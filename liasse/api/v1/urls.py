"""Addresses of the API, version 1."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from liasse.api.v1 import views

urlpatterns: list[URLPattern] = [
    path("openapi.json", views.openapi, name="api-openapi"),
    path("files", views.files, name="api-files"),
    path("files/<uuid:file_id>/receipts", views.receipts, name="api-receipts"),
    path("files/<uuid:file_id>/receipts/<uuid:receipt_id>", views.receipt, name="api-receipt"),
    # Whatever else, line ends in it included.
    re_path(r"^(?P<rest>[\s\S]*)\Z", views.nowhere, name="api-nowhere"),
]

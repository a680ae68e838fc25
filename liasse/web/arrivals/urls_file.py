"""Addresses of what hangs in one file."""

from __future__ import annotations

from django.urls import URLPattern, path

from liasse.web.arrivals import views_file

urlpatterns: list[URLPattern] = [
    path("receipts/retry/", views_file.retry_file, name="receipts-retry"),
    path("receipts/<uuid:receipt_id>/seen/", views_file.seen, name="receipt-seen"),
]

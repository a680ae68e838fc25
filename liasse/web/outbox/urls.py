"""Addresses of the outbox."""

from __future__ import annotations

from django.urls import URLPattern, path

from liasse.web.outbox import views

urlpatterns: list[URLPattern] = [
    path("", views.outbox, name="outbox"),
    path("<uuid:message_id>/retry/", views.retry_message, name="outbox-retry"),
    path("<uuid:message_id>/cancel/", views.cancel_message, name="outbox-cancel"),
]

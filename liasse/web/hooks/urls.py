"""Addresses that providers call by themselves."""

from __future__ import annotations

from django.urls import URLPattern, path

from liasse.web.hooks import views

urlpatterns: list[URLPattern] = [
    path("mail/", views.mail_events, name="hook-mail"),
]

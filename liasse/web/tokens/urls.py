"""Addresses of the tokens of programs."""

from __future__ import annotations

from django.urls import URLPattern, path

from liasse.web.tokens import views

urlpatterns: list[URLPattern] = [
    path("", views.tokens, name="tokens"),
    path("<uuid:token_id>/revoke/", views.revoke, name="token-revoke"),
]

"""Addresses of a file's outside engine; all begin with the file's own."""

from __future__ import annotations

from django.urls import URLPattern, path

from liasse.web.outside import views

urlpatterns: list[URLPattern] = [
    path("engine/on/", views.engine_on, name="file-engine-on"),
    path("engine/off/", views.engine_off, name="file-engine-off"),
]

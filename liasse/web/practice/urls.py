"""Addresses of the practice's own settings."""

from __future__ import annotations

from django.urls import URLPattern, path

from liasse.web.practice import views

urlpatterns: list[URLPattern] = [
    path("", views.practice, name="practice"),
    path("history/", views.history, name="practice-history"),
    path("<slug:field>/", views.save_field, name="practice-setting"),
]

"""Addresses of Suivi."""

from __future__ import annotations

from django.urls import URLPattern, path

from liasse.web.follow_up import views

urlpatterns: list[URLPattern] = [
    path("", views.follow_up, name="follow-up"),
    path("csv/", views.follow_up_csv, name="follow-up-csv"),
]

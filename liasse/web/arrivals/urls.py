"""Addresses of Tout ce qui est arrivé."""

from __future__ import annotations

from django.urls import URLPattern, path

from liasse.web.arrivals import views

urlpatterns: list[URLPattern] = [
    path("", views.arrivals, name="arrivals"),
    path("retry/", views.retry, name="arrivals-retry"),
]

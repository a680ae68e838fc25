"""Addresses that programs and scripts of pages speak to."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("liasse.api.uploads.urls")),
    path("", include("liasse.api.links.urls")),
    path("api/v1/", include("liasse.api.v1.urls")),
    path("", include("liasse.api.arrivals.urls")),
]

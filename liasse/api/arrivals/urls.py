"""The address to which a provider brings mail."""

from __future__ import annotations

from django.urls import URLPattern, path

from liasse.api.arrivals import views

urlpatterns: list[URLPattern] = [
    path("hooks/arrivals/", views.arrivals, name="hook-arrivals"),
    # Mailgun gives the raw mail to addresses that end so.
    path("hooks/arrivals/mime", views.arrivals, name="hook-arrivals-mime"),
]

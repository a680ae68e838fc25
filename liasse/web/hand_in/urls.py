"""Where a colleague hands documents in; begins with the file's own address."""

from __future__ import annotations

from django.urls import URLPattern, path

from liasse.web.hand_in import views

urlpatterns: list[URLPattern] = [
    path("hand-in/", views.hand_in, name="hand-in"),
]

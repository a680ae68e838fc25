"""Addresses of a file's suppliers; all begin with the file's own."""

from __future__ import annotations

from django.urls import URLPattern, path

from liasse.web.suppliers import views

urlpatterns: list[URLPattern] = [
    path("suppliers/", views.suppliers, name="suppliers"),
    path("suppliers/<uuid:supplier_id>/", views.supplier, name="supplier"),
    path("lessons/<uuid:lesson_id>/forget/", views.forget_lesson, name="lesson-forget"),
    path("suggest/", views.suggest, name="suggest"),
]

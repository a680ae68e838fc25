"""Addresses of uploads by a link."""

from __future__ import annotations

from django.urls import URLPattern, path

from liasse.api.links import views

urlpatterns: list[URLPattern] = [
    path("deposit/<str:token>/uploads/", views.uploads, name="deposit-uploads"),
    path("deposit/<str:token>/uploads/outcomes/", views.outcomes, name="deposit-outcomes"),
    path("deposit/<str:token>/uploads/<uuid:upload_id>/", views.upload, name="deposit-upload"),
]

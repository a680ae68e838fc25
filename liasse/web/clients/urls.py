"""Addresses of Mes clients, of the window that opens a file, and of Liste des dossiers."""

from __future__ import annotations

from django.urls import URLPattern, path

from liasse.web.clients import views, views_wizard

urlpatterns: list[URLPattern] = [
    path("", views.clients, name="clients"),
    path("news/", views.news, name="clients-news"),
    path("list/", views.files_list, name="files-list"),
    path("new/", views_wizard.new, name="clients-new"),
]

"""Addresses of Mes clients, of the window that opens a file, of requests for files, and of Liste des dossiers."""

from __future__ import annotations

from django.urls import URLPattern, path

from liasse.web.clients import views, views_requests, views_wizard

urlpatterns: list[URLPattern] = [
    path("", views.clients, name="clients"),
    path("news/", views.news, name="clients-news"),
    path("list/", views.files_list, name="files-list"),
    path("requests/", views_requests.transfer_requests, name="clients-requests"),
    path("requests/<uuid:request_id>/withdraw/", views_requests.withdraw, name="clients-request-withdraw"),
    path("new/", views_wizard.new, name="clients-new"),
]

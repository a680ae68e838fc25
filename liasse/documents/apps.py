"""The Django app of documents and their pages."""

from __future__ import annotations

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Registers the tables of documents and their pages."""

    name = "liasse.documents"
    label = "documents"

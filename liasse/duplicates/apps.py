"""The Django app of documents that may be there twice."""

from __future__ import annotations

from django.apps import AppConfig


class DuplicatesConfig(AppConfig):
    """Registers the tables of documents that may be there twice."""

    name = "liasse.duplicates"
    label = "duplicates"

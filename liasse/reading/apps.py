"""The Django app of fields read from documents."""

from __future__ import annotations

from django.apps import AppConfig


class ReadingConfig(AppConfig):
    """Registers the tables of fields read from documents."""

    name = "liasse.reading"
    label = "reading"

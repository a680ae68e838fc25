"""The Django app of practices, colleagues, defaults."""

from __future__ import annotations

from django.apps import AppConfig


class PracticesConfig(AppConfig):
    """Registers the tables of practices, colleagues, defaults."""

    name = "liasse.practices"
    label = "practices"

"""The Django app of outside engines: which files ask one, and what was sent to it."""

from __future__ import annotations

from django.apps import AppConfig


class OutsideConfig(AppConfig):
    """Registers the tables of outside engines."""

    name = "liasse.outside"
    label = "outside"

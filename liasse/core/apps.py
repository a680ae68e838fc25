"""The ground's Django app."""

from __future__ import annotations

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Registers the ground's tables and its start-up checks."""

    name = "liasse.core"
    label = "core"

    def ready(self) -> None:
        """Load the checks, so that an undeclared route or a wrong adapter stops the start."""
        from liasse.core import checks  # noqa: F401, PLC0415 - checks register on import, after the apps

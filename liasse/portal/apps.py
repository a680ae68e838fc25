"""The Django app of the client's screens."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Registers the client's templates and static files."""

    name = "liasse.portal"
    label = "portal"

"""The Django app of the practice's screens."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Registers the practice's templates and static files."""

    name = "liasse.web"
    label = "web"

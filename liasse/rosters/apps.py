"""The app of lists that are uploaded: many client files or colleagues at once."""

from __future__ import annotations

from django.apps import AppConfig


class RostersConfig(AppConfig):
    """Known to Django as ``rosters``."""

    name = "liasse.rosters"
    label = "rosters"

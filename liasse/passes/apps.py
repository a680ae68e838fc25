"""The app of what lets somebody hand in or read without an account: upload links and tokens of programs."""

from __future__ import annotations

from django.apps import AppConfig


class PassesConfig(AppConfig):
    """Known to Django as ``passes``."""

    name = "liasse.passes"
    label = "passes"

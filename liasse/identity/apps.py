"""The Django app of users and their sign-in."""

from __future__ import annotations

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Registers the tables of users and their sign-in."""

    name = "liasse.identity"
    label = "identity"

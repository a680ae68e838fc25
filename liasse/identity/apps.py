"""The Django app of users and their sign-in."""

from __future__ import annotations

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out


class IdentityConfig(AppConfig):
    """Registers the tables of users and their sign-in, and listens where sessions open and end."""

    name = "liasse.identity"
    label = "identity"

    def ready(self) -> None:
        """Listen to Django's own sign-in and sign-out."""
        from liasse.identity import sessions  # noqa: PLC0415 - the tables are there only now

        user_logged_in.connect(sessions.began, dispatch_uid="liasse.identity.began")
        user_logged_out.connect(sessions.ended, dispatch_uid="liasse.identity.ended")

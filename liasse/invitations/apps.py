"""The Django app of offers of access."""

from __future__ import annotations

from django.apps import AppConfig


class InvitationsConfig(AppConfig):
    """Registers the tables of offers of access."""

    name = "liasse.invitations"
    label = "invitations"

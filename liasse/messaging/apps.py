"""The Django app of outgoing mail and SMS."""

from __future__ import annotations

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """Registers the tables of outgoing mail and SMS."""

    name = "liasse.messaging"
    label = "messaging"

"""The Django app of client files, members, addresses."""

from __future__ import annotations

from django.apps import AppConfig


class ClientsConfig(AppConfig):
    """Registers the tables of client files, members, addresses."""

    name = "liasse.clients"
    label = "clients"

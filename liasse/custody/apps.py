"""The Django app of a client file's life as a whole: moved, detached, deleted, taken out."""

from __future__ import annotations

from django.apps import AppConfig


class CustodyConfig(AppConfig):
    """Registers the tables of a client file's life as a whole."""

    name = "liasse.custody"
    label = "custody"

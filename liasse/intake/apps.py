"""The Django app of receipts, what arrived."""

from __future__ import annotations

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Registers the tables of receipts, what arrived."""

    name = "liasse.intake"
    label = "intake"

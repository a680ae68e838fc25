"""The Django app of suppliers: who they are, what was learned of their papers, and what is odd about a document."""

from __future__ import annotations

from django.apps import AppConfig


class SuppliersConfig(AppConfig):
    """Registers the tables of suppliers."""

    name = "liasse.suppliers"
    label = "suppliers"

"""Walls off the tables of this area by practice (PostgreSQL's row-level security)."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from liasse.core.walls import wall_off


class Migration(migrations.Migration):
    """Every table with a practice shows only the rows of the open scope."""

    dependencies: ClassVar = [("passes", "0001_initial")]
    operations: ClassVar = [wall_off("passes")]

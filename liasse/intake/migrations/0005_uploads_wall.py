"""Walls off the uploads by practice (PostgreSQL's row-level security)."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from liasse.core.walls import wall_off


class Migration(migrations.Migration):
    """An upload is only seen in the scope of its practice."""

    dependencies: ClassVar = [("intake", "0004_uploads")]
    operations: ClassVar = [wall_off("intake", only=("Upload",))]

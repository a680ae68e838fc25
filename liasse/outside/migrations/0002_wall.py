"""The wall around the tables of outside engines."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from liasse.core.walls import wall_off


class Migration(migrations.Migration):
    """Let PostgreSQL itself keep practices apart."""

    dependencies: ClassVar = [("outside", "0001_initial")]
    operations: ClassVar = [wall_off("outside")]

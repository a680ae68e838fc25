"""Walls off the table of files given to teams."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from liasse.core.walls import wall_off


class Migration(migrations.Migration):
    """The table shows only the rows of the open scope."""

    dependencies: ClassVar = [("clients", "0008_teams")]
    operations: ClassVar = [wall_off("clients", only=("TeamAccess",))]

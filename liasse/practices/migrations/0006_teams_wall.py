"""Walls off the tables of teams."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from liasse.core.walls import wall_off


class Migration(migrations.Migration):
    """Both tables show only the rows of the open scope."""

    dependencies: ClassVar = [("practices", "0005_teams")]
    operations: ClassVar = [wall_off("practices", only=("Team", "TeamMember"))]

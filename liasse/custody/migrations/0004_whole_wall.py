"""Walls off the tables of files taken out and restored whole."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from liasse.core.walls import wall_off


class Migration(migrations.Migration):
    """Both tables show only the rows of the open scope."""

    dependencies: ClassVar = [("custody", "0003_whole_files")]
    operations: ClassVar = [wall_off("custody", only=("WholeExport", "WholeImport"))]

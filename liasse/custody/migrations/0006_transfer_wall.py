"""Walls off the table of requests for files."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from liasse.core.walls import wall_off


class Migration(migrations.Migration):
    """The table shows only the rows of the open scope."""

    dependencies: ClassVar = [("custody", "0005_transfer_requests")]
    operations: ClassVar = [wall_off("custody", only=("TransferRequest",))]

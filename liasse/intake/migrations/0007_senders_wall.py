"""Walls off the tables of trusted and answered senders."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from liasse.core.walls import wall_off


class Migration(migrations.Migration):
    """The tables show only the rows of the open scope."""

    dependencies: ClassVar = [("intake", "0006_senders")]
    operations: ClassVar = [wall_off("intake", only=("TrustedSender", "AnsweredSender"))]

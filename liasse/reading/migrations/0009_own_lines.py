"""Whether a person put the lines right."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column; nobody did so far."""

    dependencies: ClassVar = [("reading", "0008_remarks")]
    operations: ClassVar = [
        migrations.AddField("reading", "has_own_lines", models.BooleanField(default=False, db_default=False)),
    ]

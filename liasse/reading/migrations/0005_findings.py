"""What the check of an e-invoice found, and by what it was checked."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Three columns; what was read before has not been checked."""

    dependencies: ClassVar = [("reading", "0004_reasons")]
    operations: ClassVar = [
        migrations.AddField("reading", "findings", models.JSONField(default=list)),
        migrations.AddField("reading", "checked_by", models.JSONField(default=list)),
        migrations.AddField("reading", "checked_at", models.DateTimeField(null=True)),
    ]

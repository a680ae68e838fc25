"""Whether a person put a VAT table right."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column; nobody did so far."""

    dependencies: ClassVar = [("reading", "0005_findings")]
    operations: ClassVar = [
        migrations.AddField("reading", "has_own_vat", models.BooleanField(default=False, db_default=False)),
    ]

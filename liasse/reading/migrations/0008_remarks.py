"""What an e-invoice says in words, and the papers beside it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two columns; what was read before has neither."""

    dependencies: ClassVar = [("reading", "0007_words")]
    operations: ClassVar = [
        migrations.AddField("reading", "remarks", models.JSONField(default=list)),
        migrations.AddField("reading", "attached", models.JSONField(default=list)),
    ]

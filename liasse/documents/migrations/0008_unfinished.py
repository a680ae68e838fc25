"""An index of the documents that still have a step before them."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """What the sweep reads."""

    dependencies: ClassVar = [("documents", "0007_pieces")]
    operations: ClassVar = [
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                fields=["step", "practice", "receipt"],
                name="documents_unfinished",
            ),
        ),
    ]

"""An index for searching, so that a search reads the practice's texts and not its rows."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Holds all that a search asks of a file."""

    dependencies: ClassVar = [("clients", "0005_address_outlives_file")]
    operations: ClassVar = [
        migrations.AddIndex(
            model_name="clientfile",
            index=models.Index(fields=["practice", "status", "search_text", "id"], name="files_by_text"),
        ),
    ]

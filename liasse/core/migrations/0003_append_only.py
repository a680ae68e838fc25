"""The audit trail becomes append-only in the database too, and is read by time and by person."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

from liasse.core.walls import append_only_trail


class Migration(migrations.Migration):
    """Three indexes and the triggers."""

    dependencies: ClassVar = [("core", "0002_wall")]

    operations: ClassVar = [
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["practice_id", "actor_id", "-at", "-sequence"], name="audit_by_person"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["practice_id", "client_file_id", "-at", "-sequence"], name="audit_by_file_time"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["practice_id", "-at", "-sequence"], name="audit_by_time"),
        ),
        append_only_trail(),
    ]

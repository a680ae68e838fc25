"""Counts of what *Suivi* shows: deliveries that failed, and since when the oldest document has been waiting."""

from typing import Any

from django.db import migrations, models
from django.db.models import Count, Min

from liasse.core.scope import instance_scope


def count_what_is_there(apps: Any, _schema_editor: Any) -> None:  # noqa: ANN401
    """Fill the new columns from the rows that they count."""
    files = apps.get_model("clients", "ClientFile").objects
    receipts, documents = apps.get_model("intake", "Receipt").objects, apps.get_model("documents", "Document").objects
    with instance_scope():
        failed = receipts.filter(state="failed").order_by().values_list("client_file_id").annotate(Count("id"))
        for file_id, count in failed.iterator():
            files.filter(id=file_id).update(count_failed=count)
        waiting = documents.filter(status="to-review").order_by().values_list("client_file_id")
        for file_id, since in waiting.annotate(Min("received_at")).iterator():
            files.filter(id=file_id).update(waiting_since=since)


class Migration(migrations.Migration):
    """Adds and fills both."""

    dependencies = [
        ("clients", "0009_teams_wall"),
        ("documents", "0001_initial"),
        ("intake", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="clientfile",
            name="count_failed",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="clientfile",
            name="waiting_since",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(count_what_is_there, migrations.RunPython.noop, elidable=True),
    ]

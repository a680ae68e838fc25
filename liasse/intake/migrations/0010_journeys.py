"""Since when each delivery waits, when it was opened, and the text that a search for it looks into."""

from __future__ import annotations

from itertools import batched
from typing import TYPE_CHECKING, ClassVar

from django.db import migrations, models
from django.db.models import F
from django.utils import timezone

from liasse.core.scope import instance_scope
from liasse.intake.rules import search_text_of

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_AT_ONCE = 1000


def _fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Say of what is here already what it says of itself; when it was opened nobody wrote down."""
    del schema_editor
    receipts = apps.get_model("intake", "Receipt").objects
    with instance_scope():
        receipts.filter(state__in=["stored", "failed"]).update(waits_since=F("received_at"))
        words = receipts.only("id", "subject", "from_name", "from_address", "envelope_from", "filename")
        for batch in batched(words.order_by("id").iterator(chunk_size=_AT_ONCE), _AT_ONCE):
            for receipt in batch:
                receipt.search_text = search_text_of(receipt)
            receipts.bulk_update(batch, ["search_text"], batch_size=200)


class Migration(migrations.Migration):
    """Columns and indexes of journeys."""

    dependencies: ClassVar = [("intake", "0009_part_bytes")]
    operations: ClassVar = [
        migrations.AddField(model_name="receipt", name="opened_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="receipt",
            name="search_text",
            field=models.CharField(blank=True, db_default="", default="", max_length=400),
        ),
        migrations.AddField(model_name="receipt", name="waits_since", field=models.DateTimeField(null=True)),
        migrations.RunPython(_fill, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name="receipt",
            name="waits_since",
            field=models.DateTimeField(default=timezone.now, null=True),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(fields=["practice", "-received_at", "-id"], name="receipts_of_practice"),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(fields=["practice", "state", "-received_at", "-id"], name="receipts_by_state"),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(
                fields=["practice", "waits_since"],
                name="receipts_waiting",
                condition=models.Q(waits_since__isnull=False),
            ),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(fields=["practice", "client_file", "search_text", "id"], name="receipts_by_text"),
        ),
    ]

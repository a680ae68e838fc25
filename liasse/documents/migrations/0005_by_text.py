"""An index for searching, so that a search reads a file's texts and not its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import migrations, models
from django.db.models.functions import Left, Length

from liasse.core.scope import instance_scope

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_LIMIT = 600


def _shorten(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Cut what would not fit into an index of PostgreSQL; it is made anew from the document's own columns."""
    del schema_editor
    documents = apps.get_model("documents", "Document").objects
    with instance_scope():
        long = documents.annotate(letters=Length("search_text")).filter(letters__gt=_LIMIT)
        long.update(search_text=Left("search_text", _LIMIT))


class Migration(migrations.Migration):
    """Holds all that a search asks of a document."""

    dependencies: ClassVar = [("documents", "0004_page_image_sizes")]
    operations: ClassVar = [
        migrations.RunPython(_shorten, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                fields=["practice", "client_file", "status", "search_text", "total_gross", "total_net", "id"],
                name="documents_by_text",
            ),
        ),
    ]

"""Row-level security for tenant tables, as a migration step (PostgreSQL only)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import migrations

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# current_setting() without missing_ok raises when no scope was ever given, and the cast of
# an empty one raises too: a connection that forgot its scope reads nothing. The selects let
# PostgreSQL ask once a query and not once a row, which made reading many rows thrice as long.
_POLICY = """
CREATE POLICY practice_wall ON {table} USING (
    CASE WHEN (SELECT current_setting('liasse.practice')) = 'instance' THEN true
         ELSE practice_id = (SELECT current_setting('liasse.practice')::uuid) END
)
"""


def wall_off(app_label: str, *, only: tuple[str, ...] = ()) -> migrations.RunPython:
    """Give the migration step that walls off every table of an app that has a practice.

    ``only`` names the models that came since the app's first wall.
    """

    def build(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        for model in apps.get_app_config(app_label).get_models():
            if only and model.__name__ not in only:
                continue
            if any(field.column == "practice_id" for field in model._meta.local_fields):
                _wall(schema_editor, model)

    return migrations.RunPython(build, migrations.RunPython.noop)


def _wall(schema_editor: BaseDatabaseSchemaEditor, model: Any) -> None:  # noqa: ANN401 - a historical model has no static type
    table = schema_editor.quote_name(model._meta.db_table)
    schema_editor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    schema_editor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    schema_editor.execute(_POLICY.format(table=table))

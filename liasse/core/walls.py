"""What the database itself refuses, as migration steps: rows of other practices, changes of the audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import migrations

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# current_setting() without missing_ok raises when no scope was ever given, and the cast of
# an empty one raises too: a connection that forgot its scope reads nothing. The selects let
# PostgreSQL ask once a query and not once a row, which made reading many rows thrice as long.
# A row that somebody else changed meanwhile is judged again with both selects (EvalPlanQual),
# so the second must not stumble over the word of the first.
_POLICY = """
CREATE POLICY practice_wall ON {table} USING (
    CASE WHEN (SELECT current_setting('liasse.practice')) = 'instance' THEN true
         ELSE practice_id = (SELECT nullif(current_setting('liasse.practice'), 'instance')::uuid) END
)
"""


def wall_off(app_label: str, *, only: tuple[str, ...] = ()) -> migrations.RunPython:
    """Give the migration step that walls off every table of an app that has a practice.

    ``only`` names the models that came since the app's first wall.
    """

    def walled(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> list[str]:
        if schema_editor.connection.vendor != "postgresql":
            return []
        models = [model for model in apps.get_app_config(app_label).get_models() if not only or model.__name__ in only]
        tables = [model for model in models if any(field.column == "practice_id" for field in model._meta.local_fields)]
        return [schema_editor.quote_name(model._meta.db_table) for model in tables]

    def build(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for table in walled(apps, schema_editor):
            schema_editor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            schema_editor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            schema_editor.execute(_POLICY.format(table=table))

    def undo(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for table in walled(apps, schema_editor):
            schema_editor.execute(f"DROP POLICY IF EXISTS practice_wall ON {table}")
            schema_editor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
            schema_editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")

    return migrations.RunPython(build, undo)


# ---------------------------------------------------------------------------------------------- append-only

_TRIGGERS: Final = ("audit_no_update", "audit_no_delete", "audit_no_truncate")
_TRAIL: Final = "core_auditevent"
_REFUSAL: Final = "the audit trail is append-only"
_ON_SQLITE: Final = (
    f"CREATE TRIGGER audit_no_update BEFORE UPDATE ON {_TRAIL} BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
    f"CREATE TRIGGER audit_no_delete BEFORE DELETE ON {_TRAIL} BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
)
_ON_POSTGRESQL: Final = (
    f"""CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    f"CREATE TRIGGER audit_no_update BEFORE UPDATE ON {_TRAIL} FOR EACH ROW EXECUTE FUNCTION audit_append_only()",
    f"CREATE TRIGGER audit_no_delete BEFORE DELETE ON {_TRAIL} FOR EACH ROW EXECUTE FUNCTION audit_append_only()",
    f"CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON {_TRAIL} EXECUTE FUNCTION audit_append_only()",
)


def append_only_trail() -> migrations.RunPython:
    """Give the migration step after which the database refuses to change or remove an event of the audit trail."""

    def build(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for statement in closing(schema_editor.connection.vendor):
            schema_editor.execute(statement)

    def undo(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for statement in lifting(schema_editor.connection.vendor):
            schema_editor.execute(statement)

    return migrations.RunPython(build, undo)


def closing(vendor: str) -> tuple[str, ...]:
    """Give the statements that make the trail append-only on a kind of database."""
    return _ON_POSTGRESQL if vendor == "postgresql" else _ON_SQLITE


def lifting(vendor: str) -> tuple[str, ...]:
    """Give the statements that take it back: for migrations, and for tests that empty their database."""
    if vendor == "postgresql":
        return tuple(f"DROP TRIGGER IF EXISTS {name} ON {_TRAIL}" for name in _TRIGGERS)
    return tuple(f"DROP TRIGGER IF EXISTS {name}" for name in _TRIGGERS)


def lacks_of_the_trail(connection: BaseDatabaseWrapper) -> list[str]:
    """Give the triggers that should keep the trail append-only and are not there, or are switched off."""
    if connection.vendor == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled IN ('O', 'A')"
        wanted: tuple[str, ...] = _TRIGGERS
    else:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
        wanted = _TRIGGERS[:2]
    with connection.cursor() as cursor:
        cursor.execute(query, [_TRAIL])
        there = {name for (name,) in cursor.fetchall()}
    return [name for name in wanted if name not in there]

"""Puts millions of rows into the tables of Liasse within minutes: prepared rows, indexes made afterwards.

Values are given in the form in which the database keeps them; what a row does not name has the model's default.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import batched
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import NOT_PROVIDED, AutoField, Field, Model, Value

BATCH = 20_000
Row = list[Any]


class Table:
    """One model's table: its columns, and a row full of defaults to copy and change."""

    def __init__(self, model: type[Model], *varying: str) -> None:
        fields = [field for field in model._meta.local_concrete_fields if not isinstance(field, AutoField)]
        self.name = model._meta.db_table
        self.columns = [field.column for field in fields]
        self.template: Row = [_default(field) for field in fields]
        self.places = [self.columns.index(column) for column in varying]

    def rows(self, values: Iterable[Sequence[Any]]) -> Iterator[Row]:
        """Give whole rows from the values of the varying columns."""
        places, template = self.places, self.template
        for given in values:
            row = template.copy()
            for place, value in zip(places, given, strict=True):
                row[place] = value
            yield row


def _default(field: Field[Any, Any]) -> object:
    if isinstance(field.db_default, Value):
        return kept(field.db_default.value)
    if field.db_default is not NOT_PROVIDED:
        return kept(field.db_default)
    if field.null or field.default is NOT_PROVIDED:
        return None if field.null else "" if field.empty_strings_allowed else None
    value = field.default() if callable(field.default) else field.default
    return kept(value)


def kept(value: object) -> Any:  # noqa: ANN401 - a text, a number or None, as the database has it
    """Give a value as the database keeps it."""
    if isinstance(value, bool):
        return ("t" if value else "f") if connection.vendor == "postgresql" else int(value)
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        text = f"{value:%Y-%m-%d %H:%M:%S.%f}"
        return f"{text}+00" if connection.vendor == "postgresql" else text
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return value


def load(table: Table, values: Iterable[Sequence[Any]]) -> None:
    """Write rows; call it within ``bulk_loading``."""
    names = ", ".join(f'"{column}"' for column in table.columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
                for rows in batched(table.rows(values), BATCH):
                    copy.write("".join(map(_line, rows)))
            return
        marks = ", ".join("?" * len(table.columns))
        raw = connection.connection
        raw.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", table.rows(values))  # noqa: S608


def _line(row: Row) -> str:
    return "\t".join(["\\N" if value is None else str(value) for value in row]) + "\n"


@contextmanager
def bulk_loading(models: Sequence[type[Model]]) -> Iterator[None]:
    """Take off what makes single inserts safe and many slow, and put all of it back, checked."""
    names = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        undo = _loosen_postgresql(cursor, names) if connection.vendor == "postgresql" else _loosen_sqlite(cursor, names)
    yield
    with connection.cursor() as cursor:
        for statement in undo:
            cursor.execute(statement)


def _loosen_sqlite(cursor: CursorWrapper, names: Sequence[str]) -> list[str]:
    cursor.execute("PRAGMA foreign_keys=OFF")
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.execute("PRAGMA cache_size=-400000")
    marks = ", ".join(["%s"] * len(names))
    cursor.execute(
        f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({marks})",  # noqa: S608
        names,
    )
    found = cursor.fetchall()
    for name, _sql in found:
        cursor.execute(f"DROP INDEX {name}")
    cursor.execute("BEGIN")
    after = ["PRAGMA foreign_keys=ON", "PRAGMA synchronous=FULL", "PRAGMA wal_checkpoint(TRUNCATE)"]
    return ["COMMIT", *(sql for _name, sql in found), *after]


def _loosen_postgresql(cursor: CursorWrapper, names: Sequence[str]) -> list[str]:
    cursor.execute("SET maintenance_work_mem = '256MB'")
    cursor.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)",
        [list(names)],
    )
    keys = cursor.fetchall()
    cursor.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " WHERE i.indrelid::regclass::text = ANY(%s)"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
        [list(names)],
    )
    indexes = cursor.fetchall()
    cursor.execute(
        "SELECT oid::regclass::text FROM pg_class WHERE relforcerowsecurity AND oid::regclass::text = ANY(%s)",
        [list(names)],
    )
    walled = [name for (name,) in cursor.fetchall()]
    for table, name, _rule in keys:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _sql in indexes:
        cursor.execute(f"DROP INDEX {name}")
    # COPY does not pass a forced wall; the owner may lift it for the load.
    for name in walled:
        cursor.execute(f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY")
    return [
        *(sql for _name, sql in indexes),
        *(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}" for table, name, rule in keys),
        *(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY" for name in walled),
        # What autovacuum does by itself on a server in use.
        *(f"VACUUM ANALYZE {name}" for name in names),
    ]

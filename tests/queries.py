"""What a block of code asks of the database, counted alike on SQLite and PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext


@contextmanager
def asked() -> Iterator[list[str]]:
    """Give the statements of the block, filled at its end.

    Those that only tell PostgreSQL's walls whose rows may be seen are left out: SQLite has no such walls.
    """
    statements: list[str] = []
    with CaptureQueriesContext(connection) as seen:
        yield statements
    statements.extend(query["sql"] for query in seen.captured_queries if "set_config" not in query["sql"])

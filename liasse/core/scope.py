"""The practice scope: which practice's rows the code that runs now may read.

Outside any scope a read of a tenant table raises. On PostgreSQL the same scope is given to
the server, whose row-level security then refuses what a forgotten filter would show.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final
from uuid import UUID

from django.db import connection

from liasse.core.errors import ScopeError

INSTANCE: Final = "instance"
"""The scope of work that serves every practice: sign-in, mail routing, the worker's queue."""

_NOWHERE: Final = ""
_current: ContextVar[str] = ContextVar("liasse_scope", default=_NOWHERE)


def current_scope() -> str:
    """Give the open scope, a practice's id or ``INSTANCE``; raise ScopeError when none is."""
    scope = _current.get()
    if scope == _NOWHERE:
        message = "a tenant table was read outside a practice scope"
        raise ScopeError(message)
    return scope


@contextmanager
def practice_scope(practice_id: UUID) -> Iterator[None]:
    """Open the scope of one practice for the block."""
    with _scope(str(practice_id)):
        yield


@contextmanager
def instance_scope() -> Iterator[None]:
    """Open the scope of the whole instance for the block; every use is worth a look."""
    with _scope(INSTANCE):
        yield


@contextmanager
def _scope(value: str) -> Iterator[None]:
    before = _current.get()
    token = _current.set(value)
    try:
        # A server that is away must not leave the scope open: the next block of this thread
        # would take it for given, and a fresh connection would never be told.
        _tell_server(value, before=before)
        yield
    finally:
        _current.reset(token)
        _tell_server(before, before=value)


def _tell_server(value: str, *, before: str) -> None:
    """Give the scope to PostgreSQL; a transaction that must roll back takes it back itself."""
    if connection.vendor != "postgresql" or value == before or connection.needs_rollback:
        return
    if value == _NOWHERE and connection.connection is None:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('liasse.practice', %s, false)", [value])

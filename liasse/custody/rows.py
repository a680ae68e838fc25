"""Which rows belong to a client file, over all tables of all areas, found from the tables themselves.

A table belongs to files when a chain of foreign keys, or a plain ``client_file_id``, leads from it
to one. A table that comes later is moved, counted and deleted without a word here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.db.models import ForeignKey, Model, QuerySet

from liasse.clients.models import ClientFile
from liasse.core.models import AuditEvent, Job

OF_THE_TRAIL: Final[frozenset[type[Model]]] = frozenset({AuditEvent})
"""Append-only: neither moved nor deleted, but copied (``core.audit.carry``)."""


@dataclass(frozen=True, slots=True)
class FileTable:
    """A table whose rows belong to client files, and how to filter it by a file's id."""

    model: type[Model]
    path: str

    def of(self, file_id: UUID) -> QuerySet[Any]:
        """Give a file's rows, whatever practice they are in; needs the instance's scope."""
        return self.model._base_manager.filter(**{self.path: file_id})


def tenant_models() -> list[type[Model]]:
    """Give every table with a practice."""
    return [
        model
        for model in apps.get_models()
        if any(field.column == "practice_id" for field in model._meta.local_concrete_fields)
    ]


@cache
def file_tables() -> tuple[FileTable, ...]:
    """Give the tables of client files, the files themselves among them, each after those that it points to."""
    found = {model: path for model in tenant_models() if (path := _path_to_file(model))}
    ordered: list[type[Model]] = []
    for model in found:
        _after_what_it_points_to(model, found, ordered)
    return tuple(FileTable(model=model, path=found[model]) for model in ordered)


def _path_to_file(model: type[Model]) -> str:
    """Give the shortest filter from a table to the file's id; blank when none leads there."""
    if model is Job or model in OF_THE_TRAIL:
        return ""
    queue: deque[tuple[type[Model], str]] = deque([(model, "")])
    seen = {model}
    while queue:
        at, path = queue.popleft()
        if at is ClientFile:
            return f"{path}id"
        if any(field.attname == "client_file_id" for field in at._meta.local_concrete_fields):
            return f"{path}client_file_id"
        for key in tenant_keys(at):
            target = key.related_model
            if target not in seen:
                seen.add(target)
                queue.append((target, f"{path}{key.name}__"))
    return ""


def tenant_keys(model: type[Model]) -> Iterator[Any]:
    """Give the foreign keys of a table that lead to other tables with a practice."""
    tenants = set(tenant_models())
    for field in model._meta.local_concrete_fields:
        if isinstance(field, ForeignKey) and field.related_model in tenants:
            yield field


def _after_what_it_points_to(model: type[Model], known: dict[type[Model], str], ordered: list[type[Model]]) -> None:
    if model in ordered:
        return
    for key in tenant_keys(model):
        if key.related_model in known and key.related_model is not model:
            _after_what_it_points_to(key.related_model, known, ordered)
    ordered.append(model)

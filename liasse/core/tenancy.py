"""What every tenant table has in common: an id, its practice, and a manager with a wall."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self, TypeVar

from django.db import models

from liasse.core.scope import INSTANCE, current_scope
from liasse.lib.ids import uuid7

if TYPE_CHECKING:
    from django.db.models import QuerySet


Row = TypeVar("Row", bound=models.Model)


class ScopedManager(models.Manager[Row]):
    """Reads only rows of the open practice scope; raises ScopeError when none is open."""

    def get_queryset(self) -> QuerySet[Row]:
        """Filter by the open scope at the moment that the query is built."""
        scope = current_scope()
        rows = super().get_queryset()
        return rows if scope == INSTANCE else rows.filter(practice_id=scope)


class TenantModel(models.Model):
    """A row that belongs to one practice and is never seen from another."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    practice = models.ForeignKey("practices.Practice", on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        abstract = True

"""Which files ask an outside engine, and what was sent to it of which document."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from liasse.core.tenancy import ScopedManager, TenantModel
from liasse.outside.types import State


class EngineSwitch(TenantModel):
    """A person's word that documents of this file may go to this host. No row, no request.

    It holds for one host: where an administrator sets another address, nothing is sent before somebody says so again.
    """

    client_file = models.OneToOneField("clients.ClientFile", on_delete=models.PROTECT, related_name="engine_switch")
    host = models.CharField(max_length=300)
    switched_by = models.CharField(max_length=200)
    switched_at = models.DateTimeField()

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    def __str__(self) -> str:
        """Name the switch for a developer."""
        return f"{self.client_file_id} → {self.host}"


class Asking(TenantModel):
    """The question about one document: where it stands, how often it was sent, and why it stopped.

    ``reading_at`` is the reading that it is about, so that a document which is read again may be asked about again.
    """

    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT, related_name="asking")
    reading_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=State.WAITING)
    host = models.CharField(max_length=300)
    sent_count = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=20, blank=True)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    def __str__(self) -> str:
        """Name the question for a developer."""
        return f"{self.document_id}: {self.state}"

"""What is kept of files asked for, given, taken out and restored whole, and of bytes whose rows are gone."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from liasse.core.tenancy import ScopedManager, TenantModel
from liasse.custody.types import ExportState, ImportState, TransferState


class AccessGrant(TenantModel):
    """One address that a client typed to give a practice access: counted, limited, and on record."""

    client_file = models.ForeignKey("clients.ClientFile", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey("identity.User", on_delete=models.PROTECT, related_name="+")
    email_hash = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)
    is_given = models.BooleanField()

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["user", "at"], name="access_grants_by_person"),
            models.Index(fields=["at"], name="access_grants_by_time"),
        ]

    def __str__(self) -> str:
        """Name the try for a developer."""
        return f"{self.user_id} {self.at}"


class LeftBytes(TenantModel):
    """Bytes of a deleted file that leave the store unless another row needs them."""

    deletion_id = models.UUIDField()
    sha256 = models.CharField(max_length=64)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "deletion_id", "sha256"], name="left_bytes_once"),
        ]

    def __str__(self) -> str:
        """Name the bytes for a developer."""
        return f"{self.sha256} of {self.deletion_id}"


class WholeExport(TenantModel):
    """One taking-out of a whole file. Its ZIP is in the store under ``sha256`` while it is ready.

    ``run`` names the one try that may finish it and ``beat_at`` says when that try last gave a sign of
    life, so that two workers never make the same one and a killed worker's is made again.
    """

    client_file = models.ForeignKey("clients.ClientFile", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=ExportState.ASKED)
    asked_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.ForeignKey("practices.Colleague", null=True, on_delete=models.PROTECT, related_name="+")
    asked_by_name = models.CharField(max_length=200)
    language = models.CharField(max_length=5)
    time_zone = models.CharField(max_length=50)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    run = models.UUIDField(null=True)
    beat_at = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    count_documents = models.PositiveIntegerField(default=0)
    count_receipts = models.PositiveIntegerField(default=0)
    count_defects = models.PositiveIntegerField(default=0)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "client_file", "-id"], name="whole_exports_of_file")]

    def __str__(self) -> str:
        """Name the export for a developer."""
        return f"export of {self.client_file_id}: {self.state}"


class WholeImport(TenantModel):
    """One uploaded ZIP of a whole file, and what became of it.

    ``restored_id`` is the file that it became; no key, for the row stays with the practice wherever
    that file goes.
    """

    state = models.CharField(max_length=10, default=ImportState.ASKED)
    asked_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.ForeignKey("practices.Colleague", null=True, on_delete=models.PROTECT, related_name="+")
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField()
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    run = models.UUIDField(null=True)
    beat_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=40, blank=True)
    detail = models.CharField(max_length=200, blank=True)
    restored_id = models.UUIDField(null=True)
    restored_name = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "-id"], name="whole_imports_newest")]

    def __str__(self) -> str:
        """Name the import for a developer."""
        return f"import of {self.filename}: {self.state}"


class TransferRequest(TenantModel):
    """A practice asks whoever has an address for a client's file. The row is the asking practice's.

    It holds what was typed and what was answered, never whether anybody has the address: whoever signs
    in with it finds the request. ``looked_at`` says that the mail was thought of, sent or not.
    ``granted_id`` is no key, for the row stays with the practice wherever that file goes.
    """

    asked_by = models.ForeignKey("practices.Colleague", on_delete=models.PROTECT, related_name="+")
    email = models.CharField(max_length=254)
    message = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, default=TransferState.ASKED)
    asked_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    granted_id = models.UUIDField(null=True)
    granted_name = models.CharField(max_length=200, blank=True)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["practice", "-id"], name="transfers_newest"),
            models.Index(fields=["email", "state"], name="transfers_by_address"),
        ]

    def __str__(self) -> str:
        """Name the request for a developer."""
        return f"request of {self.practice_id}: {self.state}"

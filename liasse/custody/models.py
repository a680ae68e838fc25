"""What is kept of asking practices in, and of bytes whose rows are gone."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from liasse.core.tenancy import ScopedManager, TenantModel


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

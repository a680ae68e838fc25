"""Upload links of client files, and tokens of programs. Neither is stored: only the SHA-256 by which it is found."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.utils import timezone

from liasse.core.tenancy import ScopedManager, TenantModel


class UploadLink(TenantModel):
    """A link by which whoever has it hands in documents, without an account, for a while and up to a limit.

    ``request`` is what is asked for in words, blank where anything is welcome. The link goes with its client
    file wherever that moves, as its address does.
    """

    client_file = models.ForeignKey("clients.ClientFile", on_delete=models.PROTECT, related_name="+")
    request = models.CharField(max_length=200, blank=True)
    nonce = models.CharField(max_length=32)
    token_hash = models.CharField(max_length=64, unique=True)
    side = models.CharField(max_length=10)
    most_files = models.PositiveIntegerField()
    most_bytes = models.PositiveBigIntegerField()
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.CharField(max_length=200, blank=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["practice", "client_file", "-created_at"], name="links_of_file"),
        ]

    def __str__(self) -> str:
        """Name the link for a developer."""
        return f"{self.client_file_id} {self.request}"

    @property
    def holder(self) -> str:
        """Give the name under which uploads and receipts know it."""
        return f"link:{self.id}"


class ApiToken(TenantModel):
    """A program's key to some client files of a practice, or to all (``file_ids`` empty).

    ``file_ids`` are plain: a file that moved away or is gone is reached no more, and a token keeps no file from going.
    """

    name = models.CharField(max_length=100)
    token_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8)
    scopes = models.JSONField(default=list)
    file_ids = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.CharField(max_length=200, blank=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["practice", "-created_at"], name="tokens_of_practice"),
        ]

    def __str__(self) -> str:
        """Name the token for a developer."""
        return f"{self.name} {self.hint}…"

    @property
    def holder(self) -> str:
        """Give the name under which receipts know it."""
        return f"token:{self.id}"

    @property
    def is_valid(self) -> bool:
        """Tell whether it opens anything now."""
        return self.revoked_at is None and self.expires_at > timezone.now()

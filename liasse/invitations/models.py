"""Invitations: offers of access, bound to one address, one place and one use."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from liasse.core.tenancy import ScopedManager, TenantModel
from liasse.invitations.types import InvitationState


class Invitation(TenantModel):
    """An offer to become a colleague or a member. Its token is derived; only a hash is kept."""

    kind = models.CharField(max_length=20)
    colleague = models.ForeignKey(
        "practices.Colleague", null=True, on_delete=models.PROTECT, related_name="invitations"
    )
    member = models.ForeignKey("clients.Member", null=True, on_delete=models.PROTECT, related_name="invitations")
    email = models.CharField(max_length=254)
    nonce = models.CharField(max_length=64)
    token_hash = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=20, default=InvitationState.WAITING)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    invited_by = models.ForeignKey("practices.Colleague", null=True, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["practice", "member"], name="invitations_by_member"),
            models.Index(fields=["practice", "colleague"], name="invitations_by_colleague"),
        ]

    def __str__(self) -> str:
        """Name the invitation for a developer."""
        return f"{self.kind} {self.email}: {self.state}"

"""Invitations: offers of access, bound to one address, one place and one use."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from liasse.core.tenancy import ScopedManager, TenantModel
from liasse.invitations.types import InvitationState


class Invitation(TenantModel):
    """An offer to become a colleague or a member. Its token is derived; only a hash is kept.

    It is bound to the address, the place and the ``role`` that were offered: any of them changed, it holds no
    more. Whoever is new proves the address by a code, which is derived as the token is.
    """

    kind = models.CharField(max_length=20)
    colleague = models.ForeignKey(
        "practices.Colleague", null=True, on_delete=models.PROTECT, related_name="invitations"
    )
    member = models.ForeignKey("clients.Member", null=True, on_delete=models.PROTECT, related_name="invitations")
    email = models.CharField(max_length=254)
    role = models.CharField(max_length=20, blank=True)
    nonce = models.CharField(max_length=64)
    token_hash = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=20, default=InvitationState.WAITING)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    invited_by = models.ForeignKey("practices.Colleague", null=True, on_delete=models.PROTECT, related_name="+")
    invited_by_member = models.ForeignKey("clients.Member", null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    asked_again_at = models.DateTimeField(null=True)
    code_nonce = models.CharField(max_length=64, blank=True)
    code_at = models.DateTimeField(null=True)
    count_codes = models.PositiveSmallIntegerField(default=0)
    count_tries = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["practice", "member"], name="invitations_by_member"),
            models.Index(fields=["practice", "colleague"], name="invitations_by_colleague"),
            # What is offered to somebody who signs in, over all practices.
            models.Index(fields=["email", "state"], name="invitations_by_address"),
        ]

    def __str__(self) -> str:
        """Name the invitation for a developer."""
        return f"{self.kind} {self.email}: {self.state}"


class FormerLink(TenantModel):
    """The hash of a link that a newer one replaced, so that whoever opens it is told so."""

    invitation = models.ForeignKey(Invitation, on_delete=models.PROTECT, related_name="former_links")
    token_hash = models.CharField(max_length=64, unique=True)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    def __str__(self) -> str:
        """Name the link for a developer."""
        return f"former link of {self.invitation_id}"

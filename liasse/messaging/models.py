"""Outgoing messages: rows with states, so that none is lost and each can be followed."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from liasse.core.tenancy import ScopedManager, TenantModel
from liasse.messaging.types import MessageState


class OutgoingMessage(TenantModel):
    """One mail or SMS. Its secret link is derived when shown or sent, and never stored."""

    client_file_id = models.UUIDField(null=True)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    channel = models.CharField(max_length=10)
    to_address = models.CharField(max_length=254)
    to_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    link_path = models.CharField(max_length=200, blank=True)
    link_purpose = models.CharField(max_length=40, blank=True)
    link_subject_id = models.UUIDField(null=True)
    link_nonce = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=20, default=MessageState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["practice", "-created_at", "-id"], name="messages_newest"),
            models.Index(fields=["practice", "subject_id"], name="messages_by_subject"),
            models.Index(fields=["practice", "state"], name="messages_by_state"),
        ]

    def __str__(self) -> str:
        """Name the message for a developer."""
        return f"{self.channel} to {self.to_address}: {self.state}"

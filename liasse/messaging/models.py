"""Outgoing messages: rows with states, so that none is lost and each can be followed."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from liasse.core.tenancy import ScopedManager, TenantModel
from liasse.messaging.sentences import sentence
from liasse.messaging.types import Channel, MessageState

_IS_SMS = models.Q(channel=Channel.SMS.value)


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
    language = models.CharField(max_length=5, blank=True)
    action = models.CharField(max_length=80, blank=True)
    in_reply_to = models.CharField(max_length=300, blank=True)
    """The Message-ID of the mail that this one answers by itself (RFC 3834)."""
    asked_by = models.UUIDField(null=True)
    state = models.CharField(max_length=20, default=MessageState.WAITING)
    sending = models.PositiveSmallIntegerField(default=0)
    """How often it was sent again after it had ended; a provider tells the sendings apart by it."""
    attempts = models.PositiveIntegerField(default=0)
    first_try_at = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=20, blank=True)
    last_error = models.CharField(max_length=500, blank=True)
    price = models.DecimalField(max_digits=10, decimal_places=4, default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["practice", "-created_at", "-id"], name="messages_newest"),
            models.Index(fields=["practice", "subject_id"], name="messages_by_subject"),
            models.Index(fields=["practice", "state", "-created_at", "-id"], name="messages_by_state_newest"),
            models.Index(fields=["practice", "created_at"], name="sms_by_practice", condition=_IS_SMS),
            models.Index(fields=["to_address", "created_at"], name="sms_by_number", condition=_IS_SMS),
        ]

    @property
    def has_failed(self) -> bool:
        """Tell whether it ended without reaching anybody."""
        return self.state in {MessageState.FAILED, MessageState.BOUNCED, MessageState.COMPLAINED}

    @property
    def holds_code(self) -> bool:
        """Tell whether it is the mail of a code, which opens something for minutes and may go to nobody known."""
        return self.link_subject_id is not None and not self.link_path

    @property
    def problem(self) -> str:
        """Give what a person reads about why it did not arrive, with the provider's own words; blank when it did."""
        if self.state in {MessageState.SENT, MessageState.CANCELLED}:
            return ""
        said = sentence(self.trouble)
        if not self.last_error:
            return said
        return f"{said} ({self.last_error})" if said else self.last_error

    def __str__(self) -> str:
        """Name the message for a developer."""
        return f"{self.channel} to {self.to_address}: {self.state}"

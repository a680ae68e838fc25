"""Receipts: what arrived, from whom, by which door, its bytes, what became of each part; and what is on its way in."""

from __future__ import annotations

from typing import ClassVar, Final, Self

from django.db import models
from django.utils import timezone

from liasse.core.tenancy import ScopedManager, TenantModel
from liasse.intake.types import Cutting, Door, ReceiptState, Side

_SORTED: Final = models.Q(state__in=[ReceiptState.HELD.value, ReceiptState.ASIDE.value])


class Receipt(TenantModel):
    """One thing that arrived. Its bytes are in the blob store under ``sha256``, untouched.

    ``delivery_key`` makes the same message at the same address one receipt, however often a
    sender repeats it. ``owner``, ``side``, ``cutting`` and ``note`` are what the sender wished. ``held`` says why it
    waits in *À trier*, and ``is_accepted`` that a person let it in; ``sender_state`` and ``sender_facts`` are what
    the check of its sender found; ``task`` is what a mail asks of a person, ``has_task`` that nobody did it yet;
    ``links`` are those of a mail that seem to lead to invoices, as ``{"href", "text"}``, which nothing ever follows.
    ``infection`` is the signature for which its bytes are in quarantine.

    ``waits_since`` is kept while Liasse owes it something: since when it waits to be opened, or has failed and nobody
    said that this was seen. ``opened_at`` is when it was last opened. ``holder`` is the link or token by which it came,
    ``given_sender`` who it was said there to be from, which nobody has checked.
    """

    client_file = models.ForeignKey("clients.ClientFile", on_delete=models.PROTECT, related_name="receipts")
    address = models.ForeignKey("clients.InboundAddress", null=True, on_delete=models.PROTECT, related_name="receipts")
    member = models.ForeignKey("clients.Member", null=True, on_delete=models.PROTECT, related_name="receipts")
    door = models.CharField(max_length=10, default=Door.MAIL)
    delivery_key = models.CharField(max_length=130)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    received_at = models.DateTimeField()
    envelope_from = models.CharField(max_length=320, blank=True)
    envelope_to = models.CharField(max_length=320, blank=True)
    peer = models.CharField(max_length=60, blank=True)
    filename = models.CharField(max_length=200, blank=True)
    handed_in_by = models.ForeignKey("identity.User", null=True, on_delete=models.SET_NULL, related_name="+")
    holder = models.CharField(max_length=60, blank=True, default="", db_default="")
    given_sender = models.CharField(max_length=500, blank=True, default="", db_default="")
    owner = models.ForeignKey("clients.Member", null=True, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=10, default=Side.COSTS)
    cutting = models.CharField(max_length=10, default=Cutting.AUTOMATIC)
    note = models.TextField(blank=True)
    state = models.CharField(max_length=10, default=ReceiptState.STORED)
    problem = models.CharField(max_length=40, blank=True)
    infection = models.CharField(max_length=100, blank=True, db_default="", default="")
    held = models.CharField(max_length=20, blank=True)
    is_accepted = models.BooleanField(default=False)
    sender_state = models.CharField(max_length=12, blank=True)
    sender_facts = models.JSONField(default=dict)
    task = models.JSONField(default=dict)
    has_task = models.BooleanField(default=False)
    from_name = models.CharField(max_length=200, blank=True)
    from_address = models.CharField(max_length=320, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    links = models.JSONField(default=list)
    count_documents = models.PositiveIntegerField(default=0)
    count_set_aside = models.PositiveIntegerField(default=0)
    waits_since = models.DateTimeField(null=True, default=timezone.now)
    opened_at = models.DateTimeField(null=True)
    search_text = models.CharField(max_length=400, blank=True, default="", db_default="")

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "delivery_key"], name="receipt_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "client_file", "-received_at", "-id"], name="receipts_newest"),
            models.Index(
                fields=["practice", "client_file", "-received_at", "-id"], name="receipts_to_sort", condition=_SORTED
            ),
            models.Index(
                fields=["practice", "client_file", "id"], name="receipts_with_task", condition=models.Q(has_task=True)
            ),
            # What a practice stores is added up from this alone.
            models.Index(fields=["practice", "size"], name="receipts_by_size"),
            models.Index(fields=["practice", "-received_at", "-id"], name="receipts_of_practice"),
            models.Index(fields=["practice", "state", "-received_at", "-id"], name="receipts_by_state"),
            # When something last came by each door.
            models.Index(fields=["practice", "door", "-received_at"], name="receipts_by_door"),
            # What waits is few; the watch and the sweep read nothing else.
            models.Index(
                fields=["practice", "waits_since"],
                name="receipts_waiting",
                condition=models.Q(waits_since__isnull=False),
            ),
            # What came by one link or token; most comes by neither.
            models.Index(
                fields=["practice", "holder", "id"], name="receipts_of_holder", condition=~models.Q(holder="")
            ),
            # A search reads this alone.
            models.Index(fields=["practice", "client_file", "search_text", "id"], name="receipts_by_text"),
        ]

    def __str__(self) -> str:
        """Name the receipt for a developer."""
        return f"{self.door} {self.received_at} {self.state}"

    @property
    def sender(self) -> str:
        """Give who sent it, as far as that is known: of a mail its sender, else who handed it in or says to be.

        Ask for it with ``handed_in_by``, or it costs a query.
        """
        mail = self.from_name or self.from_address or self.envelope_from
        return mail or (self.handed_in_by.name if self.handed_in_by else self.given_sender)


class TrustedSender(TenantModel):
    """An address (``a@b.fr``) or a whole domain (``@b.fr``) whose mail becomes documents at once in this file."""

    client_file = models.ForeignKey("clients.ClientFile", on_delete=models.PROTECT, related_name="trusted_senders")
    sender = models.CharField(max_length=320)
    trusted_by = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "client_file", "sender"], name="sender_trusted_once"),
        ]

    def __str__(self) -> str:
        """Name the sender for a developer."""
        return self.sender


class AnsweredSender(TenantModel):
    """When a sender of a file was last told what became of a mail, so that it happens once a day."""

    client_file = models.ForeignKey("clients.ClientFile", on_delete=models.PROTECT, related_name="+")
    sender = models.CharField(max_length=320)
    answered_at = models.DateTimeField()

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "client_file", "sender"], name="sender_answered_once"),
        ]

    def __str__(self) -> str:
        """Name the sender for a developer."""
        return self.sender


class ReceiptPart(TenantModel):
    """One part of a receipt and its verdict; ``reason`` is a code with a sentence.

    ``has_bytes`` says that its bytes are in the blob store by themselves, also of one that is refused. ``left_out``
    are the numbers of its pages that are separator sheets, and in no document.
    """

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="parts")
    index = models.PositiveIntegerField()
    path = models.CharField(max_length=300, blank=True)
    filename = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    has_bytes = models.BooleanField(default=False)
    verdict = models.CharField(max_length=10)
    reason = models.CharField(max_length=40, blank=True)
    left_out = models.JSONField(default=list)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "receipt", "index"], name="part_once"),
        ]

    def __str__(self) -> str:
        """Name the part for a developer."""
        return f"{self.index} {self.filename}: {self.verdict}"


class Upload(TenantModel):
    """A file on its way in, in pieces. Its first ``offset`` bytes are safe in the spool; whole, it becomes a receipt.

    ``holder`` is whose it is and ``client_key`` which of theirs, so that asking for it twice makes one. It outlives its
    receipt by some days, for whoever missed the answer.
    """

    client_file = models.ForeignKey("clients.ClientFile", on_delete=models.PROTECT, related_name="+")
    door = models.CharField(max_length=10)
    holder = models.CharField(max_length=60)
    client_key = models.CharField(max_length=100)
    user = models.ForeignKey("identity.User", null=True, on_delete=models.SET_NULL, related_name="+")
    peer = models.CharField(max_length=60, blank=True)
    given_sender = models.CharField(max_length=500, blank=True, default="", db_default="")
    filename = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField()
    offset = models.PositiveBigIntegerField(default=0)
    owner = models.ForeignKey("clients.Member", null=True, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=10, default=Side.COSTS)
    cutting = models.CharField(max_length=10, default=Cutting.AUTOMATIC)
    note = models.TextField(blank=True)
    expires_at = models.DateTimeField()
    receipt = models.ForeignKey(Receipt, null=True, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "holder", "client_key"], name="upload_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "client_file"], name="uploads_of_file"),
        ]

    def __str__(self) -> str:
        """Name the upload for a developer."""
        return f"{self.filename} {self.offset}/{self.size}"

    @property
    def is_whole(self) -> bool:
        """Tell whether all its bytes are there."""
        return self.offset == self.size


class FetchedMail(models.Model):
    """A mail of a mailbox that was read; the instance's own, for a mailbox may serve all practices.

    ``mailbox`` names the account and folder; its UIDs mean something as long as ``uid_validity`` stays the same
    (RFC 3501 2.3.1.1). ``is_marked`` tells that the mailbox's server knows what became of it.
    """

    mailbox = models.CharField(max_length=300)
    uid_validity = models.BigIntegerField()
    uid = models.BigIntegerField()
    fate = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64, blank=True)
    fetched_at = models.DateTimeField(auto_now_add=True)
    is_marked = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mailbox", "uid_validity", "uid"], name="fetched_once"),
        ]

    def __str__(self) -> str:
        """Name the mail for a developer."""
        return f"{self.mailbox} {self.uid}: {self.fate}"

"""Client files, who may reach them, their members and their submission addresses."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from liasse.clients.types import FileStatus, MemberRole, MemberStatus, SenderMode
from liasse.core.access import Level
from liasse.core.tenancy import ScopedManager, TenantModel
from liasse.practices.models import BookingDefaults


class ClientFile(BookingDefaults, TenantModel):
    """The isolated space of one client of one practice.

    Booking defaults are copies of the practice's at creation; ``customised`` lists those that
    a person set since. Blank ``language`` and ``time_zone`` follow the practice. The counts are
    kept here, changed in the transaction that changes a document, so that a list shows them
    without counting; ``waiting_since`` is when the oldest document that is still to be checked arrived.
    """

    name = models.CharField(max_length=200)
    name_sort = models.CharField(max_length=200)
    search_text = models.CharField(max_length=600)
    sector = models.CharField(max_length=40, blank=True)
    practice_code = models.CharField(max_length=30, blank=True)
    legal_name = models.CharField(max_length=200, blank=True)
    siren = models.CharField(max_length=9, blank=True)
    accounting_basis = models.CharField(max_length=10, blank=True)
    language = models.CharField(max_length=5, blank=True)
    time_zone = models.CharField(max_length=50, blank=True)
    customised = models.JSONField(default=list)
    sender_mode = models.CharField(max_length=10, default=SenderMode.OPEN)
    answers_mail = models.CharField(max_length=5, blank=True)
    duplicate_rule = models.CharField(max_length=10, blank=True, db_default="", default="")
    status = models.CharField(max_length=10, default=FileStatus.ACTIVE)
    archived_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    responsible = models.ForeignKey("practices.Colleague", null=True, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey("practices.Colleague", null=True, on_delete=models.PROTECT, related_name="+")
    creation_key = models.UUIDField()
    creation_fingerprint = models.CharField(max_length=64)
    count_processing = models.PositiveIntegerField(default=0)
    count_to_review = models.PositiveIntegerField(default=0)
    count_ready = models.PositiveIntegerField(default=0)
    count_archived = models.PositiveIntegerField(default=0)
    count_duplicate = models.PositiveIntegerField(db_default=0, default=0)
    count_members = models.PositiveIntegerField(default=0)
    count_colleagues = models.PositiveIntegerField(default=0)
    count_failed = models.PositiveIntegerField(default=0)
    count_held = models.PositiveIntegerField(default=0)
    waiting_since = models.DateTimeField(null=True)
    last_arrival_at = models.DateTimeField(null=True)
    last_arrival_door = models.CharField(max_length=10, blank=True)
    activity = models.PositiveBigIntegerField(default=0)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "creation_key"], name="file_created_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "status", "name_sort", "id"], name="files_by_name"),
            models.Index(fields=["practice", "status", "sector", "id"], name="files_by_sector"),
            models.Index(fields=["practice", "status", "last_arrival_at", "id"], name="files_by_arrival"),
            models.Index(fields=["practice", "status", "count_to_review", "id"], name="files_by_review"),
            models.Index(fields=["practice", "status", "count_processing", "id"], name="files_by_process"),
            models.Index(fields=["practice", "status", "count_ready", "id"], name="files_by_ready"),
            models.Index(fields=["practice", "id"], name="files_by_age"),
            # A search reads this alone, instead of every row of the practice.
            models.Index(fields=["practice", "status", "search_text", "id"], name="files_by_text"),
            models.Index(fields=["practice", "status", "count_members", "id"], name="files_by_members"),
            models.Index(fields=["practice", "status", "count_colleagues", "id"], name="files_by_colleagues"),
            models.Index(fields=["practice", "responsible", "id"], name="files_by_responsible"),
        ]

    def __str__(self) -> str:
        """Name the file for a developer."""
        return self.name

    @property
    def is_active(self) -> bool:
        """Tell whether the file is worked on."""
        return self.status == FileStatus.ACTIVE


class FileAccess(TenantModel):
    """A grant: this colleague may reach this file, at this level. No row, no access."""

    client_file = models.ForeignKey(ClientFile, on_delete=models.PROTECT, related_name="accesses")
    colleague = models.ForeignKey("practices.Colleague", on_delete=models.PROTECT, related_name="accesses")
    level = models.CharField(max_length=10, default=Level.FULL)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "colleague", "client_file"], name="one_access_each"),
        ]
        # Without it SQLite reads the whole practice's grants for the few files of a list.
        indexes: ClassVar = [
            models.Index(fields=["practice", "client_file", "colleague"], name="accesses_by_file"),
        ]

    def __str__(self) -> str:
        """Name the grant for a developer."""
        return f"{self.colleague_id} → {self.client_file_id}: {self.level}"


class TeamAccess(TenantModel):
    """A grant to a team: whoever is in it reaches this file, at this level, for as long as they are in it."""

    client_file = models.ForeignKey(ClientFile, on_delete=models.PROTECT, related_name="team_accesses")
    team = models.ForeignKey("practices.Team", on_delete=models.CASCADE, related_name="accesses")
    level = models.CharField(max_length=10, default=Level.FULL)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "team", "client_file"], name="one_team_access_each"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "client_file", "team"], name="team_accesses_by_file"),
        ]

    def __str__(self) -> str:
        """Name the grant for a developer."""
        return f"{self.team_id} → {self.client_file_id}: {self.level}"


class Member(TenantModel):
    """A person of the client. Without a ``user`` there is no way to sign in.

    ``is_main`` marks the one whom the practice deals with first. What a standard user may do beyond the
    own documents is said by the ``can_…``; whoever administers or manages the file sees everything anyway.
    """

    client_file = models.ForeignKey(ClientFile, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey("identity.User", null=True, on_delete=models.PROTECT, related_name="members")
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    role = models.CharField(max_length=20, default=MemberRole.ADMINISTRATOR)
    status = models.CharField(max_length=20, default=MemberStatus.NO_LOGIN)
    employee_code = models.CharField(max_length=20, blank=True)
    is_main = models.BooleanField(default=False)
    can_see_all = models.BooleanField(default=False)
    can_approve = models.BooleanField(default=False)
    can_claim = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "client_file", "email"],
                name="member_email_once",
                condition=~models.Q(email=""),
            ),
            models.UniqueConstraint(
                fields=["practice", "client_file", "employee_code"],
                name="member_code_once",
                condition=~models.Q(employee_code=""),
            ),
            models.UniqueConstraint(
                fields=["practice", "client_file"], name="one_main_member", condition=models.Q(is_main=True)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["email"], name="members_by_email"),
            models.Index(fields=["practice", "client_file", "name", "id"], name="members_by_name"),
        ]

    @property
    def sees_all(self) -> bool:
        """Tell whether everybody's documents are shown to this person, not only the own."""
        return self.role != MemberRole.STANDARD or self.can_see_all

    def __str__(self) -> str:
        """Name the member for a developer."""
        return self.name


class InboundAddress(TenantModel):
    """An email address of a file, or of one ``member`` of it, to whom belongs what comes there.

    The local part is never given to anybody else again: the row outlives a deleted file, without it. From
    ``retired_at`` on, which lies ahead when the address was changed, it takes no mail.
    """

    client_file = models.ForeignKey(ClientFile, null=True, on_delete=models.PROTECT, related_name="addresses")
    member = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="addresses")
    local_part = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "client_file", "id"], name="addresses_of_file")]

    def __str__(self) -> str:
        """Name the address for a developer."""
        return self.local_part


class EmailCheck(TenantModel):
    """One look whether an address is in use already: counted, limited, and on record."""

    colleague = models.ForeignKey("practices.Colleague", on_delete=models.PROTECT, related_name="+")
    email_hash = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)
    is_in_use = models.BooleanField()

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["practice", "colleague", "at"], name="email_checks"),
            models.Index(fields=["practice", "at"], name="email_checks_by_time"),
        ]

    def __str__(self) -> str:
        """Name the check for a developer."""
        return f"{self.colleague_id} {self.at}"

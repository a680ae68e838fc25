"""Practices and their colleagues. A practice is the root of its tenant."""

from __future__ import annotations

from typing import ClassVar, Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone

from liasse.core.tenancy import ScopedManager, TenantModel
from liasse.lib.ids import uuid7
from liasse.practices.types import (
    ArchiveRule,
    Chart,
    ColleagueStatus,
    PaidStatus,
    PracticeKind,
    Role,
    Strictness,
    Switch,
    VatScheme,
)


class BookingDefaults(models.Model):
    """Values that touch bookings: a practice's defaults, copied into each new file."""

    currency = models.CharField(max_length=3, default="EUR")
    country = models.CharField(max_length=2, default="FR")
    vat_scheme = models.CharField(max_length=20, default=VatScheme.MONTHLY)
    chart = models.CharField(max_length=20, default=Chart.PCG)
    due_days = models.PositiveSmallIntegerField(default=30, validators=[MaxValueValidator(365)])
    paid_status = models.CharField(max_length=10, default=PaidStatus.UNPAID)
    archive_rule = models.CharField(max_length=20, default=ArchiveRule.BY_HAND)

    class Meta:
        abstract = True


class Practice(BookingDefaults):
    """An accounting firm; ``language`` and ``time_zone`` are followed live by its files.

    One row is no firm but the *holder* of the files that no firm follows any more.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, default=PracticeKind.FIRM)
    language = models.CharField(max_length=5, default="fr")
    time_zone = models.CharField(max_length=50, default="Europe/Paris")
    factor_days = models.PositiveSmallIntegerField(default=14, validators=[MaxValueValidator(90)])
    """How many days a colleague may come in without a second factor."""
    factor_from = models.DateTimeField(default=timezone.now)
    """Since when the practice asks for it: colleagues of before have their days from here."""
    answers_mail = models.CharField(max_length=5, default=Switch.ON)
    """Whether verified members hear what became of their mails, where a file does not say otherwise."""
    strictness = models.CharField(max_length=10, default=Strictness.NORMAL)
    """How sure a reading must be for a document to need nobody."""
    shares_suppliers = models.CharField(max_length=5, default=Switch.OFF)
    """Whether names and numbers of suppliers that one file knows help in the practice's others."""
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind"], name="one_holder", condition=models.Q(kind=PracticeKind.HOLDER)),
        ]

    def __str__(self) -> str:
        """Name the practice for a developer."""
        return self.name

    @property
    def is_firm(self) -> bool:
        """Tell whether people of a firm stand behind it; the holder of files without a firm has none."""
        return self.kind == PracticeKind.FIRM


class Colleague(TenantModel):
    """A person of the practice. Without a ``user`` the person has not accepted yet."""

    user = models.ForeignKey("identity.User", null=True, on_delete=models.PROTECT, related_name="colleagues")
    email = models.CharField(max_length=254)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=20, default=Role.COLLEAGUE)
    status = models.CharField(max_length=20, default=ColleagueStatus.INVITED)
    can_add_clients = models.BooleanField(default=False)
    can_see_progress = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "email"], name="colleague_email_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "name", "id"], name="colleague_by_name")]

    def __str__(self) -> str:
        """Name the colleague for a developer."""
        return f"{self.name} <{self.email}>"

    @property
    def is_administrator(self) -> bool:
        """Tell whether the colleague runs the practice."""
        return self.role == Role.ADMINISTRATOR

    @property
    def is_team_lead(self) -> bool:
        """Tell whether the colleague runs the teams that they are in."""
        return self.role == Role.TEAM_LEAD

    @property
    def may_see_progress(self) -> bool:
        """Tell whether the colleague may see how far the practice's work is."""
        return self.is_administrator or self.can_see_progress

    @property
    def may_add_clients(self) -> bool:
        """Tell whether the colleague may open client files."""
        return self.is_administrator or self.can_add_clients


class Team(TenantModel):
    """Some colleagues of a practice under one name; a file may be given to all of them at once."""

    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["practice", "name"], name="team_name_once")]

    def __str__(self) -> str:
        """Name the team for a developer."""
        return self.name


class TeamMember(TenantModel):
    """A colleague is in a team, maybe one of several."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    colleague = models.ForeignKey(Colleague, on_delete=models.CASCADE, related_name="memberships")

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "colleague", "team"], name="in_a_team_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "team", "colleague"], name="team_members")]

    def __str__(self) -> str:
        """Name the membership for a developer."""
        return f"{self.colleague_id} in {self.team_id}"


class SetUpLink(models.Model):
    """The one link with which the first practice is set up in the browser; only its hash."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    def __str__(self) -> str:
        """Name the link for a developer."""
        return f"set-up link {self.id}"

"""Lists that were uploaded and, line by line, what was said about them and what became of them."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from liasse.core.tenancy import ScopedManager, TenantModel
from liasse.rosters.types import Outcome, RosterState


class Roster(TenantModel):
    """One uploaded list. The counts are kept, so that its progress is shown without counting.

    ``language`` is that of whoever uploaded it: its sentences were written for that person.
    """

    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=12, default=RosterState.PREVIEWED)
    filename = models.CharField(max_length=200)
    language = models.CharField(max_length=5)
    uploaded_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.ForeignKey("practices.Colleague", on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ignored = models.JSONField(default=list)
    count_lines = models.PositiveIntegerField(default=0)
    count_warned = models.PositiveIntegerField(default=0)
    count_wrong = models.PositiveIntegerField(default=0)
    count_invited = models.PositiveIntegerField(default=0)
    count_made = models.PositiveIntegerField(default=0)
    count_failed = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "kind", "-id"], name="rosters_newest")]

    def __str__(self) -> str:
        """Name the list for a developer."""
        return f"{self.kind} of {self.filename}: {self.state}"

    @property
    def count_good(self) -> int:
        """Give how many lines can be made."""
        return self.count_lines - self.count_wrong

    @property
    def count_done(self) -> int:
        """Give how many of the good lines were tried."""
        return self.count_made + self.count_failed

    @property
    def is_under_way(self) -> bool:
        """Tell whether the worker has still to do with it."""
        return self.state in {RosterState.ASKED, RosterState.UNDER_WAY}


class RosterLine(TenantModel):
    """One line. Its id is the key under which it is made, so that it is made once."""

    roster = models.ForeignKey(Roster, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    verdict = models.CharField(max_length=8)
    remarks = models.JSONField(default=list)
    outcome = models.CharField(max_length=8, default=Outcome.WAITING)
    made_id = models.UUIDField(null=True)
    result = models.CharField(max_length=500, blank=True)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "roster", "number"], name="roster_line_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "roster", "outcome", "number"], name="roster_lines_by_outcome"),
            models.Index(fields=["practice", "roster", "verdict", "number"], name="roster_lines_by_verdict"),
        ]

    def __str__(self) -> str:
        """Name the line for a developer."""
        return f"line {self.number} of {self.roster_id}: {self.outcome}"

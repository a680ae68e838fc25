"""Tables of the ground: the audit trail and the queue of due work.

They name their subjects by kind and id, since the ground cannot point to the areas above.
"""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from liasse.core.tenancy import ScopedManager
from liasse.lib.ids import uuid7


class AuditEvent(models.Model):
    """One thing that somebody did, never changed again; each carries its predecessor's hash."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    practice_id = models.UUIDField()
    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=20)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=200, blank=True)
    verb = models.CharField(max_length=60)
    client_file_id = models.UUIDField(null=True)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice_id", "sequence"], name="audit_sequence"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice_id", "client_file_id", "-sequence"], name="audit_by_file"),
            models.Index(fields=["practice_id", "subject_id", "-sequence"], name="audit_by_subject"),
            # What a person did, and what was done in a file or a practice, in the order of time.
            models.Index(fields=["practice_id", "actor_id", "-at", "-sequence"], name="audit_by_person"),
            models.Index(fields=["practice_id", "client_file_id", "-at", "-sequence"], name="audit_by_file_time"),
            models.Index(fields=["practice_id", "-at", "-sequence"], name="audit_by_time"),
        ]

    def __str__(self) -> str:
        """Name the event for a developer."""
        return f"{self.sequence} {self.verb} {self.subject_kind} {self.subject_id}"


class AuditHead(models.Model):
    """The end of a practice's chain; locking this row puts its events in order."""

    practice_id = models.UUIDField(primary_key=True)
    sequence = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    def __str__(self) -> str:
        """Name the chain's end for a developer."""
        return f"{self.practice_id} #{self.sequence}"


class Job(models.Model):
    """Work that is due on one subject; gone when done, kept with its error when it stopped."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    practice_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    is_stopped = models.BooleanField(default=False)
    last_error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice_id", "kind", "subject_id"], name="job_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="job_due", condition=models.Q(is_stopped=False)),
        ]

    def __str__(self) -> str:
        """Name the job for a developer."""
        return f"{self.kind} {self.subject_id}"


class Pulse(models.Model):
    """The last sign of life of something that runs by itself; the instance's own, and no practice's.

    ``problem`` is a code, blank while all is well; ``since`` is when it became what it is.
    """

    name = models.CharField(max_length=320, unique=True)
    at = models.DateTimeField()
    problem = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField()

    def __str__(self) -> str:
        """Name the pulse for a developer."""
        return f"{self.name} {self.at} {self.problem or 'well'}"

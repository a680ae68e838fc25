"""What documents are compared by, and the pairs that may be the same."""

from __future__ import annotations

from typing import ClassVar, Final, Self

from django.db import models

from liasse.core.tenancy import ScopedManager, TenantModel
from liasse.duplicates.types import PairState
from liasse.intake.types import Side

_OPEN: Final = models.Q(state=PairState.OPEN.value)


class Trait(TenantModel):
    """What one document is compared by: kept apart from it, with an index for each way to be the same.

    ``look`` is a hash of how its first page looks, in 16 hexadecimal digits, and ``band_…`` are its quarters;
    ``is_looked_at`` says that pages which look like it were compared with it.
    """

    client_file = models.ForeignKey("clients.ClientFile", on_delete=models.PROTECT, related_name="+")
    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT, related_name="trait")
    side = models.CharField(max_length=10, default=Side.COSTS)
    sha256 = models.CharField(max_length=64)
    number_key = models.CharField(max_length=100, blank=True)
    supplier_id = models.CharField(max_length=40, blank=True)
    supplier_key = models.CharField(max_length=200, blank=True)
    issue_date = models.DateField(null=True)
    total = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    look = models.CharField(max_length=16, blank=True)
    look_of = models.CharField(max_length=64, blank=True)
    band_1 = models.PositiveIntegerField(null=True)
    band_2 = models.PositiveIntegerField(null=True)
    band_3 = models.PositiveIntegerField(null=True)
    band_4 = models.PositiveIntegerField(null=True)
    is_looked_at = models.BooleanField(default=False)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["practice", "client_file", "sha256"], name="traits_by_bytes"),
            models.Index(fields=["practice", "client_file", "number_key"], name="traits_by_number"),
            models.Index(fields=["practice", "client_file", "issue_date", "total"], name="traits_by_sums"),
            *(
                models.Index(fields=["practice", "client_file", f"band_{number}"], name=f"traits_by_band_{number}")
                for number in (1, 2, 3, 4)
            ),
        ]

    def __str__(self) -> str:
        """Name the trait for a developer."""
        return f"{self.document_id} {self.supplier_key} {self.number_key}"


class Pair(TenantModel):
    """Two documents that may be the same; ``second`` came later. ``grounds`` are words with blanks between.

    ``aside`` is the one that is the other again, once somebody said so; ``decided_by`` is blank for the file's rule.
    """

    client_file = models.ForeignKey("clients.ClientFile", on_delete=models.PROTECT, related_name="+")
    first = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")
    grounds = models.CharField(max_length=60)
    state = models.CharField(max_length=10, default=PairState.OPEN)
    aside = models.ForeignKey("documents.Document", null=True, on_delete=models.PROTECT, related_name="+")
    status_before = models.CharField(max_length=10, blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "first", "second"], name="pair_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "second"], name="pairs_of_second"),
        ]

    def __str__(self) -> str:
        """Name the pair for a developer."""
        return f"{self.first_id} {self.second_id}: {self.grounds} {self.state}"

"""Suppliers of a client file, what was learned of their papers, and alarms about documents."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from liasse.core.tenancy import ScopedManager, TenantModel
from liasse.suppliers.types import AlarmState, Weight


class Supplier(TenantModel):
    """Who sends a client its invoices, as far as its documents tell.

    ``median`` and ``spread`` (the median distance from it) are those of the totals in ``currency``, of the latest
    documents; ``search_text`` holds the names in plain letters and the numbers. ``is_named`` says that a person gave
    ``name``, which what is read then no longer changes.
    """

    client_file = models.ForeignKey("clients.ClientFile", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    name_sort = models.CharField(max_length=200)
    is_named = models.BooleanField(default=False)
    search_text = models.CharField(max_length=600)
    vat = models.CharField(max_length=20, blank=True)
    siren = models.CharField(max_length=9, blank=True)
    siret = models.CharField(max_length=14, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    rate = models.CharField(max_length=10, blank=True)
    median = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    spread = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    count_documents = models.PositiveIntegerField(default=0)
    last_date = models.DateField(null=True)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["practice", "client_file", "name_sort", "id"], name="suppliers_by_name"),
        ]

    def __str__(self) -> str:
        """Name the supplier for a developer."""
        return self.name


class Mark(TenantModel):
    """One thing by which a supplier is known: a number, a printed name or an account, and since when.

    ``key`` is how it is compared, ``text`` how it was printed. ``said_by`` is who said that a changed account is right.
    """

    client_file = models.ForeignKey("clients.ClientFile", on_delete=models.PROTECT, related_name="+")
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="marks")
    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=200)
    text = models.CharField(max_length=200)
    said_by = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "supplier", "kind", "key"], name="mark_of_supplier_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "client_file", "kind", "key"], name="marks_by_key"),
        ]

    def __str__(self) -> str:
        """Name the mark for a developer."""
        return f"{self.kind} {self.key}"


class Appearance(TenantModel):
    """One document of a supplier, with what its habits are made of."""

    client_file = models.ForeignKey("clients.ClientFile", on_delete=models.PROTECT, related_name="+")
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="appearances")
    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT, related_name="appearance")
    iban = models.CharField(max_length=34, blank=True)
    total = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    rate = models.CharField(max_length=10, blank=True)
    issue_date = models.DateField(null=True)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["practice", "supplier", "document"], name="appearances_of_supplier"),
        ]

    def __str__(self) -> str:
        """Name the appearance for a developer."""
        return f"{self.document_id} of {self.supplier_id}"


class Layout(TenantModel):
    """A paper that a person corrected: what tells it from others, without what changes from one to the next."""

    client_file = models.ForeignKey("clients.ClientFile", on_delete=models.PROTECT, related_name="+")
    supplier = models.ForeignKey(Supplier, null=True, on_delete=models.PROTECT, related_name="layouts")
    words = models.JSONField(default=list)
    marks = models.JSONField(default=list)
    names = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["practice", "client_file", "id"], name="layouts_of_file"),
            models.Index(fields=["practice", "supplier"], name="layouts_of_supplier"),
        ]

    def __str__(self) -> str:
        """Name the layout for a developer."""
        return f"layout {self.id}"


class Lesson(TenantModel):
    """What one correction taught about one field of a layout.

    ``value`` is what the person typed and ``wrong`` what had been read; ``anchors`` say where it stood, and are empty
    for a value that stays. ``learned_at`` is when the person corrected it. A forgotten lesson is kept, so that the
    same correction does not teach it again.
    """

    client_file = models.ForeignKey("clients.ClientFile", on_delete=models.PROTECT, related_name="+")
    layout = models.ForeignKey(Layout, on_delete=models.PROTECT, related_name="lessons")
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=30)
    value = models.CharField(max_length=200)
    wrong = models.CharField(max_length=200, null=True)  # noqa: DJ001 - nothing read is not an empty text
    anchors = models.JSONField(default=list)
    learned_by = models.CharField(max_length=200)
    learned_at = models.DateTimeField()
    count_used = models.PositiveIntegerField(default=0)
    forgotten_by = models.CharField(max_length=200, blank=True)
    forgotten_at = models.DateTimeField(null=True)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "layout", "field"], name="lesson_of_layout_once"),
        ]

    def __str__(self) -> str:
        """Name the lesson for a developer."""
        return f"{self.field} of {self.layout_id}"


class Alarm(TenantModel):
    """Something odd about a document: the facts that its sentence names, and who said that it is all right."""

    client_file = models.ForeignKey("clients.ClientFile", on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="alarms")
    code = models.CharField(max_length=20)
    weight = models.CharField(max_length=5, default=Weight.STOP)
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default=AlarmState.OPEN)
    raised_at = models.DateTimeField(auto_now_add=True)
    dismissed_by = models.CharField(max_length=200, blank=True)
    dismissed_at = models.DateTimeField(null=True)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "document", "code"], name="alarm_of_document_once"),
        ]

    def __str__(self) -> str:
        """Name the alarm for a developer."""
        return f"{self.code} on {self.document_id}: {self.state}"


class SharedName(TenantModel):
    """A supplier's name and numbers, for all files of a practice that wants it; nothing of any file's documents."""

    key = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    name_sort = models.CharField(max_length=200)
    vat = models.CharField(max_length=20, blank=True)
    siren = models.CharField(max_length=9, blank=True)
    siret = models.CharField(max_length=14, blank=True)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "key"], name="shared_supplier_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "name_sort", "id"], name="shared_suppliers_by_name"),
        ]

    def __str__(self) -> str:
        """Name the supplier for a developer."""
        return self.name

"""Documents, and the images of their pages."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from liasse.core.tenancy import ScopedManager, TenantModel
from liasse.documents.types import DocumentStatus, Step
from liasse.intake.types import Side


class Document(TenantModel):
    """One accounting document. The bytes under ``sha256`` are the original, never touched.

    One that was cut or joined has ``pieces`` of originals, and under ``sha256`` a PDF made of them;
    ``cut_index`` counts what came of a part. ``made_by`` and ``replaced_by`` name the cutting or joining
    that made it and that put others in its place, so that both can be undone; ``cuts`` are those proposed.
    ``doubts`` counts the documents that may be the same as this one, as long as nobody said whether they are.

    The figures here are what lists show, sort and search; where each came from is kept by its
    reading. ``version`` grows with every edit, which names the version it was made against.
    """

    client_file = models.ForeignKey("clients.ClientFile", on_delete=models.PROTECT, related_name="documents")
    receipt = models.ForeignKey("intake.Receipt", on_delete=models.PROTECT, related_name="documents")
    part = models.ForeignKey("intake.ReceiptPart", on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey("clients.Member", null=True, on_delete=models.PROTECT, related_name="documents")
    filename = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    status = models.CharField(max_length=10, default=DocumentStatus.PROCESSING)
    status_before_archive = models.CharField(max_length=10, blank=True)
    step = models.CharField(max_length=10, default=Step.READ)
    problem = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    pages = models.JSONField(default=list)
    kind = models.CharField(max_length=20, blank=True)
    side = models.CharField(max_length=10, db_default=Side.COSTS, default=Side.COSTS)
    supplier_name = models.CharField(max_length=200, blank=True)
    number = models.CharField(max_length=100, blank=True)
    issue_date = models.DateField(null=True)
    due_date = models.DateField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    total_net = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    total_vat = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    total_gross = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    search_text = models.CharField(max_length=700, blank=True)
    version = models.PositiveIntegerField(default=1)
    pieces = models.JSONField(default=list)
    cut_index = models.PositiveIntegerField(db_default=0, default=0)
    cuts = models.JSONField(default=list)
    made_by = models.UUIDField(null=True)
    replaced_by = models.UUIDField(null=True)
    status_before_replaced = models.CharField(max_length=10, blank=True, db_default="", default="")
    doubts = models.PositiveIntegerField(db_default=0, default=0)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "part", "cut_index"], name="document_of_part_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["practice", "client_file", "status", "received_at", "id"],
                name="documents_by_arrival",
            ),
            models.Index(
                fields=["practice", "client_file", "status", "issue_date", "id"],
                name="documents_by_date",
            ),
            models.Index(
                fields=["practice", "client_file", "status", "supplier_name", "id"],
                name="documents_by_supplier",
            ),
            models.Index(
                fields=["practice", "client_file", "status", "total_gross", "id"],
                name="documents_by_total",
            ),
            # A search reads this alone, instead of every row of the file.
            models.Index(
                fields=["practice", "client_file", "status", "search_text", "total_gross", "total_net", "id"],
                name="documents_by_text",
            ),
            models.Index(fields=["practice", "made_by"], name="documents_made_by", condition=~models.Q(made_by=None)),
            models.Index(
                fields=["practice", "replaced_by"], name="documents_replaced_by", condition=~models.Q(replaced_by=None)
            ),
            # What still has a step before it is few; the sweep reads nothing else.
            models.Index(fields=["step", "practice", "receipt"], name="documents_unfinished"),
            models.Index(
                fields=["practice", "client_file", "status", "received_at", "id"],
                name="documents_in_doubt",
                condition=models.Q(doubts__gt=0),
            ),
            # Without it SQLite reads all documents of a file for the few of a receipt.
            models.Index(fields=["practice", "client_file", "receipt"], name="documents_of_receipts"),
        ]

    def __str__(self) -> str:
        """Name the document for a developer."""
        return f"{self.filename} {self.supplier_name} {self.number}"


class PageImage(TenantModel):
    """The image of one page in one size, made from a copy of the original; it can be made again.

    ``width`` is the size it was asked for in, in pixels; a small picture is not blown up to it.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="page_images")
    page = models.PositiveIntegerField()
    width = models.PositiveIntegerField(db_default=1600)
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=40)

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "document", "page", "width"], name="page_image_of_a_size_once"),
        ]

    def __str__(self) -> str:
        """Name the image for a developer."""
        return f"page {self.page} of {self.document_id}"

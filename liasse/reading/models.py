"""Readings: the fields of a document, each with source, confidence and place."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from liasse.core.tenancy import ScopedManager, TenantModel


class Reading(TenantModel):
    """What was read from one document, as ``reading.types`` writes it to JSON.

    ``fields`` maps a field's name to its value, source, confidence, term and place; a
    person's correction replaces the value and keeps what had been read under ``read``.
    """

    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT, related_name="reading")
    format = models.CharField(max_length=30, blank=True)
    profile = models.CharField(max_length=200, blank=True)
    fields = models.JSONField(default=dict)
    vat_breakdown = models.JSONField(default=list)
    has_own_vat = models.BooleanField(default=False, db_default=False)
    """Whether a person put the VAT table right, so that what is read later does not replace it."""
    lines = models.JSONField(default=list)
    has_own_lines = models.BooleanField(default=False, db_default=False)
    """Whether a person put the lines right, as with the VAT table."""
    adjustments = models.JSONField(default=list)
    remarks = models.JSONField(default=list)
    attached = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
    """Why a person must look, as `decisions.Reason` writes it; nothing where nobody must."""
    findings = models.JSONField(default=list)
    """What the check of an e-invoice found, as `types.Finding` writes it; the check is a step of its own."""
    checked_by = models.JSONField(default=list)
    checked_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=60, blank=True)
    problem_detail = models.CharField(max_length=500, blank=True)
    words_sha256 = models.CharField(max_length=64, blank=True)
    """The words of the pages, as `reading.words` writes them, packed, in the store; blank where there are none."""
    read_at = models.DateTimeField()

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    def __str__(self) -> str:
        """Name the reading for a developer."""
        return f"reading of {self.document_id}: {self.format}"

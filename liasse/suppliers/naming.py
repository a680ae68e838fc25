"""The supplier's name by its number, by the file's directory or what the practice's files share; else by the name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from django.db.models import Exists, OuterRef, Q

from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus
from liasse.reading.types import Field, FieldName, ReadingResult, Source
from liasse.suppliers import directory, sharing
from liasse.suppliers.alike import KNOWN, with_known_name
from liasse.suppliers.hints import LEARNED
from liasse.suppliers.models import Appearance, Mark, Supplier
from liasse.suppliers.types import MarkKind

_SURE: Final = 0.8
_SETTLED: Final = (DocumentStatus.READY, DocumentStatus.ARCHIVED)
# A file has hundreds of suppliers; of more, those that were seen last are looked at.
_MOST_KNOWN: Final = 3000


def named(document: Document, result: ReadingResult) -> ReadingResult:
    """Put the name of a supplier that is known by its number, where a person gave it or none was surely read.

    A name that OCR read on a paper without a number is that of a known supplier, if it is the same or a letter off.
    Two queries at most, none for what an e-invoice says exactly.
    """
    if result.is_structured or not result.fields:
        return result
    identity = directory.identity_of({name: field.value for name, field in result.fields.items() if field.value})
    keys = directory.keys_of(identity)
    read = result.fields.get(FieldName.SUPPLIER_NAME)
    is_sure = read is not None and bool(read.value) and read.confidence >= _SURE
    if read is not None and LEARNED in read.evidence:
        return result
    numbers = {kind: key for kind, key in keys.items() if kind in {MarkKind.SIREN, MarkKind.VAT}}
    for kind, key in numbers.items():
        marks = Mark.objects.filter(
            practice_id=document.practice_id, client_file_id=document.client_file_id, kind=kind, key=key
        )
        mark = marks.select_related("supplier").first()
        if mark is not None and (mark.supplier.is_named or not is_sure):
            return _with_name(result, mark.supplier.name, "directory")
    if not numbers and read is not None and read.source is Source.OCR:
        return with_known_name(result, _names_known(document))
    if is_sure or not numbers:
        return result
    shared = sharing.shared_name(document.client_file.practice, siren=identity.siren, vat=identity.vat)
    return _with_name(result, shared.name, "practice") if shared is not None else result


def _names_known(document: Document) -> Iterable[str]:
    """Give the names of the suppliers that a person named, or of which a document is settled."""
    settled = Appearance.objects.filter(supplier=OuterRef("pk"), document__status__in=_SETTLED)
    suppliers = Supplier.objects.filter(practice_id=document.practice_id, client_file_id=document.client_file_id)
    known = suppliers.filter(Q(is_named=True) | Exists(settled)).order_by("-last_date", "-id")
    return known.values_list("name", flat=True)[:_MOST_KNOWN]


def _with_name(result: ReadingResult, name: str, how: str) -> ReadingResult:
    known = Field(name, Source.RULE, KNOWN, evidence=(LEARNED, how))
    return replace(result, fields=result.fields | {FieldName.SUPPLIER_NAME: known})

"""The supplier's name by its number: the file's directory first, then what the practice's files share."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from liasse.documents.models import Document
from liasse.reading.types import Field, FieldName, ReadingResult, Source
from liasse.suppliers import directory, sharing
from liasse.suppliers.hints import LEARNED
from liasse.suppliers.models import Mark
from liasse.suppliers.types import MarkKind

_BY_NUMBER: Final = 0.995
_SURE: Final = 0.8


def named(document: Document, result: ReadingResult) -> ReadingResult:
    """Put the name of a supplier that is known by its number, where a person gave it or none was surely read.

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
    if is_sure or not numbers:
        return result
    shared = sharing.shared_name(document.client_file.practice, siren=identity.siren, vat=identity.vat)
    return _with_name(result, shared.name, "practice") if shared is not None else result


def _with_name(result: ReadingResult, name: str, how: str) -> ReadingResult:
    known = Field(name, Source.RULE, _BY_NUMBER, evidence=(LEARNED, how))
    return replace(result, fields=result.fields | {FieldName.SUPPLIER_NAME: known})

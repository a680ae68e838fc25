"""Writes of readings: what the engine read, and what a person put right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from liasse.clients import counters
from liasse.core import audit
from liasse.core.access import Actor, system_actor
from liasse.core.errors import InvalidError
from liasse.documents.models import Document
from liasse.documents.services import lock, look_for_duplicates, set_status, store_summary
from liasse.documents.types import DocumentStatus, Step
from liasse.practices.selectors import strictness_of
from liasse.reading.bringing import bring_corrections
from liasse.reading.decisions import MAY_BE_SEVERAL, Decision, Reason, ReasonCode, decide, summary_of
from liasse.reading.entry import entered_value, entered_vat
from liasse.reading.entry_lines import LineEdit, entered_lines, lines_told
from liasse.reading.models import Reading
from liasse.reading.types import (
    Field,
    FieldName,
    Finding,
    Place,
    Problem,
    ProblemCode,
    ReadingResult,
    Source,
    VatLine,
)


def store(document_id: UUID, result: ReadingResult, *, words_sha256: str = "") -> DocumentStatus:
    """Write what was read from a document, and put it into the tab where it belongs.

    What a person corrected before stays. Reading again is harmless: a reading that comes to nothing
    takes nothing away. ``words_sha256`` names the words of its pages in the store.
    """
    with transaction.atomic():
        document = lock(document_id)
        reading = Reading.objects.filter(document=document).first()
        if reading is None:
            reading = Reading(practice_id=document.practice_id, document=document)
            bring_corrections(document, reading)
        if result.fields or result.problem is None:
            _take(reading, result)
        reading.problem = result.problem.code if result.problem else ""
        reading.problem_detail = result.problem.detail[:500] if result.problem else ""
        reading.notes = list(result.notes)
        reading.words_sha256 = words_sha256 or reading.words_sha256
        reading.read_at = timezone.now()
        decision = _decide(document, reading)
        reading.save()
        _show(document, reading)
        document.step = Step.PAGES
        if document.status == DocumentStatus.PROCESSING:
            set_status(document, _tab(is_ready=decision.is_ready))
        document.version += 1
        document.save()
        audit.record(
            "document.read",
            actor=system_actor(document.practice_id),
            practice_id=document.practice_id,
            subject=_subject(document),
            after={"format": reading.format, "status": document.status},
        )
    return DocumentStatus(document.status)


def _take(reading: Reading, result: ReadingResult) -> None:
    read = result.to_json()
    reading.fields = _merged(reading.fields, result)
    if not reading.has_own_vat:
        reading.vat_breakdown = read["vat_breakdown"]
    if not reading.has_own_lines:
        reading.lines = read["lines"]
    reading.adjustments = read["adjustments"]
    reading.remarks, reading.attached = read["remarks"], read["attached"]
    # What an earlier check found was about an earlier reading; the next one comes after this.
    reading.findings, reading.checked_by, reading.checked_at = read["findings"], [], None
    reading.format = (result.format or "")[:30]
    reading.profile = (result.profile or "")[:200]


def _decide(document: Document, reading: Reading, *, alarms: Sequence[str] = ()) -> Decision:
    """Decide as the practice wants it, and keep why a person must look; the caller saves both."""
    decision = decide(result_of(reading), strictness_of(document.practice_id))
    several = [Reason(ReasonCode.NOTE, detail=MAY_BE_SEVERAL)] if document.cuts else []
    found = [*(Reason(ReasonCode.ALARM, detail=alarm) for alarm in alarms), *several, *decision.reasons]
    reading.reasons = [reason.to_json() for reason in found]
    document.problem = found[0].key if found else ""
    return replace(decision, is_ready=not found, reasons=tuple(found))


def _tab(*, is_ready: bool) -> DocumentStatus:
    return DocumentStatus.READY if is_ready else DocumentStatus.TO_REVIEW


def _alarms_of(reading: Reading) -> list[str]:
    reasons = map(Reason.from_json, reading.reasons)
    return [reason.detail for reason in reasons if reason.code is ReasonCode.ALARM]


def result_of(reading: Reading) -> ReadingResult:
    """Give a stored reading as the result that it was, with what people corrected since."""
    known = {name.value for name in FieldName}
    problem = reading.problem
    return ReadingResult(
        fields={FieldName(name): Field.from_json(data) for name, data in reading.fields.items() if name in known},
        vat_breakdown=tuple(VatLine(**line) for line in reading.vat_breakdown),
        format=reading.format or None,
        problem=Problem(ProblemCode(problem), reading.problem_detail) if problem in set(ProblemCode) else None,
        notes=tuple(reading.notes),
        findings=tuple(map(Finding.from_json, reading.findings)),
    )


def store_check(document_id: UUID, findings: Sequence[Finding], *, checked_by: Sequence[str] = ()) -> DocumentStatus:
    """Write what the check of an e-invoice found, and decide anew about its document. The caller holds the file."""
    with transaction.atomic():
        document = lock(document_id)
        reading = Reading.objects.select_for_update().filter(document=document).first()
        if reading is None:
            return DocumentStatus(document.status)
        reading.findings = [finding.to_json() for finding in findings]
        reading.checked_by = list(checked_by)
        reading.checked_at = timezone.now()
        reading.save(update_fields=["findings", "checked_by", "checked_at"])
        status = decide_again(document_id)
        if status != document.status:
            audit.record(
                "document.checked",
                actor=system_actor(document.practice_id),
                practice_id=document.practice_id,
                subject=_subject(document),
                before={"status": document.status},
                after={"status": status.value},
            )
        return status


def decide_again(document_id: UUID, *, alarms: Sequence[str] | None = None) -> DocumentStatus:
    """Decide anew about a document whose fields, alarms or practice changed, and put it where it belongs.

    ``alarms`` are the codes of what is odd about it and keeps it from being ready, whatever its fields say; without
    them those that it has stay. A document that a person put into its tab stays there: one that is ready though its
    reading had reasons against it, or waits without any. The caller holds the file (`counters.hold`).
    """
    with transaction.atomic():
        document = lock(document_id)
        reading = Reading.objects.select_for_update().filter(document=document).first()
        if reading is None:
            return DocumentStatus(document.status)
        was_decided = _tab(is_ready=not reading.reasons) == document.status
        decision = _decide(document, reading, alarms=_alarms_of(reading) if alarms is None else alarms)
        reading.save(update_fields=["reasons"])
        if was_decided:
            set_status(document, _tab(is_ready=decision.is_ready))
        document.version += 1
        document.save()
    return DocumentStatus(document.status)


def _merged(kept: Mapping[str, Any], result: ReadingResult) -> dict[str, Any]:
    """Give the read fields, with a person's corrections on top and what was read beneath them."""
    fields: dict[str, Any] = {name.value: field.to_json() for name, field in result.fields.items()}
    for name, field in kept.items():
        if field.get("source") == Source.PERSON:
            fields[name] = {**field, "read": fields.get(name)}
    return fields


def correct(
    document: Document,
    *,
    actor: Actor,
    version: int,
    values: Mapping[str, str],
    places: Mapping[str, Place] | None = None,
) -> Document:
    """Write what a person typed into fields, made against ``version`` of the document.

    ``values`` maps a FieldName to the text as typed: amounts and dates in French, English or
    canonical form; blank empties the field. ``places`` are where on the page a value was taken from. Raises
    InvalidError with a sentence a field, or ConflictError, and then changes nothing.
    """
    entered = _entered(values)
    at = places or {}

    def change(reading: Reading) -> None:
        for name, value in entered.items():
            reading.fields[name.value] = _corrected(reading.fields.get(name.value), value, place=at.get(name.value))

    return _edit(document, actor=actor, version=version, change=change)


def take_back(document: Document, *, actor: Actor, version: int, names: Iterable[str]) -> Document:
    """Let what had been read stand again in these fields, which a person changed; raise ConflictError."""
    fields = [FieldName(name) for name in names if name in set(FieldName)]

    def change(reading: Reading) -> None:
        for name in fields:
            kept = reading.fields.get(name.value)
            if kept is None or kept.get("source") != Source.PERSON:
                continue
            read = kept.get("read")
            if isinstance(read, Mapping):
                reading.fields[name.value] = dict(read)
            else:
                del reading.fields[name.value]

    return _edit(document, actor=actor, version=version, change=change)


def set_vat(document: Document, *, actor: Actor, version: int, rows: Iterable[Mapping[str, str]]) -> Document:
    """Write the VAT table as a person typed it (rate, base, vat, category); what is read later does not replace it.

    Raises InvalidError with a sentence by "<row>-<column>", or ConflictError.
    """
    entered = [asdict(line) for line in entered_vat(rows)]

    def change(reading: Reading) -> None:
        reading.vat_breakdown, reading.has_own_vat = entered, True

    return _edit(document, actor=actor, version=version, change=change)


def set_lines(document: Document, *, actor: Actor, version: int, edits: Sequence[LineEdit]) -> Document:
    """Write the lines of an invoice as a person left them; what is read later does not replace them.

    ``edits`` are all lines that stay, in their order. Raises InvalidError with a sentence by "<row>-<cell>", or
    ConflictError.
    """

    def change(reading: Reading) -> None:
        reading.lines = [asdict(line) for line in entered_lines(edits, before=reading.lines)]
        reading.has_own_lines = True

    return _edit(document, actor=actor, version=version, change=change)


def _edit(document: Document, *, actor: Actor, version: int, change: Callable[[Reading], None]) -> Document:
    """Change a reading as a person wants it, with all that hangs on it, in one transaction."""
    with transaction.atomic():
        # Whoever writes about several documents of a file holds the file first.
        counters.hold(document.client_file_id)
        locked = lock(document.id, version=version)
        reading, _is_new = Reading.objects.select_for_update().get_or_create(
            document=locked,
            defaults={"practice_id": locked.practice_id, "read_at": timezone.now()},
        )
        was, lines = _told(reading), reading.lines
        change(reading)
        now = _told(reading)
        was["line_rows"], now["line_rows"] = lines_told(lines, reading.lines)
        _decide(locked, reading, alarms=_alarms_of(reading))
        reading.save(update_fields=["fields", "reasons", "vat_breakdown", "has_own_vat", "lines", "has_own_lines"])
        _show(locked, reading)
        locked.version += 1
        set_status(locked, DocumentStatus(locked.status))
        locked.save()
        look_for_duplicates(locked)
        changed = [name for name in {**was, **now} if was.get(name) != now.get(name)]
        audit.record(
            "document.corrected",
            actor=actor,
            practice_id=locked.practice_id,
            subject=_subject(locked),
            before={name: (was.get(name) or {}).get("value") for name in changed},
            after={name: (now.get(name) or {}).get("value") for name in changed},
        )
    return locked


def _told(reading: Reading) -> dict[str, Any]:
    """Give what a person can change of a reading, by name, as the history tells it."""
    rows = "; ".join(
        " ".join(str(row.get(name) or "–") for name in ("rate", "base", "vat")) for row in reading.vat_breakdown
    )
    return {**reading.fields, "vat_rows": {"value": rows}}


def _entered(values: Mapping[str, str]) -> dict[FieldName, str | None]:
    entered: dict[FieldName, str | None] = {}
    problems: dict[str, str] = {}
    for name, text in values.items():
        try:
            field = FieldName(name)
            entered[field] = entered_value(field, text)
        except InvalidError as error:
            problems[name] = error.sentence
        except ValueError:
            problems[name] = _("There is no such field.")
    if problems:
        raise InvalidError(problems)
    return entered


def _corrected(before: Mapping[str, Any] | None, value: str | None, *, place: Place | None = None) -> dict[str, Any]:
    kept = before or {}
    if place is None and kept.get("value") == value and kept.get("place"):
        # What a person only confirms stands where it was read.
        place = Place(**kept["place"])
    field = Field(value=value, source=Source.PERSON, confidence=1.0, term=kept.get("term"), place=place)
    was_read = before.get("read") if before and before.get("source") == Source.PERSON else before
    return {**field.to_json(), "read": was_read}


def _show(document: Document, reading: Reading) -> None:
    values = {
        FieldName(name): field["value"] for name, field in reading.fields.items() if field.get("value") is not None
    }
    store_summary(document, summary_of(values), customer_name=values.get(FieldName.CUSTOMER_NAME, ""))


def _subject(document: Document) -> audit.Subject:
    return audit.Subject("document", document.id, document.client_file_id)

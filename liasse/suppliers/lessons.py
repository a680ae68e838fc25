"""What corrections taught: written when a person corrects a field, used at the next reading, forgotten on demand.

Within one client file. Learning looks at the document as it stands – its fields that a person typed, and its words –
so that it can be run again at any point and teaches the same thing once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Prefetch
from django.utils import timezone

from liasse.clients import counters
from liasse.clients.models import ClientFile
from liasse.core import audit
from liasse.core.access import Actor
from liasse.core.errors import NotThereError
from liasse.core.models import AuditEvent
from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus
from liasse.intake.types import Side
from liasse.reading.models import Reading
from liasse.reading.types import FieldName, ReadingResult, Source, Word
from liasse.suppliers.anchors import Page, anchors_of, pages_of
from liasse.suppliers.directory import identity_of
from liasse.suppliers.hints import CONSTANTS, Hinted, applied
from liasse.suppliers.layouts import SAME, likeness, own_marks, sketch_of
from liasse.suppliers.models import Layout, Lesson, Supplier
from liasse.suppliers.spans import FORMS
from liasse.suppliers.types import Anchor, Sketch, Taught

MOST_LAYOUTS: Final = 500
"""So many of a file's layouts, the latest, are compared with a new document."""

_MOST_EVENTS: Final = 100
_SETTLED: Final = (DocumentStatus.READY, DocumentStatus.ARCHIVED)
_WITH_DOCUMENTS: Final = Prefetch("lessons", queryset=Lesson._base_manager.select_related("document").order_by("id"))
_OF_THE_BUYER: Final = (
    FieldName.CUSTOMER_NAME,
    FieldName.CUSTOMER_SIREN,
    FieldName.CUSTOMER_VAT,
    FieldName.CUSTOMER_ADDRESS,
)


def hinted(document: Document, result: ReadingResult, words: Sequence[Word]) -> Hinted:
    """Put what was learned in the document's file into what was read of it. Two queries at most."""
    if result.is_structured or result.problem is not None or not words:
        return Hinted(result)
    seen = sketch_of(words, own=_own(document.client_file, result))
    taught = [lesson for layout in _alike(document, seen) for lesson in _taught(layout)]
    return applied(result, taught, words)


def note_used(ids: Iterable[UUID]) -> None:
    """Count that lessons gave a value, in the caller's transaction."""
    Lesson.objects.filter(id__in=list(ids)).update(count_used=F("count_used") + 1)


def _own(client_file: ClientFile, result: ReadingResult) -> list[str]:
    """Give what names the client, and so is on the papers of all its suppliers."""
    read = [result.value(name) for name in _OF_THE_BUYER]
    own = (client_file.name, client_file.legal_name, client_file.siren, *read)
    return [text for text in own if text]


def _alike(document: Document, seen: Sketch) -> list[Layout]:
    """Give the layouts of the file that a paper may have, the likest first, with their lessons."""
    rows = Layout.objects.filter(practice_id=document.practice_id, client_file_id=document.client_file_id)
    ranked = [
        (score, layout)
        for layout in rows.prefetch_related(_WITH_DOCUMENTS).order_by("-id")[:MOST_LAYOUTS]
        if (score := likeness(_sketch(layout), seen)) >= SAME
    ]
    return [layout for _score, layout in sorted(ranked, key=lambda one: -one[0])]


def _sketch(layout: Layout) -> Sketch:
    return Sketch(words=frozenset(layout.words), marks=frozenset(layout.marks), names=frozenset(layout.names))


def _taught(layout: Layout) -> list[Taught]:
    known = set(FieldName)
    return [
        Taught(
            id=lesson.id,
            field=FieldName(lesson.field),
            value=lesson.value,
            anchors=tuple(Anchor.from_json(anchor) for anchor in lesson.anchors),
            wrong=lesson.wrong,
            kind=lesson.document.kind,
        )
        for lesson in layout.lessons.all()
        if lesson.forgotten_at is None and lesson.field in known and _counts(lesson)
    ]


def _counts(lesson: Lesson) -> bool:
    """Tell whether a lesson is used: that something was read right counts once the document was called ready."""
    return lesson.wrong != lesson.value or lesson.document.status in _SETTLED


# ---------------------------------------------------------------------------------------------------- learning


def learn(document: Document, words: Sequence[Word], *, supplier: Supplier | None = None) -> list[Lesson]:
    """Learn from what people corrected in a document, in the caller's transaction under the file's lock.

    Gives the lessons that are new or say something else than before.
    """
    reading = Reading.objects.filter(document=document).first()
    corrected = _corrected(reading)
    if reading is None or not words or not corrected or document.side != Side.COSTS:
        return []
    told = _told(document)
    layout = _layout_of(document, reading, words, supplier=supplier)
    pages = pages_of(words)
    made = []
    for name, field in corrected.items():
        anchors = _chosen(anchors_of(name, field["value"], pages), field.get("place"))
        if name in told and (anchors or name in CONSTANTS):
            values = _values(field, anchors=anchors, told=told[name])
            lesson = _write(layout, document=document, name=name, values=values)
            made += [lesson] if lesson is not None else []
    _confirm(layout, document=document, fields=reading.fields, pages=pages, told=max(told.values(), key=_when))
    return made


def _when(event: AuditEvent) -> datetime:
    return event.at


def _confirm(
    layout: Layout, *, document: Document, fields: Mapping[str, Any], pages: Sequence[Page], told: AuditEvent
) -> None:
    """Keep where the fields stand that the person left as they were read; used once the document is called ready."""
    taught = set(Lesson.objects.filter(layout=layout).exclude(wrong=F("value")).values_list("field", flat=True))
    for name in (FORMS.keys() | CONSTANTS) - taught:
        field = fields.get(name) or {}
        if not field.get("value") or field.get("source") == Source.PERSON:
            continue
        anchors = _chosen(anchors_of(name, field["value"], pages), field.get("place"))
        if anchors or name in CONSTANTS:
            values = _values(field, anchors=anchors, told=told) | {"wrong": field["value"][:200]}
            _write(layout, document=document, name=name, values=values)


def _chosen(anchors: tuple[Anchor, ...], place: Mapping[str, Any] | None) -> tuple[Anchor, ...]:
    """Give the anchors at the word that a person clicked; all of them where nobody clicked one of these."""
    if place is None:
        return anchors
    clicked = tuple(
        anchor
        for anchor in anchors
        if anchor.page == place["page"]
        and anchor.x0 < place["x1"]
        and place["x0"] < anchor.x1
        and anchor.y0 < place["y1"]
        and place["y0"] < anchor.y1
    )
    return clicked or anchors


def is_taught_by(document: Document) -> bool:
    """Tell whether a person corrected anything in a document that teaches something. One query."""
    return document.side == Side.COSTS and bool(_corrected(Reading.objects.filter(document=document).first()))


def _corrected(reading: Reading | None) -> dict[FieldName, Any]:
    if reading is None or reading.format not in {"pdf", "image"}:
        return {}
    return {
        FieldName(name): field
        for name, field in reading.fields.items()
        if name in FORMS.keys() | CONSTANTS and field.get("source") == Source.PERSON and _is_other(field)
    }


def _is_other(field: Mapping[str, Any]) -> bool:
    """Tell whether a person typed something else than what had been read, and not nothing."""
    read = field.get("read") or {}
    return bool(field.get("value")) and read.get("value") != field.get("value")


def _told(document: Document) -> dict[FieldName, AuditEvent]:
    """Give who corrected each field last. One query."""
    events = AuditEvent.objects.filter(
        practice_id=document.practice_id, subject_id=document.id, verb="document.corrected"
    )
    told: dict[FieldName, AuditEvent] = {}
    for event in events.order_by("-sequence")[:_MOST_EVENTS]:
        for name in event.after:
            if name in set(FieldName):
                told.setdefault(FieldName(name), event)
    return told


def _values(field: Mapping[str, Any], *, anchors: Sequence[Anchor], told: AuditEvent) -> dict[str, Any]:
    wrong = (field.get("read") or {}).get("value")
    return {
        "value": field["value"][:200],
        "wrong": wrong[:200] if wrong else None,
        "anchors": [anchor.to_json() for anchor in anchors],
        "learned_by": told.actor_name[:200],
        "learned_at": told.at,
        "forgotten_at": None,
        "forgotten_by": "",
    }


def _write(layout: Layout, *, document: Document, name: FieldName, values: dict[str, Any]) -> Lesson | None:
    known = Lesson.objects.filter(practice_id=layout.practice_id, layout=layout, field=name).first()
    if known is not None and known.learned_at >= values["learned_at"]:
        # The same correction, or an older one: what was forgotten since stays forgotten.
        return None
    lesson = known or Lesson(practice_id=layout.practice_id, layout=layout, field=name)
    lesson.client_file_id, lesson.document = layout.client_file_id, document
    for column, value in values.items():
        setattr(lesson, column, value)
    lesson.save()
    return lesson


def _layout_of(document: Document, reading: Reading, words: Sequence[Word], *, supplier: Supplier | None) -> Layout:
    """Give the layout of a document that was corrected: one that is known already, made alike, or a new one."""
    values = {FieldName(name): field["value"] for name, field in reading.fields.items() if name in set(FieldName)}
    own = _own(document.client_file, ReadingResult()) + [values[name] for name in _OF_THE_BUYER if values.get(name)]
    name = values.get(FieldName.SUPPLIER_NAME)
    sketch = sketch_of(words, own=own, names=[name] if name else [])
    alike = _alike(document, sketch)
    first = Layout.objects.filter(lessons__document=document).first()
    layout = (
        first
        or (alike[0] if alike else None)
        or Layout(practice_id=document.practice_id, client_file_id=document.client_file_id)
    )
    kept = frozenset(layout.words) & sketch.words if layout.words else sketch.words
    # What both papers have in common is what the layout is known by, as long as that is enough.
    layout.words = sorted(kept if len(kept) >= len(sketch.words) // 2 else sketch.words)
    texts = {name: value for name, value in values.items() if isinstance(value, str)}
    identity = identity_of(texts)
    marks = own_marks(sketch, siren=identity.siren, vat=identity.vat)
    layout.marks = sorted(frozenset(layout.marks) & marks or marks)
    layout.names = sorted(frozenset(layout.names) | sketch.names) if sketch.names else layout.names
    layout.supplier = supplier or layout.supplier
    layout.save()
    return layout


# -------------------------------------------------------------------------------------------------- forgetting


@transaction.atomic
def forget(client_file: ClientFile, *, lesson_id: UUID, actor: Actor) -> Lesson:
    """Forget what was learned of one field: the next documents are read without it. Twice is once.

    Raises NotThereError for a lesson of another file.
    """
    counters.hold(client_file.id)
    rows = Lesson.objects.select_for_update(of=("self",)).filter(
        practice_id=client_file.practice_id, client_file=client_file
    )
    lesson = rows.select_related("layout__supplier").filter(id=lesson_id).first()
    if lesson is None:
        raise NotThereError
    if lesson.forgotten_at is None:
        lesson.forgotten_at, lesson.forgotten_by = timezone.now(), actor.name[:200]
        lesson.save(update_fields=["forgotten_at", "forgotten_by"])
        alive = Lesson.objects.filter(layout=lesson.layout, forgotten_at=None)
        if not alive.exclude(wrong=F("value")).exists():
            # Where nothing is left that was corrected, what was read right beside it goes too.
            alive.update(forgotten_at=lesson.forgotten_at, forgotten_by=lesson.forgotten_by)
        supplier = lesson.layout.supplier
        audit.record(
            "supplier.forgotten",
            actor=actor,
            practice_id=client_file.practice_id,
            subject=audit.Subject("supplier", supplier.id if supplier else lesson.layout_id, client_file.id),
            before={"field": lesson.field, "value": lesson.value, "supplier": supplier.name if supplier else ""},
        )
    return lesson

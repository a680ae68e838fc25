"""Whether a document is there twice: what it says and how its first page looks, beside all others of its file."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import transaction

from liasse.clients import counters
from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus, Step
from liasse.duplicates import finding, services
from liasse.duplicates.models import Trait
from liasse.duplicates.types import Ground
from liasse.pipeline import child, teaching
from liasse.pipeline.child import StepFailedError
from liasse.pipeline.outcomes import DONE, Outcome

_MOST_UNLIKE: Final = 0.25
_MOST_STANDING_OUT: Final = 0.12


def find(document_id: UUID) -> Outcome:
    """Look whether a document is there twice, and do what its file's rule says. Can be run again at any point."""
    document = _document(document_id)
    if document is None or document.step != Step.DONE or document.status == DocumentStatus.PROCESSING:
        # The last of its steps asks again.
        return DONE
    if document.status == DocumentStatus.REPLACED:
        with transaction.atomic():
            counters.hold(document.client_file_id)
            finding.store(document, found={})
        return DONE
    look_now(document_id)
    _look_at_pages(document_id)
    return DONE


def look_now(document_id: UUID) -> None:
    """Look whether a document is there twice by what it says, and what else is odd: at once, by a few queries.

    What a person corrected in it is learned too.
    """
    document = _document(document_id)
    if document is None or document.step != Step.DONE:
        return
    with transaction.atomic():
        counters.hold(document.client_file_id)
        trait = finding.note_traits(document)
        made = finding.store(document, found=finding.say_alike(trait), keep=_still_alike(trait))
        services.apply_rule(document.client_file, made)
    teaching.look_now(document_id)


def _still_alike(trait: Trait) -> tuple[Ground, ...]:
    """Give the ground that what a document says does not tell, unless its pages are to be compared anew."""
    return (Ground.PICTURE,) if trait.is_looked_at else ()


def _document(document_id: UUID) -> Document | None:
    return Document.objects.select_related("client_file").filter(id=document_id).first()


def _look_at_pages(document_id: UUID) -> None:
    """Compare a first page with those that look like it; whatever cannot be looked at is no duplicate of anything."""
    trait = Trait.objects.filter(document_id=document_id).first()
    page = finding.first_page(document_id)
    if trait is None or page is None or (trait.is_looked_at and trait.look_of == page.sha256):
        return
    look = trait.look if trait.look_of == page.sha256 else _look_of(page.sha256)
    with transaction.atomic():
        counters.hold(trait.client_file_id)
        trait = Trait.objects.select_for_update().get(id=trait.id)
        finding.note_look(trait, look=look, look_of=page.sha256)
    alike = _same_papers(trait, page_sha256=page.sha256)
    with transaction.atomic():
        counters.hold(trait.client_file_id)
        document = Document.objects.select_related("client_file").get(id=document_id)
        found = {other_id: {*grounds} for other_id, grounds in finding.say_alike(trait).items()}
        for other_id in alike:
            found.setdefault(other_id, set()).add(Ground.PICTURE)
        made = finding.store(document, found=found)
        Trait.objects.filter(id=trait.id).update(is_looked_at=True)
        services.apply_rule(document.client_file, made)


def is_same_paper(unlike: float, *, standing_out: float) -> bool:
    """Tell by `child.compare_pages` whether two pages are of the same paper. Measured on the corpus, not guessed."""
    return unlike <= _MOST_UNLIKE and standing_out <= _MOST_STANDING_OUT


def _look_of(sha256: str) -> str:
    try:
        return child.look_at_page(sha256)
    except StepFailedError:
        return ""


def _same_papers(trait: Trait, *, page_sha256: str) -> list[UUID]:
    candidates = finding.look_alike(trait)
    if not candidates:
        return []
    try:
        unlike = child.compare_pages([page_sha256, *(look_of for _document_id, look_of in candidates)])
    except StepFailedError:
        return []
    return [
        document_id
        for (document_id, _page_of_it), (mean, standing_out) in zip(candidates, unlike, strict=True)
        if is_same_paper(mean, standing_out=standing_out)
    ]

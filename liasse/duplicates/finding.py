"""Finding out whether a document is there twice: by its bytes, by what it says, by how it looks.

Costs and sales apart, within one file, whatever tab the other one is in. As many queries for any number of
documents: each way to be the same has an index. Pairs are written and counted; nothing is deleted or joined.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from liasse.clients import counters
from liasse.documents.models import Document, PageImage
from liasse.documents.types import DocumentStatus
from liasse.duplicates import rules
from liasse.duplicates.models import Pair, Trait
from liasse.duplicates.types import Facts, Ground, PairState
from liasse.reading.models import Reading
from liasse.reading.types import FieldName

MOST_OF_A_GROUND: Final = 20
"""So many others are named for each way to be the same, the oldest first: a person decides about one at a time."""

MOST_COMPARED: Final = 4
"""So many pages that look alike are compared with a new one."""

_MOST_ALIKE: Final = 400
_FIRST_PAGE_WIDTH: Final = 1600
_OUT_OF_SIGHT: Final = (DocumentStatus.REPLACED, DocumentStatus.PROCESSING)


def note_traits(document: Document) -> Trait:
    """Write what a document is compared by, as it is now, in the caller's transaction under the file's lock."""
    reading = Reading.objects.filter(document_id=document.id).values_list("fields", flat=True).first() or {}
    numbers = {name: (reading.get(name) or {}).get("value") or "" for name in FieldName}
    known = Trait.objects.filter(document_id=document.id).first()
    trait = known or Trait(
        practice_id=document.practice_id, client_file_id=document.client_file_id, document_id=document.id
    )
    is_other_side = trait.side != document.side
    trait.side, trait.sha256 = document.side, document.sha256
    trait.number_key = rules.number_key(document.number)
    trait.supplier_id = rules.supplier_id(vat=numbers[FieldName.SUPPLIER_VAT], siren=numbers[FieldName.SUPPLIER_SIREN])
    trait.supplier_key = rules.supplier_key(document.supplier_name)
    trait.issue_date, trait.total, trait.currency = document.issue_date, document.total_gross, document.currency
    trait.is_looked_at = trait.is_looked_at and not is_other_side
    trait.save()
    return trait


def facts_of(trait: Trait) -> Facts:
    """Give what a document says, as the rules read it."""
    return Facts(
        sha256=trait.sha256,
        number_key=trait.number_key,
        supplier_id=trait.supplier_id,
        supplier_key=trait.supplier_key,
        issue_date=trait.issue_date,
        total=trait.total,
        currency=trait.currency,
    )


def say_alike(trait: Trait) -> dict[UUID, set[Ground]]:
    """Give the documents that say the same as one, and why they may be it. Three queries at most."""
    others = _others(trait)
    found: dict[UUID, set[Ground]] = {}
    own = facts_of(trait)
    for rows in _by_what_is_said(trait, others):
        for other in rows.order_by("document_id")[:MOST_OF_A_GROUND]:
            grounds = rules.grounds_of(own, facts_of(other))
            if grounds:
                found.setdefault(other.document_id, set()).update(grounds)
    return found


def _by_what_is_said(trait: Trait, others: QuerySet[Trait]) -> list[QuerySet[Trait]]:
    asked = [others.filter(sha256=trait.sha256)]
    if trait.number_key:
        asked.append(others.filter(number_key=trait.number_key))
    if trait.issue_date is not None and trait.total is not None:
        asked.append(others.filter(issue_date=trait.issue_date, total=trait.total))
    return asked


def _others(trait: Trait) -> QuerySet[Trait]:
    rows = Trait.objects.filter(practice_id=trait.practice_id, client_file_id=trait.client_file_id, side=trait.side)
    return rows.exclude(document_id=trait.document_id).exclude(document__status__in=_OUT_OF_SIGHT)


def first_page(document_id: UUID) -> PageImage | None:
    """Give the image of a document's first page; None while there is none."""
    return PageImage.objects.filter(document_id=document_id, page=1, width=_FIRST_PAGE_WIDTH).first()


def note_look(trait: Trait, *, look: str, look_of: str) -> None:
    """Write how a first page looks (blank: too little on it to tell), in the caller's transaction."""
    bands: tuple[int | None, ...] = rules.bands(look) if look else (None,) * rules.BANDS
    trait.look, trait.look_of, trait.is_looked_at = look, look_of, False
    trait.band_1, trait.band_2, trait.band_3, trait.band_4 = bands
    trait.save(update_fields=["look", "look_of", "is_looked_at", "band_1", "band_2", "band_3", "band_4"])


def look_alike(trait: Trait) -> list[tuple[UUID, str]]:
    """Give the documents whose first page may be the same paper, the likest first, with the SHA-256 of its image.

    Not those that say something else. One query for each part of the look, since each has its index.
    """
    if not trait.look:
        return []
    own, found = facts_of(trait), set()
    for number, band in enumerate(rules.bands(trait.look), start=1):
        near = _others(trait).filter(**{f"band_{number}__in": rules.near(band)})
        for other in near[:_MOST_ALIKE]:
            bits = rules.distance(trait.look, other.look)
            if bits <= rules.MOST_DIFFERENT_BITS and not rules.contradicts(own, facts_of(other)):
                found.add((bits, other.document_id, other.look_of))
    return [(document_id, look_of) for _bits, document_id, look_of in sorted(found)[:MOST_COMPARED]]


def store(document: Document, *, found: Mapping[UUID, Iterable[Ground]], keep: Iterable[Ground] = ()) -> list[Pair]:
    """Write the pairs of a document as they are now; gives those that are new. Under the file's lock.

    What somebody decided stays. A pair of which nothing is true any more, and that nobody decided, goes; ``keep`` are
    grounds that were not looked for now.
    """
    pairs = {_other(pair, document.id): pair for pair in pairs_of(document.id)}
    kept = set(keep)
    made = []
    for other_id in {*found, *pairs}:
        pair = pairs.get(other_id)
        grounds = {*found.get(other_id, ())} | (kept & set(pair.grounds.split()) if pair else set())
        if pair is None:
            made.append(_made(document, other_id=other_id, grounds=grounds))
        elif pair.state == PairState.OPEN and not grounds:
            pair.delete()
        elif pair.state == PairState.OPEN:
            pair.grounds = rules.in_order(grounds)
            pair.save(update_fields=["grounds"])
    recount(document.client_file_id, {document.id, *found, *pairs})
    return made


def _made(document: Document, *, other_id: UUID, grounds: Iterable[Ground]) -> Pair:
    # Ids grow with time, so the later one is the larger.
    first, second = sorted((document.id, other_id))
    return Pair.objects.create(
        practice_id=document.practice_id,
        client_file_id=document.client_file_id,
        first_id=first,
        second_id=second,
        grounds=rules.in_order(grounds),
    )


def pairs_of(document_id: UUID) -> list[Pair]:
    """Give the pairs that a document is in, with both documents, the surest first. One query."""
    rows = Pair.objects.filter(Q(first_id=document_id) | Q(second_id=document_id))
    return list(rows.select_related("first", "second").order_by("id"))


def _other(pair: Pair, document_id: UUID) -> UUID:
    return pair.second_id if pair.first_id == document_id else pair.first_id


def is_doubtful(pair: Pair) -> bool:
    """Tell whether somebody is still to say what two documents are: both are in sight, and nothing was said."""
    gone = {DocumentStatus.REPLACED, DocumentStatus.DUPLICATE}
    return pair.state == PairState.OPEN and gone.isdisjoint({pair.first.status, pair.second.status})


def recount(client_file_id: UUID, document_ids: Iterable[UUID]) -> None:
    """Count anew, on documents, the others that they may be. Under the file's lock; three queries and a write each."""
    ids = set(document_ids)
    rows = Pair.objects.filter(Q(first_id__in=ids) | Q(second_id__in=ids), state=PairState.OPEN)
    counts: Counter[UUID] = Counter()
    for pair in rows.select_related("first", "second"):
        if is_doubtful(pair):
            counts.update((pair.first_id, pair.second_id))
    stale = dict(Document.objects.filter(id__in=ids).values_list("id", "doubts"))
    changed = [document_id for document_id, doubts in stale.items() if doubts != counts[document_id]]
    for document_id in changed:
        Document.objects.filter(id=document_id).update(doubts=counts[document_id])
    if changed:
        counters.touch(client_file_id)

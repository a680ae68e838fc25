"""What is said of two documents that may be the same: both are kept, or one is set aside; and taken back.

A duplicate keeps its bytes, its reading and its history, and can be seen in a tab of its own. Only a person sets one
aside, or the rule that a person gave the file.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from liasse.clients import counters
from liasse.clients.models import ClientFile
from liasse.clients.types import DuplicateRule
from liasse.core import audit
from liasse.core.access import Actor, system_actor
from liasse.core.errors import ConflictError, NotThereError
from liasse.documents.models import Document
from liasse.documents.services import look_for_duplicates, waiting_since
from liasse.documents.types import DocumentStatus
from liasse.duplicates.finding import is_doubtful, pairs_of, recount
from liasse.duplicates.models import Pair
from liasse.duplicates.types import Ground, PairState, Verdict

_SETTLED = frozenset({DocumentStatus.TO_REVIEW, DocumentStatus.READY, DocumentStatus.ARCHIVED})


@transaction.atomic
def decide(client_file: ClientFile, *, document_id: UUID, other_id: UUID, verdict: Verdict, actor: Actor) -> Pair:
    """Say of two documents of a file what they are.

    Raises NotThereError for two that are no pair, ConflictError when something was said already, or when the one
    that is to be set aside is being read.
    """
    counters.hold(client_file.id)
    pair = _pair(client_file, document_id, other_id)
    if pair.state != PairState.OPEN:
        raise ConflictError(_("Somebody decided about these two meanwhile. Reload the page."))
    if verdict is Verdict.BOTH:
        _keep(pair, actor=actor)
    else:
        _set_aside(pair, document_id if verdict is Verdict.THIS else other_id, actor=actor)
    return pair


@transaction.atomic
def undo(client_file: ClientFile, *, document_id: UUID, other_id: UUID, actor: Actor) -> Pair:
    """Take back what was said of two documents: it is open again, and a duplicate is where it was.

    Raises NotThereError for two that are no pair, ConflictError when nothing was said of them.
    """
    counters.hold(client_file.id)
    pair = _pair(client_file, document_id, other_id)
    if pair.state == PairState.OPEN:
        raise ConflictError(_("Nothing was decided about these two, or it was taken back already."))
    aside = next((one for one in (pair.first, pair.second) if one.id == pair.aside_id), None)
    before = pair.status_before
    subject = aside or pair.second
    pair.state, pair.aside, pair.status_before, pair.decided_by, pair.decided_at = PairState.OPEN, None, "", "", None
    pair.save()
    if aside is not None and aside.status == DocumentStatus.DUPLICATE:
        _put(aside, DocumentStatus(before or DocumentStatus.TO_REVIEW))
    _record("document.duplicate-undone", subject, actor=actor, after={"status": subject.status})
    recount(client_file.id, _circle(pair))
    return pair


@transaction.atomic
def take_back(document_ids: Iterable[UUID], *, client_file: ClientFile, actor: Actor) -> int:
    """Take duplicates back to where they were; gives how many. Raises NotThereError for an id of another file."""
    counters.hold(client_file.id)
    ids = _require(client_file, document_ids)
    pairs = Pair.objects.filter(aside_id__in=ids, state=PairState.ASIDE).values_list("first_id", "second_id")
    for first_id, second_id in list(pairs):
        undo(client_file, document_id=first_id, other_id=second_id, actor=actor)
    # A file that came back from a ZIP has its duplicates, without what they were duplicates of.
    alone = list(Document.objects.filter(id__in=ids, status=DocumentStatus.DUPLICATE))
    for document in alone:
        _put(document, DocumentStatus.TO_REVIEW)
        after = {"status": document.status}
        _record("document.duplicate-undone", document, actor=actor, after=after)
    return len(pairs) + len(alone)


@transaction.atomic
def decide_many(
    document_ids: Iterable[UUID], *, client_file: ClientFile, keep_both: bool, actor: Actor
) -> tuple[int, int]:
    """Say of each of these documents that it is wanted, or that it is a duplicate; the newest first.

    Of two that are both among them the later one is set aside. Gives how many were decided, and how many nobody had to
    decide about. Raises NotThereError for an id of another file.
    """
    counters.hold(client_file.id)
    wanted = sorted(_require(client_file, document_ids), reverse=True)
    in_doubt = Document.objects.filter(id__in=wanted, doubts__gt=0).count()
    decided = 0
    for document_id in wanted:
        pairs = [pair for pair in pairs_of(document_id) if is_doubtful(pair)]
        if keep_both:
            for pair in pairs:
                _keep(pair, actor=actor)
            decided += bool(pairs)
        elif pairs and _own(pairs[0], document_id).status in _SETTLED:
            _set_aside(pairs[0], document_id, actor=actor)
            decided += 1
    return decided, len(wanted) - in_doubt


def apply_rule(client_file: ClientFile, pairs: Iterable[Pair]) -> None:
    """Do with new pairs what the file's rule says, in the caller's transaction under the file's lock."""
    rule = DuplicateRule(client_file.duplicate_rule)
    actor = system_actor(client_file.practice_id)
    for made in pairs:
        pair = Pair.objects.select_related("first", "second").get(id=made.id)
        if rule is DuplicateRule.KEEP:
            _keep(pair, actor=actor, by_rule=True)
        elif rule is DuplicateRule.IDENTICAL and _is_identical(pair):
            _set_aside(pair, pair.second_id, actor=actor, by_rule=True)


def _is_identical(pair: Pair) -> bool:
    return Ground.BYTES in pair.grounds.split() and is_doubtful(pair) and pair.second.status in _SETTLED


def _require(client_file: ClientFile, document_ids: Iterable[UUID]) -> set[UUID]:
    ids = set(document_ids)
    rows = Document.objects.filter(practice_id=client_file.practice_id, client_file=client_file, id__in=ids)
    if rows.count() != len(ids):
        raise NotThereError
    return ids


def _pair(client_file: ClientFile, one: UUID, other: UUID) -> Pair:
    first, second = sorted((one, other))
    rows = Pair.objects.select_for_update(of=("self",)).filter(client_file=client_file)
    pair = rows.select_related("first", "second").filter(first_id=first, second_id=second).first()
    if pair is None:
        raise NotThereError
    return pair


def _own(pair: Pair, document_id: UUID) -> Document:
    return pair.first if pair.first_id == document_id else pair.second


def _keep(pair: Pair, *, actor: Actor, by_rule: bool = False) -> None:
    _settle(pair, PairState.KEPT, actor=actor, by_rule=by_rule)
    after = {"other": _name(pair.first)} | _rule(pair, by_rule=by_rule)
    _record("document.duplicate-kept", pair.second, actor=actor, after=after)
    recount(pair.client_file_id, _circle(pair))


def _set_aside(pair: Pair, document_id: UUID, *, actor: Actor, by_rule: bool = False) -> None:
    aside = Document.objects.select_for_update(of=("self",)).get(id=document_id)
    if aside.status not in _SETTLED:
        raise ConflictError(_("This document is being read, or was set aside, cut or joined meanwhile."))
    before = aside.status
    pair.aside, pair.status_before = aside, before
    _settle(pair, PairState.ASIDE, actor=actor, by_rule=by_rule)
    _put(aside, DocumentStatus.DUPLICATE)
    other = pair.first if pair.second_id == document_id else pair.second
    after = {"status": aside.status, "other": _name(other)} | _rule(pair, by_rule=by_rule)
    _record("document.duplicate", aside, actor=actor, before={"status": before}, after=after)
    recount(pair.client_file_id, _circle(pair))


def _settle(pair: Pair, state: PairState, *, actor: Actor, by_rule: bool) -> None:
    pair.state, pair.decided_at = state, timezone.now()
    pair.decided_by = "" if by_rule else actor.name[:200]
    pair.save(update_fields=["state", "aside", "status_before", "decided_at", "decided_by"])


def _put(document: Document, status: DocumentStatus) -> None:
    before = document.status
    document.status, document.version = status, document.version + 1
    document.save(update_fields=["status", "version"])
    changes = {before.replace("-", "_"): -1, status.replace("-", "_"): 1}
    counters.shift(document.client_file_id, also=waiting_since(document.client_file_id), **changes)
    if status != DocumentStatus.DUPLICATE:
        look_for_duplicates(document)


def _circle(pair: Pair) -> set[UUID]:
    """Give the documents whose doubts may change with a pair: both, and all that they may be."""
    return {
        one
        for document_id in (pair.first_id, pair.second_id)
        for other in pairs_of(document_id)
        for one in (other.first_id, other.second_id)
    }


def _name(document: Document) -> str:
    return " · ".join(filter(None, (document.supplier_name, document.number))) or document.filename


def _rule(pair: Pair, *, by_rule: bool) -> dict[str, str]:
    return {"rule": pair.client_file.duplicate_rule} if by_rule else {}


def _record(
    verb: str,
    document: Document,
    *,
    actor: Actor,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
) -> None:
    audit.record(
        verb,
        actor=actor,
        practice_id=document.practice_id,
        subject=audit.Subject("document", document.id, document.client_file_id),
        before=before,
        after=after,
    )

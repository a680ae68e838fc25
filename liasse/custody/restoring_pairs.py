"""What was said of documents that may be there twice, and looking again whether they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from liasse.core import jobs
from liasse.custody import whole_rows
from liasse.custody.restoring_rows import Restoring, Row, moment
from liasse.documents.models import Document
from liasse.documents.services import FIND_DUPLICATES
from liasse.documents.types import DocumentStatus, Step
from liasse.duplicates.models import Pair
from liasse.duplicates.types import Ground, PairState


def pairs_of(rows: Iterable[Row], *, restoring: Restoring) -> Iterator[Pair]:
    """Yield the pairs of which somebody, or the file's rule, said what they are; of older ZIPs none.

    Raises ValueError, KeyError and their like for what no export says.
    """
    seen: set[tuple[UUID, UUID]] = set()
    for row in rows:
        for said in row.get("duplicates", ()):
            pair = _pair(said, ids=(restoring.document(row["id"]), restoring.document(said["of"])), restoring=restoring)
            if (pair.first_id, pair.second_id) in seen or pair.first_id == pair.second_id:
                raise ValueError(said)
            seen.add((pair.first_id, pair.second_id))
            yield pair


def _pair(said: Row, *, ids: tuple[UUID, UUID], restoring: Restoring) -> Pair:
    # Ids grow with time, but new ones of one moment may stand the other way round.
    first, second = sorted(ids)
    state = PairState(said["state"])
    aside = restoring.document(said["aside_id"]) if state is PairState.ASIDE else None
    if state is PairState.OPEN or aside not in {None, first, second}:
        raise ValueError(said)
    if said["status_before"]:
        DocumentStatus(said["status_before"])
    pair = Pair(
        practice_id=restoring.practice_id,
        client_file_id=restoring.file_id,
        first_id=first,
        second_id=second,
        aside_id=aside,
        decided_at=None if said["decided_at"] is None else moment(said["decided_at"]),
        **{name: said[name] for name in whole_rows.PAIR_COLUMNS if name not in {"aside_id", "decided_at"}},
    )
    for ground in pair.grounds.split():
        Ground(ground)
    restoring.judge(pair)
    return pair


def look_again(documents: Iterable[Document], *, practice_id: UUID) -> None:
    """Have restored documents compared with each other, as soon as a worker is free; in the caller's transaction.

    Those that are still to be read are compared once they are.
    """
    ready = [one.id for one in documents if one.step == Step.DONE and one.status not in _NOT_COMPARED]
    jobs.enqueue_new(FIND_DUPLICATES, subject_ids=ready, practice_id=practice_id)


_NOT_COMPARED = frozenset({DocumentStatus.PROCESSING, DocumentStatus.REPLACED})

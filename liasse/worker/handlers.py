"""From a job's kind to what does it, and to what says that it failed for good."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from liasse.custody import requesting, restoring, whole
from liasse.custody.deleting import DROP_BYTES, drop_bytes
from liasse.documents.services import ADVANCE_DOCUMENT, FIND_DUPLICATES
from liasse.intake import uploads
from liasse.intake.senders import CHECK_SENDER, give_up_check
from liasse.intake.services import OPEN_RECEIPT
from liasse.messaging import delivery
from liasse.messaging.services import SEND_MESSAGE
from liasse.outside.services import ASK_ENGINE
from liasse.pipeline import asking, checking, copies, deposits, flow, senders
from liasse.pipeline.outcomes import DONE, Outcome, Waiting
from liasse.rosters import making
from liasse.rosters import services as rosters


@dataclass(frozen=True, slots=True)
class Handler:
    """How a kind of job is done; ``give_up`` puts the subject before a person."""

    do: Callable[[UUID], Outcome]
    give_up: Callable[[UUID], None]


def _send(message_id: UUID) -> Outcome:
    again = delivery.deliver(message_id)
    return Waiting(until=again) if again else DONE


def _follow(message_id: UUID) -> Outcome:
    again = delivery.follow(message_id)
    return Waiting(until=again) if again else DONE


def _drop_bytes(deletion_id: UUID) -> Outcome:
    again = drop_bytes(deletion_id)
    return Waiting(until=again) if again else DONE


def _make_export(export_id: UUID) -> Outcome:
    again = whole.make(export_id)
    return Waiting(until=again) if again else DONE


def _drop_export(export_id: UUID) -> Outcome:
    whole.drop(export_id)
    return DONE


def _restore(import_id: UUID) -> Outcome:
    again = restoring.restore(import_id)
    return Waiting(until=again) if again else DONE


def _make_roster(roster_id: UUID) -> Outcome:
    again = making.make(roster_id)
    return Waiting(until=again) if again else DONE


def _drop_roster(roster_id: UUID) -> Outcome:
    again = rosters.drop(roster_id)
    return Waiting(until=again) if again else DONE


def _tell_asked(request_id: UUID) -> Outcome:
    requesting.tell_client(request_id)
    return DONE


def _finish_upload(upload_id: UUID) -> Outcome:
    deposits.finish_upload(upload_id)
    return DONE


def _expire_upload(upload_id: UUID) -> Outcome:
    again = uploads.expire(upload_id)
    return Waiting(until=again) if again else DONE


def _leave(deletion_id: UUID) -> None:
    """Put nothing before anybody: bytes that stay are named by `liasse verify`, a lost answer by nobody."""


HANDLERS: Final = {
    OPEN_RECEIPT: Handler(do=flow.open_receipt, give_up=flow.give_up_receipt),
    CHECK_SENDER: Handler(do=senders.check, give_up=give_up_check),
    ADVANCE_DOCUMENT: Handler(do=flow.advance, give_up=flow.give_up_document),
    checking.CHECK_DOCUMENT: Handler(do=checking.check, give_up=checking.give_up),
    ASK_ENGINE: Handler(do=asking.ask, give_up=asking.give_up),
    FIND_DUPLICATES: Handler(do=copies.find, give_up=_leave),
    uploads.FINISH_UPLOAD: Handler(do=_finish_upload, give_up=_leave),
    uploads.EXPIRE_UPLOAD: Handler(do=_expire_upload, give_up=_leave),
    DROP_BYTES: Handler(do=_drop_bytes, give_up=_leave),
    whole.MAKE_EXPORT: Handler(do=_make_export, give_up=whole.give_up),
    whole.DROP_EXPORT: Handler(do=_drop_export, give_up=_leave),
    restoring.RESTORE: Handler(do=_restore, give_up=restoring.give_up),
    requesting.TELL_CLIENT: Handler(do=_tell_asked, give_up=_leave),
    rosters.MAKE_ROSTER: Handler(do=_make_roster, give_up=making.give_up),
    rosters.DROP_ROSTER: Handler(do=_drop_roster, give_up=_leave),
    delivery.FOLLOW_MESSAGE: Handler(do=_follow, give_up=_leave),
    SEND_MESSAGE: Handler(do=_send, give_up=delivery.give_up),
}

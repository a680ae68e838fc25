"""From a job's kind to what does it, and to what says that it failed for good."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from liasse.documents.services import ADVANCE_DOCUMENT
from liasse.intake.services import OPEN_RECEIPT
from liasse.messaging import services as messaging
from liasse.pipeline import flow
from liasse.pipeline.outcomes import DONE, Outcome


@dataclass(frozen=True, slots=True)
class Handler:
    """How a kind of job is done; ``give_up`` puts the subject before a person."""

    do: Callable[[UUID], Outcome]
    give_up: Callable[[UUID], None]


def _send(message_id: UUID) -> Outcome:
    messaging.deliver(message_id)
    return DONE


HANDLERS: Final = {
    OPEN_RECEIPT: Handler(do=flow.open_receipt, give_up=flow.give_up_receipt),
    ADVANCE_DOCUMENT: Handler(do=flow.advance, give_up=flow.give_up_document),
    messaging.SEND_MESSAGE: Handler(do=_send, give_up=messaging.give_up),
}

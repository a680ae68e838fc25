"""The window that opens a client file: its steps, and the answers that travel with them, signed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.core import signing
from django.utils import timezone

from liasse.clients.types import Invitee, NewClientFile
from liasse.lib.ids import uuid7

_SALT: Final = "liasse.web.clients.wizard"
_LIFE_SECONDS: Final = 24 * 60 * 60
# What is typed and not yet looked at travels too, but not without end.
_LONGEST: Final = 1000


class Step(StrEnum):
    """The steps, in their order."""

    NAME = "name"
    COLLEAGUES = "colleagues"
    CLIENT = "client"
    PHONE = "phone"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered so far. ``key`` and ``opened_at`` make one file of many clicks.

    ``looked_email`` is the address that was looked up last in this window, and ``email_use``
    what the look said, so that going back and forth counts as one look.
    """

    key: str
    opened_at: str
    person: str
    name: str = ""
    sector: str = ""
    colleagues: tuple[str, ...] = ()
    is_invited: bool = True
    contact_name: str = ""
    email: str = ""
    phone: str = ""
    by_email: bool = True
    by_sms: bool = False
    looked_email: str = ""
    email_use: str = ""

    def sealed(self) -> str:
        """Give the answers as a text that only this instance can make."""
        return signing.dumps(asdict(self), salt=_SALT, compress=True)

    def with_typed(self, typed: dict[str, Any]) -> Answers:
        """Give the same answers with these in addition, cut to a length that can travel."""
        cut: dict[str, Any] = {
            name: value[:_LONGEST] if isinstance(value, str) else value for name, value in typed.items()
        }
        return replace(self, **cut)

    def as_request(self) -> NewClientFile:
        """Give the answers as the service takes them."""
        invitee = Invitee(
            name=self.contact_name, email=self.email, phone=self.phone, by_email=self.by_email, by_sms=self.by_sms
        )
        return NewClientFile(
            key=UUID(self.key),
            opened_at=datetime.fromisoformat(self.opened_at),
            name=self.name,
            sector=self.sector,
            colleague_ids=tuple(UUID(colleague) for colleague in self.colleagues),
            invitee=invitee if self.is_invited else None,
        )


def fresh_answers(*, person: UUID | None) -> Answers:
    """Give the answers of a window that was opened this moment by this person."""
    return Answers(key=str(uuid7()), opened_at=timezone.now().isoformat(), person=str(person))


def opened_answers(sealed: str, *, person: UUID | None) -> Answers | None:
    """Read sealed answers; None when they are forged, too old, or another person's."""
    try:
        words = signing.loads(sealed, salt=_SALT, max_age=_LIFE_SECONDS)
    except signing.BadSignature:
        return None
    answers = Answers(**{**words, "colleagues": tuple(words["colleagues"])})
    return answers if answers.person == str(person) else None


def steps_of(answers: Answers, *, has_colleagues: bool) -> list[Step]:
    """Give the steps of this window: none for colleagues where there are none, none for a phone nobody is called on."""
    steps = list(Step)
    if not has_colleagues:
        steps.remove(Step.COLLEAGUES)
    if not answers.is_invited:
        steps.remove(Step.PHONE)
    return steps


def neighbour(step: Step, *, steps: list[Step], by: int) -> Step:
    """Give the step before or after; the ends stay where they are."""
    here = steps.index(step) if step in steps else 0
    return steps[min(max(here + by, 0), len(steps) - 1)]

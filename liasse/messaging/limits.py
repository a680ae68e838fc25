"""How many SMS may leave: by number, person, practice and month, and to which numbers at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from liasse.core.errors import InvalidError
from liasse.core.scope import instance_scope
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.rules import country_of, number_trouble, sms_parts
from liasse.messaging.sentences import sentence
from liasse.messaging.types import Channel, MessageState, SmsLimits, Trouble
from liasse.practices.models import Practice

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
MOST_SENDINGS: Final = 5
"""How often one message may be sent again by hand."""


class SmsRefusedError(InvalidError):
    """No SMS may go to this number, or none now; the sentence is for the field of the number."""

    def __init__(self, trouble: Trouble) -> None:
        """Keep why, with its sentence."""
        super().__init__({"phone": sentence(trouble)})
        self.code = str(trouble)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Spending:
    """What a practice's SMS of the month cost in euros, of how much, and how many left today, of how many."""

    spent: Decimal
    cap: Decimal
    today: int
    a_day: int


def limits() -> SmsLimits:
    """Give the limits in force."""
    found: SmsLimits = settings.LIASSE_SMS_LIMITS
    return found


def price_of(text: str, *, number: str) -> Decimal:
    """Give what an SMS costs in euros: its parts at the price of the number's country."""
    return sms_parts(text) * limits().price(country_of(number))


def require_reachable(number: str) -> None:
    """Raise SmsRefusedError for a number that no SMS may go to: of no phone, no mobile, or not in the countries."""
    trouble = number_trouble(number, countries=limits().countries)
    if trouble is not None:
        raise SmsRefusedError(trouble)


def trouble_of(message: OutgoingMessage) -> Trouble | None:
    """Say which limit an SMS meets that is written already, or None; it does not count against itself."""
    allowed, now = limits(), timezone.now()
    trouble = number_trouble(message.to_address, countries=allowed.countries)
    if trouble is not None:
        return trouble
    with instance_scope():
        # A phone is one person's, whichever practice writes to it.
        to_number = _counted(now - _DAY).filter(to_address=message.to_address).exclude(id=message.id)
        times = list(to_number.values_list("created_at", flat=True))
    if len(times) >= allowed.per_number_day or sum(at > now - _HOUR for at in times) >= allowed.per_number_hour:
        return Trouble.NUMBER_LIMIT
    ours = _counted(now - _DAY).filter(practice_id=message.practice_id).exclude(id=message.id)
    if message.asked_by is not None:
        by_person = ours.filter(asked_by=message.asked_by, created_at__gt=now - _HOUR)
        if by_person.count() >= allowed.per_person_hour:
            return Trouble.PERSON_LIMIT
    if ours.count() >= allowed.per_practice_day:
        return Trouble.PRACTICE_LIMIT
    return cap_trouble(message)


def late_trouble(message: OutgoingMessage) -> Trouble | None:
    """Say whether an SMS that waited may still leave: its country and the money of the month are looked at again."""
    return number_trouble(message.to_address, countries=limits().countries) or cap_trouble(message)


def cap_trouble(message: OutgoingMessage) -> Trouble | None:
    """Say whether an SMS, which has its price already, is more than its practice may spend this month."""
    practice = Practice.objects.get(id=message.practice_id)
    spent = _spent(practice, besides=message.id) + message.price
    return Trouble.MONTHLY_CAP if spent > limits().monthly_cap else None


def spending(practice: Practice) -> Spending:
    """Give what the practice's SMS come to; two queries."""
    allowed = limits()
    today = _counted(timezone.now() - _DAY).filter(practice_id=practice.id).count()
    return Spending(spent=_spent(practice), cap=allowed.monthly_cap, today=today, a_day=allowed.per_practice_day)


def _spent(practice: Practice, *, besides: UUID | None = None) -> Decimal:
    month = _counted(_month_began(practice)).filter(practice_id=practice.id)
    if besides is not None:
        month = month.exclude(id=besides)
    return month.aggregate(sum=Sum("price"))["sum"] or Decimal(0)


def _month_began(practice: Practice) -> datetime:
    zone = ZoneInfo(practice.time_zone or settings.LIASSE_TIME_ZONE)
    return timezone.now().astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _counted(since: datetime) -> QuerySet[OutgoingMessage]:
    """Give the SMS since a time that left, or will: not those that ended before a first try."""
    ended = Q(state__in=(MessageState.FAILED, MessageState.CANCELLED), attempts=0, sending=0)
    return OutgoingMessage.objects.filter(channel=Channel.SMS, created_at__gte=since).exclude(ended)

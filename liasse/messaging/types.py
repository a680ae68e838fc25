"""Words of outgoing messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class Channel(StrEnum):
    """How a message goes out."""

    EMAIL = "email"
    SMS = "sms"


class MessageState(StrEnum):
    """Where a message stands. ``WAITING`` without a relay means: copy it by hand.

    ``BOUNCED`` and ``COMPLAINED`` come back after it was sent: it reached nobody, or was called spam.
    """

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    CANCELLED = "cancelled"


class Trouble(StrEnum):
    """Why a message did not leave, or came back; ``sentences`` has the sentence for each."""

    NO_SUCH_ADDRESS = "no-such-address"
    BLOCKED = "blocked"
    REFUSED = "refused"
    SET_UP = "set-up"
    CREDIT = "credit"
    AWAY = "away"
    BUSY = "busy"
    BOUNCED = "bounced"
    COMPLAINT = "complaint"
    NOT_DELIVERED = "not-delivered"
    NO_MOBILE = "no-mobile"
    PREMIUM = "premium"
    COUNTRY = "country"
    NUMBER_LIMIT = "number-limit"
    PERSON_LIMIT = "person-limit"
    PRACTICE_LIMIT = "practice-limit"
    MONTHLY_CAP = "monthly-cap"
    TRIES = "tries"


class MailEventKind(StrEnum):
    """What a provider tells about a mail that it took."""

    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


@dataclass(frozen=True, slots=True)
class MessageLink:
    """The secret link in a message: ``path`` holds ``{token}``, which is derived, never stored.

    Without a path it is a code of six digits, whose place in the text is ``{code}``.
    """

    path: str
    purpose: str
    subject_id: UUID
    nonce: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to be sent; ``text`` holds ``{link}`` where the link belongs.

    ``language`` is that of the text, blank for the practice's; ``action`` is the word on the button that
    a mail shows for its link, blank for a general one. ``in_reply_to`` is the Message-ID of the mail that is answered.
    """

    channel: Channel
    to_address: str
    to_name: str
    subject: str
    text: str
    link: MessageLink | None = None
    language: str = ""
    action: str = ""
    in_reply_to: str = ""


@dataclass(frozen=True, slots=True)
class SentMail:
    """What the mail port sends: complete, with its link filled in, as text and as HTML.

    ``key`` names this sending of this message; a provider that knows such things gives it back in
    its events. ``in_reply_to`` marks an answer that nobody typed (RFC 3834).
    """

    to_address: str
    to_name: str
    from_name: str
    subject: str
    text: str
    message_id: str
    html: str = ""
    key: str = ""
    in_reply_to: str = ""


@dataclass(frozen=True, slots=True)
class SentSms:
    """What the SMS port sends. ``number`` is in international form (E.164).

    ``key`` names this sending of this message, 40 characters at most, letters, digits and points. ``is_again``
    says that an earlier try under the same key may have arrived; ``since`` is when the first could have.
    """

    number: str
    text: str
    key: str
    since: datetime
    is_again: bool = False


@dataclass(frozen=True, slots=True)
class Fate:
    """How an SMS fared that its provider took: delivered, not (why, in whose words), or nobody knows yet."""

    is_delivered: bool = False
    trouble: Trouble | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MailEvent:
    """What a provider tells: about which sending (``key``), which address, and in whose words."""

    kind: MailEventKind
    key: str
    address: str
    reason: str


@dataclass(frozen=True, slots=True)
class SmsLimits:
    """How many SMS may leave, to which countries, at what price in euros each part costs.

    Per number and person: an hour; per number and practice: a day; money: a practice's month.
    """

    per_number_hour: int
    per_number_day: int
    per_person_hour: int
    per_practice_day: int
    monthly_cap: Decimal
    countries: frozenset[str]
    prices: Mapping[str, Decimal]
    usual_price: Decimal

    def price(self, country: str) -> Decimal:
        """Give the price of one part to a country (ISO 3166 code)."""
        return self.prices.get(country, self.usual_price)

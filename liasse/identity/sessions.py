"""Where a person is signed in, and ending it there. A session that is ended is gone from the database at once."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.utils import timezone

from liasse.identity.models import OpenSession, User

PROVED_AT: Final = "proved-at"
PROOF_HOLDS: Final = 10 * 60
"""For how many seconds a proof of who one is stands for sensitive acts."""

IDLE_HOLDS: Final = 60 * 60
"""For how many seconds a session does the practice's work without being used (NIST SP 800-63B-4, 2.2.3)."""

_WORKED_AT: Final = "worked-at"
_SEEN_AT: Final = "seen-at"
_SEEN_EVERY: Final = 5 * 60
_MOST_SHOWN: Final = 50


class Asker(Protocol):
    """What this module needs of a request."""

    META: dict[str, Any]
    session: SessionBase


@dataclass(frozen=True, slots=True)
class Place:
    """A session as its person sees it: the browser's own words, the address, and when."""

    id: UUID
    agent: str
    address: str
    created_at: datetime
    used_at: datetime
    is_here: bool


def began(sender: object, *, request: Asker, user: User, **_more: Any) -> None:  # noqa: ANN401 - a signal's own
    """Keep a session that just opened, and that its person just proved who they are (a signal's receiver)."""
    del sender
    session = request.session
    if not session.session_key:
        session.create()
    session[PROVED_AT] = session[_SEEN_AT] = session[_WORKED_AT] = int(time.time())
    # A moment, not a span: however much the session is used, it ends then.
    session.set_expiry(timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE))
    OpenSession.objects.update_or_create(
        session_key=str(session.session_key), defaults={"user": user, "used_at": timezone.now(), **_from(request)}
    )


def ended(sender: object, *, request: Asker, **_more: Any) -> None:  # noqa: ANN401 - a signal's own
    """Forget a session whose person signed out (a signal's receiver)."""
    del sender
    OpenSession.objects.filter(session_key=request.session.session_key).delete()


def rekeyed(session: SessionBase, *, former: str | None) -> None:
    """Follow a session whose key was changed, as it is with a new password or a proof."""
    OpenSession.objects.filter(session_key=former).update(session_key=str(session.session_key))


def is_idle(session: SessionBase) -> bool:
    """Tell whether a session was not used for the practice's work for an hour, give or take five minutes."""
    worked_at: int = session.get(_WORKED_AT, 0)
    return time.time() - worked_at > IDLE_HOLDS


def seen(request: Asker, *, is_work: bool) -> None:
    """Keep when and from where a session was used, every five minutes at most, and when for the practice's work.

    What a page asks by itself, whether somebody sits before it or not, is no use.
    """
    session, now = request.session, int(time.time())
    if is_work and now - session.get(_WORKED_AT, 0) >= _SEEN_EVERY:
        session[_WORKED_AT] = now
    last = session.get(_SEEN_AT, 0)
    if now - last < _SEEN_EVERY:
        return
    session[_SEEN_AT] = now
    OpenSession.objects.filter(session_key=session.session_key).update(used_at=timezone.now(), **_from(request))


def is_proved(session: SessionBase) -> bool:
    """Tell whether the person proved who they are within the last ten minutes, with nothing in the future."""
    proved_at: int = session.get(PROVED_AT, 0)
    return 0 <= time.time() - proved_at <= PROOF_HOLDS


def proved(session: SessionBase) -> None:
    """Keep that the person proved who they are just now; the session goes on under a new key, and the old one ends."""
    former = session.session_key
    session.cycle_key()
    rekeyed(session, former=former)
    session[PROVED_AT] = int(time.time())


def places_of(user: User, *, here: str | None) -> list[Place]:
    """Give where a person is signed in, the newest use first; two queries."""
    rows = OpenSession.objects.filter(user=user).order_by("-used_at", "-id")[:_MOST_SHOWN]
    keys = [row.session_key for row in rows]
    alive = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    open_keys = set(alive.values_list("session_key", flat=True))
    return [
        Place(row.id, row.agent, row.address, row.created_at, row.used_at, is_here=row.session_key == here)
        for row in rows
        if row.session_key in open_keys
    ]


def end(user: User, *, place_id: UUID) -> bool:
    """Sign a person out in one place; False when they have no such."""
    return _end(OpenSession.objects.filter(user=user, id=place_id)) > 0


def end_others(user: User, *, here: str | None) -> int:
    """Sign a person out everywhere but here (``here`` None: everywhere); gives in how many places."""
    return _end(OpenSession.objects.filter(user=user).exclude(session_key=here or ""))


def end_all() -> int:
    """Sign everybody out everywhere, and drop half sign-ins; gives in how many places somebody was signed in."""
    count: int = OpenSession.objects.all().delete()[0]
    Session.objects.all().delete()
    return count


def _end(rows: Any) -> int:  # noqa: ANN401 - a query of sessions
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    OpenSession.objects.filter(session_key__in=keys).delete()
    return len(keys)


def _from(request: Asker) -> dict[str, str]:
    agent = request.META.get("HTTP_USER_AGENT", "")
    return {"agent": "".join(filter(str.isprintable, agent))[:300], "address": client_address(request)}


def client_address(request: Asker) -> str:
    """Give the address of the peer, as the web server saw it: no header that anybody could write is believed."""
    return str(request.META.get("REMOTE_ADDR", ""))[:45]

"""What a page sends with what was typed or asked: the version it was drawn from, a place, a moment."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from liasse.core.errors import InvalidError
from liasse.reading.types import Place

_PARTS = 5
_DIGITS = 11


def sent_version(words: QueryDict) -> int:
    """Read the version; raise InvalidError where a page sends none."""
    try:
        return int(words.get("version", ""))
    except ValueError as error:
        raise InvalidError({}, _("This page is out of date: reload it.")) from error


def sent_place(text: str) -> Place | None:
    """Read where on the page a value was taken from (`page x0 y0 x1 y1`); None for anything else."""
    parts = text.split()
    if len(parts) != _PARTS:
        return None
    try:
        place = Place(int(parts[0]), *map(float, parts[1:]))
    except ValueError:
        return None
    is_inside = 0 <= place.x0 <= place.x1 <= 1 and 0 <= place.y0 <= place.y1 <= 1 and place.page > 0
    return place if is_inside else None


def sent_moment(text: str) -> datetime | None:
    """Read a moment in seconds of 1970; None for anything else, and for one that is still to come."""
    if not text.isdecimal() or len(text) > _DIGITS:
        return None
    now, found = datetime.now(tz=UTC), datetime.fromtimestamp(int(text), tz=UTC)
    return found if found <= now else None

"""What a history says of outside engines: the words for each fact of their events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from babel.numbers import format_decimal
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liasse.outside.sentences import SENDS, trouble_sentence
from liasse.reading.types import FieldName
from liasse.ui.formats import active_locale, format_count
from liasse.web.inbox.fields import LABELS as FIELDS
from liasse.web.inbox.fields import shown_text

LABELS: Final[dict[str, Promise]] = {
    "engine_host": gettext_lazy("Engine at"),
    "engine_model": gettext_lazy("Model"),
    "engine_sends": gettext_lazy("What is sent"),
    "engine_words": gettext_lazy("Words of pages"),
    "engine_pictures": gettext_lazy("Pictures of pages"),
    "engine_bytes": gettext_lazy("Bytes of the pages"),
    "engine_request_bytes": gettext_lazy("Bytes sent in all"),
    "engine_seconds": gettext_lazy("Answered in"),
    "engine_again": gettext_lazy("Sent for the … time"),
    "engine_requests": gettext_lazy("Requests"),
    "engine_agrees": gettext_lazy("Reads the same"),
    "engine_filled": gettext_lazy("Filled in, to be checked"),
    "engine_left_out": gettext_lazy("Left out: not on the page, or sums that do not add up"),
    "engine_others": gettext_lazy("Reads otherwise"),
    "engine_problem": gettext_lazy("Why not"),
}
"""The facts of events about outside engines."""


def shown(name: str, value: Any) -> str:  # noqa: ANN401 - a JSON value
    """Give a fact as people read it; blank where there is none."""
    if not value and value != 0:
        return ""
    if name in _READERS:
        return _READERS[name](value)
    if isinstance(value, Mapping):
        return ", ".join(f"{_label(key)} {shown_text(FieldName(key), str(one))}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(_label(str(one)) for one in value)
    return str(value)


def _seconds(value: Any) -> str:  # noqa: ANN401 - a JSON value
    return _("%(seconds)s s") % {"seconds": format_decimal(value, locale=active_locale())}


_READERS: Final[dict[str, Callable[[Any], str]]] = {
    "engine_problem": lambda value: trouble_sentence(str(value)),
    "engine_sends": lambda value: str(SENDS.get(str(value), value)),
    "engine_seconds": _seconds,
    **dict.fromkeys(("engine_bytes", "engine_request_bytes"), format_count),
}


def _label(name: str) -> str:
    return str(FIELDS[FieldName(name)]) if name in set(FieldName) and FieldName(name) in FIELDS else name

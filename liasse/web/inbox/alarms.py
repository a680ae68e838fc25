"""What a document's page says of alarms, what can be said of them, and what of its values was learned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from liasse.clients.models import ClientFile
from liasse.core.access import Level
from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus
from liasse.reading.selectors import ShownReading
from liasse.reading.types import FieldName
from liasse.suppliers.buyers import files_of_buyer
from liasse.suppliers.models import Alarm
from liasse.suppliers.selectors import alarms_of, lessons_in
from liasse.suppliers.sentences import ADVICE, TITLES, fine_of, sentence_of
from liasse.suppliers.types import AlarmCode, AlarmState, Weight
from liasse.ui.formats import format_day, format_money
from liasse.web.inbox.fields import LABELS
from liasse.web.inbox.twins import twin_url
from liasse.web.requests import FileRequest
from liasse.web.suppliers.screen import in_fours, learned_text

_ORDER: Final = [code.value for code in AlarmCode]


@dataclass(frozen=True, slots=True)
class AlarmView:
    """One alarm as the page says it; ``files`` are those to which the document can be moved."""

    code: str
    title: str
    sentence: str
    advice: str
    fine: str
    tone: str
    said: str = ""
    see_url: str = ""
    files: Sequence[ClientFile] = ()


@dataclass(frozen=True, slots=True)
class LearnedView:
    """A value that was learned, from whose correction, and where to forget it."""

    label: str
    text: str
    forget_url: str


def alarm_screen(request: FileRequest, document: Document, *, reading: ShownReading) -> dict[str, Any]:
    """Give what a document's page shows of alarms and lessons. Two queries at most, two more for another's invoice."""
    alarms = sorted(alarms_of(document), key=lambda alarm: _ORDER.index(alarm.code))
    learned = lessons_in({name: shown.field for name, shown in reading.fields.items()})
    is_seen = document.status != DocumentStatus.REPLACED
    return {
        "alarms": [_view(alarm, request, document) for alarm in alarms if is_seen],
        "learned": [
            LearnedView(
                label=str(LABELS.get(FieldName(lesson.field), lesson.field)),
                text=learned_text(lesson),
                forget_url=reverse("lesson-forget", args=[document.client_file_id, lesson.id])
                if lesson.forgotten_at is None
                else "",
            )
            for lesson in learned
        ],
    }


def _view(alarm: Alarm, request: FileRequest, document: Document) -> AlarmView:
    is_open = alarm.state == AlarmState.OPEN
    has_other = is_open and alarm.code == AlarmCode.OTHER_BUYER and request.file_level.allows(Level.CODING)
    return AlarmView(
        code=alarm.code,
        title=str(TITLES[alarm.code]),
        sentence=sentence_of(alarm.code, _shown(alarm.facts)),
        advice=str(ADVICE[alarm.code]) if is_open else "",
        fine=fine_of(alarm.code),
        tone="neutral" if not is_open else "danger" if alarm.weight == Weight.STOP else "warn",
        said=_said(alarm),
        see_url=_see_url(alarm, document) if is_open else "",
        files=files_of_buyer(request.actor, document, facts=alarm.facts) if has_other else (),
    )


def _see_url(alarm: Alarm, document: Document) -> str:
    """Say where the document stands beside the one that is there already."""
    return twin_url(document, other_id=UUID(alarm.facts["other"])) if alarm.code == AlarmCode.BOOKED else ""


def _said(alarm: Alarm) -> str:
    if alarm.dismissed_at is None:
        return ""
    day = date_format(localtime(alarm.dismissed_at), "SHORT_DATE_FORMAT")
    return _("%(who)s on %(day)s: %(what)s.") % {"who": alarm.dismissed_by, "day": day, "what": fine_of(alarm.code)}


def _shown(facts: Mapping[str, str]) -> dict[str, str]:
    """Give facts as people read them: accounts in fours, days and amounts in their language."""
    shown = dict(facts)
    for name in ("old", "new"):
        if name in shown:
            shown[name] = in_fours(shown[name])
    for name in ("total", "usual"):
        if name in shown:
            shown[name] = f"{format_money(shown[name])} {facts.get('currency', '')}".strip()
    if "day" in shown:
        shown["day"] = format_day(shown["day"])
    return shown

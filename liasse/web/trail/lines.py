"""The lines of a history: a sentence, who, when, and what was there before and after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from liasse.clients.sentences import FIELDS
from liasse.core.models import AuditEvent
from liasse.documents.sentences import KIND_LABELS, SIDE_LABELS, STATUS_LABELS, label
from liasse.practices.sentences import ROLES
from liasse.reading.types import FieldName
from liasse.web.inbox.fields import LABELS as DOCUMENT_LABELS
from liasse.web.inbox.fields import shown_text
from liasse.web.outside.words import LABELS as ENGINE_LABELS
from liasse.web.outside.words import shown as shown_of_engine
from liasse.web.practice.fields import LABELS as PRACTICE_LABELS
from liasse.web.settings.history import LABELS as FILE_LABELS
from liasse.web.settings.history import Change
from liasse.web.settings.history import shown as shown_of_file
from liasse.web.trail.names import Names
from liasse.web.trail.words import ACCESS, ACTORS, ENDINGS, FORMATS, OTHER, SENTENCES, Said

_MORE: Final[dict[str, Promise]] = {
    "can_add_clients": gettext_lazy("May add clients"),
    "team": gettext_lazy("Team"),
    "format": gettext_lazy("Format"),
    "documents": gettext_lazy("Documents"),
}
_YES: Final = {"True": gettext_lazy("yes"), "False": gettext_lazy("no")}
# What the sentence says already, or what tells a reader nothing.
_SAID: Final = {
    "document.read": {"format"},
    "practice.file-left": {"file"},
    "practice.file-deleted": {"file"},
}


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One act. ``file_id`` is blank when the file is not the reader's any more, or the act was in none."""

    icon: str
    text: str
    actor: str
    actor_kind: str
    at: datetime
    changes: list[Change]
    file: str
    file_id: UUID | None
    sequence: int
    verb: str
    hash: str


def line_of(event: AuditEvent, *, names: Names) -> TrailLine:
    """Give the line of an event in the language of this moment."""
    icon, sentence = _sentence(event)
    kind = event.actor_kind.removeprefix("imported:")
    who = event.actor_name or str(ACTORS.get(kind, ACTORS["system"]))
    what = names.what(event) or _("what is gone")
    to, person = str(event.after.get("to", "")), _person(event)
    text = str(sentence) % {"who": who, "what": what, "to": to, "person": person}
    is_known = event.client_file_id in names.files
    return TrailLine(
        icon=icon,
        text=text,
        actor=who,
        actor_kind=str(ACTORS.get(kind, kind)),
        at=event.at,
        changes=_changes(event),
        file=names.files.get(event.client_file_id, "") if event.client_file_id else "",
        file_id=event.client_file_id if is_known else None,
        sequence=event.sequence,
        verb=event.verb,
        hash=event.hash,
    )


def _person(event: AuditEvent) -> str:
    """Give whom of the practice an access was given to: a colleague, or a team."""
    return str(event.after.get("colleague") or event.after.get("team") or "")


def _sentence(event: AuditEvent) -> Said:
    verb = event.verb
    if verb == "file.access" and _person(event):
        levels = (bool(event.before.get("level")), bool(event.after.get("level")))
        return ACCESS[{(False, True): "given", (True, False): "taken"}.get(levels, "changed")]
    if verb in SENTENCES:
        return SENTENCES[verb]
    return next((said for ending, said in ENDINGS.items() if verb.endswith(ending)), OTHER)


def _changes(event: AuditEvent) -> list[Change]:
    if ".message-" in event.verb:
        return []
    labels, said = _labels(event), _SAID.get(event.verb, set())
    names = [name for name in {**event.before, **event.after} if name in labels and name not in said]
    changes = [
        Change(
            label=str(labels[name]),
            before=_shown(name, event.before.get(name), event),
            after=_shown(name, event.after.get(name), event),
        )
        for name in names
    ]
    # What is the same before and after only says whom it was about, as the sentence does.
    return [change for change in changes if change.before != change.after]


def _labels(event: AuditEvent) -> Mapping[str, Any]:
    if event.subject_kind == "document":
        return {**DOCUMENT_LABELS, **ENGINE_LABELS, "status": FILE_LABELS["status"]}
    if event.subject_kind == "practice":
        return PRACTICE_LABELS
    if event.subject_kind == "client-file":
        return {**FIELDS, **FILE_LABELS, **ENGINE_LABELS, **_MORE}
    return {**FILE_LABELS, **_MORE, "name": gettext_lazy("Name")}


def _shown(name: str, value: Any, event: AuditEvent) -> str:  # noqa: ANN401 - a JSON value
    if value is None or value == "":
        return ""
    if name in ENGINE_LABELS:
        return shown_of_engine(name, value)
    readers: dict[tuple[str, str], Callable[[str], str]] = {
        ("document", "status"): lambda text: label(STATUS_LABELS, text),
        ("document", "side"): lambda text: label(SIDE_LABELS, text),
        ("document", str(FieldName.DOC_TYPE)): lambda text: label(KIND_LABELS, text),
        ("colleague", "role"): lambda text: str(ROLES.get(text, text)),
        ("colleague", "status"): _standing,
        ("client-file", "documents"): lambda text: _("all of the list") if text == "all" else text,
        ("client-file", "format"): lambda text: FORMATS.get(text, text),
    }
    text = str(value)
    if (event.subject_kind, name) in readers:
        return readers[event.subject_kind, name](text)
    if event.subject_kind == "document" and name in set(FieldName):
        return shown_text(FieldName(name), text)
    if text in _YES:
        return str(_YES[text])
    return shown_of_file(name, value, event)


def _standing(status: str) -> str:
    return {
        "invited": pgettext("colleague", "Invited"),
        "active": pgettext("colleague", "Active"),
        "suspended": pgettext("colleague", "Suspended"),
        "left": pgettext("colleague", "Left"),
    }.get(status, status)

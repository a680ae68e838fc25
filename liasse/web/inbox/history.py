"""A document's history as people read it: who did what, and what was there before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from liasse.core.models import AuditEvent
from liasse.documents.sentences import KIND_LABELS, SIDE_LABELS, STATUS_LABELS, label
from liasse.duplicates.sentences import RULES
from liasse.reading.types import FieldName
from liasse.suppliers.sentences import TITLES
from liasse.web.inbox.fields import LABELS, shown_text
from liasse.web.outside.words import LABELS as ENGINE_LABELS
from liasse.web.outside.words import shown as shown_of_engine

_VERBS: Final[dict[str, tuple[str, Promise]]] = {
    "document.received": ("envelope", gettext_lazy("Arrived")),
    "document.read": ("sparkles", gettext_lazy("Read by Liasse")),
    "document.checked": ("shield-check", gettext_lazy("Checked by the official rules")),
    "document.engine-sent": ("arrow-up-tray", gettext_lazy("Sent to an outside engine")),
    "document.engine-answered": ("arrow-down-tray", gettext_lazy("The outside engine answered")),
    "document.engine-stopped": ("no-symbol", gettext_lazy("No answer of the outside engine")),
    "document.read-again": ("arrow-path", gettext_lazy("Asked to be read again")),
    "document.moved": ("arrows-right-left", gettext_lazy("Moved")),
    "document.owner": ("user", gettext_lazy("Owner changed")),
    "document.side": ("arrows-right-left", gettext_lazy("Costs or sales changed")),
    "document.note": ("chat-bubble-left", gettext_lazy("Note changed")),
    "document.corrected": ("pencil", gettext_lazy("Corrected")),
    "document.cut": ("scissors", gettext_lazy("Cut into several documents")),
    "document.cut-by-itself": ("scissors", gettext_lazy("Cut into several documents by Liasse")),
    "document.cut-by-wish": ("scissors", gettext_lazy("Cut into one document a page, as wished")),
    "document.joined-by-wish": ("link", gettext_lazy("Joined with others, as wished")),
    "document.joined": ("link", gettext_lazy("Joined with others")),
    "document.arranged": ("squares-2x2", gettext_lazy("Pages put in another order")),
    "document.made": ("scissors", gettext_lazy("Made of pages of what arrived")),
    "document.made-undone": ("arrow-uturn-left", gettext_lazy("Undone: taken out of sight")),
    "document.put-back": ("arrow-uturn-left", gettext_lazy("Undone: back as it was")),
    "document.duplicate": ("document-duplicate", gettext_lazy("Set aside as a duplicate")),
    "document.duplicate-kept": ("document-check", gettext_lazy("Kept beside one that looks the same")),
    "document.duplicate-undone": ("arrow-uturn-left", gettext_lazy("Undone: to be decided again")),
    "document.alarm": ("exclamation-triangle", gettext_lazy("Something odd was found")),
    "document.alarm-dismissed": ("check-circle", gettext_lazy("Said to be right")),
    "document.refiled": ("arrow-right", gettext_lazy("Moved to another client’s file")),
    "document.refiled-here": ("arrow-right", gettext_lazy("Came in there anew")),
    "document.corrections-kept": ("pencil", gettext_lazy("Corrections kept from the other client’s file")),
    "document.kept-whole": ("document-check", gettext_lazy("Said to be one document")),
}
_OTHER: Final = ("clock", gettext_lazy("Changed"))
_TITLES: Final[dict[str, Promise]] = {
    "status": gettext_lazy("Status"),
    "documents": gettext_lazy("Documents"),
    "pages": gettext_lazy("Pages"),
    "file": gettext_lazy("File"),
    "other": gettext_lazy("The other one"),
    "rule": gettext_lazy("Rule of the file"),
    "alarm": gettext_lazy("Alarm"),
    "supplier": gettext_lazy("Supplier"),
    "old": gettext_lazy("Account so far"),
    "new": gettext_lazy("New account"),
    "number": gettext_lazy("Number"),
    "day": gettext_lazy("Date"),
    "total": gettext_lazy("Total"),
    "usual": gettext_lazy("Usual total"),
    "name": gettext_lazy("Name"),
    "siren": gettext_lazy("SIREN"),
    "vat_rows": gettext_lazy("VAT by rate"),
    "line_rows": gettext_lazy("Lines"),
}
_HIDDEN: Final = frozenset({"format"})


@dataclass(frozen=True, slots=True)
class Change:
    """One value, before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that was done."""

    icon: str
    text: str
    actor: str
    at: datetime
    changes: list[Change]


def history_lines(events: Iterable[AuditEvent]) -> list[HistoryLine]:
    """Give the lines of some events in the language of this moment."""
    return [_line(event) for event in events]


def _line(event: AuditEvent) -> HistoryLine:
    icon, text = _VERBS.get(event.verb, _OTHER)
    names = [name for name in {**event.before, **event.after} if name not in _HIDDEN]
    changes = [_change(name, before=event.before, after=event.after) for name in names]
    return HistoryLine(icon=icon, text=str(text), actor=event.actor_name, at=event.at, changes=changes)


def _change(name: str, *, before: Mapping[str, Any], after: Mapping[str, Any]) -> Change:
    shown = _as_shown(name)
    title = str({**LABELS, **_TITLES, **ENGINE_LABELS}.get(name, name))
    return Change(label=title, before=shown(before.get(name)), after=shown(after.get(name)))


_SHOWN: Final[dict[str, Callable[[str], str]]] = {
    "status": lambda value: label(STATUS_LABELS, value),
    "rule": lambda value: str(RULES[value][0]) if value in RULES else "",
    "alarm": lambda value: str(TITLES[value]) if value in TITLES else "",
    "side": lambda value: label(SIDE_LABELS, value),
    FieldName.DOC_TYPE: lambda value: label(KIND_LABELS, value),
}


def _as_shown(name: str) -> Callable[[Any], str]:
    if name in ENGINE_LABELS:
        return lambda value: shown_of_engine(name, value)
    if name in _SHOWN:
        return lambda value: _SHOWN[name](str(value or ""))
    if name in set(FieldName):
        return lambda value: shown_text(FieldName(name), str(value or ""))
    return lambda value: str(value or "")

"""A file's history as people read it: what was done, by whom, what was there before and what is there now."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from liasse.clients.choices import label_of
from liasse.clients.rules import readable_phone
from liasse.clients.sentences import FIELDS, MEMBER_ROLES, level_label, member_status_label
from liasse.core.models import AuditEvent
from liasse.web.outside.words import LABELS as ENGINE_LABELS
from liasse.web.outside.words import shown as shown_of_engine

_VERBS: Final[dict[str, tuple[str, Promise]]] = {
    "file.opened": ("folder-plus", gettext_lazy("File opened")),
    "file.changed": ("pencil", gettext_lazy("Setting changed")),
    "file.defaults-reapplied": ("arrow-uturn-left", gettext_lazy("Practice's values taken again")),
    "file.access": ("key", gettext_lazy("Practice access changed")),
    "file.reception": ("inbox-arrow-down", gettext_lazy("Reception changed")),
    "file.address-changed": ("at-symbol", gettext_lazy("Submission address changed")),
    "member.address-given": ("at-symbol", gettext_lazy("User's own address given")),
    "member.address-changed": ("at-symbol", gettext_lazy("User's own address changed")),
    "file.engine-on": ("arrow-up-tray", gettext_lazy("Outside engine switched on")),
    "file.engine-off": ("no-symbol", gettext_lazy("Outside engine switched off")),
    "file.sender-trusted": ("shield-check", gettext_lazy("Sender trusted")),
    "file.sender-distrusted": ("no-symbol", gettext_lazy("Trust in a sender taken back")),
    "file.archived": ("archive-box", gettext_lazy("Archived")),
    "file.reactivated": ("arrow-path", gettext_lazy("Reactivated")),
    "file.access-asked": ("key", gettext_lazy("The client asked to give a practice access")),
    "file.practice": ("building-office-2", gettext_lazy("Practice changed")),
    "client-file.message-sent": ("envelope", gettext_lazy("Message sent")),
    "client-file.message-failed": ("exclamation-triangle", gettext_lazy("Message not sent")),
    "client-file.message-bounced": ("exclamation-triangle", gettext_lazy("Message came back")),
    "client-file.message-complained": ("exclamation-triangle", gettext_lazy("Message called unwanted")),
    "file.export-asked": ("arrow-down-tray", gettext_lazy("Whole export asked for")),
    "file.export-removed": ("trash", gettext_lazy("Whole export removed")),
    "file.export-taken": ("arrow-down-tray", gettext_lazy("Whole export downloaded")),
    "file.refused": ("no-symbol", gettext_lazy("Access refused")),
    "documents.exported": ("arrow-down-tray", gettext_lazy("Documents exported")),
    "file.restored": ("arrow-up-tray", gettext_lazy("File imported")),
    "member.added": ("user-plus", gettext_lazy("User added")),
    "member.login-removed": ("no-symbol", gettext_lazy("Access taken away")),
    "member.changed": ("user", gettext_lazy("User changed")),
    "member.removed": ("user-minus", gettext_lazy("User taken out of the file")),
    "member.main": ("star", gettext_lazy("Main contact changed")),
    "invitation.sent": ("paper-airplane", gettext_lazy("User invited")),
    "invitation.resent": ("paper-airplane", gettext_lazy("Invited again")),
    "invitation.opened": ("eye", gettext_lazy("Invitation opened")),
    "invitation.asked-again": ("hand-raised", gettext_lazy("A new invitation was asked for")),
    "invitation.revoked": ("no-symbol", gettext_lazy("Invitation withdrawn")),
    "invitation.declined": ("no-symbol", gettext_lazy("Invitation declined")),
    "invitation.accepted": ("check", gettext_lazy("Invitation accepted")),
    "invitation.message-sent": ("envelope", gettext_lazy("Message sent")),
    "invitation.message-failed": ("exclamation-triangle", gettext_lazy("Message not sent")),
    "invitation.message-bounced": ("exclamation-triangle", gettext_lazy("Message came back")),
    "invitation.message-complained": ("exclamation-triangle", gettext_lazy("Message called unwanted")),
}
# Steps of the post that say nothing of the file.
_UNSAID: Final = frozenset(
    f"{subject}.message-{step}"
    for subject in ("invitation", "client-file")
    for step in ("queued", "cancelled", "retried", "delivered")
)
_OTHER: Final = ("clock", gettext_lazy("Changed"))
LABELS: Final[dict[str, Promise]] = {
    "colleague": gettext_lazy("Colleague"),
    "colleagues": gettext_lazy("Colleagues"),
    "responsible": gettext_lazy("Responsible"),
    "teams": gettext_lazy("Teams"),
    "left_out": gettext_lazy("Left without access"),
    "member": gettext_lazy("User"),
    "practice": gettext_lazy("Practice"),
    "level": gettext_lazy("Access"),
    "email": gettext_lazy("Email address"),
    "phone": gettext_lazy("Phone number"),
    "to": gettext_lazy("Recipient"),
    "role": gettext_lazy("Role"),
    "main": gettext_lazy("Main contact"),
    "heir": gettext_lazy("Documents handed on to"),
    "employee_code": gettext_lazy("Employee code"),
    "address": gettext_lazy("Submission address"),
    "status": gettext_lazy("Status"),
}
_STATUSES: Final[dict[str, Promise]] = {
    "active": pgettext_lazy("one file", "Active"),
    "archived": pgettext_lazy("one file", "Archived"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One value, before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was done."""

    icon: str
    text: str
    actor: str
    at: datetime
    changes: list[Change]


def history_lines(events: Iterable[AuditEvent]) -> list[Line]:
    """Give the lines of some events in the language of this moment."""
    return [_line(event) for event in events if event.verb not in _UNSAID]


def _line(event: AuditEvent) -> Line:
    icon, text = _VERBS.get(event.verb, _OTHER)
    known = {**FIELDS, **LABELS, **ENGINE_LABELS}
    names = [name for name in {**event.before, **event.after} if name in known]
    is_of_file = event.subject_kind == "client-file"
    changes = [
        Change(
            label=str(known[name]) if name != "name" or is_of_file else _("Name"),
            before=shown(name, event.before.get(name), event),
            after=shown(name, event.after.get(name), event),
        )
        for name in names
    ]
    # The opening says everything at once; what was left blank is no news.
    kept = [change for change in changes if change.before or change.after]
    return Line(icon=icon, text=str(text), actor=event.actor_name, at=event.at, changes=kept)


def shown(name: str, value: Any, event: AuditEvent) -> str:  # noqa: ANN401 - a JSON value
    """Give a value of an event about a file, its access or its users, as people read it."""
    if value is None or value == "":
        return ""
    if name in ENGINE_LABELS:
        return shown_of_engine(name, value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    readers: dict[str, Callable[[str], str]] = {
        "level": level_label,
        "phone": readable_phone,
        "role": lambda role: str(MEMBER_ROLES.get(role, role)),
        "status": lambda status: _status(status, event),
    }
    text = str(value)
    return readers[name](text) if name in readers else label_of(name, text)


def _status(status: str, event: AuditEvent) -> str:
    if event.subject_kind == "client-file":
        return str(_STATUSES.get(status, status))
    return member_status_label(status)

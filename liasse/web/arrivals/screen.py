"""Tout ce qui est arrivé: which list an address asks for, and its rows as the screens show them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from liasse.intake.sender_sentences import hold_sentence
from liasse.intake.sentences import DOORS, reason
from liasse.intake.types import Door, ReceiptState
from liasse.pipeline.health import Health
from liasse.pipeline.journeys import Arrival, ArrivalsQuery, Stand

STANDS: Final[dict[Stand, Promise]] = {
    Stand.LATE: pgettext_lazy("deliveries", "Waiting for over an hour"),
    Stand.WAITING: pgettext_lazy("deliveries", "Being processed"),
    Stand.FAILED: pgettext_lazy("deliveries", "Failed"),
    Stand.TO_SORT: pgettext_lazy("deliveries", "To sort"),
    Stand.DONE: pgettext_lazy("deliveries", "Sorted"),
    Stand.WITHOUT: pgettext_lazy("deliveries", "Without document"),
    Stand.ASIDE: pgettext_lazy("deliveries", "Set aside"),
}
STATES: Final[dict[str, tuple[Promise, str]]] = {
    ReceiptState.STORED: (gettext_lazy("Being opened"), "busy"),
    ReceiptState.OPENED: (gettext_lazy("Sorted"), "ok"),
    ReceiptState.UNUSABLE: (gettext_lazy("Without document"), "neutral"),
    ReceiptState.FAILED: (gettext_lazy("Failed"), "danger"),
    ReceiptState.HELD: (gettext_lazy("To sort"), "warn"),
    ReceiptState.ASIDE: (gettext_lazy("Set aside"), "neutral"),
}
DOOR_ICONS: Final[dict[str, str]] = {
    Door.MAIL: "envelope",
    Door.WEB: "computer-desktop",
    Door.PHONE: "device-phone-mobile",
    Door.LINK: "link",
    Door.API: "code-bracket",
    Door.FOLDER: "folder",
}
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen, as it stands in the address; what cannot be understood is not chosen."""

    stand: Stand | None = None
    door: Door | None = None
    file: str = ""
    since: date | None = None
    until: date | None = None
    text: str = ""

    @property
    def is_set(self) -> bool:
        """Tell whether anything narrows the list."""
        return self != Chosen()

    def url(self, here: str, **more: str) -> str:
        """Give the address of the list as it is narrowed."""
        words = {
            "state": str(self.stand or ""),
            "door": str(self.door or ""),
            "file": self.file,
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "q": self.text,
        } | more
        said = urlencode({name: value for name, value in words.items() if value})
        return f"{here}?{said}" if said else here


@dataclass(frozen=True, slots=True)
class ArrivalRow:
    """A delivery as the practice's list shows it; ``why`` says what it waits for or why it failed."""

    arrival: Arrival
    url: str
    sender: str
    title: str
    state: str
    tone: str
    door: str
    door_icon: str
    why: str
    outcome: str


def asked_arrivals(words: QueryDict) -> Chosen:
    """Read which list an address asks for."""
    stand, door = words.get("state", ""), words.get("door", "")
    return Chosen(
        stand=Stand(stand) if stand in set(Stand) else None,
        door=Door(door) if door in set(Door) else None,
        file=words.get("file", "").strip()[:_LONGEST],
        since=_or_none(date.fromisoformat, words.get("since", "")),
        until=_or_none(date.fromisoformat, words.get("until", "")),
        text=words.get("q", "").strip()[:_LONGEST],
    )


def _or_none[Value](read: Callable[[str], Value], text: str) -> Value | None:
    try:
        return read(text)
    except ValueError:
        return None


def query_of(chosen: Chosen) -> ArrivalsQuery:
    """Say which deliveries that is; days are those of the reader's clock."""
    try:
        until = _midnight(chosen.until + timedelta(days=1)) if chosen.until else None
    except OverflowError:
        until = None
    return ArrivalsQuery(
        stand=chosen.stand,
        door=chosen.door,
        file=chosen.file,
        since=_midnight(chosen.since) if chosen.since else None,
        until=until,
        text=chosen.text,
    )


def _midnight(day: date) -> datetime | None:
    # The first and the last day there is have no midnight in every time zone.
    if not 1 < day.year < 9999:  # noqa: PLR2004 - the first and last years of the calendar
        return None
    return timezone.make_aware(datetime.combine(day, time.min))


def filter_words(chosen: Chosen, *, here: str, count_late: int | None = None) -> dict[str, Any]:
    """Give what the filter above a list draws."""
    late = replace(chosen, stand=Stand.LATE)
    return {
        "chosen": chosen,
        "here": here,
        "stands": [(str(stand), str(label)) for stand, label in STANDS.items()],
        "doors": [(str(door), str(label)) for door, label in DOORS.items()],
        "count_late": count_late or 0,
        "late_url": late.url(here),
        "is_late_list": chosen.stand is Stand.LATE,
    }


def arrival_row(arrival: Arrival) -> ArrivalRow:
    """Give a delivery as a row."""
    receipt = arrival.receipt
    state, tone = state_of(arrival)
    return ArrivalRow(
        arrival=arrival,
        url=reverse("receipt", args=[receipt.client_file_id, receipt.id]),
        sender=receipt.sender,
        title=receipt.subject or receipt.filename or _("Without subject"),
        state=state,
        tone=tone,
        door=str(DOORS.get(receipt.door, receipt.door)),
        door_icon=DOOR_ICONS.get(receipt.door, "arrow-down-tray"),
        why=_why(arrival),
        outcome=_outcome(arrival),
    )


def state_of(arrival: Arrival) -> tuple[str, str]:
    """Give the word and the tone of where a delivery stands."""
    receipt = arrival.receipt
    if receipt.state == ReceiptState.OPENED and arrival.count_reading:
        return _("Being read"), "warn" if arrival.is_late else "busy"
    label, tone = STATES.get(receipt.state, (receipt.state, "neutral"))
    return str(label), "warn" if arrival.is_late and tone == "busy" else tone


def _why(arrival: Arrival) -> str:
    receipt = arrival.receipt
    if receipt.state == ReceiptState.HELD:
        return hold_sentence(receipt)
    if receipt.problem:
        return str(reason(receipt.problem))
    if arrival.is_late:
        return _("It waits for over an hour. Nothing is lost: it is taken up again by itself, or now by “Try again”.")
    return ""


def _outcome(arrival: Arrival) -> str:
    """Say in a few words what became of it: documents, those that are still read, what was set aside."""
    receipt, found = arrival.receipt, []
    if receipt.count_documents:
        found.append(ngettext("%(count)d document", "%(count)d documents", receipt.count_documents))
    if arrival.count_reading:
        found.append(ngettext("%(reading)d being read", "%(reading)d being read", arrival.count_reading))
    if receipt.count_set_aside:
        found.append(
            ngettext(
                "%(aside)d part not kept as document", "%(aside)d parts not kept as documents", receipt.count_set_aside
            )
        )
    facts = {
        "count": receipt.count_documents,
        "reading": arrival.count_reading,
        "aside": receipt.count_set_aside,
    }
    return ", ".join(text % facts for text in found)


@dataclass(frozen=True, slots=True)
class DoorRow:
    """A door, and when something last came by it; None for never."""

    label: str
    icon: str
    last: datetime | None


def door_rows(health: Health) -> list[DoorRow]:
    """Give the doors in the order in which people know them."""
    return [DoorRow(label=str(DOORS[door]), icon=DOOR_ICONS[door], last=last) for door, last in health.last.items()]

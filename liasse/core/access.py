"""Who asks, and which rule every route declares. A route without a rule stops the start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

View = TypeVar("View", bound=Callable[..., Any])


class Rule(StrEnum):
    """Who may enter a route. Strangers to a file get the same answer as for a missing one."""

    PUBLIC = "public"
    """Anyone, signed in or not."""
    LINK_HOLDER = "link-holder"
    """Whoever holds the secret link in the address; the view checks the link itself."""
    TOKEN = "token"  # noqa: S105 - the name of a rule
    """A program with a valid bearer token of a practice, in the files that the token reaches."""
    SIGNED_IN = "signed-in"
    """Any person who is signed in."""
    COLLEAGUE = "colleague"
    """An active colleague of the current practice."""
    ADD_CLIENTS = "add-clients"
    """A colleague who may open client files."""
    ADMINISTRATOR = "administrator"
    """An administrator of the current practice."""
    TEAM_LEAD = "team-lead"
    """An administrator or a team lead of the current practice; the view keeps leads to their teams."""
    PROGRESS = "progress"
    """An administrator of the current practice, or a colleague who may see how far its work is."""
    FILE_READ = "file-read"
    """A colleague with any access to the file named ``file_id`` in the address."""
    FILE_WORK = "file-work"
    """A colleague who may change that file's documents (coding or full access)."""
    FILE_MANAGE = "file-manage"
    """A colleague with full access to that file: settings, access, members."""
    FILE_ADMINISTRATOR = "file-administrator"
    """An administrator of that file's practice: what becomes of the file as a whole."""
    FILE_MEMBER = "file-member"
    """A person of the client, an active member with a login of the file ``file_id``."""
    FILE_PEOPLE = "file-people"
    """Such a person who looks after the file's users: an administrator or a manager of the file."""
    FILE_OWNER = "file-owner"
    """Such a person who runs the file on the client's side: an administrator of the file."""


class Level(StrEnum):
    """What a colleague may do in one client file; administrators have ``FULL`` everywhere."""

    READING = "reading"
    CODING = "coding"
    FULL = "full"

    def allows(self, wanted: Level) -> bool:
        """Tell whether this level includes the wanted one."""
        order = (Level.READING, Level.CODING, Level.FULL)
        return order.index(self) >= order.index(wanted)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a colleague of a practice, a person of a client, or the system.

    ``person_id`` is the colleague's or the member's id, by ``kind``; ``practice_id`` is None
    for a signed-in person who has no place in any practice. ``since`` is when a colleague was added.
    """

    kind: str
    user_id: UUID | None = None
    practice_id: UUID | None = None
    person_id: UUID | None = None
    name: str = ""
    is_administrator: bool = False
    can_add_clients: bool = False
    is_team_lead: bool = False
    can_see_progress: bool = False
    since: datetime | None = None

    @property
    def is_colleague(self) -> bool:
        """Tell whether the actor acts as a person of the practice."""
        return self.kind == "colleague"


ANONYMOUS = Actor(kind="anonymous")


def system_actor(practice_id: UUID | None = None, *, name: str = "Liasse") -> Actor:
    """Give the actor for what Liasse does by itself, within one practice or for all."""
    return Actor(kind="system", practice_id=practice_id, name=name)


def access(rule: Rule, *, is_sensitive: bool = False) -> Callable[[View], View]:
    """Declare who may enter a view; the guard enforces it before the view runs.

    Before a sensitive act the person proves once more who they are, unless they did so within ten minutes.
    """

    def mark(view: View) -> View:
        view.access_rule = rule  # type: ignore[attr-defined]
        view.access_is_sensitive = is_sensitive  # type: ignore[attr-defined]
        return view

    return mark


def rule_of(view: Callable[..., Any]) -> Rule | None:
    """Give the rule that a view declares, or None when it declares none."""
    rule = getattr(view, "access_rule", None)
    return rule if isinstance(rule, Rule) else None


def is_sensitive(view: Callable[..., Any]) -> bool:
    """Tell whether a view asks for a fresh proof of who the person is."""
    return bool(getattr(view, "access_is_sensitive", False))

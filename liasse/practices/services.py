"""Setting the practice up, its colleagues and its defaults. Each is one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from liasse.core import audit
from liasse.core.access import Actor, system_actor
from liasse.core.errors import ConflictError, InvalidError, NotThereError
from liasse.core.scope import instance_scope
from liasse.core.tokens import token_hash
from liasse.identity.sentences import clean_person, person_sentence
from liasse.identity.services import create_user
from liasse.lib.people import clean_name
from liasse.practices.defaults import clean_default
from liasse.practices.errors import AlreadySetUpError, LastAdministratorError, NotAdministratorError
from liasse.practices.models import Colleague, Practice, SetUpLink, TeamMember
from liasse.practices.sentences import practice_name_sentence
from liasse.practices.types import BOOKING_DEFAULTS, LIVE_DEFAULTS, OWN_FIELDS, ColleagueStatus, PracticeKind, Role

SET_UP_PATH: Final = "/setup/{token}/"
CHANGEABLE: Final = (*OWN_FIELDS, *BOOKING_DEFAULTS, *LIVE_DEFAULTS)
"""The fields of a practice that an administrator may change."""

_SET_UP_MARK: Final = "set-up"
"""In the place of a token's hash: the one row that says, and lets say only once, that the instance is set up."""


def set_up(*, practice_name: str, email: str, password: str, person_name: str, language: str = "") -> Practice:
    """Make the practice and its first administrator, once for the instance; open set-up links end.

    Raises InvalidError with a sentence a field (practice_name, person_name, email, password) and
    AlreadySetUpError.
    """
    with instance_scope(), transaction.atomic():
        _refuse_second_set_up()
        name = clean_name(practice_name)
        problem = practice_name_sentence(name)
        try:
            user = create_user(email=email, name=person_name, password=password, language=language)
        except InvalidError as error:
            fields = {"person_name" if field == "name" else field: said for field, said in error.fields.items()}
            raise InvalidError({"practice_name": problem} | fields if problem else fields) from error
        if problem:
            raise InvalidError({"practice_name": problem})
        practice = Practice.objects.create(name=name, language=user.language or settings.LANGUAGE_CODE)
        colleague = Colleague.objects.create(
            practice=practice,
            user=user,
            email=user.email,
            name=user.name,
            role=Role.ADMINISTRATOR,
            status=ColleagueStatus.ACTIVE,
        )
        SetUpLink.objects.filter(used_at__isnull=True).update(used_at=timezone.now())
        audit.record(
            "practice.set-up",
            actor=system_actor(practice.id),
            practice_id=practice.id,
            subject=_subject(practice),
            after={"name": practice.name, "colleague": colleague.name, "email": colleague.email},
        )
    return practice


def _refuse_second_set_up() -> None:
    sentence = _("This instance is set up already. Sign in, or ask an administrator of the practice.")
    if Practice.objects.exists():
        raise AlreadySetUpError(sentence)
    try:
        with transaction.atomic():
            SetUpLink.objects.create(token_hash=_SET_UP_MARK, used_at=timezone.now())
    except IntegrityError as error:
        raise AlreadySetUpError(sentence) from error


def holder() -> Practice:
    """Give the row under which files without a firm live, made when the first file needs it."""
    found, _is_new = Practice.objects.get_or_create(kind=PracticeKind.HOLDER, defaults={"name": "Liasse"})
    return found


@transaction.atomic
def set_up_link() -> str | None:
    """Give the address at which a browser sets the practice up, with a fresh token; older tokens end.

    None once there is a practice.
    """
    if Practice.objects.exists():
        return None
    SetUpLink.objects.filter(used_at__isnull=True).delete()
    token = secrets.token_urlsafe(32)
    SetUpLink.objects.create(token_hash=token_hash(token))
    return settings.LIASSE_PUBLIC_URL + SET_UP_PATH.format(token=token)


def claim_set_up_link(token: str) -> SetUpLink | None:
    """Give the open link of a token, or None; ``set_up`` is what uses it up."""
    if Practice.objects.exists():
        return None
    return SetUpLink.objects.filter(token_hash=token_hash(token), used_at__isnull=True).first()


@transaction.atomic
def add_colleague(
    *,
    practice: Practice,
    name: str,
    email: str,
    role: str,
    can_add_clients: bool,
    can_see_progress: bool = False,
    actor: Actor,
) -> Colleague:
    """Add a colleague, who may enter once the invitation is accepted, or whoever left again.

    Raises InvalidError, ForbiddenError.
    """
    _require_administrator(actor)
    locked = _lock(practice)
    problems: dict[str, str] = {}
    clean = normal = ""
    try:
        clean, normal = clean_person(name=name, email=email)
    except InvalidError as error:
        problems |= error.fields
    if role not in set(Role):
        problems["role"] = _("Choose a value of the list.")
    there = Colleague.objects.filter(practice=locked, email=normal).first() if normal else None
    if there is not None and there.status != ColleagueStatus.LEFT:
        problems["email"] = _("A colleague of the practice has this address already.")
    if problems:
        raise InvalidError(problems)
    # Whoever left and comes back is the same row, so that the history stays one person's.
    colleague = there or Colleague(practice=locked, email=normal)
    colleague.name, colleague.role, colleague.status = clean, role, ColleagueStatus.INVITED
    colleague.can_add_clients, colleague.can_see_progress = can_add_clients, can_see_progress
    colleague.save()
    _record("colleague.added", colleague, actor=actor, after=_words(colleague))
    return colleague


@transaction.atomic
def change_colleague(
    colleague: Colleague,
    *,
    actor: Actor,
    role: str | None = None,
    can_add_clients: bool | None = None,
    can_see_progress: bool | None = None,
    name: str | None = None,
) -> Colleague:
    """Change what is given of a colleague. Raises InvalidError, LastAdministratorError, ForbiddenError."""
    _require_administrator(actor)
    locked = _lock_colleague(colleague)
    before = _words(locked)
    if role is not None:
        if role not in set(Role):
            raise InvalidError({"role": _("Choose a value of the list.")})
        if role != Role.ADMINISTRATOR:
            _refuse_last_administrator(locked)
        locked.role = role
    locked.can_add_clients = locked.can_add_clients if can_add_clients is None else can_add_clients
    locked.can_see_progress = locked.can_see_progress if can_see_progress is None else can_see_progress
    if name is not None:
        locked.name = clean_name(name)
        if sentence := person_sentence(locked.name):
            raise InvalidError({"name": sentence})
    after = _words(locked)
    changed = [field for field, value in after.items() if before[field] != value]
    if changed:
        locked.save(update_fields=["role", "can_add_clients", "can_see_progress", "name"])
        _record(
            "colleague.changed",
            locked,
            actor=actor,
            before={field: before[field] for field in changed},
            after={field: after[field] for field in changed},
        )
    return locked


@transaction.atomic
def suspend(colleague: Colleague, *, actor: Actor) -> Colleague:
    """Shut a colleague out at once, grants kept. Twice is once. Raises LastAdministratorError, ForbiddenError."""
    _require_administrator(actor)
    locked = _lock_colleague(colleague)
    if locked.status == ColleagueStatus.SUSPENDED:
        return locked
    _refuse_last_administrator(locked)
    return _set_status(locked, ColleagueStatus.SUSPENDED, verb="colleague.suspended", actor=actor)


@transaction.atomic
def leave(colleague: Colleague, *, actor: Actor) -> Colleague:
    """End a colleague's place in the practice: out at once, and out of every team; the history keeps the name.

    What was given to them is handed on before. Twice is once. Raises LastAdministratorError, ForbiddenError.
    """
    _require_administrator(actor)
    locked = _lock_colleague(colleague)
    if locked.status == ColleagueStatus.LEFT:
        return locked
    _refuse_last_administrator(locked)
    TeamMember.objects.filter(practice_id=locked.practice_id, colleague=locked).delete()
    return _set_status(locked, ColleagueStatus.LEFT, verb="colleague.left", actor=actor)


@transaction.atomic
def reactivate(colleague: Colleague, *, actor: Actor) -> Colleague:
    """Let a suspended colleague in again; whoever never accepted is invited still. Raises ForbiddenError."""
    _require_administrator(actor)
    locked = _lock_colleague(colleague)
    if locked.status != ColleagueStatus.SUSPENDED:
        return locked
    status = ColleagueStatus.ACTIVE if locked.user_id else ColleagueStatus.INVITED
    return _set_status(locked, status, verb="colleague.reactivated", actor=actor)


@transaction.atomic
def change_default(practice: Practice, *, actor: Actor, version: int, field: str, value: str) -> Practice:
    """Set one field of a practice, read at ``version``. Files that copied the old value keep it.

    Raises InvalidError with the field's sentence, ConflictError when this very field was changed
    since, ForbiddenError. What is there already changes nothing.
    """
    _require_administrator(actor)
    if field not in CHANGEABLE:
        raise NotThereError
    locked = _lock(practice)
    cleaned, before = clean_default(field, value), getattr(locked, field)
    if cleaned == before:
        return locked
    if _was_changed_since(locked, field=field, version=version):
        raise ConflictError(
            _("Somebody changed this field meanwhile, so yours was not saved. Reload the page to see it.")
        )
    setattr(locked, field, cleaned)
    locked.version += 1
    locked.save(update_fields=[field, "version"])
    audit.record(
        "practice.changed",
        actor=actor,
        practice_id=locked.id,
        subject=_subject(locked),
        before={field: before},
        after={field: cleaned, "version": locked.version},
    )
    return locked


def _was_changed_since(practice: Practice, *, field: str, version: int) -> bool:
    """Tell whether a field moved since a version; each is saved by itself, so the others may.

    A version that the newest events do not reach back to counts as changed.
    """
    if version >= practice.version:
        return False
    events = audit.history(practice_id=practice.id, subject_id=practice.id)
    later = [event for event in events if event.after.get("version", 1) > version]
    return len(later) < practice.version - version or any(field in event.after for event in later)


def _require_administrator(actor: Actor) -> None:
    if not actor.is_administrator and actor.kind != "system":
        raise NotAdministratorError(_("Only an administrator of the practice may do this."))


def _lock(practice: Practice) -> Practice:
    return Practice.objects.select_for_update().get(id=practice.id)


def _lock_colleague(colleague: Colleague) -> Colleague:
    """Lock the practice first, so that two administrators cannot shut each other out at once."""
    Practice.objects.select_for_update().get(id=colleague.practice_id)
    return Colleague.objects.get(practice_id=colleague.practice_id, id=colleague.id)


def _refuse_last_administrator(colleague: Colleague) -> None:
    active = Colleague.objects.filter(
        practice_id=colleague.practice_id, role=Role.ADMINISTRATOR, status=ColleagueStatus.ACTIVE
    )
    if {colleague.id} == set(active.values_list("id", flat=True)[:2]):
        sentence = _("%(name)s is the last active administrator. Make somebody else an administrator first.")
        raise LastAdministratorError(sentence % {"name": colleague.name})


def _set_status(colleague: Colleague, status: ColleagueStatus, *, verb: str, actor: Actor) -> Colleague:
    before = {"status": colleague.status}
    colleague.status = status
    colleague.save(update_fields=["status"])
    _record(verb, colleague, actor=actor, before=before, after={"status": colleague.status})
    return colleague


def _words(colleague: Colleague) -> dict[str, str | bool]:
    return {
        "colleague": colleague.name,
        "email": colleague.email,
        "role": colleague.role,
        "can_add_clients": colleague.can_add_clients,
        "can_see_progress": colleague.can_see_progress,
    }


def _subject(practice: Practice) -> audit.Subject:
    return audit.Subject(kind="practice", id=practice.id)


def _record(
    verb: str,
    colleague: Colleague,
    *,
    actor: Actor,
    before: Mapping[str, str | bool] | None = None,
    after: Mapping[str, str | bool],
) -> None:
    subject = audit.Subject(kind="colleague", id=colleague.id)
    audit.record(verb, actor=actor, practice_id=colleague.practice_id, subject=subject, before=before, after=after)

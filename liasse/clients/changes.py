"""Changing the settings of a client file, one field at a time, with its history."""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from liasse.clients import rules
from liasse.clients.choices import choices_of
from liasse.clients.errors import FieldChangedError, LockedFieldError
from liasse.clients.models import ClientFile
from liasse.clients.sentences import code_sentence, name_sentence, siren_sentence
from liasse.clients.services import subject_of
from liasse.core import audit
from liasse.core.access import Actor
from liasse.core.errors import InvalidError
from liasse.lib.people import clean_name
from liasse.practices.defaults import clean_default
from liasse.practices.models import Practice
from liasse.practices.types import BOOKING_DEFAULTS, LIVE_DEFAULTS

OWN_FIELDS: Final = ("name", "sector", "practice_code", "legal_name", "siren", "accounting_basis")
DEFAULT_FIELDS: Final = ("currency", "country", "language", "time_zone", *BOOKING_DEFAULTS[2:])
FIELDS: Final = (*OWN_FIELDS, *DEFAULT_FIELDS)
_MAY_BE_BLANK: Final = {"sector", "accounting_basis"}


@transaction.atomic
def change_field(client_file: ClientFile, *, field: str, text: str, version: int, actor: Actor) -> ClientFile:
    """Set one field of a file to what was typed; a default becomes *customised*.

    ``version`` is the file's when the editor read it. Raises InvalidError with the field's
    sentence, FieldChangedError when this very field was changed since, LockedFieldError for the
    currency once a document is coded. Typing what is there already changes nothing.
    """
    if field not in FIELDS:
        raise LookupError(field)
    locked = _lock(client_file)
    value = clean_setting(field, text)
    if value == current_value(locked, field) and not _becomes_custom(locked, field):
        return locked
    _refuse_stale(locked, field=field, version=version)
    if field == "currency" and is_currency_locked(locked):
        raise LockedFieldError(currency_sentence())
    before = {field: current_value(locked, field)}
    setattr(locked, field, value)
    if field in DEFAULT_FIELDS and field not in locked.customised:
        locked.customised = sorted([*locked.customised, field])
    _save(locked, actor=actor, verb="file.changed", before=before, after={field: value})
    return locked


@transaction.atomic
def reapply_defaults(client_file: ClientFile, *, fields: tuple[str, ...] = DEFAULT_FIELDS, actor: Actor) -> list[str]:
    """Give fields the practice's values of today again, as *inherited*; give the fields that changed.

    A locked currency stays as it is, without an error: the others are taken all the same.
    """
    locked = _lock(client_file)
    practice = Practice.objects.get(id=locked.practice_id)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for field in fields:
        value = "" if field in LIVE_DEFAULTS else getattr(practice, field)
        is_same = getattr(locked, field) == value
        if (field == "currency" and not is_same and is_currency_locked(locked)) or field not in DEFAULT_FIELDS:
            continue
        if is_same and field not in locked.customised:
            continue
        before[field], after[field] = current_value(locked, field), getattr(practice, field)
        setattr(locked, field, value)
        locked.customised = [name for name in locked.customised if name != field]
    if after:
        _save(locked, actor=actor, verb="file.defaults-reapplied", before=before, after=after)
    return list(after)


def current_value(client_file: ClientFile, field: str) -> Any:  # noqa: ANN401 - a text, or a number of days
    """Give the value that holds: the file's own, or the practice's where the file follows it."""
    value = getattr(client_file, field)
    if field in LIVE_DEFAULTS and not value:
        return getattr(client_file.practice, field)
    return value


def is_customised(client_file: ClientFile, field: str) -> bool:
    """Tell whether a person set this default in the file itself."""
    return field in client_file.customised


def differs_from_practice(client_file: ClientFile, field: str) -> bool:
    """Tell whether the practice's value of today is another than the file's."""
    return bool(current_value(client_file, field) != getattr(client_file.practice, field))


def is_currency_locked(client_file: ClientFile) -> bool:
    """Tell whether the file has a coded document, so that its currency must stay."""
    return rules.currency_is_locked(count_ready=client_file.count_ready, count_archived=client_file.count_archived)


def currency_sentence() -> str:
    """Say why the currency may not be changed."""
    return _("Locked: a document of this file is coded already.")


def _lock(client_file: ClientFile) -> ClientFile:
    return ClientFile.objects.select_for_update(of=("self",)).select_related("practice").get(id=client_file.id)


def _becomes_custom(client_file: ClientFile, field: str) -> bool:
    """Choosing the inherited value on purpose keeps it when the practice's own changes, for live defaults."""
    return field in LIVE_DEFAULTS and not getattr(client_file, field) and field not in client_file.customised


def clean_setting(field: str, text: str) -> Any:  # noqa: ANN401 - a text, or a number of days
    """Give a setting in the form that is kept; raise InvalidError with the field's sentence."""
    if field in {"name", "legal_name", "practice_code"}:
        return _clean_text(field, text)
    if field == "siren":
        digits = rules.normal_siren(text) if text.strip() else ""
        if digits is None:
            raise InvalidError({field: siren_sentence()})
        return digits
    if field in DEFAULT_FIELDS:
        return clean_default(field, text)
    known = {value for value, _label in choices_of(field)}
    if text not in known and not (text == "" and field in _MAY_BE_BLANK):
        raise InvalidError({field: _("Choose a value of the list.")})
    return text


def _clean_text(field: str, text: str) -> str:
    value = clean_name(text)
    problem = rules.name_problem(value)
    if problem and not (field != "name" and not value):
        raise InvalidError({field: name_sentence(problem)})
    if field == "practice_code" and len(value) > rules.CODE_LIMIT:
        raise InvalidError({field: code_sentence()})
    return value


def _refuse_stale(client_file: ClientFile, *, field: str, version: int) -> None:
    if version >= client_file.version:
        return
    events = audit.history(practice_id=client_file.practice_id, subject_id=client_file.id)
    changes = [(int(event.after["version"]), event.after.keys()) for event in events if "version" in event.after]
    if rules.is_stale(field, sent_version=version, version=client_file.version, changes=changes):
        raise FieldChangedError(
            _("Somebody changed this field meanwhile, so yours was not saved. Reload the page to see it.")
        )


def _save(client_file: ClientFile, *, actor: Actor, verb: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    client_file.version += 1
    client_file.activity += 1
    client_file.name_sort = rules.name_sort(client_file.name)
    client_file.search_text = rules.search_text(
        client_file.name, client_file.practice_code, client_file.legal_name, client_file.siren
    )
    client_file.save(
        update_fields=[
            *(name for name in after if name in FIELDS),
            "customised",
            "version",
            "activity",
            "name_sort",
            "search_text",
        ]
    )
    audit.record(
        verb,
        actor=actor,
        practice_id=client_file.practice_id,
        subject=subject_of(client_file),
        before=before,
        after={**after, "version": client_file.version},
    )

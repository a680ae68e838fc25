"""How a file receives mail: whose becomes documents at once, and whether members are answered."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from liasse.clients.models import ClientFile
from liasse.clients.services import subject_of
from liasse.clients.types import DuplicateRule, SenderMode
from liasse.core import audit
from liasse.core.access import Actor
from liasse.core.errors import InvalidError
from liasse.practices.types import Switch


@transaction.atomic
def set_reception(
    client_file: ClientFile,
    *,
    sender_mode: str | None = None,
    answers_mail: str | None = None,
    duplicate_rule: str | None = None,
    actor: Actor,
) -> ClientFile:
    """Set whose mail is let in, whether it is answered (blank: as the practice says), and what is done with duplicates.

    None leaves a value.

    What is held stays so: a person lets it in. Raises InvalidError.
    """
    wanted = {"sender_mode": sender_mode, "answers_mail": answers_mail, "duplicate_rule": duplicate_rule}
    allowed = {
        "sender_mode": set(SenderMode),
        "answers_mail": {"", *Switch},
        "duplicate_rule": set(DuplicateRule),
    }
    for name, value in wanted.items():
        if value is not None and value not in allowed[name]:
            raise InvalidError({name: _("Choose a value of the list.")})
    locked = ClientFile.objects.select_for_update(of=("self",)).select_related("practice").get(id=client_file.id)
    after = {name: value for name, value in wanted.items() if value is not None and getattr(locked, name) != value}
    if not after:
        return locked
    before = {name: getattr(locked, name) for name in after}
    for name, value in after.items():
        setattr(locked, name, value)
    locked.version += 1
    locked.activity += 1
    locked.save(update_fields=[*after, "version", "activity"])
    audit.record(
        "file.reception",
        actor=actor,
        practice_id=locked.practice_id,
        subject=subject_of(locked),
        before=before,
        after={**after, "version": locked.version},
    )
    return locked

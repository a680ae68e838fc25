"""Tokens of programs: made and shown once, found by their hash, revoked."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from liasse.clients.models import ClientFile
from liasse.core import audit
from liasse.core.access import Actor
from liasse.core.audit import Subject
from liasse.core.errors import InvalidError, NotThereError
from liasse.core.scope import instance_scope
from liasse.core.tokens import token_hash
from liasse.lib.ids import as_uuid
from liasse.passes.models import ApiToken
from liasse.passes.types import MOST_DAYS, TokenScope
from liasse.practices.models import Practice

PREFIX: Final = "liasse_"
"""What every token begins with, so that programs that look for leaked secrets know it."""

_LONGEST_NAME: Final = 100
_USE_NOTED_EVERY: Final = timedelta(minutes=1)
_SHOWN: Final = 100


def make_token(
    practice: Practice, *, name: str, scopes: Sequence[str], file_ids: Sequence[str], days: str, actor: Actor
) -> tuple[ApiToken, str]:
    """Make a token; gives its row and its secret, which is shown this once. No files is all of the practice.

    Raises InvalidError (name, scopes, files, days).
    """
    named = " ".join(name.replace("\0", "").split())
    faults: dict[str, str] = {}
    if not 1 <= len(named) <= _LONGEST_NAME:
        faults["name"] = _("Give it a name of at most %(count)d characters.") % {"count": _LONGEST_NAME}
    if not scopes or set(scopes) - set(TokenScope):
        faults["scopes"] = _("Choose what the program may do.")
    wanted = {found for text in file_ids if (found := as_uuid(text)) is not None}
    if len(wanted) != len(set(file_ids)) or ClientFile.objects.filter(id__in=wanted).count() != len(wanted):
        faults["files"] = _("Choose files of this practice.")
    if not (days.isascii() and days.isdecimal() and len(days) <= len(str(MOST_DAYS)) and 1 <= int(days) <= MOST_DAYS):
        faults["days"] = _("A whole number from 1 to %(most)d.") % {"most": MOST_DAYS}
    if faults:
        raise InvalidError(faults)
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        practice=practice,
        name=named,
        token_hash=token_hash(secret),
        hint=secret[len(PREFIX) :][:4],
        scopes=sorted(set(scopes)),
        file_ids=sorted(str(one) for one in wanted),
        created_by=actor.name,
        expires_at=timezone.now() + timedelta(days=int(days)),
    )
    with transaction.atomic():
        token.save(force_insert=True)
        _record("token.made", token, actor=actor)
    return token, secret


def revoke_token(practice: Practice, *, token_id: UUID, actor: Actor) -> None:
    """End a token at once. Doing it again changes nothing. Raises NotThereError."""
    with transaction.atomic():
        token = ApiToken.objects.select_for_update().filter(practice=practice, id=token_id).first()
        if token is None:
            raise NotThereError
        if token.revoked_at is None:
            token.revoked_at = timezone.now()
            token.save(update_fields=["revoked_at"])
            _record("token.revoked", token, actor=actor)


def _record(verb: str, token: ApiToken, *, actor: Actor) -> None:
    audit.record(
        verb,
        actor=actor,
        practice_id=token.practice_id,
        subject=Subject("token", token.id),
        after={"name": token.name, "scopes": token.scopes, "files": token.file_ids},
    )


def tokens_of(practice: Practice) -> list[ApiToken]:
    """Give the newest tokens of a practice, those that are revoked among them; at most a hundred."""
    return list(ApiToken.objects.filter(practice=practice).order_by("-created_at")[:_SHOWN])


def token_of_secret(secret: str) -> ApiToken | None:
    """Find the valid token of a secret, and note that it was used, once a minute; None for any other."""
    if not secret.startswith(PREFIX):
        return None
    with instance_scope():
        hashed = token_hash(secret)
        token = ApiToken.objects.select_related("practice").filter(token_hash=hashed).first()
        if token is None or not token.is_valid:
            return None
        now = timezone.now()
        if token.last_used_at is None or token.last_used_at < now - _USE_NOTED_EVERY:
            ApiToken.objects.filter(id=token.id).update(last_used_at=now)
    return token


def files_of(token: ApiToken) -> QuerySet[ClientFile]:
    """Give the client files that a token reaches, in the order of their ids; needs its practice's scope."""
    files = ClientFile.objects.filter(practice_id=token.practice_id).select_related("practice")
    return (files.filter(id__in=token.file_ids) if token.file_ids else files).order_by("id")

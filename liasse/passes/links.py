"""Upload links: made, found by their token, revoked. They are derived (docs/decisions/0003), so can be shown again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from liasse.clients.models import ClientFile
from liasse.core import audit
from liasse.core.access import Actor
from liasse.core.audit import Subject
from liasse.core.errors import InvalidError, NotThereError
from liasse.core.scope import instance_scope
from liasse.core.tokens import derive_token, new_nonce, token_hash
from liasse.intake.types import Depositor, Door, Room, Side
from liasse.intake.uploads import taken_of_each
from liasse.lib.ids import uuid7
from liasse.passes.models import UploadLink
from liasse.passes.types import LONGEST_REQUEST, MIB, MOST_DAYS, MOST_FILES, MOST_MIB, LinkState

_PURPOSE: Final = "upload-link"
_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Standing:
    """A link as it stands now: what came by it, and whether it takes more."""

    link: UploadLink
    state: LinkState
    taken: Room


def make_link(client_file: ClientFile, *, words: Mapping[str, str], actor: Actor) -> UploadLink:
    """Make a link from what a form says: ``request``, ``side``, ``days``, ``files`` and ``megabytes``.

    Raises InvalidError with a sentence a field.
    """
    request = " ".join(words.get("request", "").replace("\0", "").split())
    faults: dict[str, str] = {}
    days = _number(words, "days", most=MOST_DAYS, faults=faults)
    files = _number(words, "files", most=MOST_FILES, faults=faults)
    size = _number(words, "megabytes", most=MOST_MIB, faults=faults)
    if len(request) > LONGEST_REQUEST:
        faults["request"] = _("At most %(count)d characters.") % {"count": LONGEST_REQUEST}
    if not client_file.is_active:
        faults["request"] = _("This file is archived: nothing can be handed in.")
    if faults:
        raise InvalidError(faults)
    side = words.get("side", "")
    link = UploadLink(
        id=uuid7(),
        practice_id=client_file.practice_id,
        client_file=client_file,
        request=request,
        nonce=new_nonce(),
        side=side if side in set(Side) else Side.COSTS,
        most_files=files,
        most_bytes=size * MIB,
        created_by=actor.name,
        expires_at=timezone.now() + timedelta(days=days),
    )
    link.token_hash = token_hash(token_of(link))
    with transaction.atomic():
        link.save(force_insert=True)
        _record("link.made", link, actor=actor)
    return link


def _number(words: Mapping[str, str], name: str, *, most: int, faults: dict[str, str]) -> int:
    text = words.get(name, "").strip()
    if text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and 1 <= int(text) <= most:
        return int(text)
    faults[name] = _("A whole number from 1 to %(most)d.") % {"most": most}
    return 0


def revoke_link(client_file: ClientFile, *, link_id: UUID, actor: Actor) -> None:
    """End a link at once; what came by it stays. Doing it again changes nothing. Raises NotThereError."""
    with transaction.atomic():
        link = UploadLink.objects.select_for_update().filter(client_file=client_file, id=link_id).first()
        if link is None:
            raise NotThereError
        if link.revoked_at is None:
            link.revoked_at = timezone.now()
            link.save(update_fields=["revoked_at"])
            _record("link.revoked", link, actor=actor)


def _record(verb: str, link: UploadLink, *, actor: Actor) -> None:
    audit.record(
        verb,
        actor=actor,
        practice_id=link.practice_id,
        subject=Subject("link", link.id, client_file_id=link.client_file_id),
        after={"name": link.request, "files": link.most_files, "until": link.expires_at.isoformat()},
    )


def token_of(link: UploadLink) -> str:
    """Give a link's token, derived anew."""
    return derive_token(_PURPOSE, subject_id=link.id, nonce=link.nonce)


def address_of(link: UploadLink) -> str:
    """Give the whole address that is passed on."""
    return str(settings.LIASSE_PUBLIC_URL) + reverse("deposit", args=[token_of(link)])


def links_of(client_file: ClientFile) -> list[Standing]:
    """Give the newest links of a file as they stand; at most fifty."""
    links = UploadLink.objects.filter(client_file=client_file).select_related("client_file").order_by("-created_at")
    found = list(links[:_SHOWN])
    taken = taken_of_each(client_file.practice_id, holders=[link.holder for link in found])
    return [_standing(link, taken[link.holder]) for link in found]


def look(token: str) -> Standing | None:
    """Find a link by its token, whatever practice it is of; None when there is none."""
    with instance_scope():
        hashed = token_hash(token)
        link = UploadLink.objects.select_related("client_file__practice").filter(token_hash=hashed).first()
        if link is None:
            return None
        return _standing(link, taken_of_each(link.practice_id, holders=[link.holder])[link.holder])


def _standing(link: UploadLink, taken: Room) -> Standing:
    return Standing(link=link, state=_state(link, taken), taken=taken)


def _state(link: UploadLink, taken: Room) -> LinkState:
    if link.revoked_at is not None:
        return LinkState.REVOKED
    if link.expires_at <= timezone.now():
        return LinkState.EXPIRED
    if not link.client_file.is_active:
        return LinkState.CLOSED
    return LinkState.FULL if taken.files >= link.most_files or taken.size >= link.most_bytes else LinkState.OPEN


def depositor_of(link: UploadLink, *, peer: str) -> Depositor:
    """Give whoever holds the link, as one who hands in."""
    return Depositor(
        practice_id=link.practice_id,
        client_file_id=link.client_file_id,
        door=Door.LINK,
        holder=link.holder,
        peer=peer,
        side=Side(link.side),
        room=Room(files=link.most_files, size=link.most_bytes),
    )

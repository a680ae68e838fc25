"""What a client's administrator does with the requests of other practices: sees them, gives the file, refuses."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from liasse.clients.models import ClientFile, Member
from liasse.core.access import Actor
from liasse.core.errors import NotThereError
from liasse.core.scope import instance_scope
from liasse.custody import mails
from liasse.custody.decision import decision
from liasse.custody.errors import FileWentError, RequestEndedError
from liasse.custody.models import TransferRequest
from liasse.custody.moving import lock_file, move
from liasse.custody.people import keepers, require_client
from liasse.custody.requesting import MAY_ASK, administered, end, record, standing
from liasse.custody.sentences import ended_sentence
from liasse.custody.types import TransferState

_SHOWN = 50


def requests_to(email: str, *, apart: UUID | None = None) -> list[TransferRequest]:
    """Give the open requests to an address, oldest first, but those of the practice ``apart``. One query.

    The caller has made sure that whoever asks signed in with the address and runs a file.
    """
    with instance_scope():
        rows = TransferRequest.objects.filter(
            MAY_ASK, email=email, state=TransferState.ASKED, expires_at__gt=timezone.now()
        )
        if apart is not None:
            rows = rows.exclude(practice_id=apart)
        return list(rows.select_related("practice", "asked_by").order_by("id")[:_SHOWN])


def request_to(client_file: ClientFile, *, request_id: UUID, email: str) -> TransferRequest:
    """Give one request to an address, while it can be answered with this file.

    Raises NotThereError when it is to somebody else, RequestEndedError and FileWentError as ``grant``.
    """
    with instance_scope():
        rows = TransferRequest.objects.filter(id=request_id, email=email)
        return _answerable(rows.select_related("practice", "asked_by__user").first(), client_file=client_file)


def _answerable(request: TransferRequest | None, *, client_file: ClientFile) -> TransferRequest:
    if request is None:
        raise NotThereError
    state = standing(request)
    if state is not TransferState.ASKED:
        raise RequestEndedError(ended_sentence(state))
    if request.practice_id == client_file.practice_id:
        raise FileWentError(_("This practice has the file already."))
    return request


def other_files(request: TransferRequest, *, than: ClientFile) -> list[Member]:
    """Give as whom the asked person runs other files that the practice does not have: any may be the answer."""
    with instance_scope():
        members = administered(request.email, apart=request.practice_id)
    return [member for member in members if member.client_file_id != than.id]


@decision
def grant(client_file: ClientFile, *, request_id: UUID, actor: Actor) -> None:
    """Give this file to the practice that asked, as an administrator of the client whose address was asked.

    The file moves there with everything of it; whoever asked gets full access, the old practice is told.
    Other requests that could only have been about this file end. Raises NotInChargeError, NotThereError,
    FileWentError, and RequestEndedError when it was answered, withdrawn or ran out, or when who asked may
    add clients no more.
    """
    locked = lock_file(client_file)
    request = _locked(locked, request_id=request_id, actor=actor)
    moved = move(locked, to=request.practice, given_to=request.asked_by, actor=actor)
    request.granted_id, request.granted_name = moved.client_file.id, moved.client_file.name
    end(request, state=TransferState.GRANTED)
    record("granted", request, actor=actor, file=moved.client_file.name)
    mails.tell_old_practice(moved.client_file, practice=moved.source, actor=actor)
    mails.tell_new_colleague(moved.client_file, colleague=request.asked_by, actor=actor)
    _end_others(moved.client_file)


@decision
def refuse(client_file: ClientFile, *, request_id: UUID, actor: Actor) -> None:
    """Refuse a request, as an administrator of the client whose address was asked; who asked is told.

    The asking practice hears no more than it knew: its trail names the address, not the person. The
    practice that has the file hears nothing. Raises what ``grant`` raises.
    """
    locked = lock_file(client_file)
    request = _locked(locked, request_id=request_id, actor=actor)
    end(request, state=TransferState.REFUSED)
    record("refused", request, actor=Actor(kind="person", practice_id=request.practice_id, name=request.email))
    mails.tell_refused(request)


def _locked(locked: ClientFile, *, request_id: UUID, actor: Actor) -> TransferRequest:
    member = require_client(locked, actor=actor)
    rows = TransferRequest.objects.select_for_update(of=("self",)).filter(
        id=request_id, email=member.user.email if member.user else ""
    )
    return _answerable(rows.select_related("practice", "asked_by__user").first(), client_file=locked)


def _end_others(moved: ClientFile) -> None:
    """End the requests whose addressees have no other file to give: they were about this one."""
    emails = [member.user.email for member in keepers(moved) if member.user]
    rows = TransferRequest.objects.select_for_update().filter(email__in=emails, state=TransferState.ASKED)
    for request in rows.order_by("id"):
        if not other_files(request, than=moved):
            end(request, state=TransferState.ENDED)
            record("ended", request, actor=Actor(kind="person", practice_id=request.practice_id, name=request.email))

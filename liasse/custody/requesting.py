"""A practice asks for a client's file. Whether anybody has the address is looked at by the worker, so nothing tells."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from liasse.clients.actors import colleague_id_of, practice_id_of
from liasse.clients.models import Member
from liasse.clients.types import MemberRole, MemberStatus
from liasse.core import audit, jobs
from liasse.core.access import Actor
from liasse.core.errors import InvalidError, NotThereError
from liasse.core.scope import instance_scope
from liasse.custody import mails, rules
from liasse.custody.errors import AskedAlreadyError, NotInChargeError, RequestEndedError, TooManyTriesError
from liasse.custody.models import TransferRequest
from liasse.custody.sentences import ended_sentence
from liasse.custody.services import clean_address
from liasse.custody.types import TransferState
from liasse.practices.models import Colleague, Practice
from liasse.practices.types import ColleagueStatus, Role

TELL_CLIENT: Final = "tell-transfer-asked"
"""The job that writes to whoever runs a file under the address that was asked."""

MAY_ASK: Final = Q(asked_by__status=ColleagueStatus.ACTIVE, asked_by__user__is_active=True) & (
    Q(asked_by__role=Role.ADMINISTRATOR) | Q(asked_by__can_add_clients=True)
)
"""Requests whose asker may still add clients."""


def standing(request: TransferRequest) -> TransferState:
    """Say where a request stands at this moment; its asker must be loaded, with the login."""
    if request.state != TransferState.ASKED:
        return TransferState(request.state)
    if request.expires_at <= timezone.now():
        return TransferState.EXPIRED
    return TransferState.ASKED if may_ask(request.asked_by) else TransferState.ENDED


def may_ask(colleague: Colleague) -> bool:
    """Tell whether a colleague is here and may add clients; the login must be loaded."""
    is_in = colleague.status == ColleagueStatus.ACTIVE and colleague.user is not None and colleague.user.is_active
    return is_in and colleague.may_add_clients


@transaction.atomic
def ask_for_file(*, email: str, message: str = "", actor: Actor) -> TransferRequest:
    """Ask whoever runs a client's file under an address to give it to the actor's practice.

    Nothing is looked up: an address that nobody has costs the same rows and gives the same answer. Each
    request is on record, without the address. Raises InvalidError (email, message), NotInChargeError,
    TooManyTriesError (10 a day a person, 30 a practice), and AskedAlreadyError while a request to the address
    is open, two weeks after it was refused, and beyond three within two weeks.
    """
    normal, text = clean_address(email), rules.clean_message(message)
    if len(text) > rules.LONGEST_MESSAGE:
        said = _("At most %(count)d characters. Shorten the message.") % {"count": rules.LONGEST_MESSAGE}
        raise InvalidError({"message": said})
    # The practice's requests take turns, so that the limits are exact.
    practice = Practice.objects.select_for_update().get(id=practice_id_of(actor))
    asker = Colleague.objects.select_related("user").get(practice=practice, id=colleague_id_of(actor))
    if not may_ask(asker):
        raise NotInChargeError(_("Only colleagues who may add clients ask for a file."))
    _require_room(practice, asker=asker)
    _require_pause(practice, email=normal)
    made = TransferRequest.objects.create(
        practice=practice,
        asked_by=asker,
        email=normal,
        message=text,
        expires_at=timezone.now() + rules.REQUEST_HOLDS,
    )
    record("asked", made, actor=actor)
    jobs.enqueue(TELL_CLIENT, subject_id=made.id, practice_id=practice.id)
    return made


def _require_room(practice: Practice, *, asker: Colleague) -> None:
    recent = TransferRequest.objects.filter(practice=practice, asked_at__gt=timezone.now() - rules.REQUEST_WINDOW)
    by_person = recent.filter(asked_by=asker).count()
    if rules.is_request_limited(by_person=by_person, by_practice=recent.count()):
        raise TooManyTriesError(_("Too many files were asked for within a day. Go on tomorrow."))


def _require_pause(practice: Practice, *, email: str) -> None:
    recent = TransferRequest.objects.filter(
        practice=practice, email=email, asked_at__gt=timezone.now() - rules.REQUEST_HOLDS
    )
    states = [standing(request) for request in recent.select_related("asked_by__user")]
    if TransferState.ASKED in states:
        raise AskedAlreadyError(_("Your practice asked this address already. Wait for the answer, or withdraw it."))
    if TransferState.REFUSED in states or len(states) >= rules.REQUESTS_TO_ADDRESS:
        raise AskedAlreadyError(_("Your practice asked this address within two weeks. Speak with your client first."))


@transaction.atomic
def withdraw(request_id: UUID, *, actor: Actor) -> None:
    """Take a request back, as who asked or an administrator. Raises NotThereError and RequestEndedError."""
    found = visible_to(actor).select_for_update(of=("self",)).select_related("asked_by__user").filter(id=request_id)
    request = found.first()
    if request is None:
        raise NotThereError
    if request.state != TransferState.ASKED:
        raise RequestEndedError(ended_sentence(TransferState(request.state)))
    end(request, state=TransferState.WITHDRAWN)
    record("withdrawn", request, actor=actor)


def visible_to(actor: Actor) -> QuerySet[TransferRequest]:
    """Give the query of the requests that a colleague sees: all to administrators, the own to others."""
    rows = TransferRequest.objects.filter(practice_id=practice_id_of(actor))
    return rows if actor.is_administrator else rows.filter(asked_by_id=colleague_id_of(actor))


def requests_of(actor: Actor, *, before: UUID | None = None, limit: int = 20) -> list[TransferRequest]:
    """Give a page of the requests that a colleague sees, newest first. One query."""
    rows = visible_to(actor).select_related("asked_by__user").order_by("-id")
    return list((rows.filter(id__lt=before) if before else rows)[:limit])


def end(request: TransferRequest, *, state: TransferState) -> None:
    """Store how a request ended; the caller holds its lock."""
    request.state, request.ended_at = state, timezone.now()
    request.save(update_fields=["state", "ended_at", "granted_id", "granted_name"])


def record(what: str, request: TransferRequest, *, actor: Actor, file: str = "") -> None:
    """Write what became of a request into the asking practice's trail, without the address."""
    subject = audit.Subject(kind="transfer", id=request.id)
    after = {"file": file} if file else {}
    audit.record(f"transfer.{what}", actor=actor, practice_id=request.practice_id, subject=subject, after=after)


def administered(email: str, *, apart: UUID) -> list[Member]:
    """Give as whom an address runs files, in all practices but one, by the file's name; needs the instance's scope."""
    members = Member.objects.filter(
        user__email=email, user__is_active=True, role=MemberRole.ADMINISTRATOR, status=MemberStatus.ACTIVE
    )
    others = members.exclude(practice_id=apart).select_related("user", "client_file__practice")
    return list(others.order_by("client_file__name_sort", "client_file_id"))


def tell_client(request_id: UUID) -> None:
    """Write to whoever runs files under the address that a practice asked, once; to nobody when there is none."""
    with instance_scope(), transaction.atomic():
        rows = TransferRequest.objects.select_for_update(of=("self",)).filter(id=request_id, looked_at=None)
        request = rows.select_related("practice", "asked_by__user").first()
        if request is None:
            return
        request.looked_at = timezone.now()
        request.save(update_fields=["looked_at"])
        if standing(request) is not TransferState.ASKED:
            return
        if members := administered(request.email, apart=request.practice_id):
            mails.tell_asked(request, members=members)

"""Who follows a file: a client asks a practice in or takes its access away, a practice lets a file go."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from liasse.clients.models import ClientFile
from liasse.clients.rules import CHECK_WINDOW
from liasse.clients.services import subject_of
from liasse.core import audit
from liasse.core.access import Actor
from liasse.core.errors import InvalidError
from liasse.custody import mails, rules
from liasse.custody.decision import decision
from liasse.custody.errors import FileWentError, NobodyLeftError, TooManyTriesError
from liasse.custody.models import AccessGrant
from liasse.custody.moving import lock_file, move
from liasse.custody.people import keepers, require_administrator, require_client
from liasse.identity.models import User
from liasse.identity.sentences import email_sentence
from liasse.lib.people import email_problem, normal_email
from liasse.practices.models import Colleague
from liasse.practices.services import holder
from liasse.practices.types import ColleagueStatus, PracticeKind


def clean_address(email: str) -> str:
    """Give an address in the form that is compared. Raises InvalidError with its sentence."""
    normal = normal_email(email)
    if problem := email_problem(normal):
        raise InvalidError({"email": email_sentence(problem)})
    return normal


@decision
def give_access(client_file: ClientFile, *, email: str, actor: Actor) -> None:
    """Let the practice of the colleague with this address have the file, as an administrator of the client.

    The file moves there with everything of it, and leaves the practice that had it. An unknown
    address, a suspended colleague's and one of the practice that has the file already change nothing,
    and nothing tells them apart: the caller says the same sentence after each. Each try is counted
    (10 an hour a person) and on record, without the address. Raises InvalidError, NotInChargeError,
    TooManyTriesError, FileWentError.
    """
    normal = clean_address(email)
    locked = lock_file(client_file)
    member = require_client(locked, actor=actor)
    if member.user_id is None:
        raise LookupError(member.id)
    colleague = _colleague(normal, client_file=locked)
    _count(locked, user_id=member.user_id, email=normal, is_given=colleague is not None)
    audit.record("file.access-asked", actor=actor, practice_id=locked.practice_id, subject=subject_of(locked))
    if colleague is None:
        return
    moved = move(locked, to=colleague.practice, given_to=colleague, actor=actor)
    mails.tell_old_practice(moved.client_file, practice=moved.source, actor=actor)
    mails.tell_new_colleague(moved.client_file, colleague=colleague, actor=actor)


def _count(client_file: ClientFile, *, user_id: UUID, email: str, is_given: bool) -> None:
    """Write the try down, unless there were too many; a person's tries take turns, so that the limit is exact."""
    User.objects.select_for_update(no_key=True).get(id=user_id)
    recent = AccessGrant.objects.filter(at__gt=timezone.now() - CHECK_WINDOW)
    if rules.is_limited(by_person=recent.filter(user_id=user_id).count(), by_instance=recent.count()):
        raise TooManyTriesError(_("Too many addresses were tried within the hour. Wait a while, then try again."))
    AccessGrant.objects.create(
        practice_id=client_file.practice_id,
        client_file=client_file,
        user_id=user_id,
        email_hash=salted_hmac("liasse.custody.access-grant", email, algorithm="sha256").hexdigest(),
        is_given=is_given,
    )


def _colleague(email: str, *, client_file: ClientFile) -> Colleague | None:
    """Find the active colleague with this address; of several places the first, but none where the file is already."""
    places = Colleague.objects.filter(
        user__email=email,
        user__is_active=True,
        status=ColleagueStatus.ACTIVE,
        practice__kind=PracticeKind.FIRM,
    )
    found = list(places.select_related("practice").order_by("id"))
    if any(colleague.practice_id == client_file.practice_id for colleague in found):
        return None
    return found[0] if found else None


@decision
def take_access_away(client_file: ClientFile, *, actor: Actor) -> ClientFile:
    """End the practice's access to a file, as an administrator of the client. Raises what ``detach`` raises."""
    locked = lock_file(client_file)
    require_client(locked, actor=actor)
    detached = _detach(locked, actor=actor)
    mails.tell_old_practice(detached, practice=locked.practice, actor=actor)
    return detached


@decision
def detach(client_file: ClientFile, *, actor: Actor) -> ClientFile:
    """Let a file go, as an administrator of the practice: it lives on with the client alone.

    Its people keep their login and the portal, its address keeps working, and the client may ask a
    practice in. The practice cannot take it back. Raises NotInChargeError, FileWentError, and
    NobodyLeftError when no administrator of the client can sign in.
    """
    locked = lock_file(client_file)
    require_administrator(locked, actor=actor)
    detached = _detach(locked, actor=actor)
    mails.tell_client(detached, practice=locked.practice, actor=actor)
    return detached


def _detach(locked: ClientFile, *, actor: Actor) -> ClientFile:
    if not locked.practice.is_firm:
        raise FileWentError(_("No practice has access to this file."))
    if not keepers(locked):
        raise NobodyLeftError(nobody_left_sentence())
    return move(locked, to=holder(), given_to=None, actor=actor).client_file


def nobody_left_sentence() -> str:
    """Say why a file cannot be let go yet, and what to do."""
    return _(
        "No administrator of the client can sign in yet, so nobody would have this file."
        " Invite one first, or archive the file."
    )

"""Codes of six digits by email: to sign in, to prove oneself again, to prove a new address.

An address that nobody has costs the same rows and gets a mail too, so that neither the answer nor its time tells who
is known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from liasse.core.errors import InvalidError
from liasse.core.tokens import derive_code, new_nonce
from liasse.identity.errors import TooManyTriesError, WrongCodeError
from liasse.identity.models import EmailedCode, User
from liasse.identity.sentences import email_sentence
from liasse.lib.people import email_problem, normal_email

CODE_HOLDS: Final = timedelta(minutes=10)
CODE_TRIES: Final = 5
"""How many wrong codes end the one that was sent."""

PER_ADDRESS: Final = 3
PER_PLACE: Final = 20
WINDOW: Final = timedelta(minutes=15)
_KEPT: Final = timedelta(days=1)


class Purpose(StrEnum):
    """What a code is for; one for another purpose opens nothing."""

    SIGN_IN = "sign-in"
    PROOF = "proof"
    ADDRESS = "address"

    @property
    def code_purpose(self) -> str:
        """Give the word from which the code is derived, in the mail as here."""
        return f"identity.{self.value}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A code that was asked for; without a user, nobody has the address and the mail says so."""

    code: EmailedCode
    user: User | None


def ask_sign_in(email: str, *, place: str) -> Asked:
    """Make a code for whoever has an address. Raises InvalidError (email) and TooManyTriesError."""
    normal = normal_email(email)
    if problem := email_problem(normal):
        raise InvalidError({"email": email_sentence(problem)})
    user = User.objects.filter(email=normal, is_active=True).first()
    return Asked(code=_make(Purpose.SIGN_IN, email=normal, user=user, place=place), user=user)


def ask_proof(user: User, *, place: str) -> Asked:
    """Make a code with which a signed-in person proves themselves again. Raises TooManyTriesError."""
    return Asked(code=_make(Purpose.PROOF, email=user.email, user=user, place=place), user=user)


def ask_address(user: User, *, email: str, place: str) -> Asked:
    """Make a code that proves a new address. Raises InvalidError (email) and TooManyTriesError.

    For an address that somebody else has, the code holds for nobody: its mail does not show it.
    """
    normal = normal_email(email)
    if problem := email_problem(normal):
        raise InvalidError({"email": email_sentence(problem)})
    if normal == user.email:
        raise InvalidError({"email": _("This is your address already.")})
    is_taken = User.objects.filter(email=normal).exists()
    holder = None if is_taken else user
    return Asked(code=_make(Purpose.ADDRESS, email=normal, user=holder, place=place), user=holder)


def take(code_id: UUID | str | None, *, purpose: Purpose, typed: str, user: User | None = None) -> EmailedCode:
    """Use a code up. Raises WrongCodeError, alike for wrong, old, used and unknown ones, and TooManyTriesError.

    ``code_id`` is what the session that asked keeps: a code is of no use anywhere else, nor to another
    person than ``user`` where somebody is signed in.
    """
    if code_id is None:
        raise WrongCodeError(_wrong())
    rows = EmailedCode.objects.filter(id=code_id, purpose=purpose, used_at=None)
    # The try is counted before it is made, so that many at once do not run past the limit.
    if not rows.update(count_tries=F("count_tries") + 1):
        raise WrongCodeError(_wrong())
    row = rows.select_related("user").get()
    if row.count_tries > CODE_TRIES:
        raise TooManyTriesError(_("Too many wrong codes. Ask for a new one."))
    code = derive_code(purpose.code_purpose, subject_id=row.id, nonce=row.nonce)
    is_right = constant_time_compare(code, "".join(typed.split()))
    is_theirs = row.user is not None and row.user.is_active and user in {None, row.user}
    is_open = is_theirs and row.created_at > timezone.now() - CODE_HOLDS
    if not is_right or not is_open or not rows.update(used_at=timezone.now()):
        raise WrongCodeError(_wrong())
    if row.user is not None and row.user.email == row.email:
        note_proved(row.user)
    return row


def note_proved(user: User) -> None:
    """Keep that a mail to a person's address reached the person."""
    user.email_proved_at = timezone.now()
    User.objects.filter(id=user.id).update(email_proved_at=user.email_proved_at)


def change_address(user: User, *, code_id: UUID | str | None, typed: str) -> str:
    """Give the user the address that a code proved, and give the former one. Raises what ``take`` raises."""
    row = take(code_id, purpose=Purpose.ADDRESS, typed=typed, user=user)
    try:
        with transaction.atomic():
            User.objects.filter(id=user.id).update(email=row.email, email_proved_at=timezone.now())
    except IntegrityError as error:
        # Somebody took the address since.
        raise WrongCodeError(_wrong()) from error
    former, user.email = user.email, row.email
    return former


def _make(purpose: Purpose, *, email: str, user: User | None, place: str) -> EmailedCode:
    now = timezone.now()
    EmailedCode.objects.filter(created_at__lt=now - _KEPT).delete()
    marks = {
        "email_hash": salted_hmac("liasse.identity.code-address", email, algorithm="sha256").hexdigest(),
        "place_hash": salted_hmac("liasse.identity.code-place", place, algorithm="sha256").hexdigest(),
    }
    recent = EmailedCode.objects.filter(created_at__gte=now - WINDOW)
    code = EmailedCode.objects.create(purpose=purpose, email=email, user=user, nonce=new_nonce(), **marks)
    per_address = recent.filter(email_hash=marks["email_hash"]).count()
    per_place = recent.filter(place_hash=marks["place_hash"]).count()
    if per_address > PER_ADDRESS or per_place > PER_PLACE:
        code.delete()
        raise TooManyTriesError(_("Several codes were sent already. Use the newest, or wait fifteen minutes."))
    return code


def _wrong() -> str:
    return _("This code is wrong or too old. Check the newest mail, or ask for another code.")

"""The second factor: an authenticator app (TOTP), recovery codes, and what a person has of them."""

from __future__ import annotations

import base64
import secrets
import time
from typing import Final

import pyotp
import segno
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from liasse.core.errors import ConflictError
from liasse.identity.errors import WrongCodeError
from liasse.identity.models import AuthenticatorApp, Passkey, RecoveryCode, User
from liasse.identity.sealing import seal, unseal
from liasse.identity.tries import counted

RECOVERY_CODES: Final = 10
STEP_SECONDS: Final = 30
_DRIFT: Final = (0, -1, 1)
"""Steps of time that a phone's clock may be off (RFC 6238, 5.2)."""

_GROUP: Final = 4
_RECOVERY_BYTES: Final = 15


def new_seed() -> str:
    """Give a fresh secret for an app: 160 bits (RFC 4226, 4), as base32."""
    return pyotp.random_base32(length=32)


def seed_address(seed: str, *, user: User) -> str:
    """Give the otpauth address that an app reads, with the person's address as its label."""
    return pyotp.TOTP(seed).provisioning_uri(name=user.email, issuer_name="Liasse")


def seed_picture(address: str) -> str:
    """Give an otpauth address as a QR code: a data address of an SVG, dark on white in every theme."""
    return segno.make(address, error="m").svg_data_uri(scale=5, border=3, light="#fff", dark="#000")


def add_app(user: User, *, seed: str, code: str) -> None:
    """Bind an app whose first code proves that it holds the seed; it takes the place of a former app.

    Raises WrongCodeError and TooManyTriesError.
    """
    found: list[int] = []
    if not counted(lambda: _step(seed, code=code, found=found), of=str(user.id), what="app"):
        raise WrongCodeError(_wrong())
    with transaction.atomic():
        AuthenticatorApp.objects.filter(user=user).delete()
        AuthenticatorApp.objects.create(user=user, sealed_seed=seal(seed), last_step=found[0])
        note_factor(user)


@transaction.atomic
def remove_app(user: User) -> None:
    """Forget the app. Without another factor the recovery codes go too."""
    AuthenticatorApp.objects.filter(user=user).delete()
    note_factor(user)


@transaction.atomic
def new_recovery_codes(user: User) -> list[str]:
    """Make ten codes, each good for once, and give them the only time; former ones end.

    Raises ConflictError for somebody without a factor, to whom they would be of no use.
    """
    if not user.has_factor:
        raise ConflictError(_("Add an authenticator app or a passkey first."))
    codes = [_recovery_code() for _number in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, code_hash=_recovery_hash(user, code)) for code in codes)
    return codes


def open_recovery_codes(user: User, codes: list[str]) -> list[str]:
    """Give those of these codes that are the user's and unused, so that nothing else is written into their file."""
    hashes = set(RecoveryCode.objects.filter(user=user, used_at=None).values_list("code_hash", flat=True))
    return [code for code in codes if _recovery_hash(user, code) in hashes]


def count_recovery_codes(user: User) -> int:
    """Count the recovery codes that were not used yet."""
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def require_factor(user: User, *, code: str) -> None:
    """Take a code of the app, or a recovery code; each once. Raises WrongCodeError and TooManyTriesError."""
    if not counted(lambda: _takes(user, code=code), of=str(user.id), what="factor"):
        raise WrongCodeError(_wrong())


def has_app(user: User) -> bool:
    """Tell whether an app shows codes for this person."""
    return AuthenticatorApp.objects.filter(user=user).exists()


@transaction.atomic
def reset_factor(user: User) -> None:
    """Take every second factor away, for somebody who lost theirs."""
    AuthenticatorApp.objects.filter(user=user).delete()
    Passkey.objects.filter(user=user).delete()
    note_factor(user)


def note_factor(user: User) -> None:
    """Keep the fact whether there is a factor; recovery codes alone are none, and go with the last one."""
    user.has_factor = has_app(user) or Passkey.objects.filter(user=user).exists()
    User.objects.filter(id=user.id).update(has_factor=user.has_factor)
    if not user.has_factor:
        RecoveryCode.objects.filter(user=user).delete()


def _takes(user: User, *, code: str) -> bool:
    typed = "".join(code.split()).replace("-", "").lower()
    if typed.isascii() and typed.isdecimal():
        return _takes_app_code(user, code=typed)
    used = RecoveryCode.objects.filter(user=user, code_hash=_recovery_hash(user, typed), used_at=None)
    return used.update(used_at=timezone.now()) == 1


def _takes_app_code(user: User, *, code: str) -> bool:
    app = AuthenticatorApp.objects.filter(user=user).first()
    found: list[int] = []
    if app is None or not _step(unseal(app.sealed_seed), code=code, found=found):
        return False
    # Whoever saw the code over a shoulder, or took it on its way, comes too late with it.
    return AuthenticatorApp.objects.filter(id=app.id, last_step__lt=found[0]).update(last_step=found[0]) == 1


def _step(seed: str, *, code: str, found: list[int]) -> bool:
    """Tell whether a code is of now, or of the step before or after; ``found`` gets the step."""
    typed, now = "".join(code.split()), int(time.time()) // STEP_SECONDS
    if not seed:
        return False
    totp = pyotp.TOTP(seed)
    steps = [now + drift for drift in _DRIFT]
    found.extend(step for step in steps if constant_time_compare(totp.generate_otp(step), typed))
    return bool(found)


def _recovery_code() -> str:
    """Give 120 random bits, too many to try, in groups that can be read aloud; base32 has neither 0 nor 1."""
    letters = base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode().lower()
    return "-".join(letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP))


def _recovery_hash(user: User, code: str) -> str:
    plain = code.replace("-", "").lower()
    return salted_hmac(f"liasse.identity.recovery.{user.id}", plain, algorithm="sha256").hexdigest()


def _wrong() -> str:
    return _("This code is wrong or was used already. Wait for the next one and type it.")

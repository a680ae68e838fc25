"""Secrets that must be read again, kept encrypted under the instance's key: a copy of the database opens none."""

from __future__ import annotations

import base64
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_PURPOSE: Final = b"liasse.identity.seed"


def seal(secret: str) -> str:
    """Encrypt a secret for the database."""
    return _box().encrypt(secret.encode()).decode()


def unseal(sealed: str, *, within: int | None = None) -> str:
    """Give a sealed secret; blank when it was sealed under another key, or longer ago than ``within`` seconds."""
    try:
        return _box().decrypt(sealed.encode(), ttl=within).decode()
    except InvalidToken:
        return ""


def _box() -> Fernet:
    # A key for this alone, so that nothing else that the instance's key signs says anything about it.
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(key))

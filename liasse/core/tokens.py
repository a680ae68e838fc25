"""Secret links. A token is derived from the instance's key, so the database never holds it.

The row keeps only the SHA-256 of the token and a nonce; whoever has the database but not the
key can make no link, and a message that waits in the outbox can still show its link.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from uuid import UUID

from django.conf import settings


def new_nonce() -> str:
    """Give 128 random bits; a new nonce makes a new token and ends the former one."""
    return secrets.token_hex(16)


def derive_token(purpose: str, *, subject_id: UUID, nonce: str) -> str:
    """Give the 256-bit token of a subject, for one purpose, as 43 URL-safe characters."""
    words = f"{purpose}|{subject_id}|{nonce}".encode()
    digest = hmac.digest(settings.SECRET_KEY.encode(), words, hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def derive_code(purpose: str, *, subject_id: UUID, nonce: str) -> str:
    """Give the code of six digits of a subject, for one purpose; what it protects allows few tries and little time."""
    words = f"code|{purpose}|{subject_id}|{nonce}".encode()
    digest = hmac.digest(settings.SECRET_KEY.encode(), words, hashlib.sha256)
    return f"{int.from_bytes(digest) % 1_000_000:06d}"


def token_hash(token: str) -> str:
    """Give the hex SHA-256 under which a token is looked up."""
    return hashlib.sha256(token.encode()).hexdigest()

"""Reads of users."""

from __future__ import annotations

from liasse.identity.models import User
from liasse.lib.people import normal_email


def user_of_email(email: str) -> User | None:
    """Give the user of an address, however it is typed, or None."""
    return User.objects.filter(email=normal_email(email)).first()

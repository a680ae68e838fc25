"""What may be refused when somebody signs in."""

from __future__ import annotations

from liasse.core.errors import LiasseError


class SignInError(LiasseError):
    """The address or the password is wrong; which of the two is not said."""


class TooManyTriesError(SignInError):
    """Too many wrong passwords for one address within a few minutes."""


class WrongCodeError(LiasseError):
    """The code is wrong, was used, or is too old; which of them is not said."""


class WrongPasskeyError(LiasseError):
    """What the passkey answered does not hold here."""

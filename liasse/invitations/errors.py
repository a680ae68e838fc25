"""What may be refused when somebody is invited or accepts; each carries its sentence."""

from __future__ import annotations

from liasse.core.errors import ConflictError, ForbiddenError


class InvitationClosedError(ConflictError):
    """The link holds no more: used, revoked, expired, or its ground is gone."""


class AccountExistsError(ConflictError):
    """The invited address has an account already: its owner signs in to accept."""


class OtherAddressError(ForbiddenError):
    """The person who is signed in is not the one whom the invitation is for."""


class CannotInviteError(ConflictError):
    """The person, or the file, is in no state for an invitation."""


class NotProvedError(ForbiddenError):
    """The address was not proved by the code that was mailed to it."""


class WrongCodeError(ConflictError):
    """The code is wrong, used or too old, or was asked for in another browser."""


class TooManyCodesError(ConflictError):
    """Codes were asked for too often, or typed wrongly too often."""

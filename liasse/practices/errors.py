"""What may be refused in a practice; each carries its sentence."""

from __future__ import annotations

from liasse.core.errors import ConflictError, ForbiddenError


class AlreadySetUpError(ConflictError):
    """The instance has its practice; it is set up once."""


class LastAdministratorError(ConflictError):
    """Without this administrator nobody could run the practice."""


class NotAdministratorError(ForbiddenError):
    """Only administrators run the practice."""

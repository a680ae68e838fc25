"""What may be refused in the life of a whole file; each carries its sentence."""

from __future__ import annotations

from liasse.core.errors import ConflictError, ForbiddenError


class NotInChargeError(ForbiddenError):
    """Only an administrator, of the practice or of the file, decides this."""


class FileWentError(ConflictError):
    """The file moved to another practice, or was deleted, since the person looked."""


class TooManyTriesError(ConflictError):
    """Too many addresses were typed within the hour."""


class NobodyLeftError(ConflictError):
    """Without the practice nobody could reach the file."""


class MustBeKeptError(ConflictError):
    """The law, or people who use the file, keep it from being deleted."""


class RequestEndedError(ConflictError):
    """A practice's request for a file was answered, withdrawn, or ran out meanwhile."""


class AskedAlreadyError(ConflictError):
    """The practice asked this address a short while ago."""

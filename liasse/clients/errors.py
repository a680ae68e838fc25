"""What may be refused when client files are opened and changed; each carries its sentence."""

from __future__ import annotations

from liasse.core.errors import ConflictError, ForbiddenError, InvalidError


class MayNotAddClientsError(ForbiddenError):
    """The person may not open client files, or not any more."""


class ColleagueGoneError(InvalidError):
    """A chosen colleague left the practice or was suspended meanwhile; nothing was created."""


class FieldChangedError(ConflictError):
    """The field was changed by somebody else since the page was opened."""


class LockedFieldError(ForbiddenError):
    """The field may not be changed any more."""


class FileArchivedError(ConflictError):
    """The file is archived, so this is not done in it."""

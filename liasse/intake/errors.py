"""Why something that is handed in is not taken, each with a sentence that says what to do."""

from __future__ import annotations

from liasse.core.errors import ConflictError, LiasseError, TransientError


class UploadRefusedError(LiasseError):
    """A file is not taken. ``code`` is empty, too-large, quota or not-a-zip; nothing of it is kept."""


class UploadPutOffError(TransientError):
    """A file is not taken now, but may be later. ``code`` is disk-full or too-many."""


class UploadBusyError(TransientError):
    """Somebody else writes to this very upload at this moment."""


class OffsetError(ConflictError):
    """The bytes would not follow those that are there; ``offset`` is where they must begin."""

    def __init__(self, offset: int) -> None:
        """Keep where the upload stands."""
        super().__init__()
        self.offset = offset


class ChecksumError(LiasseError):
    """The bytes are not those that their checksum names; they were thrown away and can be sent again."""

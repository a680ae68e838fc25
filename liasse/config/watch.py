"""The variables of watched folders. No Django here."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final
from uuid import UUID

from liasse.config import env

_NAME: Final = "LIASSE_WATCH"


def _place(words: str) -> tuple[Path, str]:
    folder, _colon, file_id = words.strip().rpartition(":")
    expected = "folders with the ids of client files, such as /srv/scans/dupont:0190…, separated by commas"
    try:
        found = str(UUID(file_id))
    except ValueError as error:
        raise env.SettingError(_NAME, expected, value=words) from error
    if not folder:
        raise env.SettingError(_NAME, expected, value=words)
    return Path(folder).expanduser().absolute(), found


_text = env.text(
    _NAME,
    default="",
    help="Watched folders for scanners: folder:id of the client file, separated by commas.",
)
PLACES = [_place(words) for words in _text.split(",") if words.strip()]
QUIET = env.integer(
    "LIASSE_WATCH_QUIET",
    default=5,
    minimum=1,
    maximum=3600,
    help="Seconds for which a file in a watched folder must not change before it is taken in.",
)


def missing() -> list[str]:
    """Give the folders that are not there or cannot be written to."""
    return [str(folder) for folder, _file in PLACES if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK))]

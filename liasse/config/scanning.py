"""The variable of the virus scanner. No Django here."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from liasse.config import env

_CLAMD: Final = "LIASSE_CLAMD"
_HIGHEST_PORT: Final = 65_535

_word = env.text(
    _CLAMD,
    default="",
    help="Where clamd (ClamAV) listens, as host:port or the path of its socket; without it nothing is scanned.",
)


def _address(word: str) -> Path | tuple[str, int] | None:
    if not word or word.startswith("/"):
        return Path(word) if word else None
    host, _colon, port = word.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port[:6]) <= _HIGHEST_PORT:
        expected = "the address of clamd, such as 127.0.0.1:3310, or the path of its socket"
        raise env.SettingError(_CLAMD, expected, value=word)
    return host.strip("[]"), int(port)


def scanner_options() -> dict[str, Any]:
    """Give what the adapter is made with."""
    return {"address": _ADDRESS}


_ADDRESS: Final = _address(_word)

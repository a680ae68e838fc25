"""The instance's secret, made once and kept in the data folder, readable by its owner only."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from liasse.config.env import SettingError

_SHORTEST = 50


def secret_key(given: str, *, data: Path) -> str:
    """Give the secret of the environment, or the kept one, made at the first start."""
    if given:
        if len(given) < _SHORTEST:
            raise SettingError("LIASSE_SECRET_KEY", f"{_SHORTEST} characters or more", value="…")
        return given
    kept = data / "secret.key"
    try:
        return kept.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return _made(kept)


def _made(kept: Path) -> str:
    """Make the secret so that two processes that start at once agree on one."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    fresh = kept.with_name(f"secret.{os.getpid()}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        kept.hardlink_to(fresh)
    fresh.unlink()
    return kept.read_text(encoding="ascii").strip()

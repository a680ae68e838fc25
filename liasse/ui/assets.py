"""Addresses of static files that change when their bytes do, so that browsers may keep them for ever."""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static

_DIGEST_CHARACTERS = 12


class AssetError(LookupError):
    """A template names a static file that no app has."""


def asset_url(name: str) -> str:
    """The file's address with a query made from its content.

    In development the file is read again whenever its date or size changes; in production once a process.
    """
    path = _path(name)
    if settings.DEBUG:
        stat = path.stat()
        return f"{static(name)}?v={_digest(path, stamp=(stat.st_mtime_ns, stat.st_size))}"
    return f"{static(name)}?v={_digest(path)}"


@lru_cache(maxsize=256)
def _path(name: str) -> Path:
    # Collected files first: in production the finders' folders may not be served at all.
    if settings.STATIC_ROOT and (collected := Path(settings.STATIC_ROOT) / name).is_file():
        return collected
    found = finders.find(name)
    if not isinstance(found, str):
        raise AssetError(f"No static file is named {name}.")
    return Path(found)


@lru_cache(maxsize=512)
def _digest(path: Path, *, stamp: tuple[int, int] | None = None) -> str:
    del stamp  # It is only part of the cache's key.
    return hashlib.sha256(path.read_bytes()).hexdigest()[:_DIGEST_CHARACTERS]

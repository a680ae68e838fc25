"""Typed readers of the environment, the only source of settings.

Every reader registers its variable, so that `liasse settings` and docs/admin/settings.md list all of them,
and every wrong value is refused with a sentence that names the variable. An empty value counts as unset.
This module imports no Django: the supervisor and `liasse read` use it and stay light.
"""

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

_SIZE_UNITS = {
    "": 1,
    "B": 1,
    "KB": 1000,
    "MB": 1000**2,
    "GB": 1000**3,
    "KIB": 1024,
    "MIB": 1024**2,
    "GIB": 1024**3,
}
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})
_HIGHEST_PORT = 65535
# Variables that belong to Liasse although their name does not start with LIASSE_.
_PREFIX = "LIASSE_"


class SettingError(ValueError):
    """A variable of the environment has a value that cannot be used; the text names it and what is expected."""

    def __init__(self, name: str, expected: str, *, value: str | None = None) -> None:
        self.name = name
        got = "it is not set" if value is None else f"not “{_shortened(value)}”"
        super().__init__(f"{name} must be {expected}, {got}.")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens, or is to be found."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable as people see it; `value` of a secret is only "(set)" or ""."""

    name: str
    kind: str
    help: str
    default: str
    value: str
    secret: bool
    is_set: bool


_settings: dict[str, Setting] = {}


def text(name: str, *, default: str, help: str, secret: bool = False) -> str:
    """Read any text; surrounding blanks are cut off."""
    return _read(name, "text", lambda raw: raw, default=default, help=help, secret=secret)


def integer(name: str, *, default: int, help: str, minimum: int | None = None, maximum: int | None = None) -> int:
    """Read a whole number, within the limits where they are given."""
    expected = "a whole number"
    if minimum is not None:
        expected += f" from {minimum}"
    if maximum is not None:
        expected += f" up to {maximum}"

    def parse(raw: str) -> int:
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", raw):
            raise SettingError(name, expected, value=raw)
        number = int(raw)
        if (minimum is not None and number < minimum) or (maximum is not None and number > maximum):
            raise SettingError(name, expected, value=raw)
        return number

    return _read(name, "whole number", parse, default=str(default), help=help)


def size(name: str, *, default: str, help: str) -> int:
    """Read a number of bytes written as `35MiB`, `2 GB` or `1024`."""

    def parse(raw: str) -> int:
        match = re.fullmatch(r"([0-9]{1,15})\s*([A-Za-z]{0,3})", raw)
        unit = _SIZE_UNITS.get(match[2].upper()) if match else None
        if match is None or unit is None:
            raise SettingError(name, "a size such as 35MiB, 2GB or a number of bytes", value=raw)
        return int(match[1]) * unit

    return _read(name, "size", parse, default=default, help=help)


def flag(name: str, *, default: bool, help: str) -> bool:
    """Read yes or no, also written on/off, true/false, 1/0."""

    def parse(raw: str) -> bool:
        if raw.lower() in _TRUE:
            return True
        if raw.lower() in _FALSE:
            return False
        raise SettingError(name, "yes or no (or on/off, true/false, 1/0)", value=raw)

    return _read(name, "yes or no", parse, default="yes" if default else "no", help=help)


def address(name: str, *, default: str, help: str) -> Address:
    """Read `host:port`, `[ipv6]:port`, or `:port` for every interface."""
    return _read(name, "host:port", lambda raw: _parse_address(name, raw), default=default, help=help)


def optional_address(name: str, *, help: str) -> Address | None:
    """Read `host:port`, or None when the variable is unset."""
    return _read(name, "host:port", lambda raw: _parse_address(name, raw) if raw else None, default="", help=help)


def url(name: str, *, default: str, help: str, schemes: Sequence[str] = ("http", "https"), secret: bool = False) -> str:
    """Read an address such as `https://example.fr`; "" where the default is "" and nothing is set."""

    def parse(raw: str) -> str:
        if not raw:
            return raw
        expected = "a URL such as " + " or ".join(f"{scheme}://…" for scheme in schemes)
        try:
            parts = urlsplit(raw)
            parts.port  # noqa: B018  Reading it is what checks the port.
        except ValueError as error:
            raise SettingError(name, expected, value="" if secret else raw) from error
        if parts.scheme not in schemes or not (parts.netloc or parts.path):
            raise SettingError(name, expected, value="…" if secret else raw)
        return raw

    return _read(name, "URL", parse, default=default, help=help, secret=secret)


def path(name: str, *, default: str, help: str) -> Path:
    """Read a file or folder; a relative one is taken from the current folder, `~` is the home folder."""
    return _read(name, "path", lambda raw: _parse_path(name, raw), default=default, help=help)


def optional_path(name: str, *, help: str) -> Path | None:
    """Read a file or folder, or None when the variable is unset."""
    return _read(name, "path", lambda raw: _parse_path(name, raw) if raw else None, default="", help=help)


def choice(name: str, *, choices: Sequence[str], default: str, help: str) -> str:
    """Read one word of a fixed list, in any case."""

    def parse(raw: str) -> str:
        if raw.lower() not in choices:
            raise SettingError(name, "one of " + ", ".join(choices), value=raw)
        return raw.lower()

    return _read(name, "one of " + ", ".join(choices), parse, default=default, help=help)


def words(name: str, *, default: str, help: str, secret: bool = False) -> list[str]:
    """Read a list separated by commas or blanks."""
    return _read(
        name, "list", lambda raw: re.split(r"[,\s]+", raw) if raw else [], default=default, help=help, secret=secret
    )


def registry() -> list[Setting]:
    """Return every variable read so far, by name."""
    return [_settings[name] for name in sorted(_settings)]


def unknown() -> list[str]:
    """Return the LIASSE_ variables that are set and that nothing reads: mostly a slip of the keyboard."""
    return sorted(name for name in os.environ if name.startswith(_PREFIX) and name not in _settings)


def _read[Value](
    name: str, kind: str, parse: Callable[[str], Value], *, default: str, help: str, secret: bool = False
) -> Value:
    raw = os.environ.get(name, "").strip()
    shown = raw or default
    if secret:
        shown = "(set)" if raw else ""
    _settings[name] = Setting(
        name=name, kind=kind, help=help, default=default, value=shown, secret=secret, is_set=bool(raw)
    )
    return parse(raw or default)


def _parse_address(name: str, raw: str) -> Address:
    match = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^:\s/\[\]]*):([0-9]{1,5})", raw)
    if match is None or not 0 < int(match[2]) <= _HIGHEST_PORT:
        raise SettingError(name, "an address and port such as 127.0.0.1:8000", value=raw)
    return Address(host=match[1].strip("[]") or "0.0.0.0", port=int(match[2]))  # noqa: S104  Asked for by “:port”.


def _parse_path(name: str, raw: str) -> Path:
    if "\0" in raw:
        raise SettingError(name, "a path", value=raw)
    try:
        return Path(raw).expanduser().absolute()
    except RuntimeError as error:
        raise SettingError(name, "a path", value=raw) from error


def _shortened(value: str, *, limit: int = 80) -> str:
    return value if len(value) <= limit else value[: limit - 1] + "…"

"""Words of the reader of mailboxes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qs, unquote, urlsplit


class Fate(StrEnum):
    """What became of a mail in a mailbox."""

    TAKEN = "taken"
    UNKNOWN = "unknown"
    TOO_LARGE = "too-large"


@dataclass(frozen=True, slots=True)
class Account:
    """A mailbox to read. ``to`` binds it to one address; without, each mail's head tells for whom it is."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    folder: str
    to: str = ""
    done: str = ""
    unknown: str = ""

    @property
    def name(self) -> str:
        """Name it without its password."""
        return f"{self.user}@{self.host}:{self.port}/{self.folder}"


_PORTS = {"imaps": 993, "imap": 143, "imap+starttls": 143}


def account_of(url: str) -> Account:
    """Read ``imaps://user:password@host/Folder?to=address&done=Folder&unknown=Folder``; raises ValueError."""
    parts = urlsplit(url)
    options = parse_qs(parts.query, strict_parsing=bool(parts.query))
    if parts.scheme not in _PORTS or not (parts.hostname and parts.username and parts.password):
        raise ValueError("such as imaps://user:password@host/INBOX")
    if strange := set(options) - {"to", "done", "unknown"}:
        raise ValueError(f"its options are to, done and unknown, not {min(strange)}")
    return Account(
        scheme=parts.scheme,
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        user=unquote(parts.username),
        password=unquote(parts.password),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        **{name: values[-1] for name, values in options.items()},
    )

"""The variables of an engine outside of Liasse that reads what the ordinary reading is not sure of. No Django here."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from liasse.config import env
from liasse.lib.http_call import may_be_near

_URL: Final = env.url(
    "LIASSE_ENGINE_URL",
    default="",
    help="An OpenAI-compatible endpoint (https://host/v1) that files may ask where reading is not sure; without, none.",
)
_MODEL: Final = env.text("LIASSE_ENGINE_MODEL", default="", help="The name of the model that is asked there.")
_KEY: Final = env.text(
    "LIASSE_ENGINE_KEY", default="", secret=True, help="The bearer key of that endpoint; without it, none is shown."
)
_SENDS: Final = env.choice(
    "LIASSE_ENGINE_SENDS",
    default="auto",
    choices=("auto", "pictures", "words"),
    help="What leaves of a page: its picture, its words, or (auto) its words where it has text and else its picture.",
)
_SECONDS: Final = env.integer(
    "LIASSE_ENGINE_SECONDS", default=60, minimum=5, maximum=120, help="After how many seconds no answer is waited for."
)


def engine_options() -> dict[str, Any]:
    """Give what the adapter is made with; raise SettingError for an address that documents may not be sent to."""
    if _URL and not _MODEL:
        raise env.SettingError("LIASSE_ENGINE_MODEL", "set because LIASSE_ENGINE_URL is")
    return {"url": _checked(_URL), "model": _MODEL, "key": _KEY, "sends": _SENDS, "seconds": _SECONDS}


def _checked(url: str) -> str:
    """Refuse what would show documents or the key to others: no TLS to a public host, a password in the address."""
    if not url:
        return ""
    parts = urlsplit(url)
    if parts.username or parts.password or parts.query or parts.fragment or not parts.hostname:
        raise env.SettingError("LIASSE_ENGINE_URL", "an address without a password, ? or #", value="…")
    if parts.scheme != "https" and not may_be_near(parts.hostname):
        raise env.SettingError("LIASSE_ENGINE_URL", "an https:// address, unless it is in your own network", value=url)
    return url.rstrip("/")

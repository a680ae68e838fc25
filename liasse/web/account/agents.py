"""What a browser says of itself, in words that its person knows again."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

# Browsers claim to be each other: the first of these marks that is found is what the browser is.
_BROWSERS: Final = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def described(agent: str) -> str:
    """Give a browser and its system, as far as they are known."""
    browser = _found(_BROWSERS, agent) or _("Unknown browser")
    system = _found(_SYSTEMS, agent)
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system} if system else browser


def _found(marks: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for mark, name in marks if mark in agent), "")

"""The theme that a person chose: a cookie, so that it holds before and after signing in."""

from django.conf import settings
from django.http import HttpRequest

THEMES = ("light", "dark")


def chosen_theme(request: HttpRequest | None) -> str:
    """`light` or `dark` when the person chose one, nothing when the system decides."""
    if request is None:
        return ""
    chosen = request.COOKIES.get(getattr(settings, "THEME_COOKIE_NAME", "theme"), "")
    return chosen if chosen in THEMES else ""

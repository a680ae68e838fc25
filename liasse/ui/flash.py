"""Where Django keeps the sentences that the next page shows: in a cookie, named as our other cookies are."""

from __future__ import annotations

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class NamedCookieStorage(CookieStorage):
    """Django's signed cookie under our name."""

    cookie_name = settings.LIASSE_MESSAGES_COOKIE_NAME


class Sentences(FallbackStorage):
    """The cookie, and the session for what is too long for it."""

    storage_classes = (NamedCookieStorage, SessionStorage)

"""How often a secret may be guessed: counted in rows before each try, so that none runs past."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from liasse.identity.errors import TooManyTriesError
from liasse.identity.models import SignInFailure

_log = logging.getLogger("liasse.identity")

TRIES: Final = 5
"""How many wrong secrets may be told within the window; the next try is refused unread."""

TRIES_WINDOW: Final = timedelta(minutes=5)


def counted(check: Callable[[], bool], *, of: str, what: str = "sign-in", sentence: str = "") -> bool:
    """Make a check that may fail a few times for one subject. Raises TooManyTriesError, whose sentence may be given."""
    mark = salted_hmac(f"liasse.identity.{what}", of, algorithm="sha256").hexdigest()
    since = timezone.now() - TRIES_WINDOW
    SignInFailure.objects.filter(at__lt=since).delete()
    attempt = SignInFailure.objects.create(email_hash=mark)
    if SignInFailure.objects.filter(email_hash=mark, at__gte=since).count() > TRIES:
        # A refused try does not make the wait longer, or anybody could shut anybody out for ever.
        attempt.delete()
        _log.warning("refused unread: %s of %s", what, mark[:12])
        raise TooManyTriesError(sentence or _("Too many wrong codes. Wait five minutes and try again."))
    if not check():
        # The hash tells one subject's tries together without naming anybody in the log.
        _log.warning("wrong: %s of %s", what, mark[:12])
        return False
    SignInFailure.objects.filter(email_hash=mark).delete()
    return True

"""The one place where a session opens, the step before it for whoever has a second factor, and proofs afterwards."""

from __future__ import annotations

import logging
import time
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from liasse.identity import sessions
from liasse.identity.models import OpenSession, User
from liasse.identity.passkeys import Begun, Site, State
from liasse.practices.logins import factor_due_of
from liasse.web.account.places import remember

BY_PASSWORD: Final = "password"  # noqa: S105 - the word for a way in, not a secret
BY_CODE: Final = "code"
BY_PASSKEY: Final = "passkey"

_BACKEND: Final = "django.contrib.auth.backends.ModelBackend"
_HALF: Final = "half-signed-in"
_HOLDS: Final = 10 * 60
_PASSKEY: Final = "passkey-asked"
_PROVED_BY: Final = "proved-by"
_REMINDS_DAYS: Final = 7

_log = logging.getLogger("liasse.identity")


def enter(request: HttpRequest, user: User, *, to: str, by: str = BY_PASSWORD) -> HttpResponse:
    """Open a session for a user whose password or code was checked, or ask for the second factor first."""
    if not user.has_factor:
        return open_session(request, user, to=to, by=by)
    request.session.cycle_key()
    request.session[_HALF] = {"user": str(user.id), "at": int(time.time()), "next": to, "by": by}
    return redirect("sign-in-factor")


def open_session(request: HttpRequest, user: User, *, to: str, by: str) -> HttpResponse:
    """Open a session for a user who proved all that is asked; whatever the browser's session held is gone."""
    OpenSession.objects.filter(session_key=request.session.session_key).delete()
    request.session.flush()
    login(request, user, backend=_BACKEND)
    request.session[_PROVED_BY] = by
    _log.info("signed in: user %s by %s from %s", user.id, by, sessions.client_address(request))
    _remind(request, user)
    response = redirect(to)
    if user.theme and settings.THEME_COOKIE_NAME not in request.COOKIES:
        remember(response, cookie=settings.THEME_COOKIE_NAME, value=user.theme)
    return response


def _remind(request: HttpRequest, user: User) -> None:
    """Say, in the last days of grace, that the practice asks for a second factor."""
    due = None if user.has_factor else factor_due_of(user)
    if due is not None and 0 <= (due - timezone.now()).days < _REMINDS_DAYS:
        text = _("Your practice asks for a second factor from %(day)s on. Add one in “My account”.")
        messages.info(request, text % {"day": date_format(timezone.localtime(due), "DATE_FORMAT")})


def half_signed_in(request: HttpRequest) -> tuple[User, str, str] | None:
    """Give who waits for the second factor, where they want to go and by what they came; ten minutes at most."""
    kept = request.session.get(_HALF)
    if kept is None or not 0 <= time.time() - kept["at"] <= _HOLDS:
        return None
    user = User.objects.filter(id=UUID(kept["user"]), is_active=True).first()
    return None if user is None else (user, kept["next"], kept["by"])


def note_proof(request: HttpRequest, *, by: str) -> None:
    """Keep that the signed-in person proved who they are just now, and by what."""
    sessions.proved(request.session)
    request.session[_PROVED_BY] = by


def is_password_asked(request: HttpRequest, user: User) -> bool:
    """Tell whether a new password needs the current one: not within ten minutes of a code or a passkey."""
    by = request.session.get(_PROVED_BY, BY_PASSWORD)
    return user.has_usable_password() and not (by != BY_PASSWORD and sessions.is_proved(request.session))


def site_of(request: HttpRequest) -> Site:
    """Give the address at which the browser is; Django has checked that the host is one of ours."""
    return Site(scheme=request.scheme or "", host=request.get_host())


def keep_begun(request: HttpRequest, begun: Begun) -> dict[str, Any]:
    """Keep what a passkey was asked until its answer, and give the options for the browser."""
    request.session[_PASSKEY] = {"state": begun.state, "at": int(time.time())}
    return begun.options


def take_begun(request: HttpRequest) -> State:
    """Give what a passkey was asked, once; empty when nothing was, or too long ago."""
    kept = request.session.pop(_PASSKEY, None)
    if kept is None or not 0 <= time.time() - kept["at"] <= _HOLDS:
        return {}
    state: State = kept["state"]
    return state

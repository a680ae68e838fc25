"""The mails about a person's own sign-in. They belong to no practice, so that no practice can read them."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from liasse.core import audit
from liasse.core.access import system_actor
from liasse.core.scope import instance_scope
from liasse.identity.codes import CODE_HOLDS, Asked, Purpose
from liasse.identity.models import User
from liasse.lib.ids import uuid7
from liasse.messaging.selectors import was_written
from liasse.messaging.services import forget, queue
from liasse.messaging.types import Channel, Draft, MessageLink
from liasse.practices.services import holder

_MINUTES: Final = int(CODE_HOLDS.total_seconds()) // 60
_KEPT: Final = timedelta(days=7)
"""So long these mails stay: addresses that anybody typed into the sign-in are nobody's to keep."""

_KINDS: Final = ("emailed-code", "invitation-code", "user", "user-warned")
_WARNED_EVERY: Final = timedelta(hours=1)


def send_code(asked: Asked) -> None:
    """Send the code, or say that nobody has the address: one message either way."""
    row, user = asked.code, asked.user
    with translation.override((user.language if user else "") or get_language()):
        words = _parts(Purpose(row.purpose), is_known=user is not None)
        facts = {"name": user.name if user else "", "minutes": _MINUTES}
        draft = Draft(
            channel=Channel.EMAIL,
            to_address=row.email,
            to_name=user.name if user else "",
            subject=_subject(Purpose(row.purpose)),
            text="\n\n".join(part % facts for part in words) + "\n",
            link=MessageLink(path="", purpose=Purpose(row.purpose).code_purpose, subject_id=row.id, nonce=row.nonce),
            language=get_language() or "",
        )
    _queue(draft, subject=audit.Subject(kind="emailed-code", id=row.id))


def tell_password_changed(user: User) -> None:
    """Tell a person that their password was changed."""
    with translation.override(user.language or get_language()):
        _tell(user, subject=_("Your password was changed"), said=_("The password of your Liasse account was changed."))


def tell_factor_changed(user: User) -> None:
    """Tell a person that an app, a passkey or the recovery codes changed."""
    with translation.override(user.language or get_language()):
        said = _("The second factor of your Liasse account was changed: an app, a passkey or the recovery codes.")
        _tell(user, subject=_("Your second factor was changed"), said=said)


def tell_factor_guessed(user: User) -> None:
    """Tell a person that somebody came past their password and guesses at the second factor; once an hour."""
    with instance_scope():
        since = timezone.now() - _WARNED_EVERY
        if was_written(practice_id=holder().id, subject_id=user.id, since=since):
            return
    with translation.override(user.language or get_language()):
        said = _(
            "Somebody signed in with your password, or with a code sent to you, and typed wrong codes of the second "
            "factor again and again. Nobody came in. If it was not you, change your password now."
        )
        subject = _("Somebody tries to sign in as you")
        _tell(user, subject=subject, said=said, about=audit.Subject(kind="user-warned", id=user.id))


def tell_factor_reset(user: User, *, by: str) -> None:
    """Tell a person that their practice took the second factor away."""
    with translation.override(user.language or get_language()):
        said = _("%(by)s took the second factor of your Liasse account away. You are signed out everywhere.")
        _tell(user, subject=_("Your second factor was reset"), said=said % {"by": by})


def tell_address_changed(user: User, *, former: str) -> None:
    """Tell the former address, and the new one, which address opens the account now."""
    with translation.override(user.language or get_language()):
        said = _("The address of your Liasse account was changed from %(former)s to %(now)s.")
        said %= {"former": former, "now": user.email}
        for address in (former, user.email):
            _tell(user, subject=_("Your email address was changed"), said=said, to=address)


def _tell(user: User, *, subject: str, said: str, to: str = "", about: audit.Subject | None = None) -> None:
    advice = _("If this was not you, tell an administrator of your practice at once, or whoever invited you.")
    text = "\n\n".join([_("Hello %(name)s,") % {"name": user.name}, said, advice]) + "\n"
    draft = Draft(
        channel=Channel.EMAIL,
        to_address=to or user.email,
        to_name=user.name,
        subject=subject,
        text=text,
        language=get_language() or "",
    )
    _queue(draft, subject=about or audit.Subject(kind="user", id=uuid7()))


def _queue(draft: Draft, *, subject: audit.Subject) -> None:
    with instance_scope():
        place = holder()
        forget(practice_id=place.id, kinds=_KINDS, before=timezone.now() - _KEPT)
        queue(draft, practice_id=place.id, subject=subject, actor=system_actor(place.id))


def _subject(purpose: Purpose) -> str:
    return {
        Purpose.SIGN_IN: _("Signing in to Liasse"),
        Purpose.PROOF: _("Your code for Liasse"),
        Purpose.ADDRESS: _("A new address for a Liasse account"),
    }[purpose]


def _parts(purpose: Purpose, *, is_known: bool) -> list[str]:
    if not is_known:
        return _parts_of_nobody(purpose)
    opening = {
        Purpose.SIGN_IN: _("This code signs you in to Liasse:"),
        Purpose.PROOF: _("This code proves to Liasse that it is you:"),
        Purpose.ADDRESS: _("This code makes this address the one of your Liasse account:"),
    }[purpose]
    return [
        _("Hello %(name)s,"),
        opening,
        "{code}",
        _("It holds for %(minutes)d minutes, once, and only in the browser that asked for it."),
        _("Nobody at Liasse or at your practice asks you for it. If you did not ask for a code, leave this mail."),
    ]


def _parts_of_nobody(purpose: Purpose) -> list[str]:
    if purpose is Purpose.ADDRESS:
        said = _("Somebody asked to use this address for another Liasse account. It has an account already.")
        advice = _("Nothing was changed. If this was you, sign in with this address instead.")
    else:
        said = _("Somebody asked to sign in to Liasse with this address. It has no account here.")
        advice = _("If this was you, use the address to which you were invited. If not, leave this mail.")
    return [_("Hello,"), said, advice]

"""Signing in, new users, passwords and preferences."""

from __future__ import annotations

import unicodedata
from typing import Final

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from liasse.core.errors import InvalidError
from liasse.identity.errors import SignInError
from liasse.identity.models import User
from liasse.identity.sentences import clean_person, person_sentence
from liasse.identity.tries import counted
from liasse.lib.people import clean_name, email_problem, normal_email

_PASSWORD_LIMIT: Final = 1024
_THEMES: Final = ("", "light", "dark")


def authenticate(email: str, password: str) -> User:
    """Give the user whom this address and password belong to.

    The address is compared trimmed and without case. Raises SignInError, in the same time and
    words for an unknown address as for a wrong password, and TooManyTriesError for the sixth try
    within five minutes of wrong ones, whether or not anybody has the address.
    """
    normal = normal_email(email)
    # An address that nobody can have is not asked for: not every database takes every character.
    user = None if email_problem(normal) else User.objects.filter(email=normal, is_active=True).first()
    is_right = _is_right(password, user=user, email=normal)
    if user is None or not is_right:
        raise SignInError(_("The email address or the password is wrong. Check both and try again."))
    return user


def _is_right(password: str, *, user: User | None, email: str) -> bool:
    sentence = _("Too many wrong passwords for this address. Wait five minutes and try again.")
    return counted(lambda: _holds(password, user=user), of=email, sentence=sentence)


def _holds(password: str, *, user: User | None) -> bool:
    if user is None:
        # The time of a check is spent for nobody too, so that it does not tell who is known.
        User().set_password(_normal(password))
        return False
    return user.check_password(_normal(password))


def _normal(password: str) -> str:
    """Give one form to letters that keyboards compose differently (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password[: _PASSWORD_LIMIT + 1])


@transaction.atomic
def create_user(*, email: str, name: str, password: str, language: str = "") -> User:
    """Add a user with a password. Raises InvalidError with a sentence a field."""
    problems: dict[str, str] = {}
    clean, normal = clean_name(name), normal_email(email)
    try:
        clean, normal = clean_person(name=name, email=email)
    except InvalidError as error:
        problems |= error.fields
    user = User(email=normal, name=clean, language=language if language in dict(settings.LANGUAGES) else "")
    if sentence := _password_sentence(password, user=user):
        problems["password"] = sentence
    if problems:
        raise InvalidError(problems)
    user.set_password(_normal(password))
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise InvalidError({"email": _("This address has an account already. Sign in with it.")}) from error
    return user


def _password_sentence(password: str, *, user: User) -> str:
    if len(password) > _PASSWORD_LIMIT:
        return _("This password is too long: at most %(limit)d characters.") % {"limit": _PASSWORD_LIMIT}
    try:
        validate_password(_normal(password), user=user)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def require_password(user: User, *, password: str) -> None:
    """Let a signed-in person say the password again. Raises InvalidError (password) and TooManyTriesError."""
    if not _is_right(password, user=user, email=user.email):
        raise InvalidError({"password": _("This is not your current password.")})


def change_password(user: User, *, new: str, current: str | None) -> User:
    """Set a new password, for whoever knows the current one. Raises InvalidError and TooManyTriesError.

    ``current`` is None for somebody who proved otherwise a moment ago who they are. Every session of the
    user ends with it, but for one that is told of the new password.
    """
    if current is not None and not _is_right(current, user=user, email=user.email):
        raise InvalidError({"current": _("This is not your current password.")})
    if sentence := _password_sentence(new, user=user):
        raise InvalidError({"new": sentence})
    user.set_password(_normal(new))
    user.save(update_fields=["password"])
    return user


def set_preferences(
    user: User, *, language: str | None = None, theme: str | None = None, name: str | None = None
) -> User:
    """Set what is given of a user's language, theme (blank follows the system) and name. Raises InvalidError."""
    problems: dict[str, str] = {}
    if language is not None and language not in {"", *dict(settings.LANGUAGES)}:
        problems["language"] = _("Choose a value of the list.")
    if theme is not None and theme not in _THEMES:
        problems["theme"] = _("Choose a value of the list.")
    if name is not None and (sentence := person_sentence(clean_name(name))):
        problems["name"] = sentence
    if problems:
        raise InvalidError(problems)
    given = {"language": language, "theme": theme, "name": name if name is None else clean_name(name)}
    changed = {field: value for field, value in given.items() if value is not None}
    for field, value in changed.items():
        setattr(user, field, value)
    if changed:
        user.save(update_fields=list(changed))
    return user

"""Rules beside Django's list of common passwords, which is mostly English and short: guessed words, leaked ones."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from liasse.identity.leaked import is_leaked

if TYPE_CHECKING:
    from liasse.identity.models import User

_GUESSED: Final = (
    "liasse", "expertcomptable", "comptable", "comptabilite", "cabinet", "compta", "accountant", "accounting",
    "motdepasse", "password", "passe", "secret", "bonjour", "bienvenue", "welcome", "soleil", "admin",
    "azertyuiop", "qwertyuiop", "qsdfghjklm", "asdfghjkl", "azerty", "qwerty", "wxcvbn", "zxcvbn",
    "janvier", "fevrier", "mars", "avril", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre",
)  # fmt: skip
_DOMAIN_FROM: Final = 4
"""A shorter name of a domain stands by chance in many passwords."""

_ORNAMENTS: Final = 4
"""So many different signs only adorn guessed words; more of them are a password by themselves."""


class GuessedWordsValidator:
    """Refuse a password made of such words and a year, a row of digits or one sign repeated (ASVS 5.0, 6.2.11)."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError when hardly anything of a password remains without them."""
        domain = (user.email.partition("@")[2] if user else "").partition(".")[0]
        plain = unicodedata.normalize("NFKD", password).casefold()
        letters = "".join(sign for sign in plain if sign.isalnum())
        for word in (*_GUESSED, *([domain] if len(domain) >= _DOMAIN_FROM else [])):
            letters = letters.replace("".join(filter(str.isalnum, word)), "")
        rest = re.sub(r"(19|20)\d\d|0?123456789?0?|\d{1,6}$|^\d{1,6}", "", letters)
        signs = {sign for sign in plain if not sign.isalnum()}
        if len(set(rest)) <= 1 and len(signs) <= _ORNAMENTS:
            raise ValidationError(
                _("This password is easy to guess. Take a few words that only you would put together.")
            )

    def get_help_text(self) -> str:
        """Say the rule."""
        return _("A password is not made of words that everybody here would guess.")


class LeakedPasswordValidator:
    """Refuse a password that was leaked and is tried first by whoever guesses (ASVS 5.0, 6.2.4 and 6.2.12)."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError for a password of the list."""
        del user
        if is_leaked(password):
            raise ValidationError(_("This password is among those that were stolen elsewhere. Take another."))

    def get_help_text(self) -> str:
        """Say the rule."""
        return _("A password is none of those that were stolen elsewhere.")

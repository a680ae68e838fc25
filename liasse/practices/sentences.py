"""Sentences about practices."""

from __future__ import annotations

from django.utils.translation import gettext as _

from liasse.lib.people import NAME_LIMIT, is_blank_name


def practice_name_sentence(name: str) -> str:
    """Say why a clean name of a practice cannot be used; nothing when it can."""
    if is_blank_name(name):
        return _("Type the name of the practice.")
    if len(name) > NAME_LIMIT:
        return _("This name is too long: at most %(limit)d characters.") % {"limit": NAME_LIMIT}
    return ""

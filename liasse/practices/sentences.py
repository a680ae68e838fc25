"""Sentences about practices."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from liasse.lib.people import NAME_LIMIT, is_blank_name
from liasse.practices.types import Role, Strictness, Switch

ROLES: Final[dict[str, Promise]] = {
    Role.COLLEAGUE: gettext_lazy("Colleague"),
    Role.TEAM_LEAD: gettext_lazy("Team lead"),
    Role.ADMINISTRATOR: gettext_lazy("Administrator"),
}
"""What each role is called on the screen."""
STRICTNESSES: Final[dict[str, Promise]] = {
    Strictness.CAREFUL: gettext_lazy("Careful"),
    Strictness.NORMAL: gettext_lazy("Normal"),
    Strictness.FAST: gettext_lazy("Fast"),
}
"""What each strictness of reading is called on the screen, the strictest first."""
SWITCHES: Final[dict[str, Promise]] = {
    Switch.OFF: pgettext_lazy("a setting", "Off"),
    Switch.ON: pgettext_lazy("a setting", "On"),
}
"""What a setting that is on or off is called on the screen."""


def team_name_sentence(name: str) -> str:
    """Say why a clean name of a team cannot be used; nothing when it can."""
    if is_blank_name(name):
        return _("Type the name of the team.")
    if len(name) > NAME_LIMIT:
        return _("This name is too long: at most %(limit)d characters.") % {"limit": NAME_LIMIT}
    return ""


def practice_name_sentence(name: str) -> str:
    """Say why a clean name of a practice cannot be used; nothing when it can."""
    if is_blank_name(name):
        return _("Type the name of the practice.")
    if len(name) > NAME_LIMIT:
        return _("This name is too long: at most %(limit)d characters.") % {"limit": NAME_LIMIT}
    return ""

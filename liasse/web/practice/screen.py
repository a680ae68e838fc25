"""What the screens of Cabinet have in common."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from liasse.ui.shell import Tab


def tabs(*, current: str) -> list[Tab]:
    """Give the screens of Cabinet."""
    labels = {"practice": _("Settings"), "tokens": _("Programs"), "trail": _("History")}
    return [Tab(label=label, url=reverse(name), is_current=name == current) for name, label in labels.items()]

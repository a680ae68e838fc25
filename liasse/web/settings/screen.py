"""What the settings screens of a file have in common."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from liasse.clients.models import ClientFile
from liasse.ui.shell import Crumb, Tab


def crumbs(client_file: ClientFile) -> list[Crumb]:
    """Give the way from Mes clients to a file."""
    return [
        Crumb(label=_("My clients"), url=reverse("clients")),
        Crumb(label=client_file.name, url=reverse("inbox", args=[client_file.id]), is_file=True),
    ]


def tabs(client_file: ClientFile, *, current: str) -> list[Tab]:
    """Give the screens about a file itself."""
    labels = {
        "file-settings": _("Settings"),
        "file-access": _("Practice access"),
        "file-members": _("Users"),
        "file-reception": _("Reception"),
        "file-links": _("Upload links"),
        "file-sight": _("Who sees this file?"),
        "file-trail": _("History"),
    }
    return [
        Tab(label=label, url=reverse(name, args=[client_file.id]), is_current=name == current)
        for name, label in labels.items()
    ]

"""What waits for a person's answer when they come in: invitations, and practices that ask for a file."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from liasse.clients.models import Member
from liasse.clients.types import MemberRole
from liasse.custody.answering import requests_to
from liasse.identity.models import User
from liasse.invitations.selectors import invitations_to
from liasse.invitations.sentences import offer_sentence
from liasse.ui.shell import Offer


def offers(user: User, *, members: list[Member]) -> list[Offer]:
    """Give the lines for a first screen that shows these places of a person: two queries at most when there is none."""
    owned = [member for member in members if member.role == MemberRole.ADMINISTRATOR]
    return [*_invitations(user), *(_requests(user, owned=owned) if owned else [])]


def _invitations(user: User) -> list[Offer]:
    return [
        Offer(
            text=offer_sentence(invitation),
            url=reverse("invitation-own", args=[invitation.id]),
            label=_("See the invitation"),
        )
        for invitation in invitations_to(user)
    ]


def _requests(user: User, *, owned: list[Member]) -> list[Offer]:
    """Lead to a file that the asking practice does not have; from there to the others."""
    found = []
    for asking in requests_to(user.email):
        place = next((member for member in owned if member.practice_id != asking.practice_id), None)
        if place is not None:
            said = (
                _("%(practice)s asks for your file.")
                if len(owned) == 1
                else _("%(practice)s asks for one of your files.")
            )
            found.append(
                Offer(
                    text=said % {"practice": asking.practice.name},
                    url=reverse("portal-accountant", args=[place.client_file_id]),
                    label=_("See the request"),
                    icon="hand-raised",
                )
            )
    return found

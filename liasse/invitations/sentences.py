"""Sentences about invitations, for screens and errors alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liasse.invitations.models import Invitation
from liasse.invitations.types import LinkState, Shown

ASKABLE: Final = frozenset(
    {
        LinkState.EXPIRED,
        LinkState.DECLINED,
        LinkState.ADDRESS_CHANGED,
        LinkState.ROLE_CHANGED,
        LinkState.INVITER_SUSPENDED,
    }
)
"""Ends that a new invitation mends, so that whoever holds the link may ask for one."""

_SHOWN: Final[dict[Shown, tuple[Promise, str]]] = {
    Shown.WAITING: (gettext_lazy("invitation on its way"), "info"),
    Shown.STUCK: (gettext_lazy("waits in the outbox"), "warn"),
    Shown.SENT: (gettext_lazy("invitation sent"), "info"),
    Shown.FAILED: (gettext_lazy("invitation not sent"), "danger"),
    Shown.OPENED: (gettext_lazy("invitation opened"), "info"),
    Shown.ACCEPTED: (gettext_lazy("invitation accepted"), "ok"),
    Shown.EXPIRED: (gettext_lazy("link expired"), "warn"),
    Shown.ENDED: (gettext_lazy("link ended"), "warn"),
    Shown.REVOKED: (gettext_lazy("invitation cancelled"), "neutral"),
    Shown.DECLINED: (gettext_lazy("invitation declined"), "warn"),
}


def shown_label(shown: Shown) -> tuple[str, str]:
    """Name where an invitation stands, and give the tone in which it is said."""
    label, tone = _SHOWN[shown]
    return str(label), tone


def ended_sentence(state: LinkState) -> str:
    """Say to those who sent an invitation why its link ended by itself; blank when it did not."""
    sentences = {
        LinkState.ADDRESS_CHANGED: _("The email address was changed since. Send the invitation again."),
        LinkState.ROLE_CHANGED: _("The role was changed since. Send the invitation again."),
        LinkState.INVITER_SUSPENDED: _("Whoever invited has no access any more. Send the invitation again."),
        LinkState.FILE_ARCHIVED: _("The file is archived."),
        LinkState.PERSON_GONE: _("The access of this person was taken away."),
    }
    return sentences.get(state, "")


@dataclass(frozen=True, slots=True)
class ClosedLink:
    """What the holder of a link that holds no more reads: a title, why, and what to do."""

    title: str
    sentence: str
    may_ask: bool


def closed_link(state: LinkState) -> ClosedLink:
    """Give the words of the screen for each end of a link."""
    titles = {
        LinkState.EXPIRED: _("This invitation has expired"),
        LinkState.USED: _("Invitation accepted already"),
        LinkState.REVOKED: _("This invitation was withdrawn"),
        LinkState.DECLINED: _("You declined this invitation"),
        LinkState.REPLACED: _("A newer link was sent to you"),
        LinkState.ADDRESS_CHANGED: _("This invitation went to a former address"),
        LinkState.ROLE_CHANGED: _("What you were offered has changed"),
        LinkState.PERSON_GONE: _("This access was taken away"),
        LinkState.INVITER_SUSPENDED: _("Whoever invited you has left"),
        LinkState.FILE_ARCHIVED: _("This file is archived"),
        LinkState.UNKNOWN: _("This link is not whole"),
    }
    return ClosedLink(title=titles.get(state, ""), sentence=closed_sentence(state), may_ask=state in ASKABLE)


def closed_sentence(state: LinkState) -> str:
    """Say why a link holds no more, and what to do."""
    sentences = {
        LinkState.OPEN: "",
        LinkState.EXPIRED: _("An invitation holds for a few days only. Ask for a new one."),
        LinkState.USED: _("This invitation was used already. Sign in with your email address and password."),
        LinkState.REVOKED: _("This invitation does not hold any more. Ask the practice for a new one."),
        LinkState.DECLINED: _("The practice knows. If you changed your mind, ask for a new invitation."),
        LinkState.REPLACED: _("The invitation was sent again since. Open the link in the newest message you got."),
        LinkState.ADDRESS_CHANGED: _("You are known under another address since. Ask for a new invitation."),
        LinkState.ROLE_CHANGED: _("Your role was changed since the invitation was sent. Ask for a new one."),
        LinkState.PERSON_GONE: _("You are not awaited here any more. Ask the practice."),
        LinkState.INVITER_SUSPENDED: _(
            "Whoever invited you has no access any more. Ask the practice to invite you again."
        ),
        LinkState.FILE_ARCHIVED: _("Nobody is let in to an archived file. Ask the practice."),
        LinkState.UNKNOWN: _("Part of the link is missing. Open it from the message, or copy it whole."),
    }
    return sentences[state]


def offer_sentence(invitation: Invitation) -> str:
    """Say to whom it is for who invites to what; its practice, people and file must be loaded."""
    if invitation.member is None:
        return _("%(practice)s invites you to join the practice.") % {"practice": invitation.practice.name}
    file = invitation.member.client_file
    by = invitation.invited_by_member.name if invitation.invited_by_member else invitation.practice.name
    return _("%(who)s invites you to the file %(file)s.") % {"who": by, "file": file.name}

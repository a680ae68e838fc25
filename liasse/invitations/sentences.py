"""Sentences about invitations, for screens and errors alike."""

from __future__ import annotations

from django.utils.translation import gettext as _

from liasse.invitations.types import LinkState


def closed_sentence(state: LinkState) -> str:
    """Say why a link holds no more, and what to do."""
    sentences = {
        LinkState.OPEN: "",
        LinkState.EXPIRED: _("This invitation has expired. Ask the practice to send it again."),
        LinkState.USED: _("This invitation was used already. Sign in with your email address and password."),
        LinkState.REVOKED: _("This invitation does not hold any more. Ask the practice for a new one."),
        LinkState.INVITER_SUSPENDED: _(
            "Whoever invited you has no access any more. Ask the practice to invite you again."
        ),
        LinkState.FILE_ARCHIVED: _("This file is archived, so the invitation is closed. Ask the practice."),
    }
    return sentences[state]

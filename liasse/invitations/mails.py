"""The words of invitations, in the language of the firm or of the file."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from liasse.core.tokens import derive_token, token_hash
from liasse.invitations.models import Invitation
from liasse.invitations.types import InvitationKind
from liasse.messaging.types import Channel, Draft, MessageLink

PURPOSE: Final = "invitation"
PATH: Final = "/invitations/{token}/"
_SHORT_NAME: Final = 40


def hash_of(invitation: Invitation) -> str:
    """Give the hash under which an invitation's link is looked up."""
    return token_hash(derive_token(PURPOSE, subject_id=invitation.id, nonce=invitation.nonce))


def draft_of(invitation: Invitation, *, channel: Channel) -> Draft:
    """Write an invitation for one way of sending; its practice, colleague or member and file must be loaded."""
    practice = invitation.practice
    person = invitation.colleague or invitation.member
    if person is None:
        raise LookupError(invitation.id)
    file = invitation.member.client_file if invitation.member else None
    language = (file.language if file else "") or practice.language
    with translation.override(language):
        facts = {
            "name": person.name,
            "practice": practice.name,
            "file": file.name if file else "",
            "until": _until(invitation),
        }
        is_sms = channel is Channel.SMS
        return Draft(
            channel=channel,
            to_address=invitation.member.phone if is_sms and invitation.member else invitation.email,
            to_name=person.name,
            subject="" if is_sms else _subject(invitation) % facts,
            text=_short(facts) if is_sms else "\n\n".join(part % facts for part in _parts(invitation)) + "\n",
            link=MessageLink(path=PATH, purpose=PURPOSE, subject_id=invitation.id, nonce=invitation.nonce),
            language=language,
            action=_("Accept the invitation"),
        )


def _until(invitation: Invitation) -> str:
    zone = invitation.practice.time_zone or settings.LIASSE_TIME_ZONE
    return date_format(invitation.expires_at.astimezone(ZoneInfo(zone)), "DATE_FORMAT")


def _subject(invitation: Invitation) -> str:
    if invitation.kind == InvitationKind.COLLEAGUE:
        return _("%(practice)s invites you to Liasse")
    return _("%(practice)s invites you to the file %(file)s")


def _parts(invitation: Invitation) -> list[str]:
    if invitation.kind == InvitationKind.COLLEAGUE:
        purpose = _("%(practice)s invites you to join the practice on Liasse, where it handles its clients' documents.")
    else:
        purpose = _(
            "%(practice)s invites you to the file %(file)s on Liasse. There you hand in your invoices and receipts,"
            " and see what became of them."
        )
    return [
        _("Hello %(name)s,"),
        purpose,
        _("To accept, open this link and choose your password:"),
        "{link}",
        _("The link works once, until %(until)s. It is yours alone: do not pass it on."),
        _("If you did not expect this invitation, leave it: nothing happens without you."),
        "%(practice)s",
    ]


def _short(facts: dict[str, str]) -> str:
    """Write what fits in two SMS, whatever the names: a third one would be paid and read by nobody."""
    names = {name: _cut(facts[name]) for name in ("practice", "file")}
    words = _("%(practice)s invites you to the file %(file)s on Liasse, until %(until)s: {link}")
    return words % (facts | names)


def _cut(name: str) -> str:
    return name if len(name) <= _SHORT_NAME else name[: _SHORT_NAME - 3].rstrip() + "..."

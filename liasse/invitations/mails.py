"""The words of invitations, in the language of the firm or of the file."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from liasse.clients.models import Member
from liasse.core.tokens import derive_token, token_hash
from liasse.invitations.models import Invitation
from liasse.invitations.types import InvitationKind
from liasse.messaging.types import Channel, Draft, MessageLink
from liasse.practices.models import Colleague

PURPOSE: Final = "invitation"
CODE_PURPOSE: Final = "invitation-code"
PATH: Final = "/invitations/{token}/"
TEAM_PATH: Final = "/team/"
MEMBERS_PATH: Final = "/files/{file_id}/members/"
CLIENTS_PATH: Final = "/portal/{file_id}/members/"
_SHORT_NAME: Final = 40


def hash_of(invitation: Invitation) -> str:
    """Give the hash under which an invitation's link is looked up."""
    return token_hash(derive_token(PURPOSE, subject_id=invitation.id, nonce=invitation.nonce))


def draft_of(invitation: Invitation, *, channel: Channel) -> Draft:
    """Write an invitation for one way of sending; its practice, colleague or member and file must be loaded."""
    practice, person, language = invitation.practice, _person_of(invitation), _language_of(invitation)
    file = invitation.member.client_file if invitation.member else None
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


def code_draft(invitation: Invitation) -> Draft:
    """Write the mail with the code that proves the invited address; its practice, person and file must be loaded."""
    person, language = _person_of(invitation), _language_of(invitation)
    with translation.override(language):
        parts = [
            _("Hello %(name)s,"),
            _("This code proves to Liasse that %(email)s is your address:"),
            "{code}",
            _("It holds for ten minutes, once, and only in the browser in which you opened the invitation."),
            _("Nobody asks you for it. If you did not open an invitation, leave this mail: nothing happens."),
        ]
        facts = {"name": person.name, "email": invitation.email}
        return Draft(
            channel=Channel.EMAIL,
            to_address=invitation.email,
            to_name=person.name,
            subject=_("Your code for the invitation to Liasse"),
            text="\n\n".join(part % facts for part in parts) + "\n",
            link=MessageLink(path="", purpose=CODE_PURPOSE, subject_id=invitation.id, nonce=invitation.code_nonce),
            language=language,
        )


def asked_again_draft(invitation: Invitation, *, name: str, email: str, url: str) -> Draft:
    """Write to somebody who invites that a person whose link ended asks for another."""
    person, language = _person_of(invitation), _language_of(invitation)
    file = invitation.member.client_file.name if invitation.member else ""
    with translation.override(language):
        asks = (
            _("%(person)s (%(address)s) asks for a new invitation to the file %(file)s: the link holds no more.")
            if file
            else _("%(person)s (%(address)s) asks for a new invitation to the practice: the link holds no more.")
        )
        parts = [
            _("Hello %(name)s,"),
            asks,
            _("Nothing was sent yet. If you want this person there, press “Send again” here:"),
            url,
        ]
        facts = {"name": name, "person": person.name, "address": person.email, "file": file}
        return Draft(
            channel=Channel.EMAIL,
            to_address=email,
            to_name=name,
            subject=_("%(person)s asks for a new invitation") % facts,
            text="\n\n".join(part % facts for part in parts) + "\n",
            language=language,
        )


def _person_of(invitation: Invitation) -> Colleague | Member:
    person = invitation.colleague or invitation.member
    if person is None:
        raise LookupError(invitation.id)
    return person


def _language_of(invitation: Invitation) -> str:
    file = invitation.member.client_file if invitation.member else None
    return (file.language if file else "") or invitation.practice.language

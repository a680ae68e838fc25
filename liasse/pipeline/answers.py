"""The answer to a mail: what was taken and what was not, to a verified member, at most once a day (RFC 3834).

Never to a machine, a list, a null sender or ourselves, and only to the address that really sent the mail.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from liasse.clients import counters
from liasse.clients.models import ClientFile, Member
from liasse.clients.types import MemberStatus
from liasse.core.access import system_actor
from liasse.core.audit import Subject
from liasse.intake.judging import has_null_sender
from liasse.intake.models import AnsweredSender, Receipt
from liasse.intake.sentences import reason
from liasse.intake.types import ReceiptState, SenderState, Verdict
from liasse.lib.mail_words import one_line
from liasse.messaging.services import queue
from liasse.messaging.types import Channel, Draft
from liasse.practices.types import Switch

ONCE_IN: Final = timedelta(hours=24)
_LATEST: Final = timedelta(days=2)
"""After so long an answer would only puzzle whoever sent the mail."""

_ANSWERED: Final = "answered"
_OPENED: Final = (ReceiptState.OPENED, ReceiptState.UNUSABLE, ReceiptState.HELD)


@transaction.atomic
def answer(receipt_id: UUID) -> bool:
    """Answer a mail if it is to be answered; tells whether it was. A mail is answered once, whatever happens."""
    found = Receipt.objects.filter(id=receipt_id).values_list("client_file_id", flat=True).first()
    if found is None:
        return False
    counters.hold(found)
    locked = Receipt.objects.select_for_update().get(id=receipt_id)
    receipt = Receipt.objects.select_related("client_file__practice", "member__user").get(id=locked.id)
    member = receipt.member
    if member is None or not _is_due(receipt, member=member):
        return False
    receipt.sender_facts = receipt.sender_facts | {_ANSWERED: timezone.now().isoformat()}
    receipt.save(update_fields=["sender_facts"])
    AnsweredSender.objects.update_or_create(
        practice_id=receipt.practice_id,
        client_file_id=receipt.client_file_id,
        sender=member.email,
        defaults={"answered_at": timezone.now()},
    )
    subject = Subject(kind="client-file", id=receipt.client_file_id, client_file_id=receipt.client_file_id)
    queue(
        _draft(receipt, member=member),
        practice_id=receipt.practice_id,
        subject=subject,
        actor=system_actor(receipt.practice_id),
    )
    return True


def is_switched_on(client_file: ClientFile) -> bool:
    """Tell whether mails of this file are answered: as the file says, else as its practice does."""
    return (client_file.answers_mail or client_file.practice.answers_mail) == Switch.ON


def _is_due(receipt: Receipt, *, member: Member) -> bool:
    author, facts = receipt.from_address.strip().lower(), receipt.sender_facts
    now = timezone.now()
    if receipt.sender_state != SenderState.VERIFIED or facts.get("is_machine", True) or _ANSWERED in facts:
        return False
    if member.status == MemberStatus.LEFT or member.email != author or receipt.envelope_from.strip().lower() != author:
        return False
    if has_null_sender(receipt) or author.endswith(f"@{settings.LIASSE_MAIL_DOMAIN}"):
        return False
    if receipt.state not in _OPENED or now - receipt.received_at > _LATEST or not is_switched_on(receipt.client_file):
        return False
    answered = AnsweredSender.objects.filter(
        practice_id=receipt.practice_id, client_file_id=receipt.client_file_id, sender=author
    )
    return not answered.filter(answered_at__gt=now - ONCE_IN).exists()


def _draft(receipt: Receipt, *, member: Member) -> Draft:
    file = receipt.client_file
    language = (member.user.language if member.user else "") or file.language or file.practice.language
    with translation.override(language):
        return Draft(
            channel=Channel.EMAIL,
            to_address=member.email,
            to_name=member.name,
            subject=_("Received: %(subject)s") % {"subject": one_line(receipt.subject) or _("your email")},
            text="\n\n".join(_paragraphs(receipt, member=member)),
            language=language,
            in_reply_to=receipt.message_id,
        )


def _paragraphs(receipt: Receipt, *, member: Member) -> list[str]:
    facts = {
        "name": member.name,
        "file": receipt.client_file.name,
        "day": date_format(receipt.received_at, "DATE_FORMAT"),
        "subject": one_line(receipt.subject) or _("without subject"),
    }
    said = [
        _("Hello %(name)s,") % facts,
        _("your email “%(subject)s” of %(day)s arrived safely in the file %(file)s.") % facts,
    ]
    parts = sorted(receipt.parts.all(), key=lambda part: part.index)
    taken = [_line(part.filename) for part in parts if part.verdict == Verdict.DOCUMENT]
    refused = [_line(part.filename, why=str(reason(part.reason))) for part in parts if part.verdict == Verdict.REFUSED]
    if taken and receipt.state == ReceiptState.HELD:
        said.append("\n".join([_("Kept, until your practice has looked at it:"), *taken]))
    elif taken:
        said.append("\n".join([_("Taken as documents:"), *taken]))
    else:
        said.append(_("Nothing in it is a document."))
    if refused:
        said.append("\n".join([_("Not taken:"), *refused]))
    said.append(_("Liasse wrote this by itself, once a day at most. The practice does not read answers to it."))
    return said


def _line(filename: str, *, why: str = "") -> str:
    name = one_line(filename) or _("text of the mail")
    return f"– {name}: {why}" if why else f"– {name}"

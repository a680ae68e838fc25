"""Looking whether an email address is another client's already: counted, limited, and on record."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from liasse.clients import rules
from liasse.clients.actors import colleague_id_of, practice_id_of
from liasse.clients.models import ClientFile, EmailCheck, Member
from liasse.clients.types import MemberStatus
from liasse.core import audit
from liasse.core.access import Actor
from liasse.core.scope import instance_scope
from liasse.lib.people import normal_email
from liasse.practices.models import Practice


class EmailUse(StrEnum):
    """What a look at an email address tells."""

    FREE = "free"
    IN_USE = "in-use"
    LIMITED = "limited"


@transaction.atomic
def check_email(email: str, *, actor: Actor, client_file: ClientFile | None = None) -> EmailUse:
    """Look whether an address is used by another client's account, and count the look.

    ``client_file`` is the file that somebody is invited to, whose own people are no other client.

    Looks over the whole instance, or the practice alone if ``LIASSE_EMAIL_WARNING`` says so, at
    members and their logins, the invited included. At most 30 looks an hour a person and 200 a
    practice; beyond, the answer is LIMITED and tells nothing. Every look is in the audit trail,
    without the address.
    """
    practice = Practice.objects.select_for_update().get(id=practice_id_of(actor))
    normal = normal_email(email)
    recent = EmailCheck.objects.filter(practice=practice, at__gt=timezone.now() - rules.CHECK_WINDOW)
    by_person = recent.filter(colleague_id=colleague_id_of(actor)).count()
    if rules.is_limited(by_person=by_person, by_practice=recent.count()):
        _record_check(practice, actor=actor, subject_id=practice.id, outcome=EmailUse.LIMITED)
        return EmailUse.LIMITED
    outcome = EmailUse.IN_USE if _is_in_use(normal, practice=practice, apart=client_file) else EmailUse.FREE
    check = EmailCheck.objects.create(
        practice=practice,
        colleague_id=colleague_id_of(actor),
        email_hash=salted_hmac("liasse.clients.email-check", normal, algorithm="sha256").hexdigest(),
        is_in_use=outcome is EmailUse.IN_USE,
    )
    _record_check(practice, actor=actor, subject_id=check.id, outcome=outcome)
    return outcome


def _is_in_use(email: str, *, practice: Practice, apart: ClientFile | None) -> bool:
    with instance_scope():
        members = Member.objects.filter(Q(email=email) | Q(user__email=email)).exclude(status=MemberStatus.LEFT)
        if apart is not None:
            members = members.exclude(client_file=apart)
        if settings.LIASSE_EMAIL_WARNING == "practice":
            members = members.filter(practice=practice)
        return members.exists()


def _record_check(practice: Practice, *, actor: Actor, subject_id: UUID, outcome: EmailUse) -> None:
    subject = audit.Subject(kind="email-check", id=subject_id)
    audit.record("email.checked", actor=actor, practice_id=practice.id, subject=subject, after={"answer": outcome})

"""The code of six digits that proves to whom an invitation's link came.

A link may have been forwarded, read over a shoulder or copied from an outbox: whoever is new here proves with a
code, mailed at that moment to the invited address, that its mailbox is theirs. Whoever has an account signs in
instead. Without a relay no code can be sent: then the practice hands the links over and answers for them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from liasse.core import audit
from liasse.core.access import system_actor
from liasse.core.scope import instance_scope
from liasse.core.tokens import derive_code, new_nonce
from liasse.invitations.bounds import state_of
from liasse.invitations.errors import InvitationClosedError, TooManyCodesError, WrongCodeError
from liasse.invitations.mails import CODE_PURPOSE, code_draft
from liasse.invitations.models import Invitation
from liasse.invitations.sentences import closed_sentence
from liasse.invitations.services import lock
from liasse.invitations.types import LinkState
from liasse.messaging import services as messaging
from liasse.practices.services import holder

CODE_HOLDS: Final = timedelta(minutes=10)
CODE_TRIES: Final = 5
CODE_PAUSE: Final = timedelta(seconds=60)
MOST_CODES: Final = 10
"""Codes that one link may ask for; sending the invitation again starts anew."""


def needs_proof() -> bool:
    """Tell whether new people prove their address here: wherever a code can reach them by itself."""
    return messaging.can_send_email()


def ask_code(invitation: Invitation) -> str:
    """Mail a code to the invited address and give what the asking browser keeps; an older code ends.

    Raises InvitationClosedError, and TooManyCodesError within a minute of the last or beyond ``MOST_CODES``.
    """
    with instance_scope(), transaction.atomic():
        locked = lock(invitation)
        state = state_of(locked)
        if state is not LinkState.OPEN:
            raise InvitationClosedError(closed_sentence(state))
        now = timezone.now()
        if locked.code_at is not None and now - locked.code_at < CODE_PAUSE:
            raise TooManyCodesError(_("A code was sent a moment ago. Wait a minute before you ask for another."))
        if locked.count_codes >= MOST_CODES:
            raise TooManyCodesError(_("Too many codes were asked for. Ask for a new invitation."))
        locked.code_nonce, locked.code_at = new_nonce(), now
        locked.count_codes, locked.count_tries = locked.count_codes + 1, 0
        locked.save(update_fields=["code_nonce", "code_at", "count_codes", "count_tries"])
        # It goes out under the instance's own name, so that no firm's outbox shows it.
        place = holder()
        subject = audit.Subject(kind="invitation-code", id=locked.id)
        messaging.queue(code_draft(locked), practice_id=place.id, subject=subject, actor=system_actor(place.id))
    return locked.code_nonce


def take_code(invitation: Invitation, *, nonce: str, typed: str) -> None:
    """Use the code up that the browser with this ``nonce`` asked for. Raises WrongCodeError, TooManyCodesError."""
    with instance_scope():
        rows = Invitation.objects.filter(id=invitation.id, practice_id=invitation.practice_id, code_nonce=nonce)
        # The try is counted before it is made, so that many at once do not run past the limit.
        if not nonce or not rows.update(count_tries=F("count_tries") + 1):
            raise WrongCodeError(_wrong())
        row = rows.get()
        if row.count_tries > CODE_TRIES:
            raise TooManyCodesError(_("Too many wrong codes. Ask for another."))
        code = derive_code(CODE_PURPOSE, subject_id=row.id, nonce=nonce)
        is_right = constant_time_compare(code, "".join(typed.split()))
        is_open = row.code_at is not None and timezone.now() - row.code_at <= CODE_HOLDS
        if not is_right or not is_open or not rows.update(code_nonce=""):
            raise WrongCodeError(_wrong())


def _wrong() -> str:
    return _("This code is wrong or too old. Check the newest mail, or ask for another code.")

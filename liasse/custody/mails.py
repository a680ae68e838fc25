"""The mails that tell people that a file came or went, in the language of who reads them."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from liasse.clients.models import ClientFile, Member
from liasse.core.access import Actor, system_actor
from liasse.core.audit import Subject
from liasse.custody.models import TransferRequest
from liasse.custody.people import administrators, keepers
from liasse.messaging.services import queue
from liasse.messaging.types import Channel, Draft
from liasse.practices.models import Colleague, Practice
from liasse.practices.services import holder

_FILE: Final = "/files/{id}/inbox/"
_PORTAL: Final = "/portal/{id}/accountant/"
_FILES: Final = "/portal/"
_REQUESTS: Final = "/clients/requests/"


def tell_old_practice(client_file: ClientFile, *, practice: Practice, actor: Actor) -> None:
    """Tell the administrators of the practice that a client took a file away; the mail is in their outbox."""
    for colleague in administrators(practice):
        with translation.override(practice.language):
            facts = {"file": client_file.name, "person": actor.name, "name": colleague.name}
            draft = _draft(
                colleague,
                subject=_("The file %(file)s left your practice") % facts,
                parts=[
                    _("%(person)s, for the client, ended your practice's access to the file %(file)s.") % facts,
                    _("Its documents are no longer among yours. What your colleagues did in it stays in your records."),
                    _("If this is a surprise, ask the client: only the client can give you access again."),
                ],
            )
        # About the practice, not the file: it stays in this outbox wherever the file goes.
        queue(draft, practice_id=practice.id, subject=Subject("practice", practice.id), actor=actor)


def tell_new_colleague(client_file: ClientFile, *, colleague: Colleague, actor: Actor) -> None:
    """Tell a colleague that a client gave access to a file."""
    with translation.override(client_file.practice.language):
        facts = {"file": client_file.name, "person": actor.name}
        draft = _draft(
            colleague,
            subject=_("You have access to the file %(file)s") % facts,
            parts=[
                _("%(person)s gave your practice access to the file %(file)s, with its documents and its history.")
                % facts,
                settings.LIASSE_PUBLIC_URL + _FILE.format(id=client_file.id),
            ],
        )
    _queue_about(client_file, draft, actor=actor)


def tell_client(client_file: ClientFile, *, practice: Practice, actor: Actor) -> None:
    """Tell those who run a detached file on the client's side that it is theirs alone now."""
    for member in keepers(client_file):
        with translation.override(client_file.language or practice.language):
            facts = {"file": client_file.name, "practice": practice.name}
            draft = _draft(
                member,
                subject=_("%(practice)s no longer follows the file %(file)s") % facts,
                parts=[
                    _("%(practice)s ended its access to your file %(file)s on Liasse.") % facts,
                    _("You keep everything: your documents, your login, and the address to which you send documents."),
                    _("To give another practice access, open:"),
                    settings.LIASSE_PUBLIC_URL + _PORTAL.format(id=client_file.id),
                ],
            )
        _queue_about(client_file, draft, actor=actor)


def tell_asked(request: TransferRequest, *, members: list[Member]) -> None:
    """Tell whoever runs these files that a practice asks for one; all of them are the same person.

    It leaves under the instance's own name: in the outbox of the practice that asks it would say that
    somebody has the address, and in that of the other that the client is asked for. What the asker wrote
    is shown behind the sign-in alone, so that nobody mails words of their own through Liasse.
    """
    first = members[0]
    file, place = first.client_file, holder()
    language = (first.user.language if first.user else "") or file.language or file.practice.language
    with translation.override(language):
        facts = {"practice": request.practice.name, "person": request.asked_by.name, "file": file.name}
        is_one = len(members) == 1
        asks = (
            _("%(person)s of %(practice)s asks you to give your file %(file)s to this practice.")
            if is_one
            else _("%(person)s of %(practice)s asks you to give one of your files to this practice.")
        )
        until = _("Nothing changes unless you accept. The request holds until %(day)s.")
        draft = _draft(
            first,
            subject=_("%(practice)s asks for your file") % facts,
            parts=[
                asks % facts,
                until % {"day": date_format(request.expires_at, "DATE_FORMAT")},
                _("To read the request, then accept or refuse it, sign in here:"),
                settings.LIASSE_PUBLIC_URL + (_PORTAL.format(id=file.id) if is_one else _FILES),
                _("If you do not know this practice, refuse, or leave this mail."),
            ],
            to_address=request.email,
        )
    subject = Subject("transfer", request.id)
    queue(draft, practice_id=place.id, subject=subject, actor=system_actor(place.id))


def tell_refused(request: TransferRequest) -> None:
    """Tell who asked for a file that the request was refused."""
    with translation.override(request.practice.language):
        facts = {"email": request.email}
        draft = _draft(
            request.asked_by,
            subject=_("Your request to %(email)s was refused") % facts,
            parts=[
                _("You asked %(email)s for a client file. The request was refused; nothing changed.") % facts,
                settings.LIASSE_PUBLIC_URL + _REQUESTS,
            ],
        )
    subject = Subject("transfer", request.id)
    queue(draft, practice_id=request.practice_id, subject=subject, actor=system_actor(request.practice_id))


def _draft(person: Colleague | Member, *, subject: str, parts: list[str], to_address: str = "") -> Draft:
    """Write a mail in the language that is on."""
    hello = _("Hello %(name)s,") % {"name": person.name}
    return Draft(
        channel=Channel.EMAIL,
        to_address=to_address or person.email,
        to_name=person.name,
        subject=subject,
        text="\n\n".join([hello, *parts]) + "\n",
        language=get_language() or "",
    )


def _queue_about(client_file: ClientFile, draft: Draft, *, actor: Actor) -> None:
    subject = Subject(kind="client-file", id=client_file.id, client_file_id=client_file.id)
    queue(draft, practice_id=client_file.practice_id, subject=subject, actor=actor)

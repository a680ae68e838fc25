"""The demo: a practice as it looks on a working day, its documents come in by mail like all others."""

from __future__ import annotations

import time
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Final

from django.conf import settings
from django.utils import translation

from liasse.cli import demo_parties as who
from liasse.cli import demo_practice
from liasse.cli.demo_mails import Letter, letters, message, message_id
from liasse.cli.demo_post import PostError, post
from liasse.clients.models import ClientFile
from liasse.clients.selectors import submission_local_part
from liasse.core.access import Actor
from liasse.core.models import Job
from liasse.core.scope import instance_scope, practice_scope
from liasse.documents import services as documents
from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus
from liasse.intake import services as intake
from liasse.intake.models import Receipt
from liasse.practices.models import Practice

_READING_PATIENCE: Final = 90.0
_LOOK: Final = 0.2


def prepare() -> list[str]:
    """Fill the demo's practice through the services and the mail receiver; give the lines to show.

    What is there already is left alone, so a second start does nothing, and one after a break
    goes on. An instance that holds another practice is not touched.
    """
    with translation.override("fr"), instance_scope():
        firm = demo_practice.practice()
    if firm is None:
        return ["The demo was left out: this data folder holds a practice of its own. Set LIASSE_DATA to another."]
    with translation.override("fr"), practice_scope(firm.id):
        actor = demo_practice.administrator(firm)
        files = _files(firm, actor=actor)
        try:
            sent = post(_missing(firm, files))
        except PostError as error:
            return [*_sign_in(), f"Not every mail of the demo was taken: {error}. The next start sends the others."]
        if sent:
            _await_reading(firm)
            _tidy(files, actor=actor)
    return _sign_in()


def _files(firm: Practice, *, actor: Actor) -> dict[str, ClientFile]:
    there = {file.practice_code: file for file in ClientFile.objects.filter(practice=firm) if file.practice_code}
    if all(client.code in there for client in who.CLIENTS) or _has_mail(firm):
        return there
    team = demo_practice.colleagues(firm, actor=actor)
    return {client.code: demo_practice.client_file(client, firm=firm, team=team, actor=actor) for client in who.CLIENTS}


def _has_mail(firm: Practice) -> bool:
    return Receipt.objects.filter(practice=firm).exists()


def _missing(firm: Practice, files: dict[str, ClientFile]) -> Iterator[EmailMessage]:
    """Give the mails that no receipt knows, dated by the day on which the demo was made."""
    known = set(Receipt.objects.filter(practice=firm).values_list("message_id", flat=True))
    day = firm.created_at.date()
    for place, letter in enumerate(letters(day)):
        file = files.get(letter.client.code)
        if file is not None and not _is_known(letter, known):
            address = f"{submission_local_part(file)}@{settings.LIASSE_MAIL_DOMAIN}"
            yield message(letter, to=address, day=day, place=place)


def _is_known(letter: Letter, known: set[str]) -> bool:
    name = message_id(letter)
    return bool({name, name.strip("<>")} & known)


def _await_reading(firm: Practice) -> None:
    """Wait until everything that came in was opened and read."""
    deadline = time.monotonic() + _READING_PATIENCE
    kinds = (intake.OPEN_RECEIPT, documents.ADVANCE_DOCUMENT)
    while time.monotonic() < deadline:
        if not Job.objects.filter(practice_id=firm.id, kind__in=kinds, is_stopped=False).exists():
            return
        time.sleep(_LOOK)


def _tidy(files: dict[str, ClientFile], *, actor: Actor) -> None:
    """Do a little of a day's work, so that every tab has something in it."""
    for code, number in (("BOUL01", "MVO-25937"), ("DENT05", "RE-2026-1702"), ("TRA07", "FA20355")):
        found = Document.objects.filter(client_file=files[code], number=number, status=DocumentStatus.READY)
        ids = list(found.values_list("id", flat=True))
        if ids:
            documents.move(ids, actor=actor, client_file=files[code], to=DocumentStatus.ARCHIVED)
    noted = Document.objects.filter(client_file=files["REST04"], number="G1188").first()
    if noted is not None:
        note = "Bon de livraison réclamé : 18 kg facturés, 16 kg reçus."
        documents.set_note(noted, actor=actor, version=noted.version, note=note)


def _sign_in() -> list[str]:
    people = (
        ("administrator", demo_practice.ADMINISTRATOR[1]),
        ("colleague", demo_practice.COLLEAGUES["karim"][1]),
        ("client", who.BAKERY.email),
    )
    width = max(len(email) for _role, email in people)
    lines = [f"  {role:<15}{email:<{width}}   {demo_practice.PASSWORD}" for role, email in people]
    return [f"The demo is ready: {settings.LIASSE_PUBLIC_URL}/ Sign in as", *lines]

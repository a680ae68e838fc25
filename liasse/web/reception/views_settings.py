"""Réception: a file's addresses and its members', whose mail is let in, and whether it is answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from liasse.clients import addresses
from liasse.clients.reception import set_reception
from liasse.clients.selectors import member_of_file
from liasse.core.access import Rule, access
from liasse.core.errors import ConflictError, InvalidError
from liasse.duplicates.sentences import RULES
from liasse.intake import senders
from liasse.intake.sender_sentences import MODE_HINTS, MODES
from liasse.intake.waiting import trusted_senders
from liasse.practices.types import Switch
from liasse.web.requests import FileRequest
from liasse.web.settings import screen


@dataclass(frozen=True, slots=True)
class Variant:
    """An address with words after the +, and what they wish."""

    label: str
    address: str


@access(Rule.FILE_MANAGE)
@require_safe
def reception(request: FileRequest, file_id: UUID) -> HttpResponse:
    del file_id
    return render(request, "web/reception/reception.html", _context(request))


def _context(request: FileRequest) -> dict[str, Any]:
    file = request.client_file
    of_file, *people = addresses.addresses_of(file)
    address = _full(of_file.local_part)
    return {
        "client_file": file,
        "crumbs": screen.crumbs(file),
        "tabs": screen.tabs(file, current="file-reception"),
        "address": address,
        "qr": segno.make(f"mailto:{address}", error="m").svg_data_uri(scale=4, border=3, light="#fff")
        if address
        else "",
        "former": [{"address": _full(one.local_part), "until": one.until} for one in of_file.former],
        "variants": variants(address),
        "people": [{"member": one.member, "address": _full(one.local_part)} for one in people],
        "modes": [
            {"value": value, "label": label, "hint": MODE_HINTS[value], "checked": value == file.sender_mode}
            for value, label in MODES.items()
        ],
        "rules": [
            {"value": value, "label": label, "hint": hint, "checked": value == file.duplicate_rule}
            for value, (label, hint) in RULES.items()
        ],
        "trusted": trusted_senders(file),
        "answers": [
            {"value": value, "label": label, "checked": value == file.answers_mail}
            for value, label in _answer_choices(request)
        ],
    }


def _answer_choices(request: FileRequest) -> list[tuple[str, str]]:
    is_on = request.practice.answers_mail == Switch.ON
    inherited = _("As the practice does: yes") if is_on else _("As the practice does: no")
    return [("", inherited), (Switch.ON, _("Yes")), (Switch.OFF, _("No"))]


def _full(local_part: str) -> str:
    return f"{local_part}@{settings.LIASSE_MAIL_DOMAIN}" if local_part else ""


def variants(address: str) -> list[Variant]:
    """Give the forms of an address that wish something, in the words of the reader's language."""
    local_part, _at, domain = address.partition("@")
    if not domain:
        return []
    labels = {
        _("sales"): _("Invoices that the client sent to its customers"),
        _("pages"): _("A scan in which each page is a document of its own"),
        _("whole"): _("Each file is one document, however many pages it has"),
    }
    return [Variant(label=label, address=f"{local_part}+{word}@{domain}") for word, label in labels.items()]


@access(Rule.FILE_MANAGE)
@require_POST
def set_mode(request: FileRequest, file_id: UUID) -> HttpResponse:
    del file_id
    return _set(request, sender_mode=request.POST.get("sender_mode", ""))


@access(Rule.FILE_MANAGE)
@require_POST
def set_answers(request: FileRequest, file_id: UUID) -> HttpResponse:
    del file_id
    return _set(request, answers_mail=request.POST.get("answers_mail", ""))


@access(Rule.FILE_MANAGE)
@require_POST
def set_duplicates(request: FileRequest, file_id: UUID) -> HttpResponse:
    """Say what is done with documents that may be there twice."""
    del file_id
    return _set(request, duplicate_rule=request.POST.get("duplicate_rule", "-"))


def _set(request: FileRequest, **wanted: str) -> HttpResponse:
    try:
        set_reception(request.client_file, actor=request.actor, **wanted)
    except InvalidError as error:
        messages.error(request, next(iter(error.fields.values())))
    else:
        messages.success(request, _("Saved."))
    return _back(request)


@access(Rule.FILE_MANAGE)
@require_POST
def change_address(request: FileRequest, file_id: UUID) -> HttpResponse:
    del file_id
    try:
        addresses.change(request.client_file, actor=request.actor)
    except ConflictError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("The address was changed. The former one takes mail for 90 more days."))
    return _back(request)


@access(Rule.FILE_MANAGE)
@require_POST
def member_address(request: FileRequest, file_id: UUID, member_id: UUID) -> HttpResponse:
    """Give a member an address, or another one."""
    del file_id
    member = member_of_file(request.client_file, member_id=member_id)
    if member is None:
        raise Http404
    try:
        if addresses.address_of_member(member):
            addresses.change(request.client_file, member=member, actor=request.actor)
        else:
            addresses.give_to_member(member, actor=request.actor)
    except ConflictError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("%(name)s has a new address.") % {"name": member.name})
    return _back(request)


@access(Rule.FILE_MANAGE)
@require_POST
def add_trusted(request: FileRequest, file_id: UUID) -> HttpResponse:
    del file_id
    typed = request.POST.get("sender", "")
    try:
        senders.trust(request.client_file, sender=typed, actor=request.actor)
    except InvalidError as error:
        context = _context(request) | {"typed": typed, "trust_error": error.fields["sender"]}
        return render(request, "web/reception/reception.html", context, status=422)
    messages.success(request, _("%(sender)s is trusted.") % {"sender": typed.strip()})
    return _back(request)


@access(Rule.FILE_MANAGE)
@require_POST
def remove_trusted(request: FileRequest, file_id: UUID, sender_id: UUID) -> HttpResponse:
    del file_id
    senders.distrust(request.client_file, sender_id=sender_id, actor=request.actor)
    messages.success(request, _("No longer trusted. What became documents stays."))
    return _back(request)


def _back(request: FileRequest) -> HttpResponse:
    return redirect("file-reception", request.client_file.id)

"""What mail asks of a client's people, and the addresses at which they hand in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from liasse.clients.addresses import address_of_member
from liasse.clients.models import ClientFile, Member
from liasse.core.access import Rule, access
from liasse.intake import senders
from liasse.intake.models import Receipt
from liasse.intake.selectors import receipt_of_file
from liasse.intake.sender_sentences import Task, task_of
from liasse.intake.waiting import open_tasks
from liasse.portal.requests import MemberRequest


@dataclass(frozen=True, slots=True)
class TaskView:
    """What a mail asks for, and where to say that it is done."""

    task: Task
    done_url: str


def tasks_for(client_file: ClientFile, *, member: Member) -> list[TaskView]:
    """Give the open tasks that this person may see. One query.

    Whoever confirms a forwarding sends somebody's mail here: besides those who see everything, it is shown to
    the one whose mailbox it is.
    """
    found = [(receipt, task_of(receipt)) for receipt in open_tasks(client_file) if _may_see(receipt, member=member)]
    return [
        TaskView(task=task, done_url=reverse("portal-task-done", args=[client_file.id, receipt.id]))
        for receipt, task in found
        if task is not None
    ]


def _may_see(receipt: Receipt, *, member: Member) -> bool:
    asked_of = str(receipt.task.get("address", "")).lower()
    return member.sees_all or (bool(member.email) and asked_of == member.email)


def own_address(member: Member) -> str:
    """Give a member's own address; blank when there is none."""
    local_part = address_of_member(member)
    return f"{local_part}@{settings.LIASSE_MAIL_DOMAIN}" if local_part else ""


@access(Rule.FILE_MEMBER)
@require_POST
def task_done(request: MemberRequest, file_id: UUID, receipt_id: UUID) -> HttpResponse:
    del file_id
    receipt = receipt_of_file(request.client_file, receipt_id=receipt_id)
    if receipt is None or not receipt.task or not _may_see(receipt, member=request.member):
        raise Http404
    senders.finish_task(receipt, actor=request.actor)
    messages.success(request, _("Done."))
    return redirect("portal-file", request.client_file.id)

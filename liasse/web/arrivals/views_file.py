"""What hangs in one file, tried again or seen."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from liasse.core.access import Rule, access
from liasse.pipeline.journeys import note_seen, of_file, retry_all
from liasse.web.arrivals.views import say_retried
from liasse.web.inbox.loaders import receipt_or_404
from liasse.web.requests import FileRequest


@access(Rule.FILE_WORK)
@require_POST
def retry_file(request: FileRequest, file_id: UUID) -> HttpResponse:
    """Try again all that failed or waits too long in the file."""
    say_retried(request, count=retry_all(of_file(request.client_file), actor=request.actor))
    return redirect("receipts", file_id=file_id)


@access(Rule.FILE_WORK)
@require_POST
def seen(request: FileRequest, file_id: UUID, receipt_id: UUID) -> HttpResponse:
    """Take a delivery that failed out of the alarm; it stays as it is and can still be tried again."""
    note_seen(receipt_or_404(request, receipt_id), actor=request.actor)
    messages.success(request, _("It is no longer counted among what waits. It stays here, and can be tried again."))
    return redirect("receipt", file_id=file_id, receipt_id=receipt_id)

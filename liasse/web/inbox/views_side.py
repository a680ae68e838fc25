"""Costs or sales: said of many documents at once from the list."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from liasse.core.access import Rule, access
from liasse.core.errors import NotThereError
from liasse.documents.sentences import SIDE_LABELS, label
from liasse.documents.sides import set_sides
from liasse.intake.types import Side
from liasse.ui.formats import format_count
from liasse.web.inbox.answers import said_of_many
from liasse.web.requests import FileRequest


@access(Rule.FILE_WORK)
@require_POST
def put_side(request: FileRequest, file_id: UUID) -> HttpResponse:
    """Say of the chosen documents that they are costs, or sales."""
    del file_id
    try:
        ids = [UUID(text) for text in request.POST.getlist("document")]
        side = Side(request.POST.get("side_to", ""))
        changed = set_sides(ids, actor=request.actor, client_file=request.client_file, side=side)
    except (ValueError, NotThereError) as error:
        raise Http404 from error
    text = ngettext("%(count)s document is now “%(side)s”.", "%(count)s documents are now “%(side)s”.", changed)
    said = text % {"count": format_count(changed), "side": label(SIDE_LABELS, side)}
    return said_of_many(request, said)

"""What becomes of one person of a file: the invitation followed, the main contact chosen, the access ended."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liasse.clients.models import Member
from liasse.clients.people import make_main
from liasse.clients.selectors import member_of_file
from liasse.core.access import Rule, access
from liasse.core.errors import InvalidError, LiasseError
from liasse.documents.leaving import count_owned, heirs_of, take_out
from liasse.invitations.models import Invitation
from liasse.invitations.standing import events_of, standing_of
from liasse.lib.ids import as_uuid
from liasse.ui.errors import of_error
from liasse.web.requests import FileRequest
from liasse.web.settings.forms_members import HeirForm
from liasse.web.settings.history import history_lines
from liasse.web.settings.windows_members import ask, done


def _member(request: FileRequest, member_id: UUID) -> Member:
    member = member_of_file(request.client_file, member_id=member_id)
    if member is None:
        raise Http404
    return member


@access(Rule.FILE_MANAGE)
@require_safe
def invitation(request: FileRequest, file_id: UUID, member_id: UUID) -> HttpResponse:
    """Show where a person's invitation stands and all that happened to it."""
    del file_id
    member = _member(request, member_id)
    standing = standing_of(member)
    if standing is None:
        raise Http404
    ids = Invitation.objects.filter(practice_id=member.practice_id, member=member).values_list("id", flat=True)
    lines = history_lines(events_of(member.practice_id, ids))
    place = (request.client_file.id, member.id)
    return ask(
        request,
        "web/settings/invitation.html",
        standing=standing,
        lines=lines,
        resend_url=reverse("file-member-resend", args=place),
        revoke_url=reverse("file-member-revoke", args=place),
    )


@access(Rule.FILE_MANAGE)
@require_POST
def main(request: FileRequest, file_id: UUID, member_id: UUID) -> HttpResponse:
    del file_id
    member = make_main(_member(request, member_id), actor=request.actor)
    return done(request, _("%(name)s is the main contact of this file.") % {"name": member.name})


@access(Rule.FILE_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: FileRequest, file_id: UUID, member_id: UUID) -> HttpResponse:
    """Take somebody out of the file; whatever they own goes to another."""
    del file_id
    member = _member(request, member_id)
    heirs = heirs_of(request.client_file, leaving=member)
    context = {
        "member": member,
        "count": count_owned(member),
        "action": reverse("file-member-remove", args=[request.client_file.id, member.id]),
    }
    if request.method != "POST":
        return ask(request, "web/settings/remove_member.html", form=HeirForm(heirs=heirs), **context)
    form = HeirForm(request.POST, heirs=heirs)
    try:
        moved = take_out(member, heir_id=as_uuid(request.POST.get("heir", "")), actor=request.actor)
    except InvalidError as error:
        return ask(request, "web/settings/remove_member.html", form=form.refused(error), **context)
    except LiasseError as error:
        if not request.htmx:
            messages.error(request, error.sentence)
            return redirect("file-members", request.client_file.id)
        return of_error(request, error)
    said = _("%(name)s has no access to this file any more.") % {"name": member.name}
    if moved:
        also = ngettext("%(count)d document was handed on.", "%(count)d documents were handed on.", moved)
        said = f"{said} {also % {'count': moved}}"
    return done(request, said)

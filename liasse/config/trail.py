"""What the audit trail keeps of requests: who looked at a document or took one away, and who was refused.

The rest of the trail is written by the services, in the transactions that change something.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase  # noqa: TID251 - a layer around every request, as the guard is
from django.urls import ResolverMatch

from liasse.clients.models import ClientFile, Member
from liasse.clients.services import subject_of
from liasse.core import audit
from liasse.core.access import Actor, Rule, rule_of
from liasse.core.audit import Subject
from liasse.core.scope import instance_scope
from liasse.practices.models import Colleague
from liasse.practices.selectors import actor_of
from liasse.web.account.failures import note_failed_proof
from liasse.web.requests import FileRequest, PracticeRequest


@dataclass(frozen=True, slots=True)
class Access:
    """What answering a route means for the trail: the verb, and which id of the address it was done to."""

    verb: str
    kind: str = "document"
    key: str = "document_id"


ACCESSES: Final = {
    "document": Access("document.opened"),
    "duplicate": Access("document.opened"),
    "document-page": Access("document.opened"),
    "document-words": Access("document.opened"),
    "document-original": Access("document.downloaded"),
    "document-piece": Access("document.downloaded"),
    "portal-document": Access("document.opened"),
    "portal-document-page": Access("document.opened"),
    "portal-document-original": Access("document.downloaded"),
    "receipt": Access("receipt.opened", "receipt", "receipt_id"),
    "receipt-original": Access("receipt.downloaded", "receipt", "receipt_id"),
    "receipt-part": Access("receipt.downloaded", "receipt", "receipt_id"),
}
"""Written once a person, document and hour."""

EXPORTS: Final = {"takeout-csv": "csv", "takeout-xlsx": "xlsx", "takeout-zip": "zip"}
"""Many documents at once: each is written, with how many and which."""

SHOW_NOTHING: Final = frozenset({"document-news"})
"""Routes of one document that a GET answers, and that show nothing of it."""

PROOFS: Final = frozenset({"prove", "profile-password"})
"""Where somebody who is signed in says once more who they are; failing there is what a found phone does."""

_NAMED: Final = 100
"""So many documents of an export are named one by one."""


_UNPROVED: Final = frozenset({HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.TOO_MANY_REQUESTS})


class TrailMiddleware:
    """Stands right behind the guard, in whose scope it writes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and write what the answer meant. What cannot be written is not shown either."""
        response = self.get_response(request)
        match = request.resolver_match
        if match is None or not request.user.is_authenticated:
            return response
        try:
            if response.status_code == HTTPStatus.OK:
                _note_access(cast("FileRequest", request), match)
            elif match.url_name in PROOFS and response.status_code in _UNPROVED:
                note_failed_proof(request.user)
            elif response.status_code in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}:
                _note_refusal(cast("PracticeRequest", request), match, status=response.status_code)
        except Exception:
            response.close()
            raise
        return response


def _note_access(request: FileRequest, match: ResolverMatch) -> None:
    name = match.url_name or ""
    if name in ACCESSES:
        done = ACCESSES[name]
        audit.record_once(
            done.verb,
            actor=request.actor,
            practice_id=request.practice.id,
            subject=Subject(kind=done.kind, id=match.kwargs[done.key], client_file_id=request.client_file.id),
        )
    elif name in EXPORTS:
        audit.record(
            "documents.exported",
            actor=request.actor,
            practice_id=request.practice.id,
            subject=subject_of(request.client_file),
            after={"format": EXPORTS[name], **_chosen(request)},
        )


def _chosen(request: FileRequest) -> dict[str, Any]:
    if request.POST.get("all"):
        return {"documents": "all"}
    ids = list(dict.fromkeys(request.POST.getlist("document")))
    return {"documents": str(len(ids)), "ids": ids[:_NAMED]}


def _note_refusal(request: PracticeRequest, match: ResolverMatch, *, status: int) -> None:
    """Write that a person asked for a file or a page that is not theirs: once an hour, however often they ask.

    A missing id inside a file that the person reaches is no refusal.
    """
    rule, client_file = rule_of(match.func), getattr(request, "client_file", None)
    after = {"page": match.url_name or ""}
    if client_file is not None:
        if status == HTTPStatus.FORBIDDEN:
            _refused(client_file, actor=request.actor, after=after)
    elif rule is not None and rule.value.startswith("file-"):
        _note_stranger(request, file_id=match.kwargs["file_id"], after=after)
    elif status == HTTPStatus.FORBIDDEN and rule in {Rule.ADMINISTRATOR, Rule.ADD_CLIENTS, Rule.PROGRESS}:
        subject = Subject(kind="practice", id=request.practice.id)
        audit.record_once(
            "practice.refused", actor=request.actor, practice_id=request.practice.id, subject=subject, after=after
        )


def _refused(client_file: ClientFile, *, actor: Actor, after: dict[str, str]) -> None:
    audit.record_once(
        "file.refused", actor=actor, practice_id=client_file.practice_id, subject=subject_of(client_file), after=after
    )


def _note_stranger(request: PracticeRequest, *, file_id: UUID, after: dict[str, str]) -> None:
    with instance_scope():
        client_file = ClientFile.objects.filter(id=file_id).first()
        if client_file is not None:
            _refused(client_file, actor=_stranger(request, client_file=client_file), after=after)


def _stranger(request: PracticeRequest, *, client_file: ClientFile) -> Actor:
    """Say who it is in the words of the file's practice: its own colleague, a user of the file, or somebody else."""
    user = request.user
    colleague = Colleague.objects.filter(practice_id=client_file.practice_id, user_id=user.id).first()
    if colleague is not None:
        return actor_of(colleague)
    member = Member.objects.filter(client_file=client_file, user_id=user.id).first()
    if member is not None:
        return Actor(kind="member", user_id=user.id, person_id=member.id, name=member.name)
    return Actor(kind="person", user_id=user.id, name=user.name)

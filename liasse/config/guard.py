"""The guard: decides before each view who asks, and lets nobody in whom the rule leaves out.

It opens the practice scope for the view. Strangers get the same 404 as for a missing id.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from liasse.api.v1.entering import enter_by_token
from liasse.api.v1.requests import TokenRequest
from liasse.clients.member_rights import RUNS_USERS
from liasse.clients.models import ClientFile
from liasse.clients.reach import reach_as_member, reach_file
from liasse.clients.types import MemberRole
from liasse.core.access import ANONYMOUS, Actor, Level, Rule, is_sensitive, rule_of
from liasse.core.scope import practice_scope
from liasse.identity.sessions import is_idle, seen
from liasse.portal.requests import MemberRequest
from liasse.practices.logins import owes_factor
from liasse.practices.selectors import actor_of, colleague_of_user
from liasse.web.proof import lead, proof_wanted, sign_out_idle, to_sign_in
from liasse.web.requests import FileRequest, PersonRequest, PracticeRequest

Next = Callable[[HttpRequest], HttpResponseBase]

_LEVELS = {
    Rule.FILE_READ: Level.READING,
    Rule.FILE_WORK: Level.CODING,
    Rule.FILE_MANAGE: Level.FULL,
    Rule.FILE_ADMINISTRATOR: Level.FULL,
}
_OF_THE_CLIENT = {
    Rule.FILE_MEMBER: frozenset(MemberRole),
    Rule.FILE_PEOPLE: RUNS_USERS,
    Rule.FILE_OWNER: frozenset({MemberRole.ADMINISTRATOR}),
}
_OF_THE_PRACTICE = frozenset({Rule.COLLEAGUE, Rule.ADD_CLIENTS, Rule.TEAM_LEAD, Rule.PROGRESS, Rule.ADMINISTRATOR})


class LanguageMiddleware:
    """Chooses the language: the cookie, else the person's own, else the browser's, else French."""

    def __init__(self, get_response: Next) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Activate the language for this request and say so in the answer."""
        language = self._language(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", language)
        return response

    def _language(self, request: HttpRequest) -> str:
        known = {code for code, _ in settings.LANGUAGES}
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if chosen not in known and settings.SESSION_COOKIE_NAME in request.COOKIES:
            chosen = getattr(request.user, "language", "")
        return chosen if chosen in known else translation.get_language_from_request(request)


class GuardMiddleware:
    """Enforces each view's declared rule and opens the practice scope around it."""

    def __init__(self, get_response: Next) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer within whatever scope the rule opens, and close it behind the answer."""
        asked = cast("PersonRequest", request)
        asked.actor = ANONYMOUS
        with ExitStack() as scopes:
            asked.scopes = scopes
            scopes.enter_context(timezone.override(settings.LIASSE_TIME_ZONE))
            response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., Any],
        _args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """Let the request in, or answer in the view's place."""
        rule = rule_of(view)
        if rule is None:
            raise Http404
        if rule in {Rule.PUBLIC, Rule.LINK_HOLDER}:
            return None
        if rule is Rule.TOKEN:
            return enter_by_token(cast("TokenRequest", request), file_id=kwargs.get("file_id"))
        if not request.user.is_authenticated:
            return to_sign_in(request)
        if rule in _LEVELS:
            _enter_file(cast("FileRequest", request), rule, file_id=kwargs["file_id"])
        elif rule in _OF_THE_CLIENT:
            _enter_as_member(cast("MemberRequest", request), rule, file_id=kwargs["file_id"])
        else:
            _enter_practice(cast("PracticeRequest", request), rule)
        is_work = cast("PersonRequest", request).actor.is_colleague
        if is_work and is_idle(request.session):
            return sign_out_idle(request)
        if not _asks_by_itself(request):
            seen(request, is_work=is_work)
        return _stop(cast("PracticeRequest", request), rule, view=view)


def _asks_by_itself(request: HttpRequest) -> bool:
    """Tell whether a page asks for news, as each does while it is open."""
    match = request.resolver_match
    return match is not None and (match.url_name or "").endswith("-news")


def _stop(request: PracticeRequest, rule: Rule, *, view: Callable[..., Any]) -> HttpResponseBase | None:
    """Stop whom the rule lets in, but who must add a second factor first, or say again who they are."""
    if rule is not Rule.SIGNED_IN and owes_factor(request.user, practice=request.practice, actor=request.actor):
        return lead(request, to=reverse("security"))
    return proof_wanted(request) if is_sensitive(view) else None


def _enter_practice(request: PracticeRequest, rule: Rule) -> None:
    colleague = colleague_of_user(request.user.id, practice_id=_wanted_practice(request))
    if colleague is None:
        if rule in _OF_THE_PRACTICE:
            raise Http404
        request.actor = Actor(kind="person", user_id=request.user.id, name=request.user.name)
        return
    request.actor = actor_of(colleague)
    request.practice = colleague.practice
    request.scopes.enter_context(practice_scope(colleague.practice_id))
    request.scopes.enter_context(timezone.override(colleague.practice.time_zone))
    if rule is Rule.ADMINISTRATOR and not request.actor.is_administrator:
        raise PermissionDenied
    if rule is Rule.ADD_CLIENTS and not request.actor.can_add_clients:
        raise PermissionDenied
    if rule is Rule.PROGRESS and not request.actor.can_see_progress:
        raise PermissionDenied
    if rule is Rule.TEAM_LEAD and not (request.actor.is_administrator or request.actor.is_team_lead):
        raise PermissionDenied


def _enter_file(request: FileRequest, rule: Rule, *, file_id: UUID) -> None:
    reach = reach_file(request.user.id, file_id=file_id)
    if reach is None:
        raise Http404
    request.actor = reach.actor
    request.practice = reach.client_file.practice
    request.client_file = reach.client_file
    request.file_level = reach.level
    _enter_scope(request, reach.client_file)
    if not reach.level.allows(_LEVELS[rule]):
        raise PermissionDenied
    if rule is Rule.FILE_ADMINISTRATOR and not reach.actor.is_administrator:
        raise PermissionDenied


def _enter_as_member(request: MemberRequest, rule: Rule, *, file_id: UUID) -> None:
    reach = reach_as_member(request.user.id, file_id=file_id)
    if reach is None:
        raise Http404
    request.actor = reach.actor
    request.practice = reach.client_file.practice
    request.client_file = reach.client_file
    request.member = reach.member
    _enter_scope(request, reach.client_file)
    if reach.member.role not in _OF_THE_CLIENT[rule]:
        raise PermissionDenied


def _enter_scope(request: FileRequest | MemberRequest, client_file: ClientFile) -> None:
    """Open the file's practice, in the file's own time zone or else its practice's."""
    request.scopes.enter_context(practice_scope(client_file.practice_id))
    request.scopes.enter_context(timezone.override(client_file.time_zone or client_file.practice.time_zone))


def _wanted_practice(request: HttpRequest) -> UUID | None:
    wanted = request.session.get("practice")
    return UUID(wanted) if wanted else None

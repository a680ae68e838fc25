"""From an error to a page or, for htmx, to one sentence. Strangers' pages are all alike."""

from __future__ import annotations

import sys
from http import HTTPStatus

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from liasse.core.errors import ConflictError, ForbiddenError, LiasseError, NotThereError
from liasse.ui.theme import chosen_theme

_STATUSES: dict[type[LiasseError], HTTPStatus] = {
    NotThereError: HTTPStatus.NOT_FOUND,
    ForbiddenError: HTTPStatus.FORBIDDEN,
    ConflictError: HTTPStatus.CONFLICT,
}


def page(request: HttpRequest, *, status: HTTPStatus, title: str, sentence: str) -> HttpResponse:
    """Answer with the error page, or with the bare sentence to htmx, which shows it."""
    if request.headers.get("HX-Request"):
        return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    context = {"status": int(status), "title": title, "sentence": sentence, "theme": chosen_theme(request)}
    return HttpResponse(render_to_string("ui/error.html", context), status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer for what is missing and for what the asker may not know of, byte for byte alike."""
    del exception
    return page(
        request,
        status=HTTPStatus.NOT_FOUND,
        title=_("Nothing here"),
        sentence=_("There is nothing at this address, or it is not open to you."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer for what the asker sees but may not do."""
    del exception
    return page(
        request,
        status=HTTPStatus.FORBIDDEN,
        title=_("Not allowed"),
        sentence=_("You may not do this. Ask an administrator of your practice."),
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer for a request that cannot be understood."""
    del exception
    return page(
        request,
        status=HTTPStatus.BAD_REQUEST,
        title=_("Request not understood"),
        sentence=_("This request could not be understood. Go back and try again."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for a fault of ours; a database that is away, or full of others' work, comes back by itself."""
    if isinstance(sys.exc_info()[1], OperationalError):
        answer = page(
            request,
            status=HTTPStatus.SERVICE_UNAVAILABLE,
            title=_("The database does not answer"),
            sentence=_("The database does not answer at this moment. Nothing was changed. Try again in a minute."),
        )
        answer.headers["Retry-After"] = "60"
        return answer
    return page(
        request,
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
        title=_("A fault on our side"),
        sentence=_("Something went wrong on our side. Nothing was changed. Try again in a moment."),
    )


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer when the form's proof is missing or too old."""
    del reason
    return page(
        request,
        status=HTTPStatus.FORBIDDEN,
        title=_("This page is out of date"),
        sentence=_("This page is out of date. Reload it and try again; nothing was changed."),
    )


def of_error(request: HttpRequest, error: LiasseError) -> HttpResponse:
    """Answer for one of our own errors that no view handled."""
    if isinstance(error, NotThereError):
        return not_found(request)
    status = next(
        (status for kind, status in _STATUSES.items() if isinstance(error, kind)),
        HTTPStatus.UNPROCESSABLE_ENTITY if error.permanent else HTTPStatus.SERVICE_UNAVAILABLE,
    )
    return page(request, status=status, title=_("This was not done"), sentence=str(error.sentence))

"""Answers that go into the window."""

from __future__ import annotations

from django.http import HttpResponse


def at_once(response: HttpResponse) -> HttpResponse:
    """Let htmx take the new content in hand as soon as it is on the screen.

    By itself it waits for 20 ms, in which a quick Enter would send the form the browser's own
    way, and leave the page.
    """
    response.headers["HX-Reswap"] = "innerHTML settle:0ms"
    return response

"""Answers that go into the window."""

from __future__ import annotations

from django.http import HttpResponse
from django_htmx.http import reswap


def at_once(response: HttpResponse) -> HttpResponse:
    """Let htmx take the new content in hand as soon as it is on the screen.

    By itself it waits for 20 ms, in which a quick Enter would send the form the browser's own
    way, and leave the page.
    """
    return reswap(response, "innerHTML settle:0ms")

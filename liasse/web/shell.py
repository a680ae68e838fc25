"""The frame around every screen of the practice: menu, account name, switches."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give the templates the frame for this request (a context processor)."""
    del request
    return {}

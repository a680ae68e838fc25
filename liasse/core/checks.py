"""Start-up checks: every route declares who may enter, every port has a loadable adapter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.module_loading import import_string

from liasse.core.access import rule_of


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Give every route of the URL configuration with its full pattern."""
    for entry in (resolver or get_resolver()).url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, pattern)
        else:
            yield pattern, entry


@register()
def every_route_declares_its_rule(**_: Any) -> list[CheckMessage]:  # noqa: ANN401 - Django's own signature
    """Refuse to start while a route does not say who may enter."""
    return [
        Error(f"The route “{pattern}” declares no access rule.", id="liasse.E001")
        for pattern, route in routes()
        if rule_of(route.callback) is None
    ]


@register()
def every_adapter_loads(**_: Any) -> list[CheckMessage]:  # noqa: ANN401 - Django's own signature
    """Refuse to start while a port's adapter cannot be imported."""
    problems: list[CheckMessage] = []
    for port, dotted in settings.LIASSE_ADAPTERS.items():
        try:
            import_string(dotted)
        except ImportError as error:
            problems.append(Error(f"The adapter of {port}, {dotted}: {error}", id="liasse.E002"))
    return problems

"""Another adapter behind a port, for the length of a test; the real one comes back after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.test import override_settings

from liasse.core.adapters import adapter
from liasse.messaging import lines
from liasse.messaging.types import Channel


@contextmanager
def served_by(port: str, path: str, **options: Any) -> Iterator[None]:  # noqa: ANN401 - an adapter's own words
    adapters = settings.LIASSE_ADAPTERS | {port: path}
    with override_settings(
        LIASSE_ADAPTERS=adapters, LIASSE_ADAPTER_OPTIONS=settings.LIASSE_ADAPTER_OPTIONS | {port: options}
    ):
        adapter.cache_clear()
        try:
            with fresh_lines():
                yield
        finally:
            adapter.cache_clear()


@contextmanager
def fresh_lines() -> Iterator[None]:
    """What one test learned of a relay is nothing to the next."""
    before = dict(lines.LINES)
    lines.LINES.update({channel: lines.Line() for channel in Channel})
    yield
    lines.LINES.update(before)

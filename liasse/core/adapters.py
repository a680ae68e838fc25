"""From a port's name to the adapter that serves it, as the settings say."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


@cache
def adapter(port: str) -> Any:  # noqa: ANN401 - the caller names the port's Protocol
    """Give the one instance of the adapter for a port, made from the settings."""
    factory = import_string(settings.LIASSE_ADAPTERS[port])
    return factory(**settings.LIASSE_ADAPTER_OPTIONS.get(port, {}))

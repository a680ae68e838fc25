"""An instance that has an outside engine set up, for the length of a test."""

from __future__ import annotations

from typing import Any

import pytest

from liasse.adapters.engine_openai import OpenAiEngine
from liasse.core import adapters
from liasse.outside import selectors


def set_up(engine: OpenAiEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this engine be the instance's."""
    real = adapters.adapter

    def adapter(port: str) -> Any:  # noqa: ANN401 - the caller names the port
        return engine if port == "outside_engine" else real(port)

    monkeypatch.setattr(selectors, "adapter", adapter)

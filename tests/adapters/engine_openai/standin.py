"""A stand-in of an OpenAI-compatible endpoint on the loopback, by the documented form of request and answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.adapters.sms_http.peer import Asked, Peer, Said, peer

KEY = "sk-standin-0123456789"
MODEL = "small-vision"


@dataclass
class StandIn:
    """Answers with `says`, unless `first` has other answers to be given before; refuses another key."""

    says: Mapping[str, Any] | str = field(default_factory=dict)
    first: list[Said] = field(default_factory=list)
    knows_formats: bool = True

    def __call__(self, asked: Asked) -> Said:
        if self.first:
            return self.first.pop(0)
        if asked.headers.get("authorization") != f"Bearer {KEY}":
            return 401, {"error": {"message": "Incorrect API key provided", "type": "invalid_request_error"}}
        if asked.path != "/v1/chat/completions" or asked.words["model"] != MODEL:
            return 404, {"error": {"message": "The model does not exist"}}
        if "response_format" in asked.words and not self.knows_formats:
            return 400, {"error": {"message": "response_format is not supported"}}
        content = self.says if isinstance(self.says, str) else json.dumps(self.says)
        return 200, answer(content)


def answer(content: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever an engine writes
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 900, "completion_tokens": 90, "total_tokens": 990},
    }


@contextmanager
def standing_in(speaker: StandIn) -> Iterator[Peer]:
    with peer(speaker) as made:
        yield made


def shown(made: Peer, number: int = 0) -> str:
    """Give all texts that the endpoint was shown in one request."""
    content = made.asked[number].words["messages"][1]["content"]
    return content if isinstance(content, str) else "\n".join(part.get("text", "") for part in content)


def pictures(made: Peer, number: int = 0) -> list[str]:
    """Give the addresses of the pictures that it was shown."""
    content = made.asked[number].words["messages"][1]["content"]
    parts = [] if isinstance(content, str) else content
    return [part["image_url"]["url"] for part in parts if part["type"] == "image_url"]

"""One request a document, POST {base}/chat/completions: no redirect is followed, nothing waited for too long."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from liasse.adapters.engine_openai.answer import LARGEST, AnswerError, read_answer
from liasse.adapters.engine_openai.request import body_of
from liasse.lib.http_call import Answer, CallError, Limits, NotNearError, call, may_be_near
from liasse.outside.ports import EngineError
from liasse.outside.types import Destination, Sends, ShownPage, Told, Trouble

_OK: Final = 200
_MISUNDERSTOOD: Final = frozenset({400, 415, 422, 501})
"""What endpoints answer that do not know response_format, or another word of the request."""
_TROUBLES: Final = {
    401: Trouble.KEY,
    402: Trouble.CREDIT,
    403: Trouble.KEY,
    404: Trouble.NOT_THERE,
    405: Trouble.NOT_THERE,
    408: Trouble.BUSY,
    413: Trouble.TOO_LARGE,
    425: Trouble.BUSY,
    429: Trouble.BUSY,
}
_REDIRECTS: Final = range(300, 400)
_FAULTS: Final = range(500, 600)
_PASSING: Final = frozenset({Trouble.BUSY, Trouble.AWAY})
_LONGEST_PAUSE: Final = 3600.0


class OpenAiEngine:
    """Asks one model behind one address; without an address it asks nobody."""

    def __init__(
        self, url: str = "", *, model: str = "", key: str = "", sends: str = Sends.AUTO, seconds: float = 60.0
    ) -> None:
        """Keep where to ask and how; nothing is looked up yet."""
        self._url = url.rstrip("/")
        self._headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "Liasse"}
        if key:
            self._headers["Authorization"] = f"Bearer {key}"
        parts = urlsplit(self._url)
        name = parts.hostname or ""
        self._destination = Destination(
            # Not the address as it was typed, so that nothing but a host is ever shown.
            host=f"{f'[{name}]' if ':' in name else name}{f':{parts.port}' if parts.port else ''}",
            is_near=may_be_near(name),
            model=model,
            sends=Sends(sends),
        )
        # What is said to stay on this network does, and what is not encrypted must.
        must_be_near = parts.scheme == "http" or self._destination.is_near
        self._limits = Limits(wait=seconds, seconds=seconds, largest=LARGEST + 1, is_near=must_be_near)
        self._is_plain = False

    @property
    def destination(self) -> Destination | None:
        """Tell where documents would go; None where no address is set."""
        return self._destination if self._url else None

    def ask(self, pages: Sequence[ShownPage]) -> Told:
        """Show the pages once; twice where the endpoint does not understand the first way of asking, which is kept."""
        started, sent, requests, is_plain = time.monotonic(), 0, 0, self._is_plain
        while True:
            body = body_of(pages, model=self._destination.model, is_plain=is_plain)
            sent, requests = sent + len(body), requests + 1
            answer = self._posted(body, sent=sent)
            if answer.status not in _MISUNDERSTOOD or is_plain:
                break
            is_plain = True
        if answer.status != _OK:
            raise _refused(answer, sent=sent)
        self._is_plain = is_plain
        try:
            values, vat = read_answer(answer.body)
        except AnswerError as error:
            raise EngineError(str(error), permanent=True, trouble=Trouble.ANSWER, bytes_sent=sent) from error
        seconds = round(time.monotonic() - started, 2)
        return Told(values, vat, bytes_sent=sent, seconds=seconds, requests=requests)

    def _posted(self, body: bytes, *, sent: int) -> Answer:
        try:
            return call("POST", f"{self._url}/chat/completions", headers=self._headers, body=body, limits=self._limits)
        except NotNearError as error:
            raise EngineError(str(error), permanent=True, trouble=Trouble.ADDRESS) from error
        except CallError as error:
            raise EngineError(str(error)[:200], permanent=False, trouble=Trouble.AWAY, bytes_sent=sent) from error


def _refused(answer: Answer, *, sent: int) -> EngineError:
    """Give the error for an answer that is no success; its text is not kept, which may repeat the document."""
    trouble = _TROUBLES.get(answer.status)
    if trouble is None and answer.status in _FAULTS:
        trouble = Trouble.AWAY
    if trouble is None:
        trouble = Trouble.REDIRECT if answer.status in _REDIRECTS else Trouble.REFUSED
    detail = f"HTTP {answer.status}"
    return EngineError(
        detail, permanent=trouble not in _PASSING, trouble=trouble, after=_pause(answer), bytes_sent=sent
    )


def _pause(answer: Answer) -> float:
    """Give the seconds of a ``Retry-After`` header; 0 when there is none, or a date in its place."""
    for name, value in answer.headers.items():
        if name.lower() == "retry-after" and value.strip().isascii() and value.strip().isdecimal():
            return min(float(value), _LONGEST_PAUSE)
    return 0

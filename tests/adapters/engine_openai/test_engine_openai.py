"""The adapter against a stand-in over real sockets: what leaves, and what of the answers is let in."""

from __future__ import annotations

import base64
import json
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from liasse.adapters.engine_openai import OpenAiEngine
from liasse.adapters.page_looks.jpeg import page_as_jpeg
from liasse.config import engine as settings
from liasse.config.env import SettingError
from liasse.lib import http_call
from liasse.outside.ports import EngineError
from liasse.outside.types import ShownPage, Trouble
from liasse.reading.types import FieldName, VatLine
from tests.adapters.engine_openai.standin import KEY, MODEL, StandIn, answer, pictures, shown, standing_in
from tests.adapters.sms_http.peer import Peer

TEXT = (ShownPage(1, text="Facture FA-1"),)
SAID = {"invoice_number": "FA-1", "total_gross": "12.00", "vat_breakdown": [{"rate": "20", "base": "10", "vat": "2"}]}


def engine(made: Peer, *, key: str = KEY, seconds: float = 5) -> OpenAiEngine:
    return OpenAiEngine(f"{made.url}/v1", model=MODEL, key=key, seconds=seconds)


def fails(made: Peer, **words: Any) -> EngineError:  # noqa: ANN401 - of the engine
    with pytest.raises(EngineError) as found:
        engine(made, **words).ask(TEXT)
    return found.value


def test_one_request_with_words_gives_the_values_as_they_were_said() -> None:
    with standing_in(StandIn(SAID)) as made:
        told = engine(made).ask(TEXT)
    assert told.values == {FieldName.INVOICE_NUMBER: "FA-1", FieldName.TOTAL_GROSS: "12.00"}
    assert told.vat == (VatLine("20", "10", "2"),)
    assert (len(made.asked), told.requests, told.bytes_sent) == (1, 1, len(made.asked[0].body.encode()))
    assert "Facture FA-1" in shown(made)
    assert made.asked[0].words["response_format"]["json_schema"]["strict"] is True


def test_a_picture_is_a_data_address() -> None:
    with standing_in(StandIn(SAID)) as made:
        engine(made).ask([*TEXT, ShownPage(2, picture=b"\xff\xd8x", media_type="image/jpeg")])
    head, _comma, data = pictures(made)[0].partition(",")
    assert (head, base64.b64decode(data)) == ("data:image/jpeg;base64", b"\xff\xd8x")


def test_an_endpoint_without_formats_is_asked_plainly_and_from_then_on_at_once() -> None:
    with standing_in(StandIn(SAID, knows_formats=False)) as made:
        asking = engine(made)
        assert asking.ask(TEXT).requests == 2
        assert asking.ask(TEXT).requests == 1
    assert "response_format" not in made.asked[-1].words


@pytest.mark.parametrize(
    ("status", "trouble", "permanent"),
    [
        (401, Trouble.KEY, True),
        (402, Trouble.CREDIT, True),
        (403, Trouble.KEY, True),
        (404, Trouble.NOT_THERE, True),
        (413, Trouble.TOO_LARGE, True),
        (418, Trouble.REFUSED, True),
        (302, Trouble.REDIRECT, True),
        (429, Trouble.BUSY, False),
        (500, Trouble.AWAY, False),
        (503, Trouble.AWAY, False),
    ],
)
def test_a_refusal_says_whether_asking_again_can_help(status: int, trouble: Trouble, *, permanent: bool) -> None:
    headers = {"Location": "http://127.0.0.1:1/elsewhere", "Retry-After": "7"}
    with standing_in(StandIn(first=[(status, {"error": "secret words of the document"}, headers)])) as made:
        error = fails(made)
    assert (error.trouble, error.permanent, error.after) == (trouble, permanent, 7)
    assert len(made.asked) == 1
    assert "secret" not in error.detail


def test_a_wrong_key_is_told_and_never_repeated() -> None:
    with standing_in(StandIn(SAID)) as made:
        error = fails(made, key="sk-wrong")
    assert (error.trouble, error.permanent) == (Trouble.KEY, True)
    assert "sk-wrong" not in f"{error} {error.detail} {error.__cause__}"


def test_a_slow_endpoint_is_left_when_its_time_is_over() -> None:
    with standing_in(StandIn(SAID)) as made:
        made.hangs_for = 3
        started = time.monotonic()
        error = fails(made, seconds=0.3)
    assert (error.trouble, error.permanent) == (Trouble.AWAY, False)
    assert time.monotonic() - started < 2


def test_nobody_there_is_a_trouble_that_passes() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        away = OpenAiEngine(f"http://127.0.0.1:{held.getsockname()[1]}/v1", model=MODEL, seconds=1)
        with pytest.raises(EngineError) as found:
            away.ask(TEXT)
    assert (found.value.trouble, found.value.permanent) == (Trouble.AWAY, False)


GARBAGE = {
    "no json": (200, b"<html>Welcome</html>"),
    "no choices": (200, {"choices": []}),
    "no text": (200, answer([{"type": "text"}])),
    "prose": (200, answer("Of course! The invoice number is FA-1.")),
    "a list": (200, answer("[1, 2]")),
    "two values": (200, answer('{"invoice_number": "A", "invoice_number": "B"}')),
    "deep": (200, answer("[" * 30_000)),
    "a long message": (200, answer(json.dumps({"invoice_number": "A" * 40_000}))),
    "a huge answer": (200, b'{"choices": "' + b"x" * 1_000_000),
    "nothing": (200, b""),
}


@pytest.mark.parametrize("kind", GARBAGE)
def test_garbage_is_no_answer_and_is_not_asked_for_again(kind: str) -> None:
    with standing_in(StandIn(first=[GARBAGE[kind]])) as made:
        error = fails(made)
    assert (error.trouble, error.permanent, len(made.asked)) == (Trouble.ANSWER, True, 1)


def test_other_types_and_other_keys_are_left_out() -> None:
    said = {
        "invoice_number": ["FA-1"], "order_number": {"a": 1}, "iban": True, "currency": None,
        "supplier_name": "A" * 201,
        "total_gross": 12.50, "issue_date": "2026-01-15\u0000\u202e", "status": "ready", "confidence": "1.0",
        "vat_breakdown": [{"rate": [], "base": "1"}, "x"],
    }  # fmt: skip
    with standing_in(StandIn(said)) as made:
        told = engine(made).ask(TEXT)
    assert told.values == {FieldName.TOTAL_GROSS: "12.5", FieldName.ISSUE_DATE: "2026-01-15"}
    assert told.vat == (VatLine(None, "1", None),)


def test_a_fence_round_the_object_is_taken_off() -> None:
    with standing_in(StandIn('```json\n{"invoice_number": "FA-1"}\n```')) as made:
        assert engine(made).ask(TEXT).values == {FieldName.INVOICE_NUMBER: "FA-1"}


def test_what_is_not_encrypted_leaves_only_for_a_near_address(monkeypatch: pytest.MonkeyPatch) -> None:
    with standing_in(StandIn(SAID)) as made:
        # A name of this network that leads to another one: the connection itself is asked where it ended.
        monkeypatch.setattr(http_call, "is_near", lambda _host: False)
        error = fails(made)
    assert (error.trouble, error.permanent, made.asked) == (Trouble.ADDRESS, True, [])


@pytest.mark.parametrize(
    ("host", "near"),
    [("127.0.0.1", True), ("10.1.2.3", True), ("192.168.0.9", True), ("::1", True), ("fd00::1", True),
     ("::ffff:8.8.8.8", False), ("8.8.8.8", False), ("169.254.169.254", False), ("100.64.0.1", False),
     ("fe80::1%eth0", False), ("2001:4860::8888", False), ("localhost", False)],
)  # fmt: skip
def test_near_is_this_machine_or_a_private_network(host: str, *, near: bool) -> None:
    assert http_call.is_near(host) is near


@pytest.mark.parametrize(
    "url",
    ["http://api.example.com/v1", "http://8.8.8.8/v1", "http://169.254.169.254/v1", "http://[2001:4860::8888]/v1",
     "https://user:secret@api.example.com/v1", "https://api.example.com/v1?key=secret", "https://api.example.com/#x"],
)  # fmt: skip
def test_an_address_that_shows_documents_to_others_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(SettingError, match="LIASSE_ENGINE_URL") as found:
        settings._checked(url)
    assert "secret" not in str(found.value)


@pytest.mark.parametrize(
    ("url", "host", "near"),
    [("https://api.example.com/v1/", "api.example.com", False), ("http://127.0.0.1:11434/v1", "127.0.0.1:11434", True),
     ("http://ollama:11434/v1", "ollama:11434", True), ("https://[2001:4860::8888]/v1", "[2001:4860::8888]", False)],
)  # fmt: skip
def test_people_are_shown_the_host_and_whether_it_is_near(url: str, host: str, *, near: bool) -> None:
    found = OpenAiEngine(settings._checked(url), model=MODEL, key=KEY).destination
    assert found is not None
    assert (found.host, found.is_near) == (host, near)


def test_without_an_address_there_is_no_engine() -> None:
    assert OpenAiEngine().destination is None


def test_a_page_becomes_a_small_jpeg_without_its_words_of_origin(tmp_path: Path) -> None:
    from PIL import Image

    noise = Image.effect_noise((1600, 2200), 90).convert("RGB")
    noise.save(tmp_path / "page.webp", quality=95, exif=b"Exif\x00\x00secret")
    page_as_jpeg(tmp_path / "page.webp", tmp_path, most_bytes=300_000)
    made = (tmp_path / "page.jpg").read_bytes()
    assert len(made) <= 300_000
    assert made[:2] == b"\xff\xd8"
    assert b"secret" not in made

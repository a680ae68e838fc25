from pathlib import Path
from typing import Any

import pytest

from liasse.config import env

pytestmark = pytest.mark.house
NAME = "LIASSE_TEST_VALUE"
READERS: dict[str, Any] = {
    "address": lambda: env.address(NAME, default="127.0.0.1:8000", help="A test."),
    "integer": lambda: env.integer(NAME, default=2, minimum=1, maximum=64, help="A test."),
    "size": lambda: env.size(NAME, default="35MiB", help="A test."),
    "flag": lambda: env.flag(NAME, default=False, help="A test."),
    "url": lambda: env.url(NAME, default="", help="A test."),
    "path": lambda: env.path(NAME, default="./var", help="A test."),
    "choice": lambda: env.choice(NAME, choices=("one", "two"), default="one", help="A test."),
    "words": lambda: env.words(NAME, default="", help="A test."),
}


@pytest.fixture(autouse=True)
def _registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(env, "_settings", {})


@pytest.mark.parametrize(
    ("reader", "raw", "value"),
    [
        ("address", "", env.Address("127.0.0.1", 8000)),
        ("address", "[::1]:25", env.Address("::1", 25)),
        ("address", ":8080", env.Address("0.0.0.0", 8080)),  # noqa: S104  It is what “:port” asks for.
        ("integer", " 64 ", 64),
        ("size", "2 GB", 2_000_000_000),
        ("size", "1kib", 1024),
        ("flag", "On", True),
        ("flag", "", False),
        ("url", "https://liasse.example", "https://liasse.example"),
        ("path", "/srv/x", Path("/srv/x")),
        ("choice", "TWO", "two"),
        ("words", "a.example, b.example", ["a.example", "b.example"]),
    ],
)
def test_a_value_is_read(monkeypatch: pytest.MonkeyPatch, reader: str, raw: str, value: object) -> None:
    monkeypatch.setenv(NAME, raw)
    assert READERS[reader]() == value


@pytest.mark.parametrize(
    ("reader", "raw"),
    [
        ("address", "8000"),
        ("address", "127.0.0.1:0"),
        ("address", "127.0.0.1:70000"),
        ("address", "http://127.0.0.1:80"),
        ("integer", "0"),
        ("integer", "65"),
        ("integer", "1.5"),
        ("integer", "９"),
        ("size", "35 miles"),
        ("size", "-1"),
        ("flag", "perhaps"),
        ("url", "liasse.example"),
        ("url", "ftp://liasse.example"),
        ("url", "http://liasse.example:port"),
        ("choice", "three"),
    ],
)
def test_a_wrong_value_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, reader: str, raw: str) -> None:
    monkeypatch.setenv(NAME, raw)
    with pytest.raises(env.SettingError) as refused:
        READERS[reader]()
    assert str(refused.value).startswith(f"{NAME} must be ")
    assert str(refused.value).endswith(".")


def test_a_secret_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "smtp://user:geheim@relay.example")
    env.url(NAME, default="", schemes=("smtp",), help="A test.", secret=True)
    assert "geheim" not in repr(env.registry())
    with pytest.raises(env.SettingError) as refused:
        env.url(NAME, default="", schemes=("https",), help="A test.", secret=True)
    assert "geheim" not in str(refused.value)


def test_a_slip_of_the_keyboard_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIASSE_HTPP", "x")
    assert "LIASSE_HTPP" in env.unknown()

"""What cookies are like on an instance that people reach over https."""

from __future__ import annotations

import json
from http.cookies import SimpleCookie

import pytest

from tests.cli.instance import environment
from tests.cli.test_commands import set_up
from tests.cli.test_reset import run

pytestmark = pytest.mark.house
_VISIT = """
import json, logging
from liasse.cli.project import open_project
open_project()
logging.disable()
from django.test import Client
browser, set_by = Client(headers={"host": "liasse.example"}), []
def visit(answer):
    set_by.extend(morsel.OutputString() for morsel in answer.cookies.values())
    return answer
visit(browser.get("/sign-in/", secure=True))
visit(browser.post("/language/", {"language": "en"}, secure=True))
visit(browser.post("/theme/", {"theme": "dark"}, secure=True))
login = {"email": "a@cabinet.example", "password": "quatre mots au hasard"}
visit(browser.post("/sign-in/", login, secure=True))
visit(browser.post("/profile/", {"name": "Anne", "language": "en"}, secure=True))
visit(browser.get("/invitations/abc/", secure=True))
page = browser.get("/sign-in/", secure=True)
print(json.dumps([set_by, page.headers.get("Strict-Transport-Security", "")]))
"""


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], str]:
    data = tmp_path_factory.mktemp("https") / "var"
    assert set_up(data).returncode == 0
    env = environment(data, LIASSE_URL="https://liasse.example")
    cookies, transport = json.loads(run(_VISIT, env=env).splitlines()[-1])
    return cookies, transport


def parsed(cookies: list[str]) -> dict[str, SimpleCookie]:
    return {line.partition("=")[0]: SimpleCookie(line) for line in cookies}


def test_every_kind_of_cookie_is_seen(visited: tuple[list[str], str]) -> None:
    kinds = {name.removeprefix("__Host-").rpartition("_")[0] for name in parsed(visited[0])}
    ours = {"liasse_session", "liasse_csrf", "liasse_language", "liasse_theme", "liasse_messages"}
    assert kinds - {""} == ours


def test_each_is_sent_over_https_alone_to_no_script_and_from_our_own_pages(visited: tuple[list[str], str]) -> None:
    for line in visited[0]:
        attributes = {part.strip().partition("=")[0].lower(): part.partition("=")[2] for part in line.split(";")[1:]}
        assert {"secure", "httponly"} <= attributes.keys(), line
        assert attributes["samesite"] == "Lax"
        assert "domain" not in attributes


def test_each_is_bound_to_this_host_but_for_the_link_of_an_invitation(visited: tuple[list[str], str]) -> None:
    others = [line for line in visited[0] if not line.startswith("__Host-")]
    assert [line.partition("=")[0] for line in others] == ["invitation-link"]
    assert [line for line in visited[0] if line.startswith("__Host-") and "Path=/;" not in f"{line};"] == []


def test_the_host_is_asked_for_over_https_for_a_year(visited: tuple[list[str], str]) -> None:
    assert visited[1] == "max-age=31536000; includeSubDomains"

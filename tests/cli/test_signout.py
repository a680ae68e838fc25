"""`liasse signout`, against a real data folder: whose sessions end, and whose stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.instance import environment, is_one_sentence, liasse
from tests.cli.test_commands import set_up
from tests.cli.test_reset import run

pytestmark = pytest.mark.house
_SIGN_IN = """
from liasse.cli.project import open_project
open_project()
from django.test import Client
from liasse.identity.models import User
for email in ("a@cabinet.example", "b@cabinet.example"):
    user = User.objects.get_or_create(email=email, defaults={"name": email})[0]
    for _number in range(2):
        Client().force_login(user)
"""
_LOOK = """
from liasse.cli.project import open_project
open_project()
from django.contrib.sessions.models import Session
from liasse.identity.models import OpenSession
print(Session.objects.count(), *OpenSession.objects.order_by("id").values_list("user__email", flat=True))
"""


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    assert set_up(tmp_path / "var").returncode == 0
    found = environment(tmp_path / "var")
    run(_SIGN_IN, env=found)
    return found


def test_one_person_s_sessions_end_and_nobody_else_s(env: dict[str, str]) -> None:
    done = liasse("signout", "--email", " A@cabinet.example", env=env)
    assert (done.returncode, done.stdout) == (0, "Signed out everywhere: a@cabinet.example (2 sessions).\n")
    assert run(_LOOK, env=env) == "2 b@cabinet.example b@cabinet.example"


def test_everybody_s_sessions_end(env: dict[str, str]) -> None:
    assert liasse("signout", "--everybody", env=env).returncode == 0
    assert run(_LOOK, env=env) == "0"


def test_an_address_that_nobody_has_is_said(env: dict[str, str]) -> None:
    done = liasse("signout", "--email", "nobody@cabinet.example", env=env)
    assert done.returncode == 1
    assert is_one_sentence(done.stderr)

"""The way back in for an administrator whom nobody can help: `liasse reset`, against a real data folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.instance import ROOT, environment, is_one_sentence, liasse
from tests.cli.test_commands import set_up

pytestmark = pytest.mark.house
_ADD = """
from liasse.cli.project import open_project
open_project()
import pyotp
from liasse.identity.factors import add_app, new_recovery_codes
from liasse.identity.models import User
user, seed = User.objects.get(), pyotp.random_base32()
add_app(user, seed=seed, code=pyotp.TOTP(seed).now())
new_recovery_codes(user)
"""
_LOOK = """
from liasse.cli.project import open_project
open_project()
from liasse.core.models import AuditEvent
from liasse.core.scope import instance_scope
from liasse.identity.models import AuthenticatorApp, RecoveryCode, User
with instance_scope():
    last = AuditEvent.objects.order_by("id").last()
print(User.objects.get().has_factor, AuthenticatorApp.objects.count(), RecoveryCode.objects.count(), last.verb)
"""


def run(code: str, *, env: dict[str, str]) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_a_lost_factor_is_taken_away_and_the_history_says_so(tmp_path: Path) -> None:
    env = environment(tmp_path / "var")
    assert set_up(tmp_path / "var").returncode == 0
    run(_ADD, env=env)
    done = liasse("reset", "--email", " A@cabinet.example ", env=env)
    assert done.returncode == 0, done.stderr
    assert run(_LOOK, env=env) == "False 0 0 colleague.factor-reset"
    again = liasse("reset", "--email", "a@cabinet.example", env=env)
    assert (again.returncode, "nothing was changed" in again.stdout) == (0, True)


def test_an_address_that_nobody_has_is_said(tmp_path: Path) -> None:
    assert set_up(tmp_path / "var").returncode == 0
    done = liasse("reset", "--email", "nobody@cabinet.example", env=environment(tmp_path / "var"))
    assert done.returncode == 1
    assert is_one_sentence(done.stderr)

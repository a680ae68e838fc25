import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from liasse.core import sandbox
from tests.cli.instance import ROOT, environment, is_one_sentence, liasse

pytestmark = pytest.mark.house
COMMANDS = ["serve", "setup", "web", "mailgate", "worker", "settings", "verify", "read", "reset", "signout"]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example(tmp_path: Path, command: str) -> None:
    done = liasse(command, "--help", env=environment(tmp_path / "var"))
    assert done.returncode == 0, done.stderr
    assert "xample" in done.stdout
    assert f"liasse {command}" in done.stdout.partition("xample")[2]


def test_an_unknown_command_is_said(tmp_path: Path) -> None:
    done = liasse("bogus", env=environment(tmp_path / "var"))
    assert done.returncode == 2
    assert is_one_sentence(done.stderr)


def test_a_wrong_setting_is_said_with_its_name(tmp_path: Path) -> None:
    done = liasse("serve", env=environment(tmp_path / "var", LIASSE_WORKERS="many"))
    assert done.returncode == 1
    assert is_one_sentence(done.stderr)
    assert "LIASSE_WORKERS" in done.stderr


def test_settings_lists_values_but_no_secrets(tmp_path: Path) -> None:
    secret = "x" * 60
    done = liasse("settings", env=environment(tmp_path / "var", LIASSE_SECRET_KEY=secret, LIASSE_TYPO="1"))
    assert done.returncode == 0
    assert f"LIASSE_DATA={tmp_path / 'var'}" in done.stdout
    assert secret not in done.stdout
    assert "LIASSE_TYPO is set, but nothing reads it" in done.stdout


def test_settings_say_which_walls_of_the_sandbox_stand(tmp_path: Path) -> None:
    found = sandbox.protections()
    done = liasse("settings", env=environment(tmp_path / "var"))
    [line] = [line for line in done.stdout.splitlines() if line.startswith("Sandbox on this machine:")]
    for name, stands in found.items():
        assert f"{name} {'active' if stands else 'not granted'}" in line


def set_up(
    data: Path, *, email: str = "a@cabinet.example", password: str = "quatre mots au hasard"
) -> subprocess.CompletedProcess[str]:
    arguments = ["--practice", "Cabinet Martin", "--email", email, "--name", "Anne Martin", "--password-stdin"]
    return liasse("setup", *arguments, env=environment(data), stdin=password + "\n")


def test_setup_works_once(tmp_path: Path) -> None:
    first = set_up(tmp_path / "var")
    assert first.returncode == 0, first.stderr
    second = set_up(tmp_path / "var", email="b@cabinet.example")
    assert second.returncode == 1
    assert is_one_sentence(second.stderr)


@pytest.mark.parametrize(
    ("email", "password"), [("not an email", "quatre mots au hasard"), ("a@b.example", ""), ("a@b.example", "short")]
)
def test_setup_refuses_what_cannot_be_used(tmp_path: Path, email: str, password: str) -> None:
    done = set_up(tmp_path / "var", email=email, password=password)
    assert done.returncode == 1
    assert is_one_sentence(done.stderr)


def pretend_python(folder: Path, version: str) -> dict[str, str]:
    """A machine with the usual tools and one Python, which is this old."""
    folder.mkdir()
    for tool in ("sh", "dirname", "tr", "sort", "paste", "grep", "sed"):
        (folder / tool).symlink_to(shutil.which(tool) or f"/bin/{tool}")
    python = folder / "python3"
    python.write_text(f'#!/bin/sh\ncase "$2" in *write*) printf {version} ;; *) exit 1 ;; esac\n')
    python.chmod(0o755)
    return {"PATH": str(folder), "HOME": str(folder)}


def test_an_old_python_is_said(tmp_path: Path) -> None:
    (tmp_path / "clone" / "bin").mkdir(parents=True)
    script = shutil.copy(ROOT / "bin" / "find-python", tmp_path / "clone" / "bin")
    env = pretend_python(tmp_path / "tools", "3.9")
    done = subprocess.run(["sh", script], env=env, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert is_one_sentence(done.stderr)
    assert "Python 3.9" in done.stderr


def test_the_launcher_works_from_anywhere(tmp_path: Path) -> None:
    launcher = Path(sys.executable).parent / "liasse"
    if not launcher.exists():
        pytest.skip("the environment was not made by make run or make test")
    done = subprocess.run([launcher, "--version"], cwd=tmp_path, check=False, capture_output=True, text=True)
    assert done.stdout.startswith("liasse ")

"""Make the environment in .venv, or see within a moment that it is there and right.

Called by the Makefile as `bootstrap.py app` (to run Liasse) or `bootstrap.py dev` (to work on it), with any
Python from 3.12 on; standard library only. Everything is installed from the hash-locked lists in requirements/.
"""

import fcntl
import functools
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENV = ROOT / ".venv"
PYTHON = ENV / "bin" / "python"
LISTS = {"app": ROOT / "requirements" / "app.txt", "dev": ROOT / "requirements" / "dev.txt"}
# Rules of e-invoices, of which only the data is used: installed without what their packages' code would need.
RULES = ROOT / "requirements" / "rules.txt"

# Written in two languages: sh runs the second line and hands over to the Python beside it, for which that line
# is a string. So the command works wherever the environment is, also below a path with blanks.
LAUNCHER = """#!/bin/sh
'''exec' "$(dirname -- "$(readlink -f -- "$0")")/python" -P "$0" "$@"
' '''
import sys

from liasse.cli.main import main

sys.exit(main())
"""


class BootstrapError(Exception):
    """The environment cannot be made; the text is one sentence for the person."""


def main(kind: str) -> int:
    """Bring the environment up to date for `kind`; 0, or 1 after a sentence on stderr."""
    try:
        with _only_one_at_a_time():
            _make_environment()
            _install(kind)
            _write_launcher()
            _compile_catalogues()
    except BootstrapError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


class _only_one_at_a_time:  # noqa: N801  Reads as what it does.
    """Two starts from one folder wait for each other: the second finds the work done."""

    def __enter__(self) -> None:
        self._folder = os.open(ROOT / "requirements", os.O_RDONLY)
        fcntl.flock(self._folder, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        os.close(self._folder)


def _make_environment() -> None:
    if PYTHON.exists() and _succeeds([PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 12))"]):
        return
    _say("Making the Python environment in .venv …")
    if ENV.exists():
        shutil.rmtree(ENV)
    base = str(Path(sys.executable).resolve()) if sys.prefix != sys.base_prefix else sys.executable
    uv = _uv()
    command = [*uv, "venv", "--quiet", "--python", base, str(ENV)] if uv else [base, "-m", "venv", str(ENV)]
    made = subprocess.run(command, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if made.returncode != 0:
        shutil.rmtree(ENV, ignore_errors=True)
        hint = "install the package python3-venv, or uv" if "ensurepip" in made.stdout + made.stderr else "see above"
        sys.stderr.write(made.stdout + made.stderr)
        raise BootstrapError(f"The Python environment could not be made in {ENV}: {hint}.")


def _install(kind: str) -> None:
    stamp = ENV / f".liasse-{kind}"
    wanted = _fingerprint(kind)
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    _say(f"Installing what requirements/{kind}.txt lists …")
    uv = _uv()
    installer: list[str] = [*uv, "pip", "install", "--python", str(PYTHON), "--compile-bytecode"]
    if not uv:
        if not _succeeds([PYTHON, "-m", "pip", "--version"]):
            # An environment that uv made has no pip of its own.
            _succeeds([PYTHON, "-m", "ensurepip"])
        installer = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    for wanted_list, options in ((LISTS[kind], []), (RULES, ["--no-deps"])):
        command = [*installer, "--quiet", "--require-hashes", *options, "-r", str(wanted_list)]
        if subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode != 0:
            raise BootstrapError(
                f"The libraries of requirements/{wanted_list.name} could not be installed: see above, and check the "
                "network."
            )
    # Compiled ahead, because a start should not be slow for want of permission to write beside the code.
    _succeeds([PYTHON, "-m", "compileall", "-q", ROOT / "liasse"])
    stamp.write_text(wanted, encoding="ascii")


def _fingerprint(kind: str) -> str:
    version = subprocess.run([PYTHON, "-V"], check=True, capture_output=True).stdout
    return hashlib.sha256(version + LISTS[kind].read_bytes() + RULES.read_bytes()).hexdigest()


def _write_launcher() -> None:
    launcher = ENV / "bin" / "liasse"
    if not launcher.exists() or launcher.read_text(encoding="utf-8") != LAUNCHER:
        launcher.write_text(LAUNCHER, encoding="utf-8")
        launcher.chmod(0o755)
    for packages in ENV.glob("lib/python3.*/site-packages"):
        pointer = packages / "liasse.pth"
        if not pointer.exists() or pointer.read_text(encoding="utf-8").strip() != str(ROOT):
            pointer.write_text(f"{ROOT}\n", encoding="utf-8")


def _compile_catalogues() -> None:
    sources = sorted(ROOT.glob("liasse/*/locale/*/LC_MESSAGES/django.po"))
    if all(_is_compiled(source) for source in sources):
        return
    if not _succeeds([PYTHON, ROOT / "bin" / "words.py", "compile"]):
        raise BootstrapError(
            "The catalogues of translations could not be compiled: run bin/words.py compile to see why."
        )


def _is_compiled(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime


@functools.cache
def _uv() -> list[str]:
    """Give the command of uv where there is one that runs: it installs several times faster than pip.

    A version manager may put a `uv` on PATH that only says that another Python has it; such a one is passed over.
    """
    places = [Path(sys.base_prefix) / "bin", Path.home() / ".local/bin", Path.home() / ".cargo/bin"]
    found = [shutil.which("uv"), *(shutil.which("uv", path=str(place)) for place in places)]
    return next(([path] for path in found if path and _succeeds([path, "--version"])), [])


def _succeeds(command: Sequence[str | Path]) -> bool:
    done = subprocess.run(
        command, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return done.returncode == 0


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

"""Run everything that CI runs: style, types, imports, translations and the whole suite on both databases.

What the tests need and the machine lacks is arranged: a Chromium, and a throw-away PostgreSQL cluster. What cannot
be arranged is said, and the tests that need it are skipped by name. The last lines are pytest's own summary; the
exit code is not 0 when anything failed. Further arguments go to pytest.
"""

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

from cluster import Cluster, ClusterError, find_server

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAIL_SERVERS = {"postfix": "/usr/sbin/postfix", "dovecot-imapd": "/usr/sbin/dovecot"}
NOTHING_SELECTED = 5
LINT = ["tests/architecture"]


def main() -> int:
    """Run all of it; 0 when everything passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lint", action="store_true", help="only style, types, imports and translations")
    options, further = parser.parse_known_args()
    os.chdir(ROOT)
    signal.signal(signal.SIGTERM, _stop)
    if options.lint:
        return _pytest([*LINT, *further])
    _arrange_packages()
    _arrange_browser()
    try:
        with Cluster() as cluster:
            _say("=== On SQLite ===")
            on_sqlite = _pytest(further)
            _say("=== On PostgreSQL ===")
            on_postgresql = _pytest(["-m", "not house", *further], database=cluster.url)
            # Of a selection, everything may say the same on every database; of the whole, something does not.
            return on_sqlite or (0 if further and on_postgresql == NOTHING_SELECTED else on_postgresql)
    except ClusterError as error:
        _say(f"The tests on PostgreSQL are left out: {error}")
    _say("=== On SQLite ===")
    # CI promises both databases, so there it is a failure.
    return _pytest(further) or (1 if os.environ.get("CI") else 0)


def _pytest(arguments: list[str], *, database: str = "") -> int:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    if database:
        environment["DATABASE_URL"] = database
    workers = str(min(4, max(2, os.cpu_count() or 2)))
    command = [sys.executable, "-m", "pytest", "-n", workers, "--dist", "worksteal", *arguments]
    return subprocess.run(command, check=False, env=environment, stdin=subprocess.DEVNULL).returncode


def _arrange_packages() -> None:
    """Let root on Debian install what is missing; anybody else goes on with what is there."""
    missing = []
    if not _browser():
        missing.append("chromium")
    if find_server() is None:
        missing.append("postgresql")
    # They would be started where a service manager is, and listen everywhere: only containers get them.
    if not Path("/run/systemd/system").exists():
        missing += [package for package, program in MAIL_SERVERS.items() if not Path(program).exists()]
    if not missing or os.getuid() != 0 or not shutil.which("apt-get"):
        return
    _say(f"Installing {' and '.join(missing)} for the tests …")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if "postfix" in missing:
        answer = b"postfix postfix/main_mailer_type select No configuration\n"
        subprocess.run(["debconf-set-selections"], check=False, input=answer, env=quiet, capture_output=True)
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *missing]):
        done = subprocess.run(
            ["apt-get", "--quiet=2", *command],
            check=False,
            env=quiet,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        if done.returncode != 0:
            _say(f"apt-get {command[0]} failed; going on with what is there.")


def _arrange_browser() -> None:
    browser = _browser()
    if browser is None:
        _say("Downloading a Chromium for the browser tests …")
        command = [sys.executable, "-m", "playwright", "install", "chromium"]
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(command, check=False, stdin=subprocess.DEVNULL, capture_output=True, timeout=180)
        browser = _browser()
    if browser is None:
        _say("No Chromium could be found or installed: the browser tests are skipped.")
    else:
        os.environ["LIASSE_TEST_CHROMIUM"] = browser


def _browser() -> str | None:
    """Give a Chromium: the one named, the machine's, or Playwright's own."""
    named = os.environ.get("LIASSE_TEST_CHROMIUM")
    found = named or next((path for name in BROWSERS if (path := shutil.which(name))), None)
    return found or _playwrights_own()


def _playwrights_own() -> str | None:
    for folder in (Path.home() / ".cache/ms-playwright", Path.home() / "Library/Caches/ms-playwright"):
        for path in sorted(folder.glob("chromium-*/chrome-*/*")):
            if path.name in {"chrome", "Chromium"} and os.access(path, os.X_OK):
                return str(path)
    return None


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(1)


def _say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    sys.exit(main())

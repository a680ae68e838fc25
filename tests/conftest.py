"""What every test may ask for, and what no test may do."""

import ipaddress
import os
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from playwright.sync_api import Browser, sync_playwright

from liasse.core.walls import closing, lifting

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"


def pytest_unconfigure() -> None:
    """Remove the data folder that tests/settings.py made."""
    folder = Path(os.environ.get("LIASSE_DATA", ""))
    if folder.name.startswith("liasse-test-"):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real files to try things on, or a skip with the reason."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real files is not here: ../shared/corpus is absent")
    return CORPUS


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium, or a skip with the reason; `make test` looks for one and installs one if it can."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("LIASSE_TEST_CHROMIUM") or next(filter(None, map(shutil.which, names)), "")
    if not found:
        pytest.skip("no Chromium is installed here; `make test` arranges one where it can")
    return found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a test that drives a browser try once more: on a loaded machine a click and its answer may miss each other.

    Both tries are told ("RERUN" in the summary), and what fails twice fails.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="module")
def browser(chromium: str, request: pytest.FixtureRequest) -> Iterator[Browser]:
    """A Chromium for one module: Playwright keeps a loop running in its thread, so only one may be open in a process.

    Never give it a wider scope: the loop would still run when a later module starts one of its own.
    """
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("django_db_setup")  # It must not find Playwright's loop in this thread.
    arguments = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Django takes that loop for asynchronous code, which this is not.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        opened = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield opened
        opened.close()


@pytest.fixture(autouse=True, scope="session")
def _tests_may_empty_their_database() -> Iterator[None]:
    """Lift the audit trail's triggers for the one moment in which Django empties the tables after a test."""
    # The class, since a connection opened beside Playwright's loop is another one.
    ops = type(connection.ops)
    flush = ops.sql_flush

    def past_the_trail(self: Any, style: Any, tables: Any, **more: Any) -> list[str]:  # noqa: ANN401 - Django's own
        statements = flush(self, style, tables, **more)
        if "core_auditevent" not in tables:
            return statements
        return [*lifting(connection.vendor), *statements, *closing(connection.vendor)]

    execute = ops.execute_sql_flush

    def once_nobody_writes(self: Any, statements: list[str]) -> None:  # noqa: ANN401 - Django's own
        # A page that was just closed may have left a request behind, which PostgreSQL finds in a deadlock with this.
        for _ in range(5):
            try:
                return execute(self, statements)
            except OperationalError:
                time.sleep(0.3)
        return execute(self, statements)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ops, "sql_flush", past_the_trail)
        patch.setattr(ops, "execute_sql_flush", once_nobody_writes)
        yield


@pytest.fixture(autouse=True, scope="session")
def _only_this_machine() -> Iterator[None]:
    """Refuse every connection that would leave the machine: a test that needs the world is no test of Liasse."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:  # noqa: ANN401  The standard library's own signature.
        if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_local(str(address[0])):
            raise OSError(f"a test tried to reach {address[0]}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


def _is_local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

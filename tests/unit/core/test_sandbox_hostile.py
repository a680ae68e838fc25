"""Each hostile stand-in hits its limit, leaves nothing behind, and the next job is served as if nothing had been."""

import os
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from liasse.core.sandbox import (
    CrashedError,
    Limits,
    OutOfMemoryError,
    Sandbox,
    SandboxError,
    TimedOutError,
    TooMuchOutputError,
)

NULL = "liasse.adapters.null.hostile:"
MIB = 1 << 20
TIGHT = Limits(memory=192 * MIB, cpu_seconds=2, wall_seconds=4, output_bytes=8 * MIB)
WALLS = ("namespaces", "files", "capabilities", "calls")

pytestmark = pytest.mark.house


@pytest.fixture(scope="module")
def own() -> Iterator[Sandbox]:
    box = Sandbox()
    yield box
    box.close()


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    path = tmp_path / "stored"
    path.write_bytes(b"bytes of a stranger")
    return path


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    path = tmp_path / "scratch"
    path.mkdir()
    return path


@pytest.mark.parametrize(
    ("name", "failure", "words"),
    [
        ("hang", TimedOutError, {}),
        ("spin", TimedOutError, {}),
        ("eat_memory", OutOfMemoryError, {}),
        ("eat_memory", OutOfMemoryError, {"step": 1000}),
        ("eat_memory_in_c", OutOfMemoryError, {}),
        ("write_much", TooMuchOutputError, {}),
        ("write_many", TooMuchOutputError, {"size": 5 * MIB}),
        ("write_many", TooMuchOutputError, {"size": 0}),
        ("answer_much", TooMuchOutputError, {}),
        ("flood_answer", TooMuchOutputError, {}),
        ("answer_deep", CrashedError, {}),
        ("answer_oddly", CrashedError, {}),
        ("print_garbage", CrashedError, {}),
        ("crash", CrashedError, {}),
        ("abort", CrashedError, {}),
        ("leave", CrashedError, {}),
        ("raise_oddly", CrashedError, {}),
        ("fork_many", CrashedError, {}),
        ("execute", CrashedError, {}),
    ],
)
def test_ends_it_and_serves_the_next(
    own: Sandbox, stored: Path, scratch: Path, name: str, failure: type[SandboxError], words: dict[str, Any]
) -> None:
    started = time.monotonic()
    with pytest.raises(failure) as caught:
        own.run(NULL + name, stored, scratch, limits=TIGHT, **words)
    assert caught.value.permanent
    assert time.monotonic() - started < 8
    (scratch / "next").mkdir()
    assert own.run(NULL + "refuse_nothing", stored, scratch / "next") == {}
    assert jobs_left(own) == []


@pytest.mark.parametrize("without", [(), ("calls",), ("calls", "namespaces")])
def test_a_descendant_that_left_the_session_dies_with_its_job(
    stored: Path, scratch: Path, without: tuple[str, ...]
) -> None:
    own = Sandbox(without=frozenset(without))
    if without == () or os.geteuid() != 0:
        with pytest.raises(CrashedError):
            own.run(NULL + "fork_once", stored, scratch)
    else:
        own.run(NULL + "fork_once", stored, scratch)
        assert (scratch / "escaped").exists()
    assert holders_of(scratch) == []
    own.close()


@pytest.mark.parametrize("without", [("calls",), ("calls", "namespaces")])
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can fork at all without the filter of calls")
def test_a_crowd_of_descendants_dies_with_its_job(stored: Path, scratch: Path, without: tuple[str, ...]) -> None:
    own = Sandbox(without=frozenset(without))
    own.run(NULL + "fork_many", stored, scratch, count=60)
    assert holders_of(scratch) == []
    own.close()


@pytest.mark.parametrize("wall", [(), ("calls", "capabilities")])
def test_reads_no_other_file(stored: Path, scratch: Path, tmp_path: Path, wall: tuple[str, ...]) -> None:
    (tmp_path / "other").write_text("another client's")
    own = Sandbox(without=frozenset(wall))
    with pytest.raises(CrashedError, match="PermissionError"):
        own.run(NULL + "read_elsewhere", stored, scratch, target=str(tmp_path / "other"))
    own.close()


def test_writes_no_other_file(own: Sandbox, stored: Path, scratch: Path, tmp_path: Path) -> None:
    with pytest.raises(CrashedError, match="PermissionError"):
        own.run(NULL + "write_elsewhere", stored, scratch, target=str(tmp_path / "planted"))
    assert not (tmp_path / "planted").exists()


def test_changes_nothing_about_the_original(own: Sandbox, stored: Path, scratch: Path) -> None:
    before = stored.stat()
    assert own.run(NULL + "spoil_input", stored, scratch) == {"worked": []}
    after = stored.stat()
    assert (after.st_size, after.st_mode, after.st_mtime_ns) == (before.st_size, before.st_mode, before.st_mtime_ns)


@pytest.mark.parametrize("without", [(), ("files",)])
def test_leaves_no_link_for_the_caller_to_follow(stored: Path, scratch: Path, without: tuple[str, ...]) -> None:
    own = Sandbox(without=frozenset(without))
    with pytest.raises(CrashedError):
        own.run(NULL + "plant_link", stored, scratch, target="/etc/passwd")
    own.close()


@pytest.mark.parametrize("without", [(), ("calls", "files"), ("namespaces", "calls"), ("namespaces", "files")])
def test_reaches_no_network(stored: Path, scratch: Path, without: tuple[str, ...]) -> None:
    own = Sandbox(without=frozenset(without))
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        with pytest.raises(CrashedError):
            own.run(NULL + "call_home", stored, scratch, port=server.getsockname()[1])
        with pytest.raises(TimeoutError):
            server.accept()
    own.close()


@pytest.mark.parametrize("without", [(), ("calls",), ("namespaces",)])
def test_signals_no_other_process(stored: Path, scratch: Path, without: tuple[str, ...]) -> None:
    own = Sandbox(without=frozenset(without))
    with subprocess.Popen(["sleep", "60"]) as victim:
        with pytest.raises(CrashedError):
            own.run(NULL + "kill_others", stored, scratch, victim=victim.pid)
        assert victim.poll() is None
        victim.kill()
    own.close()


def test_every_wall_stands_on_this_machine_or_is_told_missing(own: Sandbox) -> None:
    assert set(own.protections()) == set(WALLS)
    assert Sandbox(without=frozenset(WALLS)).protections() == dict.fromkeys(WALLS, False)


def test_the_same_walls_stand_for_an_ordinary_user(stored: Path, tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("this whole file already runs as an ordinary user")
    tmp_path.chmod(0o755)
    for parent in list(tmp_path.parents)[:3]:
        parent.chmod(0o755)
    scratch = tmp_path / "theirs"
    scratch.mkdir(mode=0o700)
    os.chown(scratch, 65534, 65534)
    stored.chmod(0o644)
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(AS_NOBODY), stored, scratch],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout.split() == ["19", "TimedOutError", "CrashedError", "OutOfMemoryError", "19"], done.stderr


# The interpreter may lie where nobody may read, so the zygote is forked from what is already loaded.
AS_NOBODY = """
    import json, os, socket, sys
    from pathlib import Path
    import liasse.adapters.null.hostile
    from liasse.core import sandbox, sandbox_zygote

    class Forking(sandbox.Sandbox):
        def _start(self):
            near, far = socket.socketpair()
            if os.fork() == 0:
                near.close()
                sandbox_zygote.main([str(far.detach()), self._options])
                os._exit(0)
            far.close()
            self._control = near
            self._process = type("Running", (), {"poll": lambda self: None, "wait": lambda self, timeout: 0})()

    os.setgroups([]), os.setgid(65534), os.setuid(65534)
    stored, scratch = Path(sys.argv[1]), Path(sys.argv[2])
    own = Forking()
    limits = sandbox.Limits(memory=192 << 20, cpu_seconds=1, wall_seconds=4)
    for name in ("behave", "spin", "fork_once", "eat_memory", "behave"):
        try:
            print(own.run("liasse.adapters.null.hostile:" + name, stored, scratch, limits=limits)["size"])
        except sandbox.SandboxError as error:
            print(type(error).__name__)
    own.close()
"""


def jobs_left(own: Sandbox) -> list[str]:
    assert own._process is not None
    listed = Path(f"/proc/{own._process.pid}/task/{own._process.pid}/children")
    deadline = time.monotonic() + 3
    while listed.read_text() and time.monotonic() < deadline:
        time.sleep(0.05)
    return listed.read_text().split()


def holders_of(folder: Path) -> list[str]:
    """Return the processes whose working folder this is: every job and descendant begins there."""
    found = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if link.readlink() == folder:
                found.append(link.parent.name)
        except OSError:
            continue
    return found

"""What a job gets, what it answers, and what becomes of it when the zygote does not live."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from liasse.core import sandbox
from liasse.core.sandbox import CrashedError, Limits, RefusedError, Sandbox, UnavailableError

NULL = "liasse.adapters.null.hostile:"

pytestmark = pytest.mark.house


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


def test_answers_what_the_function_answers_and_keeps_its_files(stored: Path, scratch: Path) -> None:
    answer = sandbox.run(NULL + "behave", stored, scratch, name="é", pages=[1, 2])
    assert answer["size"] == 19
    assert answer["words"] == {"name": "é", "pages": [1, 2]}
    assert (scratch / "copy").read_bytes() == stored.read_bytes()
    assert (scratch / "copy").stat().st_mode & 0o077 == 0


def test_gives_the_job_an_empty_environment_and_its_own_folder(
    stored: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "secret")
    answer = sandbox.run(NULL + "behave", stored, scratch)
    assert answer["environment"] == {}
    assert answer["folder"] == str(scratch.resolve())


def test_hands_on_a_refusal_with_its_code_and_detail(stored: Path, scratch: Path) -> None:
    with pytest.raises(RefusedError) as caught:
        sandbox.run(NULL + "refuse", stored, scratch)
    assert (caught.value.code, caught.value.detail, caught.value.permanent) == ("damaged", "page 3", True)


def test_says_what_failed_when_the_function_does_not_exist(stored: Path, scratch: Path) -> None:
    with pytest.raises(CrashedError, match="no_such"):
        sandbox.run("liasse.no_such:thing", stored, scratch)


def test_serves_many_threads_at_once_without_mixing_answers(stored: Path, scratch: Path) -> None:
    answers: dict[int, int] = {}

    def ask(number: int) -> None:
        answers[number] = sandbox.run(NULL + "behave", stored, scratch, number=number)["words"]["number"]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: number for number in range(24)}


def test_starts_another_zygote_when_it_was_killed(stored: Path, scratch: Path) -> None:
    own = Sandbox()
    own.run(NULL + "behave", stored, scratch)
    first = zygote_of(own)
    os.kill(first, signal.SIGKILL)
    assert own.run(NULL + "behave", stored, scratch)["size"] == 19
    assert zygote_of(own) != first
    own.close()


def test_a_running_job_outlives_a_killed_zygote(stored: Path, scratch: Path) -> None:
    own = Sandbox()
    own.run(NULL + "behave", stored, scratch)
    threading.Timer(0.3, os.kill, (zygote_of(own), signal.SIGKILL)).start()
    assert own.run(NULL + "dawdle", stored, scratch, seconds=1.0) == {"slept": 1.0}
    own.close()


def test_repeats_a_job_once_when_its_keeper_was_killed(stored: Path, scratch: Path) -> None:
    own = Sandbox()
    own.run(NULL + "behave", stored, scratch)
    threading.Timer(0.3, kill_children, (zygote_of(own),)).start()
    started = time.monotonic()
    assert own.run(NULL + "dawdle", stored, scratch, seconds=1.0) == {"slept": 1.0}
    assert time.monotonic() - started > 1.2
    own.close()


def test_gives_up_as_a_passing_fault_when_the_keeper_is_killed_twice(stored: Path, scratch: Path) -> None:
    own = Sandbox()
    own.run(NULL + "behave", stored, scratch)
    killed: list[int] = []
    done = threading.Event()

    def hunt() -> None:
        while not done.wait(0.05):
            killed.extend(kill_children(zygote_of(own)))

    hunter = threading.Thread(target=hunt)
    hunter.start()
    with pytest.raises(UnavailableError) as caught:
        own.run(NULL + "dawdle", stored, scratch, seconds=5.0)
    done.set()
    hunter.join()
    assert not caught.value.permanent
    assert len(killed) >= 2
    own.close()


def test_the_zygote_ends_itself_when_idle_and_comes_back(stored: Path, scratch: Path) -> None:
    own = Sandbox(idle_seconds=0.2)
    own.run(NULL + "behave", stored, scratch)
    assert own._process is not None
    assert own._process.wait(timeout=10) == 0
    assert own.run(NULL + "behave", stored, scratch)["size"] == 19
    own.close()


def test_the_zygote_ends_when_its_owner_does(stored: Path, scratch: Path) -> None:
    reading, writing = os.pipe()
    owner = os.fork()
    if owner == 0:
        own = Sandbox()
        own.run(NULL + "behave", stored, scratch)
        os.write(writing, str(zygote_of(own)).encode())
        os._exit(0)
    os.waitpid(owner, 0)
    zygote = int(os.read(reading, 20))
    assert ends(zygote)


def test_a_job_ends_when_its_caller_is_killed(stored: Path, scratch: Path) -> None:
    owner = os.fork()
    if owner == 0:
        Sandbox().run(NULL + "hang", stored, scratch)
        os._exit(0)
    (job,) = wait_for(lambda: working_in(scratch))
    os.kill(owner, signal.SIGKILL)
    os.waitpid(owner, 0)
    assert ends(job)


def test_a_forked_process_starts_its_own_zygote(stored: Path, scratch: Path) -> None:
    sandbox.run(NULL + "behave", stored, scratch)
    child = os.fork()
    if child == 0:
        answer = sandbox.run(NULL + "behave", stored, scratch)
        own = zygote_of(sandbox._shared)
        sandbox.close()
        os._exit(0 if answer["size"] == 19 and own != os.getppid() else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert sandbox.run(NULL + "behave", stored, scratch)["size"] == 19


def test_an_answer_at_the_limit_passes(stored: Path, scratch: Path) -> None:
    assert sandbox.run(NULL + "behave", stored, scratch, limits=Limits(answer_bytes=4096))["size"] == 19


def zygote_of(own: Sandbox) -> int:
    assert own._process is not None
    return own._process.pid


def kill_children(parent: int) -> list[int]:
    found = [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    for child in found:
        os.kill(child, signal.SIGKILL)
    return found


def working_in(folder: Path) -> list[int]:
    found = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            if link.readlink() == folder:
                found.append(int(link.parent.name))
    return found


def wait_for(look: Callable[[], list[int]]) -> list[int]:
    deadline = time.monotonic() + 10
    while not (found := look()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


def ends(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False

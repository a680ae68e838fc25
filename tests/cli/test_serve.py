import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.instance import PARTS, Instance, environment, eventually, is_one_sentence, liasse, none_runs

pytestmark = [pytest.mark.house, pytest.mark.xdist_group("serve")]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    with Instance(environment(tmp_path_factory.mktemp("serve") / "var")) as instance:
        yield instance


def test_a_first_start_gives_a_link_to_set_up(running: Instance) -> None:
    assert running.env["LIASSE_HTTP"] in running.link()


def test_every_part_runs_and_answers(running: Instance) -> None:
    assert all(running.part(name) for name in PARTS)
    assert running.answers("LIASSE_HTTP")
    assert running.answers("LIASSE_SMTP")


def test_the_supervisor_is_light(running: Instance) -> None:
    import psutil

    resident = psutil.Process(running.process.pid).memory_info().rss
    together = resident + sum(process.memory_full_info().uss for process in running.family())
    print(f"supervisor {resident / 1e6:.0f} MB, all processes {together / 1e6:.0f} MB")
    assert resident < 25_000_000


@pytest.mark.parametrize("name", PARTS)
def test_a_part_killed_is_started_again(running: Instance, name: str) -> None:
    killed = running.part(name)
    assert killed is not None
    killed.send_signal(signal.SIGKILL)

    def is_back() -> bool:
        part = running.part(name)
        return part is not None and part.pid != killed.pid

    assert eventually(is_back, within=20), running.said()
    assert f"{name} was ended by SIGKILL" in running.said()
    if name != "worker":
        variable = "LIASSE_HTTP" if name == "web" else "LIASSE_SMTP"
        assert eventually(lambda: running.answers(variable), within=20), running.said()


def test_a_second_supervisor_on_the_same_data_is_refused(running: Instance) -> None:
    done = liasse("serve", env=environment(running.data))
    assert done.returncode == 1
    assert is_one_sentence(done.stderr)
    assert f"process {running.process.pid}" in done.stderr


@pytest.mark.parametrize("variable", ["LIASSE_HTTP", "LIASSE_SMTP"])
def test_a_port_in_use_is_said_with_its_variable(tmp_path: Path, variable: str) -> None:
    env = environment(tmp_path / "var")
    host, _, port = env[variable].rpartition(":")
    with socket.socket() as other:
        other.bind((host, int(port)))
        other.listen()
        done = liasse("serve", env=env)
    assert done.returncode == 1
    assert is_one_sentence(done.stderr)
    assert variable in done.stderr
    assert port in done.stderr


def test_a_data_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = liasse("serve", env=environment(tmp_path / "file" / "var"))
    assert done.returncode == 1
    assert is_one_sentence(done.stderr)
    assert "LIASSE_DATA" in done.stderr


def test_a_database_that_is_not_there_is_said(tmp_path: Path) -> None:
    done = liasse("serve", env=environment(tmp_path / "var", DATABASE_URL="postgresql://x:y@127.0.0.1:1/z"))
    assert done.returncode == 1
    assert is_one_sentence(done.stderr)
    assert "DATABASE_URL" in done.stderr


def test_stop_leaves_nothing_and_a_second_start_keeps_everything(tmp_path: Path) -> None:
    env = environment(tmp_path / "var")
    with Instance(env) as first:
        family, link = first.family(), first.link()
        assert first.interrupt() == 0
        assert none_runs(family)
        assert not first.answers("LIASSE_HTTP")
        assert not first.answers("LIASSE_SMTP")
    assert link
    key = (first.data / "secret.key").read_bytes()
    with Instance(env) as second:
        print(f"second start: {second.start_seconds:.1f} s")
        assert (second.data / "secret.key").read_bytes() == key
        assert second.interrupt() == 0
    log = (second.data / "log" / "liasse.log").read_text(encoding="utf-8")
    assert log.count("Liasse is ready") == 2
    assert all(f"\n{name:<9}" in log for name in ("liasse", "web"))


def test_killing_the_supervisor_takes_its_parts_along(tmp_path: Path) -> None:
    with Instance(environment(tmp_path / "var")) as instance:
        family = instance.family()
        assert len(family) >= len(PARTS)
        instance.process.kill()
        instance.process.wait()
        assert eventually(lambda: none_runs(family), within=20), [process.cmdline() for process in family]


def test_two_instances_stand_side_by_side(running: Instance, tmp_path: Path) -> None:
    with Instance(environment(tmp_path / "other")) as other:
        assert other.answers("LIASSE_HTTP")
        assert running.answers("LIASSE_HTTP")
        assert other.link() != running.link()
        assert other.interrupt() == 0

import multiprocessing
import time
from pathlib import Path

import pytest

from liasse.core.slots import NoTurnError, slot


def _hold(folder: Path, held: "multiprocessing.synchronize.Event") -> None:
    with slot(folder, "work", count=1):
        held.set()
        time.sleep(60)


def test_as_many_as_there_are_turns_hold_one_and_the_next_hears_no(tmp_path: Path) -> None:
    with (
        slot(tmp_path, "work", count=2),
        slot(tmp_path, "work", count=2),
        pytest.raises(NoTurnError),
        slot(tmp_path, "work", count=2, seconds=0.2),
    ):
        pass
    with slot(tmp_path, "work", count=2, seconds=0.0):
        pass


def test_turns_of_other_work_are_others(tmp_path: Path) -> None:
    with slot(tmp_path, "work", count=1), slot(tmp_path, "other", count=1, seconds=0.0):
        pass


def test_the_turn_of_a_killed_process_is_free(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    held = context.Event()
    process = context.Process(target=_hold, args=(tmp_path, held))
    process.start()
    assert held.wait(30)
    with pytest.raises(NoTurnError), slot(tmp_path, "work", count=1, seconds=0.0):
        pass
    process.kill()
    process.join()
    with slot(tmp_path, "work", count=1, seconds=5.0):
        pass

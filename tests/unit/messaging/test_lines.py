import pytest

from liasse.messaging.lines import Line
from liasse.messaging.ports import SendError
from liasse.messaging.types import Trouble

AWAY = SendError("nobody answers", permanent=False, trouble=Trouble.AWAY)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def fail(line: Line, error: SendError = AWAY) -> None:
    with pytest.raises(SendError), line.used():
        raise error


def test_one_failure_makes_the_others_wait_and_longer_each_time(clock: Clock) -> None:
    line = Line(clock=clock)
    pauses = []
    for _number in range(7):
        fail(line)
        pauses.append(line.pause())
        clock.now += line.pause()
    assert pauses == [4, 8, 16, 32, 60, 60, 60]
    assert line.said == "nobody answers"


def test_a_success_opens_it_again(clock: Clock) -> None:
    line = Line(clock=clock)
    fail(line)
    with line.used():
        pass
    assert (line.pause(), line.said) == (0, "")


@pytest.mark.parametrize("trouble", [Trouble.REFUSED, Trouble.BUSY])
def test_what_concerns_one_message_stops_no_other(clock: Clock, trouble: Trouble) -> None:
    line = Line(clock=clock)
    fail(line, SendError("no", permanent=trouble is Trouble.REFUSED, trouble=trouble))
    assert line.pause() == 0


def test_while_one_hangs_the_others_wait(clock: Clock) -> None:
    line = Line(clock=clock)
    with line.used():
        assert line.pause() == 0
        clock.now += 2.5
        assert line.pause() > 0
    assert line.pause() == 0


def test_after_a_failure_one_at_a_time_finds_out(clock: Clock) -> None:
    line = Line(clock=clock)
    fail(line)
    clock.now += 5
    assert line.pause() == 0
    with line.used():
        assert line.pause() > 0


def test_a_provider_that_names_a_time_is_left_alone_for_it(clock: Clock) -> None:
    line = Line(clock=clock)
    fail(line, SendError("503", permanent=False, trouble=Trouble.AWAY, after=120))
    assert line.pause() == 120

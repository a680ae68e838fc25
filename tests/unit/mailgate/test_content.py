"""What is looked at before a message is safe."""

import pytest

from liasse.mailgate.content import count_hops

pytestmark = pytest.mark.house


def test_hops_are_counted_in_any_case_and_only_at_the_start_of_a_line() -> None:
    head = b"Received: a\r\nRECEIVED: b\r\n\tby c; Received: no\r\nX-Received: no\r\nSubject: Received: no"
    assert count_hops(head) == 2
    assert count_hops(b"") == 0

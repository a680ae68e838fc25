"""A receiver with a desk in memory."""

from collections.abc import Iterator

import pytest

from liasse.mailgate.gate import Post
from tests.mailgate.desks import MemoryDesk
from tests.mailgate.running import Receiver, receiver


@pytest.fixture
def desk() -> MemoryDesk:
    return MemoryDesk()


@pytest.fixture
def gate(desk: MemoryDesk) -> Iterator[Receiver]:
    with receiver(desk, post=Post(domain="liasse.example")) as running:
        yield running

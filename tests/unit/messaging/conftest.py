from collections.abc import Iterator

import pytest

from liasse.messaging import lines
from liasse.messaging.types import Channel


@pytest.fixture(autouse=True)
def _fresh_lines() -> Iterator[None]:
    """What one test learned of a relay is nothing to the next."""
    before = dict(lines.LINES)
    lines.LINES.update({channel: lines.Line() for channel in Channel})
    yield
    lines.LINES.update(before)

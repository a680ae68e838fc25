from collections.abc import Iterator

import pytest

from tests.providers import fresh_lines


@pytest.fixture(autouse=True)
def _fresh_lines() -> Iterator[None]:
    with fresh_lines():
        yield

"""A database that is away when a scope opens leaves no scope behind."""

import pytest

from liasse.core import scope
from liasse.core.errors import ScopeError


def test_a_scope_that_could_not_be_opened_is_not_open(monkeypatch: pytest.MonkeyPatch) -> None:
    told = []

    def away(value: str, *, before: str) -> None:
        told.append((value, before))
        if len(told) == 1:
            raise ConnectionError

    monkeypatch.setattr(scope, "_tell_server", away)
    with pytest.raises(ConnectionError), scope.instance_scope():
        pass
    with pytest.raises(ScopeError):
        scope.current_scope()
    with scope.instance_scope():
        assert told[-1] == (scope.INSTANCE, "")

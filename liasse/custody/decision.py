"""One decision about a whole file: every practice's tables in one transaction, tried again after a deadlock."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Final

from django.db import OperationalError, connection, transaction

from liasse.core.scope import instance_scope

_TRIES: Final = 3


def decision[**Words, Answer](function: Callable[Words, Answer]) -> Callable[Words, Answer]:
    """Run a service in the instance's scope and one transaction.

    It touches every table of a file, so that somebody who changes one document meanwhile may wait
    for it while it waits for them; PostgreSQL then ends one of the two, and this one begins again.
    """

    @wraps(function)
    def decided(*words: Words.args, **named: Words.kwargs) -> Answer:
        tries = 1 if connection.in_atomic_block else _TRIES
        for left in reversed(range(tries)):
            try:
                with instance_scope(), transaction.atomic():
                    return function(*words, **named)
            except OperationalError:
                if not left:
                    raise
        raise AssertionError

    return decided

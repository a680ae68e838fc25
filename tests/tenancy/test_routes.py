"""Every route × person × target: what the declared rule promises is what happens, and nothing leaks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern

from liasse.api.v1 import entering
from liasse.core.access import Rule, rule_of
from liasse.core.checks import every_route_declares_its_rule, routes
from liasse.core.models import AuditEvent
from liasse.core.scope import instance_scope
from liasse.lib.ids import uuid7
from liasse.lib.pace import Pace
from tests.tenancy import world as worlds
from tests.tenancy.world import ALLOWED, FORBIDDEN, FOREIGN, MISSING, NOT_THERE, OWN, SIBLING, SIGN_IN, World

pytestmark = pytest.mark.django_db

_CONVERTER = re.compile(r"<(?:(?P<type>\w+):)?(?P<name>\w+)>")
_IDS_INSIDE = {
    "document_id",
    "change_id",
    "receipt_id",
    "part_id",
    "member_id",
    "export_id",
    "request_id",
    "link_id",
} | {"supplier_id", "lesson_id"}
_SHARES = 4
_REFUSED_PAIRS = 20
_FILE_RULES = {rule for rule in Rule if rule.value.startswith("file-")}


@pytest.fixture(autouse=True)
def _at_any_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one address ask without a token as often as the table has cells."""
    monkeypatch.setattr(entering, "STRANGERS", Pace(most=10**6, seconds=60))


def _address(pattern: str, target: worlds.Target) -> str:
    def value(match: re.Match[str]) -> str:
        name, kind = match["name"], match["type"]
        if name == "file_id":
            return str(target.file_id)
        if name in target.ids:
            return str(target.ids[name])
        return {"uuid": str(uuid7()), "int": "1"}.get(kind or "", "nothing")

    return "/" + _CONVERTER.sub(value, pattern)


def _cells(world: World, *, share: int) -> Iterator[tuple[str, URLPattern, Rule, str, str]]:
    """Give the cells of every so many-th route: all shares together are the table."""
    for pattern, route in islice(routes(), share, None, _SHARES):
        rule = rule_of(route.callback)
        assert rule is not None
        targets = worlds.TARGETS if rule in _FILE_RULES else (OWN,)
        for who in world.users:
            for target in targets:
                yield pattern, route, rule, who, target


def _seen(response: Any) -> str:  # noqa: ANN401 - the test client's own answer
    if response.status_code == 302 and response["Location"].startswith("/sign-in/"):
        return SIGN_IN
    if response.status_code == 401:
        return SIGN_IN
    return {403: FORBIDDEN, 404: NOT_THERE}.get(response.status_code, ALLOWED)


def _clients(world: World) -> dict[str, Client]:
    clients = {}
    for who, user in world.users.items():
        clients[who] = Client(raise_request_exception=True)
        if user is not None:
            clients[who].force_login(user)
    return clients


@pytest.mark.parametrize("share", range(_SHARES))
def test_every_cell_of_the_table_holds(share: int) -> None:
    world = worlds.build()
    clients = _clients(world)
    done: Counter[str] = Counter()
    for pattern, _route, rule, who, target in _cells(world, share=share):
        address = _address(pattern, world.targets[target])
        promised = worlds.promised(pattern, rule, who=who, target=target)
        seen = _seen(clients[who].get(address))
        if promised != ALLOWED:
            assert seen == promised, f"GET {address} as {who} on {target}: {seen}, not {promised}"
        elif rule in _FILE_RULES and not _may_be_absent(pattern, world.targets[target]):
            assert seen == ALLOWED, f"GET {address} as {who} on {target}: {seen}, not allowed"
        done[promised] += 1
    assert len(list(routes())) >= 30
    assert done[NOT_THERE] >= 200
    assert done[ALLOWED] >= 100
    assert done[FORBIDDEN] >= 5


def _may_be_absent(pattern: str, target: worlds.Target) -> bool:
    """Tell whether the view may find nothing for somebody who is let in: a random id, no invitation."""
    if pattern.endswith(("/link/", "/invitation/")):
        return True
    names = {match["name"] for match in _CONVERTER.finditer(pattern)}
    return bool(names - {"file_id", "page"} - target.ids.keys())


@pytest.mark.parametrize("share", range(_SHARES))
def test_a_refused_post_changes_nothing(share: int) -> None:
    world = worlds.build()
    clients = _clients(world)
    with instance_scope():
        before = AuditEvent.objects.exclude(verb__endswith=".refused").count()
    refused = 0
    for pattern, _route, rule, who, target in _cells(world, share=share):
        promised = worlds.expected(rule, who=who, target=target)
        if promised == ALLOWED:
            continue
        address = _address(pattern, world.targets[target])
        seen = _seen(clients[who].post(address, {"name": "x", "value": "x", "version": "1"}))
        assert seen == promised, f"POST {address} as {who} on {target}: {seen}, not {promised}"
        refused += 1
    assert refused >= 200
    with instance_scope():
        assert AuditEvent.objects.exclude(verb__endswith=".refused").count() == before
        # Each refusal is on record, once a person and file or practice.
        refusals = AuditEvent.objects.filter(verb__endswith=".refused")
        assert refusals.count() == len(set(refusals.values_list("actor_id", "subject_id"))) >= _REFUSED_PAIRS


def test_foreign_and_missing_ids_are_answered_byte_for_byte_alike() -> None:
    world = worlds.build()
    clients = _clients(world)
    compared = 0
    for pattern, route in routes():
        if rule_of(route.callback) not in _FILE_RULES:
            continue
        for who in ("administrator", "full", "without", "client", "outsider"):
            missing = clients[who].get(_address(pattern, world.targets[MISSING]))
            foreign = clients[who].get(_address(pattern, world.targets[FOREIGN]))
            assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content)
            assert dict(foreign.headers) == dict(missing.headers)
            compared += 1
    assert compared >= 50


def test_ids_of_other_files_inside_an_own_file_are_not_there() -> None:
    world = worlds.build()
    clients = _clients(world)
    compared = 0
    for pattern, route in routes():
        names = {match["name"] for match in _CONVERTER.finditer(pattern)} & _IDS_INSIDE
        if rule_of(route.callback) not in _FILE_RULES or not names:
            continue
        for target in (SIBLING, FOREIGN):
            mixed = worlds.Target(file_id=world.targets[OWN].file_id, ids=world.targets[target].ids)
            for method in ("get", "post"):
                response = getattr(clients["full"], method)(_address(pattern, mixed), {"version": "1"})
                assert response.status_code in {404, 405}, f"{method} {pattern} gave {response.status_code}"
                assert b"CANARY-" not in response.content.replace(b"CANARY-OWN", b"")
                compared += 1
    assert compared >= 8


@pytest.mark.parametrize("share", range(_SHARES))
def test_no_page_shows_a_word_of_a_file_that_its_reader_does_not_reach(share: int) -> None:
    world = worlds.build()
    clients = _clients(world)
    shown = 0
    for pattern, _route, rule, who, target in _cells(world, share=share):
        if worlds.expected(rule, who=who, target=target) != ALLOWED:
            continue
        response = clients[who].get(_address(pattern, world.targets[target]))
        words = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
        for forbidden in _canaries_hidden_from(who):
            assert forbidden not in words, f"{pattern} shows {forbidden!r} to {who}"
        shown += 1
    assert shown >= 60


def _canaries_hidden_from(who: str) -> list[bytes]:
    own, sibling, foreign = b"CANARY-OWN", b"CANARY-SIBLING", b"CANARY-FOREIGN"
    if who == "administrator":
        return [foreign]
    if who == "other-administrator":
        return [own, sibling]
    if who in {"full", "coding", "reading", "lead", "team-mate", "client", "manager", "all-seeing", "employee"}:
        return [sibling, foreign]
    return [own, sibling, foreign]


def test_a_route_without_a_rule_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    _pattern, route = next(iter(routes()))
    monkeypatch.delattr(route.callback, "access_rule")
    assert [problem.id for problem in every_route_declares_its_rule()] == ["liasse.E001"]


def test_every_rule_is_used() -> None:
    used = {rule_of(route.callback) for _pattern, route in routes()}
    assert used == set(Rule)


def test_the_page_of_routes_is_current() -> None:
    repository = Path(__file__).resolve().parents[2]
    written = (repository / "docs" / "access.md").read_text(encoding="utf-8")
    for pattern, route in routes():
        assert f"| `/{pattern}` | {route.name} | {rule_of(route.callback)} |" in written
    assert written.count("| `/") == len(list(routes()))

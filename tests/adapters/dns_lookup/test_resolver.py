"""DNS is asked for real, on a port of the test: answers, names that are not there, silence."""

from __future__ import annotations

import time

from liasse.adapters.dns_lookup.resolver import DnsLookup
from tests.dns_server import KEY_RECORD, DnsServer, dns_server, key_of


def asking(server: DnsServer) -> DnsLookup:
    return DnsLookup(servers=[("127.0.0.1", server.port)])


def test_records_come_whole_and_in_their_forms() -> None:
    records = key_of("a.example") | {"MX a.example": ["10 mx.a.example."], "A mx.a.example": ["192.0.2.7"]}
    with dns_server(records) as server:
        found = asking(server).ask([*records, "TXT b.example"], seconds=5)
    assert found == {
        "TXT liasse._domainkey.a.example": [KEY_RECORD],
        "MX a.example": ["10 mx.a.example"],
        "A mx.a.example": ["192.0.2.7"],
        "TXT b.example": [],
    }


def test_silence_costs_little_and_is_not_asked_again_at_once() -> None:
    with dns_server({"TXT a.example": ["x"]}) as server:
        lookup = asking(server)
        server.is_silent = True
        begun = time.monotonic()
        assert lookup.ask(["TXT a.example", "TXT b.example"], seconds=0.5) == {
            "TXT a.example": None,
            "TXT b.example": None,
        }
        assert time.monotonic() - begun < 3
        server.is_silent = False
        asked = len(server.asked)
        assert lookup.ask(["TXT a.example"], seconds=5) == {"TXT a.example": None}
        assert len(server.asked) == asked
        lookup._silent_until = 0
        assert lookup.ask(["TXT a.example"], seconds=5) == {"TXT a.example": ["x"]}

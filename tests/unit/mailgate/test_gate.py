"""Counts that the sessions of one receiver share."""

import pytest

from liasse.mailgate.rates import peer_key

pytestmark = pytest.mark.house


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("local", "local", True),
    ],
)
def test_an_ipv6_network_counts_as_one_peer(one: str, other: str, *, is_same: bool) -> None:
    assert (peer_key(one) == peer_key(other)) is is_same

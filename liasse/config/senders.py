"""The variables of checking senders: which DNS servers are asked, and whose seals are believed. No Django here."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any, Final

from liasse.config import env

_DNS_SERVERS: Final = "LIASSE_DNS_SERVERS"
_DNS_PORT: Final = 53
_OFF: Final = "off"

FORWARDERS = [
    domain.lower()
    for domain in env.words(
        "LIASSE_TRUSTED_FORWARDERS",
        default="google.com microsoft.com outlook.com yahoo.com icloud.com messagingengine.com zohomail.com",
        help="Domains whose word (ARC) is believed on a mail that they passed on.",
    )
]
_words = env.words(
    _DNS_SERVERS,
    default="",
    help="DNS servers (address or address:port) that are asked about senders; without, the machine's; off asks none.",
)


def _server(word: str) -> tuple[str, int]:
    try:
        return str(ip_address(word.strip("[]"))), _DNS_PORT
    except ValueError:
        pass
    host, _colon, port = word.rpartition(":")
    try:
        return str(ip_address(host.strip("[]"))), int(port[:5])
    except ValueError as error:
        expected = "off, or addresses such as 192.0.2.53 or 127.0.0.1:5353"
        raise env.SettingError(_DNS_SERVERS, expected, value=word) from error


def dns_options() -> dict[str, Any]:
    """Give what the adapter is made with."""
    if [word.lower() for word in _words] == [_OFF]:
        return {"is_on": False}
    return {"servers": tuple(_server(word) for word in _words)}

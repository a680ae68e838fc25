"""A DNS server of the test, on a port of its own, and keys with which mails are signed for the domains in it."""

from __future__ import annotations

import base64
import contextlib
import socket
import threading
from collections.abc import Iterator

import dkim  # type: ignore[import-untyped]
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PRIVATE = _KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
)
_public = _KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
KEY_RECORD = f"v=DKIM1; k=rsa; p={base64.b64encode(_public).decode()}"
_edwards = ed25519.Ed25519PrivateKey.generate()
EDWARDS = base64.b64encode(_edwards.private_bytes_raw())
EDWARDS_RECORD = f"v=DKIM1; k=ed25519; p={base64.b64encode(_edwards.public_key().public_bytes_raw()).decode()}"


class DnsServer:
    """Answers from ``records`` (``"TXT example.fr"`` → texts); says nothing at all while ``is_silent``."""

    def __init__(self, records: dict[str, list[str]]) -> None:
        self.records = records
        self.is_silent = False
        self.asked: list[str] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                data, peer = self._socket.recvfrom(4096)
            except OSError:
                return
            if not data:
                return
            if not self.is_silent:
                self._socket.sendto(self._answer(dns.message.from_wire(data)), peer)

    def _answer(self, query: dns.message.Message) -> bytes:
        asked = query.question[0]
        kind, name = dns.rdatatype.to_text(asked.rdtype), str(asked.name).rstrip(".").lower()
        self.asked.append(f"{kind} {name}")
        found = self.records.get(f"{kind} {name}", [])
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        if not found:
            reply.set_rcode(dns.rcode.NXDOMAIN)
            return reply.to_wire()
        texts = [_quoted(text) if kind == "TXT" else text for text in found]
        reply.answer.append(dns.rrset.from_text(asked.name, 300, "IN", kind, *texts))
        return reply.to_wire(max_size=4096)


def _quoted(text: str) -> str:
    return " ".join(f'"{text[at : at + 200]}"' for at in range(0, len(text), 200))


@contextlib.contextmanager
def dns_server(records: dict[str, list[str]]) -> Iterator[DnsServer]:
    server = DnsServer(records)
    try:
        yield server
    finally:
        server.close()


def key_of(domain: str) -> dict[str, list[str]]:
    """Give the record under which a domain publishes the key of the tests."""
    return {f"TXT liasse._domainkey.{domain}": [KEY_RECORD]}


def edwards_key_of(domain: str) -> dict[str, list[str]]:
    """Give the record under which a domain publishes the tests' Ed25519 key (RFC 8463)."""
    return {f"TXT edwards._domainkey.{domain}": [EDWARDS_RECORD]}


def signed_by_edwards(mail: bytes, *, domain: str) -> bytes:
    """Give a mail that a domain signed with its Ed25519 key alone."""
    mail = mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    seal = dkim.sign(mail, b"edwards", domain.encode(), EDWARDS, signature_algorithm=b"ed25519-sha256")
    return bytes(seal) + mail


def signed(mail: bytes, *, domain: str) -> bytes:
    """Give a mail with the signature of a domain (DKIM)."""
    mail = mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return bytes(dkim.sign(mail, b"liasse", domain.encode(), PRIVATE)) + mail


def sealed(mail: bytes, *, by: str, found: str) -> bytes:
    """Give a mail as a forwarder passes it on: with what it found, under its seal (ARC)."""
    mail = mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    noted = f"Authentication-Results: mx.{by}; {found}\r\n".encode() + mail
    lines = dkim.arc_sign(noted, b"liasse", by.encode(), PRIVATE, f"mx.{by}".encode())
    return b"".join(lines) + noted

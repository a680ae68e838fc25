"""The mail receiver's process."""

from __future__ import annotations

import argparse
import asyncio
import ipaddress
import logging
import os
import signal
import ssl
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from liasse.core.blobs import BlobStore, StorageFaultError
from liasse.lib.mailboxes import same_domain
from liasse.mailgate.gate import Gate, Post
from liasse.mailgate.limits import MIB, Limits
from liasse.mailgate.listener import Place, listen
from liasse.mailgate.rates import Network

log = logging.getLogger("liasse.mailgate")

_EXAMPLE = """Example:
  liasse mailgate --listen 127.0.0.1:2525
"""
_LEFT_BEHIND = timedelta(hours=1)


class StartError(Exception):
    """The receiver cannot start; the text is the sentence for the person."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the receiver until it is told to stop; gives the exit status."""
    import django  # noqa: PLC0415 - `--help` needs no Django

    arguments = _parser().parse_args(argv)
    django.setup()
    try:
        return asyncio.run(_serve(arguments.listen, is_beside=arguments.beside))
    except StartError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="liasse mailgate",
        description="Receive mail for the submission addresses and keep it until it is read.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--listen", metavar="HOST:PORT", help="where to listen; without it, LIASSE_SMTP")
    parser.add_argument(
        "--beside",
        action="store_true",
        help="share the ports with another receiver, and leave LIASSE_LMTP_SOCKET to it",
    )
    return parser


async def _serve(address: str | None, *, is_beside: bool) -> int:
    from django.conf import settings  # noqa: PLC0415 - the settings are read after the arguments

    from liasse.core.adapters import adapter  # noqa: PLC0415 - the same
    from liasse.mailgate.desk import PipelineDesk  # noqa: PLC0415 - tables may be named once Django is set up

    places = _places(address or str(settings.LIASSE_SMTP), is_beside=is_beside)
    blobs: BlobStore = adapter("blobs")
    post = Post(
        domain=same_domain(settings.LIASSE_MAIL_DOMAIN),
        limits=Limits(
            message_bytes=settings.LIASSE_MESSAGE_LIMIT,
            memory_bytes=max(128 * MIB, 2 * settings.LIASSE_MESSAGE_LIMIT),
            messages_per_practice=settings.LIASSE_RATE_PRACTICE,
            messages_per_file=settings.LIASSE_RATE_FILE,
            messages_per_peer=settings.LIASSE_RATE_PEER,
        ),
        trusted=_trusted(settings.LIASSE_SMTP_TRUSTED),
        loop_token=settings.LIASSE_LOOP_TOKEN,
        tls=_tls(settings.LIASSE_SMTP_TLS_CERT, settings.LIASSE_SMTP_TLS_KEY),
    )
    desk = PipelineDesk(blobs=blobs, minimum_free=settings.LIASSE_MIN_FREE)
    gate = Gate(desk, post=post)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, gate.stop)
    sweeping = loop.run_in_executor(None, _sweep, blobs)
    try:
        return await listen(gate, places=places, is_shared=settings.LIASSE_SMTP_PROCESSES > 1)
    except OSError as error:
        # asyncio says the same in its own words, with the address once more.
        code = error.errno or 0
        reason = os.strerror(code) if code > 0 else error.strerror
        name = "LIASSE_LMTP" if error.filename in {str(place) for place in places[1:]} else "LIASSE_SMTP"
        raise StartError(f"{name}: {error.filename} cannot be listened on: {reason}.") from error
    finally:
        await sweeping


def _places(smtp: str, *, is_beside: bool) -> list[Place]:
    """Give where to listen, SMTP first; a socket of this machine can be had by one process only."""
    from django.conf import settings  # noqa: PLC0415 - as in _serve

    host, _, port = smtp.rpartition(":")
    if not port.isdigit():
        raise StartError(f"--listen must be an address and port such as 127.0.0.1:2525, not “{smtp}”.")
    places = [Place(host=host.strip("[]"), port=int(port))]
    if settings.LIASSE_LMTP is not None:
        places.append(Place(host=settings.LIASSE_LMTP.host, port=settings.LIASSE_LMTP.port, is_lmtp=True))
    if settings.LIASSE_LMTP_SOCKET is not None and not is_beside:
        places.append(Place(socket=settings.LIASSE_LMTP_SOCKET, is_lmtp=True))
    return places


def _trusted(words: Sequence[str]) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(word, strict=False) for word in words)
    except ValueError as error:
        raise StartError(f"LIASSE_SMTP_TRUSTED must be addresses or networks such as 10.0.0.0/8: {error}.") from error


def _tls(certificate: Path | None, key: Path | None) -> ssl.SSLContext | None:
    if certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise StartError(
            f"LIASSE_SMTP_TLS_CERT, LIASSE_SMTP_TLS_KEY: {certificate} and its key cannot be used: {error.strerror}."
        ) from error
    return context


def _sweep(blobs: BlobStore) -> None:
    try:
        swept = blobs.sweep_temporaries(older_than=_LEFT_BEHIND)
    except StorageFaultError:
        log.exception("temporary files could not be swept")
        return
    if swept:
        log.info("swept temporary files=%d", swept)


if __name__ == "__main__":
    raise SystemExit(main())

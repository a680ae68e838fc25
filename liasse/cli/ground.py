"""What must hold before anything is started: a data folder that can be written, free ports, no second supervisor."""

import errno
import fcntl
import os
import socket
import tempfile
from collections.abc import Sequence
from pathlib import Path

from liasse.config.env import Address


class GroundError(Exception):
    """Liasse cannot start here; the text is one sentence that names the variable to change."""


def ready_data_folder(folder: Path) -> None:
    """Make the data folder where it is missing, and see that a file can be written in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"liasse")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        reason = error.strerror or str(error)
        raise GroundError(
            f"the data folder {folder} cannot be written ({reason}): make it writable, or set LIASSE_DATA to another."
        ) from error


def lock_data_folder(folder: Path) -> int:
    """Take the data folder for this supervisor; give the descriptor that holds the lock until it is closed.

    The lock is the kernel's, so that it goes with the process, however that ends.
    """
    descriptor = os.open(folder / "liasse.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = os.read(descriptor, 20).decode(errors="replace").strip()
        os.close(descriptor)
        raise GroundError(
            f"Liasse already runs on the data folder {folder} (process {holder or 'unknown'}): stop that one, or set "
            "LIASSE_DATA to another folder."
        ) from error
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    return descriptor


def check_listener(name: str, address: Address) -> None:
    """See that the address can be listened on, by doing it for a moment."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
            probe.listen(1)
    except OSError as error:
        raise GroundError(_why_not(name, address, error)) from error


def check_mailboxes(urls: Sequence[str]) -> None:
    """See that each mailbox of LIASSE_IMAP can be understood; its password is not repeated."""
    from liasse.mailgate.boxes.types import account_of

    for number, url in enumerate(urls, start=1):
        try:
            account_of(url)
        except ValueError as error:
            raise GroundError(
                f"LIASSE_IMAP: mailbox {number} of {len(urls)} must be written otherwise: {error}."
            ) from error


def check_folders(missing: Sequence[str]) -> None:
    """See that each watched folder is there."""
    if missing:
        raise GroundError(f"LIASSE_WATCH: {missing[0]} is no folder that can be written to: make it, or name another.")


def _why_not(name: str, address: Address, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {address.port} of {address.host} is in use by another program: set {name} to another address."
    if error.errno == errno.EACCES:
        return f"port {address.port} may only be opened by root: set {name} to a port above 1023."
    reason = error.strerror or str(error)
    return f"{name}={address} cannot be listened on ({reason}): set it to an address of this machine."

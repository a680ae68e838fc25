"""A real Postfix of one's own: configuration, queue, ports and log in a temporary folder, gone afterwards.

Used by the tests of LMTP and by bench/mailgate. Postfix starts as root only, and gives its rights up by itself.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_DAEMONS = ("/usr/lib/postfix/sbin", "/usr/libexec/postfix", "/usr/lib/postfix")
_MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
daemon_directory = {daemons}
command_directory = {commands}
maillog_file_prefixes = {folder}
maillog_file = {folder}/log
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.liasse.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
alias_maps =
local_recipient_maps =
"""
_MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
relay unix - - n - - smtp
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
error unix - - n - - error
virtual unix - n n - - virtual
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
tlsmgr unix - - n 1000? 1 tlsmgr
flush unix n - n 1000? 0 flush
showq unix n - n - - showq
postlog unix-dgram n - n - 1 postlogd
"""


def why_not() -> str:
    """Say why no Postfix can run here; "" when one can."""
    if _daemons() is None or shutil.which("postfix", path=_path()) is None:
        return "Postfix is not installed here (apt-get install postfix)"
    if os.getuid() != 0:
        return "Postfix starts as root only"
    return ""


class Postfix:
    """One running Postfix; ``port`` is where it takes mail."""

    def __init__(self, folder: Path, *, settings: str, pid: int, port: int) -> None:
        self.folder = folder
        self.pid = pid
        self.port = port
        self.settings = settings

    @property
    def log(self) -> str:
        """Give what it has said."""
        with contextlib.suppress(FileNotFoundError):
            return (self.folder / "log").read_text(encoding="utf-8", errors="replace")
        return ""

    def queued(self) -> int:
        """Count the messages that it still holds."""
        queues = ("maildrop", "incoming", "active", "deferred")
        return sum(1 for name in queues for path in (self.folder / "queue" / name).rglob("*") if path.is_file())


@contextlib.contextmanager
def running(settings: str, *, where: Path | None = None) -> Iterator[Postfix]:
    """Run a Postfix with these lines after the usual ones in its main.cf; raises when it does not greet.

    ``{boxes}`` in them is a folder for mailboxes. ``where`` chooses the disk; without it, that of temporary files.
    """
    folder = Path(tempfile.mkdtemp(prefix="liasse-postfix-", dir=where))
    folder.chmod(0o755)  # Its daemons run as somebody else.
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    _write(folder, settings=settings, port=port)
    process = None
    try:
        # Its own group: what it starts ends with it, and nothing else does.
        process = subprocess.Popen(
            ["postfix", "-c", str(folder / "etc"), "start-fg"],
            env={**os.environ, "PATH": _path()},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        server = Postfix(folder, settings=settings, pid=process.pid, port=port)
        _await_greeting(server, process)
        yield server
    finally:
        if process is not None and process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


def _write(folder: Path, *, settings: str, port: int) -> None:
    etc = folder / "etc"
    etc.mkdir()
    (folder / "queue").mkdir()
    (folder / "data").mkdir()
    shutil.chown(folder / "data", "postfix", "postfix")
    (folder / "boxes").mkdir(mode=0o777)
    (folder / "boxes").chmod(0o777)
    usual = _MAIN.format(folder=folder, daemons=_daemons(), commands="/usr/sbin")
    (etc / "main.cf").write_text(usual + settings.replace("{boxes}", f"{folder}/boxes"), encoding="utf-8")
    (etc / "master.cf").write_text(_MASTER.format(port=port), encoding="utf-8")


def _await_greeting(server: Postfix, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", server.port), 5) as peer:
            if peer.recv(200).startswith(b"220 "):
                return
        time.sleep(0.05)
    raise RuntimeError(f"Postfix did not start: {server.log}")


def _path() -> str:
    return f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


def _daemons() -> Path | None:
    return next((Path(name) for name in _DAEMONS if Path(name, "master").exists()), None)

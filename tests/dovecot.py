"""A real Dovecot of one's own: configuration, mails, port and log in a temporary folder, gone afterwards."""

import contextlib
import grp
import imaplib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

USER, PASSWORD = "depots", "un-mot-de-passe"
_CONF = """\
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_login_user = {login}
default_internal_user = {internal}
default_internal_group = {group}
mail_location = maildir:{folder}/mails/%u
mail_uid = {uid}
mail_gid = {gid}
first_valid_uid = 0
first_valid_gid = 0
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mails/%u
}}
{further}
"""


def why_not() -> str:
    """Say why no Dovecot can run here; "" when one can."""
    if _dovecot() is None:
        return "Dovecot is not installed here (apt-get install dovecot-imapd)"
    return "" if os.getuid() == 0 else "Dovecot is started as root in these tests"


class Dovecot:
    """One running Dovecot; its mailbox is ``url``."""

    def __init__(self, folder: Path, *, port: int, process: "subprocess.Popen[bytes]") -> None:
        self.folder = folder
        self.port = port
        self.process = process

    @property
    def url(self) -> str:
        return f"imap://{USER}:{PASSWORD}@127.0.0.1:{self.port}/INBOX"

    @property
    def log(self) -> str:
        with contextlib.suppress(FileNotFoundError):
            return (self.folder / "log").read_text(encoding="utf-8", errors="replace")
        return ""

    @contextlib.contextmanager
    def client(self, folder: str = "INBOX") -> Iterator[imaplib.IMAP4]:
        """Be another mail program that looks into the mailbox."""
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=30) as client:
            client.login(USER, PASSWORD)
            client.select(folder)
            yield client

    def put(self, mail: bytes, *, folder: str = "INBOX") -> None:
        with self.client() as client:
            assert client.append(folder, "", "", mail)[0] == "OK"

    def flags(self, folder: str = "INBOX") -> list[str]:
        """Give the flags of each mail of a folder, in order; [] for a folder that is not there."""
        with self.client(folder) as client:
            if client.state != "SELECTED":
                return []
            found = client.uid("FETCH", "1:*", "(FLAGS)")[1]
        return [one.decode().partition("FLAGS (")[2].partition(")")[0] for one in found if isinstance(one, bytes)]


@contextlib.contextmanager
def running(*, further: str = "") -> Iterator[Dovecot]:
    """Run a Dovecot with one mailbox; raises when it does not greet."""
    folder = Path(tempfile.mkdtemp(prefix="liasse-dovecot-"))
    folder.chmod(0o755)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    owner = pwd.getpwnam("dovecot" if _is_user("dovecot") else "nobody")
    (folder / "mails").mkdir()
    os.chown(folder / "mails", owner.pw_uid, owner.pw_gid)
    conf = folder / "dovecot.conf"
    conf.write_text(
        _CONF.format(
            folder=folder,
            port=port,
            password=PASSWORD,
            login="dovenull" if _is_user("dovenull") else "nobody",
            internal=owner.pw_name,
            group=grp.getgrgid(owner.pw_gid).gr_name,
            uid=owner.pw_uid,
            gid=owner.pw_gid,
            further=further,
        ),
        encoding="utf-8",
    )
    process = subprocess.Popen(
        [str(_dovecot()), "-F", "-c", str(conf)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    server = Dovecot(folder, port=port, process=process)
    try:
        _await_greeting(server)
        yield server
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


def _await_greeting(server: Dovecot) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and server.process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", server.port), 5) as peer:
            if peer.recv(200).startswith(b"* OK"):
                return
        time.sleep(0.05)
    raise RuntimeError(f"Dovecot did not start: {server.log}")


def _dovecot() -> str | None:
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def _is_user(name: str) -> bool:
    with contextlib.suppress(KeyError):
        return bool(pwd.getpwnam(name))
    return False

"""A throw-away PostgreSQL cluster for tests and benches: made in a temporary folder, gone afterwards.

The role it offers is what a careful administrator would give: it may make databases, it is no superuser, and
row-level security holds for it.
"""

import contextlib
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

ROLE = "liasse"
_HOST = "127.0.0.1"


class ClusterError(Exception):
    """No cluster can be had; the text says why in one sentence."""


class Cluster:
    """Starts on entering, stops and vanishes on leaving; `url` is for DATABASE_URL."""

    url: str

    def __enter__(self) -> Self:
        """Start it, or raise ClusterError."""
        programs = find_server()
        if programs is None:
            raise ClusterError("no PostgreSQL server is installed here.")
        self._programs = programs
        self._user = _unprivileged_user()
        # Directly below /tmp: the path of a Unix socket may have about 100 characters only.
        self._folder = Path(tempfile.mkdtemp(prefix="liasse-pg-", dir="/tmp"))
        try:
            self._start()
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it and remove its folder."""
        self._remove()

    def _start(self) -> None:
        if self._user:
            entry = pwd.getpwnam(self._user)
            os.chown(self._folder, entry.pw_uid, entry.pw_gid)
        password, owner_password = secrets.token_hex(16), secrets.token_hex(16)
        password_file = self._folder / "password"
        password_file.write_text(owner_password, encoding="ascii")
        password_file.chmod(0o644)
        data, self._port = str(self._folder / "data"), _free_port()
        port = self._port
        init = ["--username=owner", f"--pwfile={password_file}", "--auth=scram-sha-256", "--encoding=UTF8"]
        self._run("initdb", [*init, "--locale=C.UTF-8", "--no-sync", f"--pgdata={data}"])
        password_file.unlink()
        self.start()
        script = f"CREATE ROLE {ROLE} LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS PASSWORD '{password}'"
        self._run("psql", ["-q", "-c", script, f"postgresql://owner:{owner_password}@{_HOST}:{port}/postgres"])
        owned = f"CREATE DATABASE {ROLE} OWNER {ROLE}"
        self._run("psql", ["-q", "-c", owned, f"postgresql://owner:{owner_password}@{_HOST}:{port}/postgres"])
        self.url = f"postgresql://{ROLE}:{password}@{_HOST}:{port}/{ROLE}"

    def start(self) -> None:
        """Start the server, also again after `stop`, on the same port and with the same data."""
        # Its data is worth nothing, so it need not outlive a power cut; everything else is as delivered.
        options = (
            f"-c listen_addresses={_HOST} -c port={self._port} -c unix_socket_directories={self._folder}"
            " -c fsync=off -c full_page_writes=off -c max_connections=100"
        )
        data, log = self._folder / "data", self._folder / "log"
        self._run("pg_ctl", ["--wait", f"--pgdata={data}", f"--log={log}", f"--options={options}", "start"])

    def stop(self, *, mode: str = "immediate") -> None:
        """Stop the server and keep its data; `immediate` ends it as a crash does, `fast` with a farewell."""
        self._run("pg_ctl", ["--wait", f"--pgdata={self._folder / 'data'}", f"--mode={mode}", "stop"])

    def _remove(self) -> None:
        if (self._folder / "data" / "postmaster.pid").exists():
            with contextlib.suppress(ClusterError):
                self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, program: str, arguments: list[str]) -> None:
        # Output goes to a file: the server inherits it, and a pipe would stay open as long as the server runs.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                [self._programs / program, *arguments],
                check=False,
                user=self._user,
                group=pwd.getpwnam(self._user).pw_gid if self._user else None,
                extra_groups=[] if self._user else None,
                cwd=self._folder,
                env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
            if done.returncode != 0:
                output.seek(0)
                said = output.read().decode(errors="replace").strip()
                raise ClusterError(f"{program} failed: {said}")


def find_server() -> Path | None:
    """Give the folder of PostgreSQL's server programs, newest version first."""
    on_path = shutil.which("initdb")
    folders = sorted(
        (
            folder
            for pattern in ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
            for folder in Path("/").glob(pattern.lstrip("/"))
        ),
        key=_version,
        reverse=True,
    )
    for folder in [*([Path(on_path).resolve().parent] if on_path else []), *folders]:
        if all((folder / program).exists() for program in ("initdb", "pg_ctl", "postgres", "psql")):
            return folder
    return None


def _version(folder: Path) -> int:
    digits = "".join(character for character in str(folder.parent.name) if character.isdigit())
    return int(digits or 0)


def _unprivileged_user() -> str | None:
    """Give the user under whom root starts the server, which refuses to run as root."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise ClusterError("root needs a user named postgres or nobody to start PostgreSQL.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
        return port

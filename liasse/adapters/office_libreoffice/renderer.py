"""LibreOffice without a screen, in a process of its own: no network, a profile that is thrown away, limits, a clock.

It cannot run in `core.sandbox`, which forbids programs. So it stands behind its own walls, and where the kernel does
not grant the one that matters most, an empty network, it is not started at all.
"""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import tempfile
from functools import cached_property
from pathlib import Path
from typing import Final

_SECONDS: Final = 60
_CPU_SECONDS: Final = 50
_MEMORY: Final = 2 << 30
"""Bytes of address space: the program maps more than a gigabyte before it has opened anything."""
_LARGEST_FILE: Final = 64 << 20
_NEWUSER, _NEWNET, _NEWIPC = 0x10000000, 0x40000000, 0x08000000
_PLACES: Final = ("soffice", "libreoffice")
_EXTENSIONS: Final = frozenset({"doc", "docx", "odt", "rtf", "xls", "xlsx", "xlsm", "ods", "ppt", "pptx", "odp"})


class LibreOfficeRenderer:
    """Serves `intake.ports.OfficeRenderer`."""

    def __init__(self, *, program: str = "") -> None:
        """Look for the program on the path, unless one is named."""
        self._named = program

    @cached_property
    def _program(self) -> str:
        names = (self._named,) if self._named else _PLACES
        return next((found for name in names if (found := shutil.which(name))), "")

    def takes(self, filename: str) -> bool:
        """Tell whether files of this name are written as PDF here."""
        return bool(self._program) and _extension(filename) in _EXTENSIONS

    def to_pdf(self, path: Path, folder: Path, *, filename: str) -> Path | None:
        """Write a file as PDF into ``folder``, a folder of its own; None when that was not to be had in time."""
        with tempfile.TemporaryDirectory(dir=folder) as profile:
            source = Path(profile) / f"document.{_extension(filename)}"
            shutil.copyfile(path, source)
            command = [
                *(self._program, "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"),
                *(f"-env:UserInstallation=file://{profile}/profile", "--convert-to", "pdf"),
                *("--outdir", str(folder), str(source)),
            ]
            is_done = _run(command, folder=Path(profile))
        found = folder / "document.pdf"
        is_pdf = is_done and found.is_file() and found.open("rb").read(5) == b"%PDF-"
        return found if is_pdf else None


def _extension(filename: str) -> str:
    return filename.rpartition(".")[2].lower()


def _run(command: list[str], *, folder: Path) -> bool:
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8"}
    try:
        process = subprocess.Popen(  # noqa: S603 - our own words; the file is one of them, under a name of ours.
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_wall_in,  # noqa: PLW1509 - it only makes system calls.
        )
    except (OSError, subprocess.SubprocessError):
        return False
    try:
        return process.wait(timeout=_SECONDS) == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wall_in() -> None:
    """Give up the network, and bound what is left. An error here means that the program is not started."""
    identity = f"{os.geteuid()} {os.geteuid()} 1", f"{os.getegid()} {os.getegid()} 1"
    if os.geteuid() == 0:
        os.unshare(_NEWNET | _NEWIPC)
    else:
        os.unshare(_NEWUSER | _NEWNET | _NEWIPC)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(identity[0])
        Path("/proc/self/gid_map").write_text(identity[1])
    os.nice(5)
    for name, value in (
        (resource.RLIMIT_CPU, _CPU_SECONDS),
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_FSIZE, _LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(name, (value, value))

"""The entries of ZIP, tar and gzip files, read piece by piece; what is said of their sizes is never believed."""

from __future__ import annotations

import gzip
import io
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from liasse.adapters.opening.limits import Budget, NotOpenedError
from liasse.adapters.opening.shelf import CutShortError

_PIECE = 256 * 1024
_LARGEST_READ = 2 << 20
_ENCRYPTED = 0x1
_UTF8 = 0x800
_LOCAL_HEADER = 30
# For the others the library unpacks a whole piece at once, however much that is.
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, OverflowError, RuntimeError,
)  # fmt: skip
_ABSOLUTE = re.compile(r"[/\\]|[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file in an archive: its bytes as they come, or the reason why they do not."""

    name: str
    content: Iterator[bytes] = field(default_factory=lambda: iter(()))
    problem: str = ""


class _Guarded(io.FileIO):
    """A file that gives at most some MiB at once: libraries read whole tables in the size that the file claims."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _LARGEST_READ:
            raise NotOpenedError("archive-too-many")
        # Whoever asks for all of the rest gets as much as anybody.
        found = super().read(_LARGEST_READ if size is None or size < 0 else size)
        return found or b""


def entries_of_zip(path: Path, budget: Budget) -> Iterator[Entry]:
    """Yield the files of a ZIP. Raises NotOpenedError for one that no honest program wrote, or that is too large."""
    packed = path.stat().st_size
    if packed > budget.limits.max_archive:
        raise NotOpenedError("too-large")
    with _Guarded(path) as source:
        try:
            archive = zipfile.ZipFile(source)
        except _DAMAGE as error:
            raise NotOpenedError("archive-damaged") from error
        with archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            if len(infos) > budget.limits.max_entries:
                raise NotOpenedError("archive-too-many")
            _check_places(infos, end=archive.start_dir)
            out = _Outflow(budget, packed)
            for info in infos:
                budget.count_entry()
                yield _entry_of_zip(archive, info, out)


def _check_places(infos: list[zipfile.ZipInfo], *, end: int) -> None:
    """Refuse files that lie in one another, which lets a small ZIP hold a vast one many times."""
    before = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < before or _leads_out(info.filename):
            raise NotOpenedError("archive-odd")
        before = info.header_offset + _LOCAL_HEADER + info.compress_size
    if before > end:
        raise NotOpenedError("archive-odd")


def _leads_out(name: str) -> bool:
    return bool(_ABSOLUTE.match(name)) or ".." in re.split(r"[/\\]", name)


def _entry_of_zip(archive: zipfile.ZipFile, info: zipfile.ZipInfo, out: _Outflow) -> Entry:
    name = _name_in_zip(info)
    if info.flag_bits & _ENCRYPTED:
        return Entry(name, problem="archive-locked")
    if stat.S_ISLNK(info.external_attr >> 16):
        return Entry(name, problem="symlink")
    if info.compress_type not in _METHODS:
        return Entry(name, problem="archive-method")
    return Entry(name, _pieces_of_zip(archive, info, out))


def _name_in_zip(info: zipfile.ZipInfo) -> str:
    """Give a name as its maker wrote it: many write UTF-8 without saying so."""
    if info.flag_bits & _UTF8:
        return info.filename
    with suppress(UnicodeError):
        return info.filename.encode("cp437").decode("utf-8")
    return info.filename


def _pieces_of_zip(archive: zipfile.ZipFile, info: zipfile.ZipInfo, out: _Outflow) -> Iterator[bytes]:
    try:
        with archive.open(info) as source:
            yield from out.pieces(source, packed=info.compress_size)
    except _DAMAGE as error:
        raise CutShortError from error


@dataclass(slots=True)
class _Outflow:
    """Counts what comes out of one archive, for its own ratio and for the receipt."""

    budget: Budget
    packed: int
    unpacked: int = 0

    def pieces(self, source: IO[bytes] | gzip.GzipFile, *, packed: int) -> Iterator[bytes]:
        size = 0
        while piece := source.read(_PIECE):
            size += len(piece)
            self.unpacked += len(piece)
            self.budget.count_bytes(len(piece))
            self.budget.check_ratio(size, packed=packed)
            self.budget.check_ratio(self.unpacked, packed=self.packed)
            yield piece


def entries_of_gzip(path: Path, name: str, budget: Budget) -> Iterator[Entry]:
    """Yield the one file of a gzip. Raises NotOpenedError."""
    packed = path.stat().st_size
    if packed > budget.limits.max_archive:
        raise NotOpenedError("too-large")
    budget.count_entry()
    stem = name[: -len(".gz")] if name.lower().endswith(".gz") else name
    if name.lower().endswith(".tgz"):
        stem = name[: -len("gz")] + "ar"
    yield Entry(stem, _pieces_of_gzip(path, _Outflow(budget, packed)))


def _pieces_of_gzip(path: Path, out: _Outflow) -> Iterator[bytes]:
    try:
        with gzip.open(path) as source:
            yield from out.pieces(source, packed=out.packed)
    except _DAMAGE as error:
        raise CutShortError from error


def is_tar(head: bytes) -> bool:
    """Tell a tar by its mark."""
    return head[257:262] == b"ustar"


def entries_of_tar(path: Path, budget: Budget) -> Iterator[Entry]:
    """Yield the files of a tar; links and devices are named and not followed. Raises NotOpenedError."""
    packed = path.stat().st_size
    with _Guarded(path) as source:
        try:
            archive = tarfile.open(fileobj=source, mode="r:")  # noqa: SIM115 - closed with its file.
            while (member := archive.next()) is not None:
                # The library keeps every member it has seen.
                archive.members = []  # type: ignore[attr-defined]
                if member.isdir():
                    continue
                budget.count_entry()
                yield _entry_of_tar(archive, member, _Outflow(budget, packed))
        except (tarfile.TarError, *_DAMAGE) as error:
            raise NotOpenedError("archive-damaged") from error


def _entry_of_tar(archive: tarfile.TarFile, member: tarfile.TarInfo, out: _Outflow) -> Entry:
    if _leads_out(member.name.removeprefix("./")):
        raise NotOpenedError("archive-odd")
    if not member.isreg() or member.issparse():
        return Entry(member.name, problem="symlink")
    return Entry(member.name, _pieces_of_tar(archive, member, out))


def _pieces_of_tar(archive: tarfile.TarFile, member: tarfile.TarInfo, out: _Outflow) -> Iterator[bytes]:
    try:
        source = archive.extractfile(member)
        if source is not None:
            yield from out.pieces(source, packed=member.size)
    except (tarfile.TarError, *_DAMAGE) as error:
        raise CutShortError from error

"""An uploaded ZIP of a whole client file, checked to its last byte. Runs in the sandbox.

What is wrong with it ends here, as a Refusal with a code: nothing of it is believed before every
entry has the size and the SHA-256 that the manifest says.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, Final

from liasse.core.refusals import Refusal

_FORMAT: Final = "liasse-client-file"
_VERSION: Final = 1
_MANIFEST: Final = "manifest.json"
_LATER: Final = ("suppliers", "layouts", "alarms")
"""Not in exports of 0.1 to begin with: where they are not there, they have no rows."""
_TABLES: Final = ("members", "access", "addresses", "receipts", "documents", *_LATER, "history")
_SINGLE: Final = {"file.json", "documents.csv", *(f"{name}.json" for name in _TABLES)}
_NEEDED: Final = _SINGLE - {f"{name}.json" for name in _LATER}
_ORIGINAL: Final = re.compile(r"(?:receipts|documents)/[^/\\\x00-\x1f]{1,200}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_METHODS: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED: Final = 0x1
_PIECE: Final = 256 * 1024
_LONGEST_MANIFEST: Final = 64 << 20
_LONGEST_LINE: Final = 8 << 20
_DEEPEST: Final = 30


@dataclass(frozen=True, slots=True)
class _Entry:
    """What the manifest says of one entry."""

    sha256: str
    size: int


def open_whole(input_path: Path, output_dir: Path, *, max_bytes: int, max_entries: int) -> dict[str, Any]:
    """Check the ZIP and unpack it; ``max_bytes`` is all of it together, unpacked.

    Writes ``originals`` (all of them one behind the other), ``entries.jsonl`` (name, SHA-256, size and
    offset of each), and ``<table>.jsonl``. Returns ``{"manifest": …, "file": …, "counts": …}``.
    """
    try:
        with zipfile.ZipFile(input_path) as archive:
            return _Opening(archive, output_dir).opened(max_bytes=max_bytes, max_entries=max_entries)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError, OverflowError) as error:
        raise Refusal("not-a-zip") from error


class _Opening:
    def __init__(self, archive: zipfile.ZipFile, folder: Path) -> None:
        self._archive = archive
        self._folder = folder
        self._entries: dict[str, _Entry] = {}

    def opened(self, *, max_bytes: int, max_entries: int) -> dict[str, Any]:
        infos = self._archive.infolist()
        if len(infos) > max_entries or sum(info.file_size for info in infos) > max_bytes:
            raise Refusal("too-large")
        names = [info.filename for info in infos]
        for info in infos:
            _judge(info)
        if len(set(names)) != len(names):
            raise Refusal("bad-name", next(name for name in names if names.count(name) > 1))
        manifest = self._manifest(names)
        self._compare(infos)
        self._unpack_originals()
        file = _only_object(self._whole("file.json"))
        counts = {name: self._table(name) for name in _TABLES}
        self._hashed("documents.csv")
        if counts != {name: _get(manifest, "counts", dict).get(name) for name in _TABLES}:
            raise Refusal("altered", _MANIFEST)
        head = {name: _get(manifest, name, str) for name in ("made_at", "liasse", "practice")}
        return {"manifest": head, "file": file, "counts": counts}

    def _manifest(self, names: list[str]) -> Mapping[str, Any]:
        if _MANIFEST not in names:
            raise Refusal("not-an-export")
        if self._archive.getinfo(_MANIFEST).file_size > _LONGEST_MANIFEST:
            raise Refusal("too-large")
        manifest = _only_object(self._archive.read(_MANIFEST))
        if manifest.get("format") != _FORMAT:
            raise Refusal("not-an-export")
        if _get(manifest, "version", int) > _VERSION:
            raise Refusal("newer-version")
        for entry in _get(manifest, "entries", list):
            if not isinstance(entry, dict):
                raise Refusal("bad-table", _MANIFEST)
            sha256, size, name = _get(entry, "sha256", str), _get(entry, "size", int), _get(entry, "name", str)
            if not _SHA256.fullmatch(sha256) or size < 0 or name in self._entries:
                raise Refusal("bad-table", _MANIFEST)
            self._entries[name] = _Entry(sha256=sha256, size=size)
        if defects := _get(manifest, "defects", list):
            raise Refusal("has-defects", str(len(defects)))
        return manifest

    def _compare(self, infos: list[zipfile.ZipInfo]) -> None:
        """Compare what is there with what the manifest names: nothing may be missing, nothing be there besides."""
        sizes = {info.filename: info.file_size for info in infos if info.filename != _MANIFEST}
        for name in [*self._entries, *sorted(_NEEDED)]:
            if name not in sizes:
                raise Refusal("missing-entry", name)
        for name, size in sizes.items():
            if name not in self._entries:
                raise Refusal("unexpected-entry", name)
            if size != self._entries[name].size:
                raise Refusal("altered", name)

    def _unpack_originals(self) -> None:
        offset = 0
        with (self._folder / "originals").open("wb") as target, (self._folder / "entries.jsonl").open("wb") as listed:
            for name, entry in self._entries.items():
                if name in _SINGLE:
                    continue
                self._hashed(name, to=target)
                line = {"sha256": entry.sha256, "size": entry.size, "offset": offset}
                listed.write(json.dumps(line).encode() + b"\n")
                offset += entry.size

    def _hashed(self, name: str, *, to: BinaryIO | None = None) -> None:
        """Read an entry to its end, and refuse it unless it is what the manifest says."""
        entry, digest, size = self._entries[name], hashlib.sha256(), 0
        with self._archive.open(name) as source:
            while piece := source.read(_PIECE):
                digest.update(piece)
                size += len(piece)
                if size > entry.size:
                    raise Refusal("altered", name)
                if to is not None:
                    to.write(piece)
        if (size, digest.hexdigest()) != (entry.size, entry.sha256):
            raise Refusal("altered", name)

    def _whole(self, name: str) -> bytes:
        if self._entries[name].size > _LONGEST_LINE:
            raise Refusal("too-large")
        self._hashed(name)
        return self._archive.read(name)

    def _table(self, table: str) -> int | None:
        """Write a table's rows one a line; gives how many they are, None where the table is not there."""
        name, count = f"{table}.json", 0
        if table in _LATER and name not in self._entries:
            (self._folder / f"{table}.jsonl").touch()
            return None
        self._hashed(name)
        with self._archive.open(name) as source, (self._folder / f"{table}.jsonl").open("wb") as target:
            for row in _rows(source, name=name):
                self._look_at(table, row)
                written = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
                target.write(written.encode() + b"\n")
                count += 1
        return count

    def _look_at(self, table: str, row: Mapping[str, Any]) -> None:
        """Refuse a receipt or a document whose bytes are not there."""
        if table not in {"receipts", "documents"}:
            return
        entry = self._entries.get(_get(row, "original", str))
        said = _Entry(sha256=_get(row, "sha256", str), size=_get(row, "size", int))
        if entry != said:
            raise Refusal("missing-entry", _get(row, "original", str)[:120])


def _judge(info: zipfile.ZipInfo) -> None:
    """Refuse names that are none of an export's, and what cannot be read plainly."""
    name = info.filename
    if info.orig_filename != name or (name not in _SINGLE | {_MANIFEST} and not _ORIGINAL.fullmatch(name)):
        raise Refusal("bad-name", info.orig_filename[:120])
    if info.flag_bits & _ENCRYPTED or info.compress_type not in _METHODS:
        raise Refusal("not-a-zip")


def _rows(source: IO[bytes], *, name: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a JSON array that is written with a row a line."""
    if source.readline(_LONGEST_LINE).strip() != b"[":
        raise Refusal("bad-table", name)
    while line := source.readline(_LONGEST_LINE):
        text = line.strip()
        if text == b"]":
            return
        yield _only_object(text.removesuffix(b","), name=name)
    raise Refusal("bad-table", name)


def _only_object(text: bytes, *, name: str = _MANIFEST) -> dict[str, Any]:
    try:
        found = json.loads(text, parse_constant=_no_constant)
        if not isinstance(found, dict):
            raise Refusal("bad-table", name)
        _check(found, depth=0)
    except (ValueError, RecursionError) as error:
        raise Refusal("bad-table", name) from error
    return found


def _no_constant(text: str) -> None:
    raise ValueError(text)


def _check(value: object, *, depth: int) -> None:
    """Refuse what databases take differently: NUL, halves of characters, endless numbers, depth."""
    if depth > _DEEPEST:
        raise ValueError(depth)
    if isinstance(value, str):
        if "\0" in value:
            raise ValueError(value)
        value.encode()
    elif isinstance(value, float) and value in {float("inf"), float("-inf")}:
        raise ValueError(value)
    elif isinstance(value, dict):
        for key, one in value.items():
            _check(key, depth=depth)
            _check(one, depth=depth + 1)
    elif isinstance(value, list):
        for one in value:
            _check(one, depth=depth + 1)


def _get[Kind](row: Mapping[str, Any], name: str, kind: type[Kind]) -> Kind:
    found = row.get(name)
    if not isinstance(found, kind) or isinstance(found, bool):
        raise Refusal("bad-table", name)
    return found

"""The local store: what it promises, in which order it syncs, and how it refuses."""

import errno
import hashlib
import os
import stat
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from liasse.adapters.storage_files import FileBlobStore
from liasse.core.blobs import BlobMissingError, StorageFaultError, StorageFullError, StorageSyncError, StoredBlob

pytestmark = pytest.mark.house

BYTES = b"From: a@example.fr\r\n\r\nFacture\r\n"
SHA = hashlib.sha256(BYTES).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> FileBlobStore:
    return FileBlobStore(root=tmp_path / "blobs")


def temporaries(store: FileBlobStore) -> list[Path]:
    folder = store._root / "tmp"
    return list(folder.iterdir()) if folder.exists() else []


def test_bytes_lie_read_only_under_their_hash(store: FileBlobStore) -> None:
    blob = store.put(BYTES)
    path = store.path(SHA)
    assert (blob.sha256, blob.size) == (SHA, len(BYTES))
    assert path == store._root / SHA[:2] / SHA[2:4] / SHA
    assert path.read_bytes() == BYTES
    assert stat.S_IMODE(path.stat().st_mode) & 0o337 == 0
    assert temporaries(store) == []


@pytest.mark.parametrize("source", [BytesIO(BYTES), [BYTES[:5], b"", BYTES[5:]]], ids=["stream", "pieces"])
def test_streams_and_pieces_are_the_same_blob(store: FileBlobStore, source: BytesIO | list[bytes]) -> None:
    assert store.put(source).sha256 == SHA
    with store.open(SHA) as file:
        assert file.read() == BYTES


def test_an_empty_blob_is_a_blob(store: FileBlobStore) -> None:
    blob = store.put(b"")
    assert blob.size == 0
    assert store.verify(blob.sha256)


def test_a_stream_that_breaks_leaves_nothing(store: FileBlobStore) -> None:
    def broken() -> list[bytes]:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.put(piece for piece in broken())
    assert temporaries(store) == []
    assert list(store.iterate()) == []


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "ab", SHA + "\n", f"{SHA}/.."])
def test_what_is_no_hash_is_no_path(store: FileBlobStore, name: str) -> None:
    assert not store.exists("0" * 64)
    for ask in (store.open, store.path, store.exists):
        with pytest.raises(BlobMissingError):
            ask(name)


def test_verify_sees_one_changed_byte_and_a_missing_file(store: FileBlobStore) -> None:
    store.put(BYTES)
    assert store.verify(SHA)
    path = store.path(SHA)
    path.chmod(0o600)
    path.write_bytes(b"f" + BYTES[1:])
    assert not store.verify(SHA)
    assert not store.verify("0" * 64)


def test_putting_again_heals_what_the_disk_has_spoilt(store: FileBlobStore) -> None:
    store.put(BYTES)
    path = store.path(SHA)
    path.chmod(0o600)
    path.write_bytes(b"rot")
    store.put(BYTES)
    assert store.verify(SHA)


def test_iterate_lists_blobs_in_order_and_nothing_else(store: FileBlobStore) -> None:
    names = sorted(store.put(f"{number}".encode()).sha256 for number in range(50))
    (store._root / "tmp" / "left").write_bytes(b"x")
    (store._root / "README").write_bytes(b"x")
    store.path(names[0]).with_name("notes.txt").write_bytes(b"x")
    listed = list(store.iterate())
    assert [blob.sha256 for blob in listed] == names
    assert all(datetime.now(tz=UTC) - blob.stored_at < timedelta(minutes=1) for blob in listed)


def test_sweep_removes_only_what_is_old(store: FileBlobStore) -> None:
    store.put(BYTES)
    old, young = store._root / "tmp" / "old", store._root / "tmp" / "young"
    for path in (old, young):
        path.write_bytes(b"x")
    os.utime(old, (0, 0))
    assert store.sweep_temporaries(older_than=timedelta(hours=1)) == 1
    assert [path.name for path in temporaries(store)] == ["young"]
    assert store.exists(SHA)


def test_many_writers_of_the_same_bytes_leave_one_whole_blob(store: FileBlobStore) -> None:
    start = threading.Barrier(10)
    done: list[str] = []

    def write() -> None:
        start.wait()
        done.append(store.put(BYTES * 1000).sha256)

    threads = [threading.Thread(target=write) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 10
    assert len(set(done)) == 1
    assert [blob.sha256 for blob in store.iterate()] == done[:1]
    assert store.verify(done[0])
    assert temporaries(store) == []


# ------------------------------------------------------------------------------------ the order


def record_calls(monkeypatch: pytest.MonkeyPatch, root: Path) -> list[str]:
    """Let the system calls happen, and write down those that make a blob durable, in their order."""
    calls: list[str] = []
    real_sync, real_rename, real_mkdir = os.fsync, os.rename, os.mkdir

    def name(path: str | Path) -> str:
        place = Path(path).relative_to(root.parent)
        return "temporary" if place.match("*/tmp/*") else str(place)

    def sync(descriptor: int) -> None:
        target = Path(f"/proc/self/fd/{descriptor}").readlink()
        real_sync(descriptor)
        calls.append(f"fsync {name(target)}")

    def rename(source: Path, target: Path, **_: int) -> None:
        real_rename(source, target)
        calls.append(f"rename {name(source)} {name(target)}")

    def mkdir(path: Path, mode: int = 0o777) -> None:
        real_mkdir(path, mode)
        calls.append(f"mkdir {name(path)}")

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "rename", rename)
    monkeypatch.setattr(os, "mkdir", mkdir)
    return calls


def test_the_file_is_synced_before_its_name_and_the_folder_after(
    store: FileBlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = record_calls(monkeypatch, store._root)
    store.put(BYTES)
    folder = f"blobs/{SHA[:2]}/{SHA[2:4]}"
    steps = [call for call in calls if not call.startswith("mkdir blobs/tmp") and call != "mkdir blobs"]
    # The parents are synced while the file is, in any order.
    assert [*steps[:2], *sorted(steps[2:6]), *steps[6:]] == [
        f"mkdir blobs/{SHA[:2]}",
        f"mkdir {folder}",
        "fsync .",
        "fsync blobs",
        f"fsync blobs/{SHA[:2]}",
        "fsync temporary",
        f"rename temporary {folder}/{SHA}",
        f"fsync {folder}",
    ]


def test_a_blob_that_another_writer_has_just_named_is_synced_all_the_same(
    store: FileBlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The other writer was killed between rename and fsync: its folders and name may be only in memory.
    path = store._root / SHA[:2] / SHA[2:4] / SHA
    path.parent.mkdir(parents=True)
    path.write_bytes(BYTES)
    calls = record_calls(monkeypatch, store._root)
    store.put(BYTES)
    folder = f"blobs/{SHA[:2]}/{SHA[2:4]}"
    for needed in ("fsync temporary", f"fsync {folder}", f"fsync blobs/{SHA[:2]}", "fsync blobs", "fsync ."):
        assert needed in calls


def test_a_known_folder_costs_two_syncs(store: FileBlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.put(BYTES)
    calls = record_calls(monkeypatch, store._root)
    store.put(BYTES)
    assert [call.split()[0] for call in calls] == ["fsync", "rename", "fsync"]


# ----------------------------------------------------------------------------------- the faults


def failing(code: int) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    return fail


@pytest.mark.parametrize(
    ("call", "code", "refusal"),
    [
        ("open", errno.ENOSPC, StorageFullError),
        ("open", errno.EROFS, StorageFaultError),
        ("open", errno.EMFILE, StorageFaultError),
        ("write", errno.ENOSPC, StorageFullError),
        ("write", errno.EDQUOT, StorageFullError),
        ("write", errno.EIO, StorageFaultError),
        ("fsync", errno.ENOSPC, StorageFullError),
        ("fsync", errno.EIO, StorageSyncError),
        ("close", errno.EIO, StorageSyncError),
        ("rename", errno.EIO, StorageFaultError),
        ("mkdir", errno.ENOSPC, StorageFullError),
    ],
)
def test_a_fault_is_refused_by_its_class_and_leaves_no_blob(
    store: FileBlobStore, monkeypatch: pytest.MonkeyPatch, call: str, code: int, refusal: type[Exception]
) -> None:
    (store._root / "tmp").mkdir(parents=True)
    with monkeypatch.context() as broken:
        broken.setattr(os, call, failing(code))
        with pytest.raises(StorageFaultError) as caught:
            store.put(BYTES)
    assert type(caught.value) is refusal
    assert not store.exists(SHA)
    assert temporaries(store) == []
    assert store.put(BYTES).sha256 == SHA


def test_a_failed_sync_is_never_tried_again(store: FileBlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[Path] = []

    def fail(descriptor: int) -> None:
        tried.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StorageSyncError):
        store.put(BYTES)
    assert len(tried) == len(set(tried)) > 0
    assert not store.exists(SHA)


def test_a_folder_that_cannot_be_synced_breaks_the_promise(
    store: FileBlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put(BYTES)
    real = os.fsync

    def fail_on_folders(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fail_on_folders)
    with pytest.raises(StorageSyncError):
        store.put(BYTES)


# ----------------------------------------------------------------------------------- removing


def test_a_removed_blob_is_gone_and_can_be_put_again(store: FileBlobStore) -> None:
    store.put(BYTES)
    assert store.remove(SHA, unless_put_since=datetime.now(tz=UTC) + timedelta(seconds=5))
    assert not store.exists(SHA)
    assert temporaries(store) == []
    assert store.remove(SHA, unless_put_since=datetime.now(tz=UTC))
    assert store.put(BYTES).sha256 == SHA


def test_a_blob_put_since_stays(store: FileBlobStore) -> None:
    store.put(BYTES)
    assert not store.remove(SHA, unless_put_since=datetime.now(tz=UTC) - timedelta(hours=1))
    assert store.verify(SHA)


def test_bytes_put_between_the_look_and_the_removal_stay(store: FileBlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.put(BYTES)
    os.utime(store.path(SHA), (0, 0))
    rename = Path.rename

    def put_first(self: Path, target: Path) -> Path:
        monkeypatch.setattr(Path, "rename", rename)
        store.put(BYTES)
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", put_first)
    assert not store.remove(SHA, unless_put_since=datetime.now(tz=UTC) - timedelta(hours=1))
    assert store.verify(SHA)
    assert temporaries(store) == []


# ------------------------------------------------------------------------------------ several at once


def test_several_are_kept_in_their_order_and_one_that_fails_spoils_none(
    store: FileBlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write

    def fail_on_bad(descriptor: int, piece: memoryview) -> int:
        if bytes(piece) == b"bad":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(descriptor, piece)

    monkeypatch.setattr(os, "write", fail_on_bad)
    kept = store.put_all([b"one", b"bad", iter([b"t", b"wo"]), b"one"])
    assert isinstance(kept[1], StorageFullError)
    shas = [hashlib.sha256(content).hexdigest() for content in (b"one", b"two", b"one")]
    assert [blob.sha256 for blob in kept if isinstance(blob, StoredBlob)] == shas
    assert all(store.verify(sha) for sha in shas)
    assert temporaries(store) == []


def test_each_of_several_is_synced_before_any_has_its_name(
    store: FileBlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = record_calls(monkeypatch, store._root)
    store.put_all([b"one", b"two", b"three"])
    assert calls.count("fsync temporary") == 3
    renames = [number for number, call in enumerate(calls) if call.startswith("rename")]
    assert len(renames) == 3
    assert max(number for number, call in enumerate(calls) if call == "fsync temporary") < min(renames)
    for call in [calls[number] for number in renames]:
        folder = str(Path(call.split()[2]).parent)
        assert f"fsync {folder}" in calls[max(renames) :]
        assert f"fsync {Path(folder).parent}" in calls[: min(renames)]

"""How a process gives up what it does not need before it opens foreign bytes. Linux; elsewhere each step says no.

Four walls stand behind one another, because any of them may be missing: a container may forbid
namespaces, an old kernel lacks Landlock, another processor has other call numbers. Each function
returns whether its wall stands, so that an administrator can be told.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from liasse.core.sandbox_calls import Machine, machine

_LIBC = ctypes.CDLL(None, use_errno=True)

_PR_SET_PDEATHSIG = 1
_PR_SET_SECCOMP = 22
_PR_CAPBSET_DROP = 24
_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2
_CAPABILITY_VERSION_3 = 0x20080522
_LAST_CAPABILITY = 63
_SIGKILL = 9

# --- Landlock: what a process may do with files, whoever it is ------------------------------------

_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_LANDLOCK_VERSION = 1
_PATH_BENEATH = 1
_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_REG = 1 << 4, 1 << 5, 1 << 7, 1 << 8
_TRUNCATE = 1 << 14
_ABI_RIGHTS = ((1, 13), (2, 14), (3, 15), (5, 16))
_ABI_NETWORK, _ABI_SCOPES = 4, 6
_ALL_TCP = 0b11
_ALL_SCOPES = 0b11


def _prctl(option: int, value: int | bytes = 0) -> bool:
    if not hasattr(_LIBC, "prctl"):
        return False
    zero = ctypes.c_ulong(0)
    argument = value if isinstance(value, bytes) else ctypes.c_ulong(value)
    if option == _PR_SET_SECCOMP:
        return int(_LIBC.prctl(option, ctypes.c_ulong(_SECCOMP_MODE_FILTER), argument, zero, zero)) == 0
    return int(_LIBC.prctl(option, argument, zero, zero, zero)) == 0


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent ends."""
    _prctl(_PR_SET_PDEATHSIG, _SIGKILL)


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent ended, so that they can be found and ended."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


# --- namespaces -----------------------------------------------------------------------------------


def namespaces_that_work() -> int:
    """Return the flags of ``unshare`` that this machine grants to this user, 0 for none.

    A trial child finds out, because a half-granted user namespace cannot be left again.
    """
    if not hasattr(os, "unshare"):
        return 0
    alone = os.CLONE_NEWPID | os.CLONE_NEWNET | os.CLONE_NEWIPC
    for flags in (alone, alone | os.CLONE_NEWUSER):
        trial = os.fork()
        if trial == 0:
            os._exit(0 if _survives(flags) else 1)
        if os.waitpid(trial, 0)[1] == 0:
            return flags
    return 0


def _survives(flags: int) -> bool:
    try:
        enter_namespaces(flags)
        inner = os.fork()
    except OSError:
        return False
    if inner == 0:
        os._exit(0)
    return os.waitpid(inner, 0)[1] == 0


def enter_namespaces(flags: int) -> None:
    """Leave the machine's network and shared memory; the next child is the first of its own process tree.

    Raises OSError where the kernel refuses.
    """
    if not flags:
        return
    uid, gid = os.geteuid(), os.getegid()
    os.unshare(flags)
    if flags & os.CLONE_NEWUSER:
        # Unmapped users may not create files, so the one identity we have is mapped onto itself.
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")


# --- capabilities ---------------------------------------------------------------------------------


def drop_capabilities() -> bool:
    """Give up every capability for good: uid 0 without them is bound by file modes like anyone."""
    if not hasattr(_LIBC, "capset"):
        return False
    for capability in range(_LAST_CAPABILITY + 1):
        _prctl(_PR_CAPBSET_DROP, capability)
    header = struct.pack("Ii", _CAPABILITY_VERSION_3, 0)
    return int(_LIBC.capset(header, bytes(24))) == 0


# --- files ----------------------------------------------------------------------------------------


def restrict_files(readable: Iterable[Path], writable: Iterable[Path]) -> bool:
    """From now on only these files and folders, and what is below them, can be opened; nothing can be executed."""
    if platform.system() != "Linux":
        return False
    abi = int(_LIBC.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), _LANDLOCK_VERSION))
    if abi < 1:
        return False
    handled = (1 << max(bits for since, bits in _ABI_RIGHTS if since <= abi)) - 1
    attributes = struct.pack(
        "QQQ", handled, _ALL_TCP if abi >= _ABI_NETWORK else 0, _ALL_SCOPES if abi >= _ABI_SCOPES else 0
    )
    size = 24 if abi >= _ABI_SCOPES else 16 if abi >= _ABI_NETWORK else 8
    ruleset = int(_LIBC.syscall(_LANDLOCK_CREATE, attributes[:size], ctypes.c_size_t(size), 0))
    if ruleset < 0:
        return False
    try:
        for path in readable:
            _allow(ruleset, path, (_READ_FILE | _READ_DIR) & handled)
        change = _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _TRUNCATE
        for path in writable:
            _allow(ruleset, path, (change | _READ_FILE | _READ_DIR) & handled)
        _prctl(_PR_SET_NO_NEW_PRIVS, 1)
        return int(_LIBC.syscall(_LANDLOCK_RESTRICT, ruleset, 0)) == 0
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    with suppress(OSError):
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not path.is_dir():
                rights &= _READ_FILE | _WRITE_FILE | _TRUNCATE
            rule = struct.pack("=Qi", rights, handle)
            _LIBC.syscall(_LANDLOCK_ADD, ruleset, _PATH_BENEATH, rule, 0)
        finally:
            os.close(handle)


# --- system calls ---------------------------------------------------------------------------------

_LOAD, _JUMP_EQUAL, _JUMP_GE, _JUMP_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_AT_CALL, _AT_ARCH, _AT_FIRST_ARGUMENT = 0, 4, 16
_ANSWER_ALLOW = 0x7FFF0000
_ANSWER_EPERM = 0x00050000 | 1
_ANSWER_ENOSYS = 0x00050000 | 38
_CLONE_THREAD = 0x00010000
_X32_CALLS = 0x40000000


def filter_calls() -> bool:
    """Make the kernel refuse new processes, programs, sockets, signals to others and changes of file modes.

    Threads stay allowed: libraries start them.
    """
    known = machine()
    if known is None:
        return False
    program = _program(known)
    code = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    return _prctl(_PR_SET_SECCOMP, header)


def _program(known: Machine) -> bytes:
    """Return the filter in the kernel's small language: each step is code, jump if true, jump if false, value."""
    deny = (_RETURN, 0, 0, _ANSWER_EPERM)
    allow = (_RETURN, 0, 0, _ANSWER_ALLOW)
    steps = [(_LOAD, 0, 0, _AT_ARCH), (_JUMP_EQUAL, 1, 0, known.audit_arch), deny, (_LOAD, 0, 0, _AT_CALL)]
    if known.has_x32:
        steps += [(_JUMP_GE, 0, 1, _X32_CALLS), deny]
    for call in known.refused:
        steps += [(_JUMP_EQUAL, 0, 1, call), deny]
    # The C library falls back to clone, whose flags a filter can see, when clone3 is said not to exist.
    steps += [(_JUMP_EQUAL, 0, 1, known.clone3), (_RETURN, 0, 0, _ANSWER_ENOSYS)]
    steps += [
        (_JUMP_EQUAL, 0, 4, known.clone),
        (_LOAD, 0, 0, _AT_FIRST_ARGUMENT),
        (_JUMP_BITS, 0, 1, _CLONE_THREAD),
        allow,
        deny,
    ]
    # A process may still abort itself, which the C library does by a signal to its own number.
    steps += [
        (_JUMP_EQUAL, 0, 4, known.tgkill),
        (_LOAD, 0, 0, _AT_FIRST_ARGUMENT),
        (_JUMP_EQUAL, 0, 1, os.getpid()),
        allow,
        deny,
    ]
    return b"".join(struct.pack("HBBI", *step) for step in [*steps, allow])

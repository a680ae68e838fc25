"""The numbers of the system calls that a sandboxed process never needs, per processor."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Machine:
    """One processor's names for the calls that the filter looks at."""

    audit_arch: int
    has_x32: bool
    clone: int
    clone3: int
    tgkill: int
    refused: tuple[int, ...]


_X86_64: dict[str, int] = {
    # New processes and programs.
    "fork": 57, "vfork": 58, "execve": 59, "execveat": 322, "ptrace": 101,
    "process_vm_readv": 310, "process_vm_writev": 311,
    # The network, and io_uring, which can do all of this unseen.
    "socket": 41, "io_uring_setup": 425,
    # Signals to others.
    "kill": 62, "tkill": 200, "rt_sigqueueinfo": 129, "pidfd_open": 434, "pidfd_send_signal": 424, "pidfd_getfd": 438,
    # Modes, owners, times and attributes of files, which the rules for opening do not cover.
    "chmod": 90, "fchmod": 91, "fchmodat": 268, "fchmodat2": 452,
    "chown": 92, "fchown": 93, "lchown": 94, "fchownat": 260,
    "utime": 132, "utimes": 235, "futimesat": 261, "utimensat": 280,
    "setxattr": 188, "lsetxattr": 189, "fsetxattr": 190,
    "removexattr": 197, "lremovexattr": 198, "fremovexattr": 199,
    # Memory that the limit on address space does not count, or that outlives the process.
    "memfd_create": 319, "shmget": 29, "semget": 64, "msgget": 68, "mq_open": 240,
    # The machine itself.
    "mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161, "unshare": 272, "setns": 308,
    "open_tree": 428, "move_mount": 429, "fsopen": 430, "mount_setattr": 442,
    "bpf": 321, "perf_event_open": 298, "userfaultfd": 323, "open_by_handle_at": 304,
    "add_key": 248, "request_key": 249, "keyctl": 250,
    "init_module": 175, "finit_module": 313, "kexec_load": 246,
}  # fmt: skip

_AARCH64: dict[str, int] = {
    "execve": 221, "execveat": 281, "ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271,
    "socket": 198, "io_uring_setup": 425,
    "kill": 129, "tkill": 130, "rt_sigqueueinfo": 138, "pidfd_open": 434, "pidfd_send_signal": 424, "pidfd_getfd": 438,
    "fchmod": 52, "fchmodat": 53, "fchmodat2": 452, "fchown": 55, "fchownat": 54, "utimensat": 88,
    "setxattr": 5, "lsetxattr": 6, "fsetxattr": 7, "removexattr": 14, "lremovexattr": 15, "fremovexattr": 16,
    "memfd_create": 279, "shmget": 194, "semget": 190, "msgget": 186, "mq_open": 180,
    "mount": 40, "umount2": 39, "pivot_root": 41, "chroot": 51, "unshare": 97, "setns": 268,
    "open_tree": 428, "move_mount": 429, "fsopen": 430, "mount_setattr": 442,
    "bpf": 280, "perf_event_open": 241, "userfaultfd": 282, "open_by_handle_at": 265,
    "add_key": 217, "request_key": 218, "keyctl": 219,
    "init_module": 105, "finit_module": 273, "kexec_load": 104,
}  # fmt: skip

_MACHINES = {
    "x86_64": Machine(0xC000003E, has_x32=True, clone=56, clone3=435, tgkill=234, refused=tuple(_X86_64.values())),
    "aarch64": Machine(0xC00000B7, has_x32=False, clone=220, clone3=435, tgkill=131, refused=tuple(_AARCH64.values())),
}


def machine() -> Machine | None:
    """Return the table of this processor, None where the numbers are not known or Python runs in 32 bits."""
    if platform.system() != "Linux" or sys.maxsize <= 2**32:
        return None
    return _MACHINES.get(platform.machine())

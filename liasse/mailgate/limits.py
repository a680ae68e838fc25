"""What the receiver bears with, and from where on it refuses."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds; messages an hour for a practice and a file, a minute from a peer.

    docs/mechanisms/intake.md lists them with their answers.
    """

    message_bytes: int = 35 * MIB
    memory_bytes: int = 128 * MIB
    command_bytes: int = 2048
    connections: int = 500
    connections_per_peer: int = 20
    recipients: int = 100
    bad_commands: int = 10
    messages_per_practice: int = 600
    messages_per_file: int = 200
    messages_per_peer: int = 60
    hops: int = 30
    header_bytes: int = 256 * 1024
    unknown_per_hour: int = 10
    unknown_pause: float = 1.0
    greylist_pause: float = 60.0
    refusal_time: float = 0.05
    silence: float = 300.0
    slowest_bytes_per_second: int = 500
    slow_start: float = 60.0
    drain: float = 8.0

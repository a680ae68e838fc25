"""Whether something that arrived becomes documents at once, or waits in *À trier*. Facts in, answer out."""

from __future__ import annotations

from dataclasses import dataclass

from liasse.clients.types import SenderMode
from liasse.intake.types import Hold


@dataclass(frozen=True, slots=True)
class Arrived:
    """What is known of a mail: the file's mode, and who sent it.

    ``is_ours`` says that its author is a member of the file or a colleague of the practice, ``was_here`` that mail of
    this author became documents before, ``is_forged`` that the author's domain disowns it.
    """

    mode: str = SenderMode.OPEN
    is_file_active: bool = True
    has_null_sender: bool = False
    is_accepted: bool = False
    is_ours: bool = False
    is_trusted: bool = False
    was_here: bool = False
    is_forged: bool = False
    has_usable: bool = True


def hold_of(arrived: Arrived) -> Hold | None:
    """Say why a mail must wait for a person, or None. Never a reason to drop it.

    A mail in which nothing is a document waits only for what concerns the whole of it: there is nothing to let in.
    """
    if arrived.is_accepted:
        return None
    if not arrived.is_file_active:
        return Hold.FILE_CLOSED
    if arrived.has_null_sender:
        return Hold.NULL_SENDER
    if arrived.mode == SenderMode.OPEN or not arrived.has_usable:
        return None
    is_welcome = arrived.is_ours or arrived.is_trusted or (arrived.mode == SenderMode.KNOWN and arrived.was_here)
    if is_welcome:
        return Hold.NOT_GENUINE if arrived.is_forged else None
    return Hold.NO_MEMBER if arrived.mode == SenderMode.MEMBERS else Hold.UNKNOWN_SENDER

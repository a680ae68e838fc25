"""The facts about a mail's sender by which it is let in or held."""

from __future__ import annotations

from liasse.clients.models import ClientFile, Member
from liasse.clients.types import MemberStatus, SenderMode
from liasse.intake.holding import Arrived, hold_of
from liasse.intake.models import Receipt, TrustedSender
from liasse.intake.types import Door, Hold, ReceiptState
from liasse.practices.models import Colleague
from liasse.practices.types import ColleagueStatus


def hold_of_receipt(receipt: Receipt, *, has_usable: bool) -> Hold | None:
    """Say why a receipt that was just opened must wait for a person, or None.

    Mail alone is held: whoever comes by another door was let in by it. Three queries where the file lets in
    known senders alone, one otherwise.
    """
    if receipt.door != Door.MAIL or receipt.is_accepted:
        return None
    file = ClientFile.objects.get(id=receipt.client_file_id)
    of_the_whole = hold_of(Arrived(is_file_active=file.is_active, has_null_sender=has_null_sender(receipt)))
    if of_the_whole is not None or file.sender_mode == SenderMode.OPEN:
        return of_the_whole
    author = receipt.from_address.strip().lower()
    return hold_of(
        Arrived(
            mode=file.sender_mode,
            is_ours=_is_ours(file, author=author),
            is_trusted=is_trusted(file, author=author),
            was_here=file.sender_mode == SenderMode.KNOWN and _was_here(receipt),
            is_forged=receipt.sender_facts.get("why") == "against-policy",
            has_usable=has_usable,
        )
    )


def has_null_sender(receipt: Receipt) -> bool:
    """Tell whether a mail came over SMTP with ``MAIL FROM:<>``; other ways of fetching mail have no peer."""
    return receipt.door == Door.MAIL and bool(receipt.peer) and not receipt.envelope_from


def is_trusted(file: ClientFile, *, author: str) -> bool:
    """Tell whether somebody said that mail of this author, or of its domain, is to be let in."""
    names = [author, f"@{author.rpartition('@')[2]}"]
    return TrustedSender.objects.filter(practice_id=file.practice_id, client_file=file, sender__in=names).exists()


def _is_ours(file: ClientFile, *, author: str) -> bool:
    if not author:
        return False
    members = Member.objects.filter(client_file=file, email=author).exclude(status=MemberStatus.LEFT)
    colleagues = Colleague.objects.filter(practice_id=file.practice_id, email=author, status=ColleagueStatus.ACTIVE)
    return members.exists() or colleagues.exists()


def _was_here(receipt: Receipt) -> bool:
    before = Receipt.objects.filter(
        practice_id=receipt.practice_id,
        client_file_id=receipt.client_file_id,
        from_address=receipt.from_address,
        state=ReceiptState.OPENED,
    )
    return bool(receipt.from_address) and before.exclude(id=receipt.id).exists()

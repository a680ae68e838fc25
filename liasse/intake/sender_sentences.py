"""What people read about a mail's sender, why it waits, and what it asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liasse.clients.types import SenderMode
from liasse.intake.models import Receipt
from liasse.intake.types import Hold, SenderState

HOLDS: Final[dict[str, Promise]] = {
    Hold.FILE_CLOSED: gettext_lazy("The file is archived: kept, and read once the file is active or you accept it."),
    Hold.NULL_SENDER: gettext_lazy("It came without a return address, as notices of machines do."),
    Hold.UNKNOWN_SENDER: gettext_lazy("Nothing of this sender became a document of this file yet."),
    Hold.NO_MEMBER: gettext_lazy("The sender is neither a user of this file nor a colleague of the practice."),
    Hold.NOT_GENUINE: gettext_lazy("It bears a known address, but that domain says that it did not send it."),
}
MODES: Final[dict[str, Promise]] = {
    SenderMode.OPEN: gettext_lazy("Anybody"),
    SenderMode.KNOWN: gettext_lazy("Known senders"),
    SenderMode.MEMBERS: gettext_lazy("Users of the file only"),
}
MODE_HINTS: Final[dict[str, Promise]] = {
    SenderMode.OPEN: gettext_lazy("Every mail becomes documents at once."),
    SenderMode.KNOWN: gettext_lazy("Users, colleagues, trusted senders, and those of whom a mail was taken before."),
    SenderMode.MEMBERS: gettext_lazy("Users, colleagues and trusted senders."),
}
_WHY: Final[dict[str, Promise]] = {
    "signed": gettext_lazy("Signed by %(by)s, and unchanged since."),
    "server": gettext_lazy("Sent by a server that %(by)s names as its own."),
    "forwarded": gettext_lazy("Passed on by %(by)s, which had checked the sender."),
    "no-author": gettext_lazy("The mail does not name one author."),
    "against-policy": gettext_lazy("The domain %(by)s says that such a mail is not from it."),
    "broken": gettext_lazy("The signature of %(by)s does not fit: the mail was changed on its way, or is not from it."),
    "other-server": gettext_lazy("It came from a server that %(by)s does not name as its own."),
    "other-signer": gettext_lazy("Signed by %(by)s only, which is another domain than the sender’s."),
    "nothing": gettext_lazy("The domain %(by)s publishes nothing by which its mails could be checked."),
    "too-much": gettext_lazy("It would take too much to check this mail."),
    "no-answer": gettext_lazy("DNS does not answer at the moment. It is asked again."),
}
PROVIDERS: Final = {"gmail": "Gmail", "outlook": "Outlook"}


@dataclass(frozen=True, slots=True)
class Badge:
    """A calm word about a sender, and why."""

    label: str
    tone: str
    why: str


def badge_of(receipt: Receipt) -> Badge | None:
    """Say whether a mail's sender is verified; None where that was not looked at."""
    facts = receipt.sender_facts
    why = str(_WHY[facts["why"]]) % {"by": facts.get("by", "")} if facts.get("why") in _WHY else ""
    if receipt.sender_state == SenderState.VERIFIED:
        return Badge(label=_("Sender verified"), tone="ok", why=why)
    if receipt.sender_state == SenderState.UNVERIFIED:
        return Badge(label=_("Sender not verified"), tone="neutral", why=why)
    if receipt.sender_state == SenderState.WAITING:
        return Badge(label=_("Sender not checked yet"), tone="neutral", why=str(_WHY["no-answer"]))
    if receipt.sender_state == SenderState.UNKNOWN:
        return Badge(label=_("Sender not checked"), tone="neutral", why=_("DNS gave no answer for days."))
    return None


def hold_sentence(receipt: Receipt) -> str:
    """Say why a receipt waits; blank for one that does not."""
    return str(HOLDS.get(receipt.held, "")) if receipt.held else ""


@dataclass(frozen=True, slots=True)
class Task:
    """What a mail asks of a person."""

    title: str
    code: str
    link: str
    is_genuine: bool


def task_of(receipt: Receipt) -> Task | None:
    """Say what a mail asks for: so far, to confirm that a mailbox forwards to the file's address."""
    found = receipt.task
    if not found:
        return None
    provider = PROVIDERS.get(found.get("kind", ""), _("The mailbox’s provider"))
    facts = {"provider": provider, "address": found.get("address", "")}
    title = _("%(provider)s asks you to confirm the forwarding of %(address)s to this address.")
    if not facts["address"]:
        title = _("%(provider)s asks you to confirm a forwarding to this address.")
    link = found.get("link", "")
    return Task(
        title=title % facts,
        code=found.get("code", ""),
        link=link if link.startswith("https://") else "",
        is_genuine=receipt.sender_state != SenderState.UNVERIFIED,
    )

"""What each act of the audit trail is called, in a sentence, and the kinds by which they are looked for."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

type Said = tuple[str, Promise]

# Each sentence has who did it, and `what`: the document, person or file that it was done to.
SENTENCES: Final[dict[str, Said]] = {
    "practice.set-up": ("building-office-2", gettext_lazy("%(who)s set up the practice %(what)s")),
    "practice.changed": ("pencil", gettext_lazy("%(who)s changed a setting of the practice")),
    "practice.file-left": ("arrow-right-start-on-rectangle", gettext_lazy("%(who)s let the file %(what)s leave")),
    "practice.file-deleted": ("trash", gettext_lazy("%(who)s deleted the file %(what)s")),
    "practice.refused": ("no-symbol", gettext_lazy("%(who)s was refused a page of the practice")),
    "colleague.added": ("user-plus", gettext_lazy("%(who)s added the colleague %(what)s")),
    "colleague.changed": ("user", gettext_lazy("%(who)s changed the colleague %(what)s")),
    "colleague.suspended": ("pause-circle", gettext_lazy("%(who)s suspended the colleague %(what)s")),
    "colleague.reactivated": ("arrow-path", gettext_lazy("%(who)s reactivated the colleague %(what)s")),
    "colleague.factor-reset": ("key", gettext_lazy("%(who)s reset the second factor of %(what)s")),
    "colleague.left": ("arrow-right-start-on-rectangle", gettext_lazy("%(who)s took %(what)s out of the practice")),
    "colleague.handed-on": ("arrows-right-left", gettext_lazy("%(who)s handed on what %(what)s worked on")),
    "team.saved": ("user-group", gettext_lazy("%(who)s changed the team %(what)s")),
    "team.removed": ("user-group", gettext_lazy("%(who)s removed the team %(what)s")),
    "file.responsible": ("user", gettext_lazy("%(who)s changed who is responsible for %(what)s")),
    "file.opened": ("folder-plus", gettext_lazy("%(who)s opened the client file %(what)s")),
    "file.changed": ("pencil", gettext_lazy("%(who)s changed a setting of the file %(what)s")),
    "file.defaults-reapplied": (
        "arrow-uturn-left",
        gettext_lazy("%(who)s took the practice’s values again for %(what)s"),
    ),
    "file.access": ("key", gettext_lazy("%(who)s changed who of the practice reaches %(what)s")),
    "file.access-asked": ("key", gettext_lazy("%(who)s asked to give a practice access to %(what)s")),
    "file.practice": ("building-office-2", gettext_lazy("%(who)s gave the file %(what)s to another practice")),
    "file.reception": ("inbox-arrow-down", gettext_lazy("%(who)s changed whose mail %(what)s lets in")),
    "file.address-changed": ("at-symbol", gettext_lazy("%(who)s changed the address of the file %(what)s")),
    "file.engine-on": (
        "arrow-up-tray",
        gettext_lazy("%(who)s let documents of the file %(what)s go to an outside engine"),
    ),
    "file.engine-off": ("no-symbol", gettext_lazy("%(who)s switched the outside engine of the file %(what)s off")),
    "file.sender-trusted": ("shield-check", gettext_lazy("%(who)s trusted a sender in the file %(what)s")),
    "file.sender-distrusted": ("no-symbol", gettext_lazy("%(who)s took the trust in a sender of %(what)s back")),
    "member.address-given": ("at-symbol", gettext_lazy("%(who)s gave %(what)s an own address")),
    "member.address-changed": ("at-symbol", gettext_lazy("%(who)s changed the own address of %(what)s")),
    "receipt.accepted": ("check", gettext_lazy("%(who)s accepted the delivery %(what)s")),
    "receipt.put-aside": ("archive-box", gettext_lazy("%(who)s put the delivery %(what)s aside")),
    "receipt.taken-back": ("arrow-uturn-left", gettext_lazy("%(who)s took the delivery %(what)s back")),
    "receipt.task-done": ("check", gettext_lazy("%(who)s did what the mail %(what)s asks for")),
    "receipt.failure-seen": ("check", gettext_lazy("%(who)s saw that the delivery %(what)s failed")),
    "link.made": ("qr-code", gettext_lazy("%(who)s made an upload link for %(what)s")),
    "link.revoked": ("no-symbol", gettext_lazy("%(who)s withdrew an upload link of %(what)s")),
    "token.made": ("key", gettext_lazy("%(who)s made a token for the program %(what)s")),
    "token.revoked": ("no-symbol", gettext_lazy("%(who)s revoked the token of the program %(what)s")),
    "file.archived": ("archive-box", gettext_lazy("%(who)s archived the file %(what)s")),
    "file.reactivated": ("arrow-path", gettext_lazy("%(who)s reactivated the file %(what)s")),
    "file.export-asked": ("arrow-down-tray", gettext_lazy("%(who)s asked for the whole export of %(what)s")),
    "file.export-taken": ("arrow-down-tray", gettext_lazy("%(who)s downloaded the whole export of %(what)s")),
    "file.export-removed": ("trash", gettext_lazy("%(who)s removed a whole export of %(what)s")),
    "file.restored": ("arrow-up-tray", gettext_lazy("%(who)s imported the file %(what)s")),
    "file.refused": ("no-symbol", gettext_lazy("%(who)s was refused the file %(what)s")),
    "member.added": ("user-plus", gettext_lazy("%(who)s added the user %(what)s")),
    "member.changed": ("user", gettext_lazy("%(who)s changed the user %(what)s")),
    "member.main": ("star", gettext_lazy("%(who)s made %(what)s the main contact")),
    "member.suspended": ("pause-circle", gettext_lazy("%(who)s suspended the user %(what)s")),
    "member.reactivated": ("arrow-path", gettext_lazy("%(who)s reactivated the user %(what)s")),
    "member.login-removed": ("no-symbol", gettext_lazy("%(who)s took the access of %(what)s away")),
    "member.removed": ("user-minus", gettext_lazy("%(who)s took %(what)s out of the file")),
    "invitation.sent": ("paper-airplane", gettext_lazy("%(who)s invited %(what)s")),
    "invitation.resent": ("paper-airplane", gettext_lazy("%(who)s invited %(what)s again")),
    "invitation.asked-again": ("paper-airplane", gettext_lazy("%(what)s asked to be invited again")),
    "invitation.opened": ("eye", gettext_lazy("%(what)s opened the invitation")),
    "invitation.revoked": ("no-symbol", gettext_lazy("%(who)s withdrew the invitation of %(what)s")),
    "invitation.declined": ("no-symbol", gettext_lazy("%(what)s declined the invitation")),
    "invitation.accepted": ("check", gettext_lazy("%(what)s accepted the invitation")),
    "document.received": ("envelope", gettext_lazy("The document %(what)s arrived")),
    "document.read": ("sparkles", gettext_lazy("%(who)s read the document %(what)s")),
    "document.checked": ("shield-check", gettext_lazy("%(who)s checked the document %(what)s by the official rules")),
    "document.engine-sent": ("arrow-up-tray", gettext_lazy("The document %(what)s was sent to an outside engine")),
    "document.engine-answered": (
        "arrow-down-tray",
        gettext_lazy("The outside engine answered about the document %(what)s"),
    ),
    "document.engine-stopped": (
        "no-symbol",
        gettext_lazy("The outside engine gave no answer about the document %(what)s"),
    ),
    "document.read-again": ("arrow-path", gettext_lazy("%(who)s had the document %(what)s read again")),
    "document.moved": ("arrows-right-left", gettext_lazy("%(who)s moved the document %(what)s")),
    "document.owner": ("user", gettext_lazy("%(who)s changed the owner of the document %(what)s")),
    "document.side": ("arrows-right-left", gettext_lazy("%(who)s changed the side of the document %(what)s")),
    "document.note": ("chat-bubble-left", gettext_lazy("%(who)s changed the note of the document %(what)s")),
    "document.corrected": ("pencil", gettext_lazy("%(who)s corrected the document %(what)s")),
    "document.cut": ("scissors", gettext_lazy("%(who)s cut the document %(what)s")),
    "document.cut-by-itself": ("scissors", gettext_lazy("%(who)s cut the document %(what)s by itself")),
    "document.cut-by-wish": ("scissors", gettext_lazy("%(who)s cut the document %(what)s into its pages, as wished")),
    "document.joined-by-wish": (
        "link",
        gettext_lazy("%(who)s joined the document %(what)s with others, as wished"),
    ),
    "document.joined": ("link", gettext_lazy("%(who)s joined the document %(what)s with others")),
    "document.arranged": ("squares-2x2", gettext_lazy("%(who)s put the pages of %(what)s in another order")),
    "document.made": ("scissors", gettext_lazy("%(who)s made the document %(what)s of pages of others")),
    "document.made-undone": ("arrow-uturn-left", gettext_lazy("%(who)s undid the making of %(what)s")),
    "document.put-back": ("arrow-uturn-left", gettext_lazy("%(who)s put the document %(what)s back as it was")),
    "document.duplicate": (
        "document-duplicate",
        gettext_lazy("%(who)s set the document %(what)s aside as a duplicate"),
    ),
    "document.duplicate-kept": ("document-check", gettext_lazy("%(who)s kept %(what)s beside one that looks the same")),
    "document.duplicate-undone": (
        "arrow-uturn-left",
        gettext_lazy("%(who)s took back what was said of the duplicate %(what)s"),
    ),
    "document.alarm": ("exclamation-triangle", gettext_lazy("Something odd was found about the document %(what)s")),
    "document.alarm-dismissed": (
        "check-circle",
        gettext_lazy("%(who)s said of what was odd about the document %(what)s that it is right"),
    ),
    "document.refiled": ("arrow-right", gettext_lazy("%(who)s moved the document %(what)s to another client’s file")),
    "document.refiled-here": (
        "arrow-right",
        gettext_lazy("%(who)s moved a document of another client’s file here: %(what)s"),
    ),
    "document.corrections-kept": (
        "pencil",
        gettext_lazy("Corrections of the document %(what)s were kept from the other client’s file"),
    ),
    "supplier.forgotten": ("x-mark", gettext_lazy("%(who)s had it forgotten what was learned of %(what)s")),
    "document.kept-whole": ("document-check", gettext_lazy("%(who)s said that %(what)s is one document")),
    "document.opened": ("eye", gettext_lazy("%(who)s looked at the document %(what)s")),
    "document.downloaded": ("arrow-down-tray", gettext_lazy("%(who)s downloaded the document %(what)s")),
    "documents.exported": ("arrow-down-tray", gettext_lazy("%(who)s exported documents of %(what)s")),
    "receipt.opened": ("eye", gettext_lazy("%(who)s looked at the delivery %(what)s")),
    "receipt.quarantined": ("shield-exclamation", gettext_lazy("%(who)s put %(what)s into quarantine")),
    "receipt.quarantine-downloaded": (
        "shield-exclamation",
        gettext_lazy("%(who)s downloaded %(what)s out of quarantine"),
    ),
    "receipt.downloaded": ("arrow-down-tray", gettext_lazy("%(who)s downloaded the delivery %(what)s")),
    "email.checked": ("magnifying-glass", gettext_lazy("%(who)s had it checked whether an email address is in use")),
    "login.refused": ("no-symbol", gettext_lazy("%(who)s failed to prove who they are")),
    "login.factor-refused": (
        "no-symbol",
        gettext_lazy("Somebody passed the first step of signing in as %(what)s, and failed at the second factor"),
    ),
    "transfer.asked": ("hand-raised", gettext_lazy("%(who)s asked a client of another practice for a file")),
    "transfer.withdrawn": ("no-symbol", gettext_lazy("%(who)s withdrew a request for a file")),
    "transfer.granted": ("check", gettext_lazy("%(who)s gave the file %(what)s that was asked for")),
    "transfer.refused": ("no-symbol", gettext_lazy("%(who)s refused a request for a file")),
    "transfer.ended": ("no-symbol", gettext_lazy("A request for a file ended: %(who)s decided otherwise")),
    "roster.confirmed": ("table-cells", gettext_lazy("%(who)s confirmed a list to be added")),
    "roster.ended": ("table-cells", gettext_lazy("A list was added")),
}
ACCESS: Final[dict[str, Said]] = {
    "given": ("key", gettext_lazy("%(who)s gave %(person)s access to %(what)s")),
    "changed": ("key", gettext_lazy("%(who)s changed what %(person)s may do in %(what)s")),
    "taken": ("no-symbol", gettext_lazy("%(who)s took the access to %(what)s away from %(person)s")),
}
"""A change of ``file.access``, by what it was."""
ENDINGS: Final[dict[str, Said]] = {
    ".message-sent": ("envelope", gettext_lazy("A message left for %(to)s")),
    ".message-failed": ("exclamation-triangle", gettext_lazy("A message for %(to)s failed")),
    ".message-bounced": ("exclamation-triangle", gettext_lazy("A message for %(to)s came back")),
    ".message-complained": ("exclamation-triangle", gettext_lazy("A message for %(to)s was called unwanted")),
    ".message-delivered": ("envelope-open", gettext_lazy("A message for %(to)s was delivered")),
    ".message-queued": ("envelope", gettext_lazy("A message for %(to)s was written")),
    ".message-cancelled": ("no-symbol", gettext_lazy("%(who)s cancelled a message for %(to)s")),
    ".message-retried": ("arrow-path", gettext_lazy("%(who)s sent a message for %(to)s again")),
}
OTHER: Final[Said] = ("clock", gettext_lazy("%(who)s changed something about %(what)s"))

KINDS: Final[dict[str, tuple[Promise, tuple[str, ...]]]] = {
    "people": (
        pgettext_lazy("kind of act", "People and access"),
        (
            "colleague.added", "colleague.changed", "colleague.suspended", "colleague.reactivated", "colleague.factor",
            "colleague.left", "colleague.handed", "file.responsible",
            "member.", "invitation.sent", "invitation.resent", "invitation.asked",
            "invitation.opened", "invitation.revoked", "invitation.declined", "invitation.accepted", "file.access",
            "file.practice", "practice.file-left", "email.", "login.", "team.", "roster.",
            "link.", "token.",
            "transfer.asked", "transfer.withdrawn", "transfer.granted", "transfer.refused", "transfer.ended",
        ),
    ),
    "seen": (
        pgettext_lazy("kind of act", "Documents seen or taken out"),
        ("document.opened", "document.downloaded", "documents.", "receipt.opened", "receipt.downloaded",
         "receipt.quarantine-downloaded", "file.export", "document.engine"),
    ),
    "refused": (pgettext_lazy("kind of act", "Refusals"), ("file.refused", "practice.refused", "login.")),
    "work": (
        pgettext_lazy("kind of act", "Work on documents"),
        (
            "receipt.accepted", "receipt.put", "receipt.taken", "receipt.task", "receipt.failure",
            "receipt.quarantined", "document.checked",
            "document.received", "document.read", "document.moved", "document.owner", "document.side", "document.note",
            "document.corrected", "document.corrections",
            "document.cut", "document.joined", "document.arranged", "document.made",
            "document.put-back", "document.kept-whole", "document.duplicate", "document.alarm", "document.refiled",
            "supplier.",
        ),
    ),
    "settings": (
        pgettext_lazy("kind of act", "Settings and files"),
        (
            "practice.set-up", "practice.changed", "practice.file-deleted", "file.opened", "file.changed",
            "file.reception", "file.address", "file.sender", "file.engine",
            "file.defaults", "file.archived", "file.reactivated", "file.restored",
        ),
    ),
    "messages": (
        pgettext_lazy("kind of act", "Messages"),
        ("invitation.message-", "client-file.message-", "practice.message-", "colleague.message-",
         "transfer.message-", "alarm.message-"),
    ),
}  # fmt: skip
"""For each kind its name and the beginnings of its verbs."""
UNASKED: Final = KINDS["messages"][1]
"""The steps of the post are shown to whoever asks for them; the outbox has them anyway."""

ACTORS: Final[dict[str, Promise]] = {
    "colleague": pgettext_lazy("who acts", "Colleague"),
    "member": pgettext_lazy("who acts", "User of the file"),
    "system": pgettext_lazy("who acts", "Liasse"),
    "person": pgettext_lazy("who acts", "Somebody else"),
    "anonymous": pgettext_lazy("who acts", "Nobody signed in"),
}
FORMATS: Final[dict[str, str]] = {"csv": "CSV", "xlsx": "Excel", "zip": "ZIP"}

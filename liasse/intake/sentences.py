"""Why a part or a receipt gave no document, in a sentence for the person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from liasse.intake.types import Door

DOORS: Final[dict[str, Promise]] = {
    Door.MAIL: _("Email"),
    Door.WEB: _("Web"),
    Door.PHONE: _("Phone"),
    Door.LINK: _("Deposit link"),
    Door.API: _("Program"),
    Door.FOLDER: _("Watched folder"),
}

REASONS: dict[str, Promise] = {
    "logo": _("A small picture inside the mail’s text, such as a logo: not a document."),
    "signature": _("A signature: not a document."),
    "calendar": _("A calendar entry: not a document."),
    "contact": _("A contact card: not a document."),
    "text": _("A text: not a document."),
    "terms": _("General terms: not a document."),
    "report": _("A delivery report of a mail server: not a document."),
    "not-an-invoice": _("An XML file that is not an invoice."),
    "not-supported": _("This kind of file is not read. Send it as PDF or picture."),
    "office": _("An Office file. Send it as PDF, so that it looks the same everywhere."),
    "archive": _("An archive of a kind that is not opened. Send a ZIP, or the files in it one by one."),
    "archive-damaged": _("This archive is damaged: it cannot be opened. Ask the sender for it again."),
    "archive-empty": _("This archive holds no file."),
    "archive-locked": _("Protected by a password: it cannot be opened. Ask the sender for it without one."),
    "archive-method": _("Packed in a way that is not read. Send it as an ordinary ZIP."),
    "archive-nested": _("An archive inside an archive inside an archive. Send the files in it one by one."),
    "archive-odd": _("This archive is built as no honest program does. Nothing of it was opened; its bytes are kept."),
    "archive-bomb": _("This archive would grow beyond all measure. Nothing of it was opened; its bytes are kept."),
    "archive-too-large": _("This archive holds more than can be opened at once. Send it in several."),
    "archive-too-many": _("This archive holds more files than can be opened at once. Send it in several."),
    "symlink": _("A link to another file, not a file."),
    "system-file": _("A file that a computer leaves in folders by itself: not a document."),
    "rendered": _("Written as PDF: the document beside it was made of this file."),
    "not-rendered": _("The text of this mail could not be written as PDF. It can be read here."),
    "mail-text": _("The text of the mail, as Outlook keeps it: not a document."),
    "encrypted-mail": _("An encrypted mail. Ask the sender for an ordinary one."),
    "not-a-pdf": _("Named PDF, but it is not one. Ask the sender for it again."),
    "damaged": _("Damaged: it cannot be opened. Ask the sender for it again."),
    "empty": _("Empty: it holds no bytes. Ask the sender for it again."),
    "too-large": _("Too large to be opened. Send it in smaller parts."),
    "too-complex": _("This mail is built in too complex a way to be opened. Its bytes are kept."),
    "same-file": _("The same file is in this mail twice: it became one document."),
    "inside-pdf": _("The data of the e-invoice that the PDF beside it already holds."),
    "nothing-usable": _("Nothing in it is a document. What arrived is kept and can be read here."),
    "file-archived": _("The client file is archived. It is kept and read once the file is active."),
    "infected": _(
        "It holds malware. Its bytes are in quarantine: nothing opened them, and nobody can download them here."
    ),
    "waiting-scan": _("Received safely. It waits for the virus scanner, which does not answer, and is asked again."),
    "scan-too-large": _("Too large for the virus scanner, and therefore not opened. Its bytes are kept."),
    "open-timeout": _("Opening it took too long. Its bytes are kept; try again."),
    "open-memory": _("Opening it took too much memory. Its bytes are kept; try again."),
    "open-failed": _("It could not be opened. Its bytes are kept; try again."),
}


def reason(code: str) -> Promise | str:
    """Give the sentence of a code; one that is not known says so plainly."""
    return REASONS.get(code, _("It could not be used. Its bytes are kept.")) if code else ""


def left_out_sentence(pages: Sequence[int]) -> str:
    """Say which pages of a part are separator sheets, and that they are kept."""
    text = ngettext(
        "Page %(pages)s is a separator sheet: it parted the documents and is in none. It is kept.",
        "Pages %(pages)s are separator sheets: they parted the documents and are in none. They are kept.",
        len(pages),
    )
    return text % {"pages": ", ".join(str(page) for page in pages)}

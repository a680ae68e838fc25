"""What a part of a mail is, told from its bytes, and whether it is a document. Reasons are codes with a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PIL import Image

from liasse.adapters.opening.shelf import Kept
from liasse.lib import media_types

DOCUMENT, IGNORED, REFUSED = "document", "ignored", "refused"

# A receipt is never so small; a logo mostly is (reliability.md 3.4).
LOGO_BYTES = 20_000
LOGO_SIDE = 200

_INVOICE_ROOTS = frozenset(
    {
        *("Invoice", "CreditNote", "CrossIndustryInvoice", "CrossIndustryDocument", "FatturaElettronica"),
        "StandardBusinessDocument",
    }
)
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]{0,100}:)?([A-Za-z_][\w.-]{0,100})")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_XML_HEAD = 65_536
_OOXML = (b"[Content_Types].xml", b"_rels/.rels", b"word/", b"xl/", b"ppt/", b"mimetypeapplication/vnd.")
_ARCHIVES = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd")
_ARCHIVE_NAMES = (".zip", ".7z", ".rar", ".gz", ".tgz", ".tar", ".bz2", ".xz")
_OFFICE_NAMES = (".doc", ".docx", ".xls", ".xlsx", ".xlsm", ".ppt", ".pptx", ".odt", ".ods", ".odp", ".rtf", ".pages")
_SYSTEM_NAMES = frozenset({"ds_store", "thumbs.db", "desktop.ini", "ehthumbs.db", "localized", "__macosx"})
_OTHER_PICTURES = frozenset({media_types.BMP, media_types.AVIF})
_ENVELOPED = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03"
_PKCS7 = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07"
_TERMS = re.compile(
    r"(?:^|[^a-z])(?:cg[vu]|agb|terms|conditions[\s_-]+g[ée]n[ée]rales|general[\s_-]+(?:terms|conditions))(?:[^a-z]|$)",
    re.IGNORECASE,
)
_SIGNATURE_TYPES = frozenset(
    {
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-signature",
        "application/pgp-keys",
    }
)
_REPORT_TYPES = frozenset(
    {
        *("message/delivery-status", "message/disposition-notification", "message/feedback-report"),
        *("message/global-delivery-status", "text/rfc822-headers", "message/tracking-status"),
    }
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a part before it is judged."""

    kept: Kept
    filename: str
    declared_type: str
    is_shown_within: bool = False
    in_report: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a part is; ``reason`` is blank for a document."""

    media_type: str
    verdict: str
    reason: str = ""


_CALENDAR = Judgement("text/calendar", IGNORED, "calendar")
_CONTACT = Judgement("text/vcard", IGNORED, "contact")
_BY_MARK = (
    (b"BEGIN:VCALENDAR", _CALENDAR),
    (b"BEGIN:VCARD", _CONTACT),
    (b"-----BEGIN PGP SIGNATURE", Judgement(media_types.TEXT, IGNORED, "signature")),
    (b"-----BEGIN PGP PUBLIC KEY", Judgement(media_types.TEXT, IGNORED, "signature")),
    (b"-----BEGIN PGP MESSAGE", Judgement(media_types.TEXT, REFUSED, "encrypted-mail")),
)
_BY_DECLARED = {
    "text/calendar": _CALENDAR,
    "application/ics": _CALENDAR,
    "text/vcard": _CONTACT,
    "text/x-vcard": _CONTACT,
}


def judge(facts: Facts) -> Judgement:
    """Tell documents (PDF, pictures, e-invoices) from what is set aside, and why.

    The bytes decide; the name and the declared type only choose the words of a refusal.
    """
    media_type = media_types.sniff(facts.kept.head[: media_types.HEAD_SIZE], facts.filename)
    by_envelope = _by_envelope(facts, media_type)
    if by_envelope is not None:
        return by_envelope
    if media_type == media_types.PDF:
        return Judgement(media_type, DOCUMENT)
    if media_type in media_types.PICTURES or media_type in _OTHER_PICTURES:
        return _judge_picture(facts, media_type)
    if _claims(facts, ".pdf", "application/pdf"):
        return Judgement(media_type, REFUSED, "not-a-pdf")
    if media_type in {media_types.XML, media_types.TEXT, media_types.BINARY, media_types.HTML}:
        found = _judge_markup(facts, media_type)
        if found is not None:
            return found
    return _judge_other(facts, media_type)


def _claims(facts: Facts, extension: str, declared: str) -> bool:
    return facts.filename.lower().endswith(extension) or facts.declared_type == declared


def _by_envelope(facts: Facts, media_type: str) -> Judgement | None:
    """Judge what the mail's own structure settles, whatever the bytes are."""
    if facts.in_report or facts.declared_type in _REPORT_TYPES:
        return Judgement(facts.declared_type, IGNORED, "report")
    if facts.declared_type == "multipart/encrypted":
        return Judgement(facts.declared_type, REFUSED, "encrypted-mail")
    if facts.kept.is_blank:
        return Judgement(media_type, REFUSED, "empty")
    if is_of_the_system(facts.filename):
        return Judgement(media_type, IGNORED, "system-file")
    if facts.declared_type in _SIGNATURE_TYPES and media_type != media_types.PDF:
        return Judgement(facts.declared_type, IGNORED, "signature")
    return None


def _judge_picture(facts: Facts, media_type: str) -> Judgement:
    if facts.is_shown_within and (facts.kept.size < LOGO_BYTES or _shortest_side(facts.kept) < LOGO_SIDE):
        return Judgement(media_type, IGNORED, "logo")
    if media_type in _OTHER_PICTURES:
        return Judgement(media_type, REFUSED, "not-supported")
    return Judgement(media_type, DOCUMENT)


def _shortest_side(kept: Kept) -> int:
    try:
        with Image.open(kept.path) as picture:
            return min(picture.size)
    except Exception:  # noqa: BLE001 - Pillow raises whatever the bytes lead it to; a picture not understood is no logo.
        return LOGO_SIDE


def _judge_markup(facts: Facts, media_type: str) -> Judgement | None:
    claims_xml = _claims(facts, ".xml", "application/xml") or facts.declared_type == "text/xml"
    if media_type == media_types.XML or claims_xml:
        if is_invoice(facts.kept.head):
            # Also when the rest is malformed: a person shall see it, with a sentence, in the file.
            return Judgement(media_types.XML, DOCUMENT)
        return Judgement(media_type, IGNORED, "not-an-invoice")
    head = facts.kept.head[:512].lstrip(b"\xef\xbb\xbf \t\r\n").upper()
    for mark, judgement in _BY_MARK:
        if head.startswith(mark):
            return judgement
    if facts.declared_type in _BY_DECLARED:
        return _BY_DECLARED[facts.declared_type]
    if media_type == media_types.TEXT and not facts.filename.lower().endswith(_OFFICE_NAMES):
        return Judgement(media_type, IGNORED, "terms" if _TERMS.search(facts.filename) else "text")
    return None


def is_invoice(content: bytes) -> bool:
    """Tell an e-invoice by its first element."""
    return root_name(content[:_XML_HEAD]) in _INVOICE_ROOTS


def root_name(content: bytes) -> str:
    """Return the local name of the first element of an XML text, however broken the rest; "" if there is none."""
    head = content[:_XML_HEAD]
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"<\x00", "utf-16-le")):
        if head.startswith(mark):
            text = head.decode(encoding, errors="replace")
            break
    else:
        text = head.decode("utf-16-be" if head.startswith(b"\x00<") else "utf-8", errors="replace")
    found = _ROOT.search(_COMMENT.sub("", text))
    return found.group(1) if found else ""


def is_office_box(head: bytes, filename: str) -> bool:
    """Tell a ZIP that is a text or a sheet from one that is an archive."""
    return any(mark in head[: media_types.HEAD_SIZE] for mark in _OOXML) or filename.lower().endswith(_OFFICE_NAMES)


def is_of_the_system(filename: str) -> bool:
    """Tell the files that computers leave in folders by themselves."""
    return filename.lower().lstrip(".") in _SYSTEM_NAMES or filename.startswith("._")


def _judge_other(facts: Facts, media_type: str) -> Judgement:
    name, head = facts.filename.lower(), facts.kept.head[: media_types.HEAD_SIZE]
    reason = "not-supported"
    if media_type == media_types.TNEF:
        reason = "winmail"
    elif media_type == media_types.ZIP:
        reason = "office" if is_office_box(head, name) else "archive"
    elif media_type == media_types.GZIP or head.startswith(_ARCHIVES) or name.endswith(_ARCHIVE_NAMES):
        reason = "archive"
    elif media_type in {media_types.OLE, media_types.RTF} or name.endswith(_OFFICE_NAMES):
        reason = "office"
    elif _is_enveloped(facts):
        reason = "encrypted-mail"
    elif facts.declared_type.startswith("image/") and media_type == media_types.BINARY:
        reason = "damaged"
    return Judgement(media_type, REFUSED, reason)


def _is_enveloped(facts: Facts) -> bool:
    """Tell an encrypted mail (S/MIME) from one that is only signed all in one piece."""
    head = facts.kept.head[:64]
    if _PKCS7 in head:
        return _ENVELOPED in head
    return facts.declared_type in {"application/pkcs7-mime", "application/x-pkcs7-mime"}

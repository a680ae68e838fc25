"""Which parts are containers: told by their bytes, and by name where bytes say nothing."""

from __future__ import annotations

from enum import StrEnum

from liasse.adapters.opening.archives import is_tar
from liasse.adapters.opening.outlook import is_outlook
from liasse.adapters.opening.places import Found
from liasse.adapters.opening.verdicts import is_of_the_system, is_office_box
from liasse.lib import media_types

_SIGNED_TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_PKCS7 = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"


class Kind(StrEnum):
    """A kind of container."""

    MAIL = "mail"
    ZIP = "zip"
    GZIP = "gzip"
    TAR = "tar"
    TNEF = "tnef"
    SIGNED = "signed"
    OUTLOOK = "outlook"


def kind_of(found: Found) -> Kind | None:
    """Tell how a file is to be taken apart, None for what is judged as it is."""
    if found.kept.is_blank or is_of_the_system(found.filename):
        return None
    head, name = found.kept.head, found.filename.lower()
    if is_tar(head):
        # Looked at first: the file at its front may have the mark of a PDF.
        return Kind.TAR
    media_type = media_types.sniff(head[: media_types.HEAD_SIZE], name)
    if media_type == media_types.ZIP:
        # What calls itself a PDF and is an archive is a mistake that a person shall see.
        is_other = name.endswith(".pdf") or found.declared_type == media_types.PDF
        return None if is_office_box(head, name) or is_other else Kind.ZIP
    if media_type == media_types.OLE:
        return Kind.OUTLOOK if name.endswith(".msg") or (not name and is_outlook(found.kept.path)) else None
    by_bytes = {media_types.GZIP: Kind.GZIP, media_types.TNEF: Kind.TNEF}
    if media_type in by_bytes or media_type in media_types.READABLE:
        return by_bytes.get(media_type)
    return _of_no_magic(found, head, name)


def _of_no_magic(found: Found, head: bytes, name: str) -> Kind | None:
    if name.endswith(".eml"):
        return Kind.MAIL
    is_signed = (
        name.endswith(".p7m") or found.declared_type in _SIGNED_TYPES or (_PKCS7 in head[:64] and head[:1] == b"0")
    )
    return Kind.SIGNED if is_signed and not name.endswith((".p7s", ".p7c", ".p7b")) else None

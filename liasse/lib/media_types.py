"""What a file is, told from its first bytes and not from its name or the sender's word for it."""

from __future__ import annotations

import re

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
TIFF = "image/tiff"
WEBP = "image/webp"
HEIC = "image/heic"
HEIF = "image/heif"
GIF = "image/gif"
BMP = "image/bmp"
AVIF = "image/avif"
XML = "application/xml"
HTML = "text/html"
ZIP = "application/zip"
GZIP = "application/gzip"
OLE = "application/x-ole-storage"
TNEF = "application/ms-tnef"
RTF = "application/rtf"
TEXT = "text/plain"
BINARY = "application/octet-stream"

PICTURES = frozenset({JPEG, PNG, TIFF, WEBP, HEIC, HEIF, GIF})
PAGED = frozenset({PDF, TIFF, GIF})
"""What may have several pages."""
READABLE = PICTURES | {PDF, XML}

# Readers accept a PDF whose header is preceded by junk, as long as it is within the first KiB.
HEAD_SIZE = 4096
_PDF_WINDOW = 1024

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"II+\x00", TIFF),
    (b"MM\x00+", TIFF),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"PK\x07\x08", ZIP),
    (b"\x1f\x8b\x08", GZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"\x78\x9f\x3e\x22", TNEF),
    (b"{\\rtf", RTF),
)
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"})
_HEIF_BRANDS = frozenset({b"mif1", b"msf1", b"heif"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_BOMS: tuple[tuple[bytes, str], ...] = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_BLANKS = b" \t\r\n\x00"
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|script|svg)\b", re.IGNORECASE)
_XML = re.compile(r"<(?:\?xml\b|!--|!doctype\b|[A-Za-z_])", re.IGNORECASE)


def sniff(head: bytes, filename: str = "") -> str:
    """Return the media type that the first bytes show; pass at least `HEAD_SIZE` bytes, or all.

    The name decides nothing about what may be opened: it only tells XML from other text when
    the text begins with something that could be either.
    """
    for magic, media_type in _MAGIC:
        if head.startswith(magic):
            return media_type
    boxed = _sniff_boxed(head)
    if boxed is not None:
        return boxed
    if b"%PDF-" in head[:_PDF_WINDOW]:
        return PDF
    return _sniff_text(head, filename)


def is_blank(head: bytes) -> bool:
    """Tell whether the first bytes say nothing at all: none, or only blanks and zeros."""
    return not head.strip(_BLANKS)


def _sniff_boxed(head: bytes) -> str | None:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] != b"ftyp":
        # Two bytes are too short a mark to stand alone: the reserved words of a BMP must be zero.
        return BMP if head[:2] == b"BM" and head[6:10] == b"\x00\x00\x00\x00" else None
    size = min(int.from_bytes(head[:4], "big"), 256)
    brands = {head[8:12]} | {head[i : i + 4] for i in range(16, size, 4)}
    if head[8:12] in _AVIF_BRANDS:
        return AVIF
    if brands & _HEIC_BRANDS:
        return HEIC
    return HEIF if brands & _HEIF_BRANDS else None


def _sniff_text(head: bytes, filename: str) -> str:
    if head.lstrip(_BLANKS).startswith(b"<?xml"):
        return XML
    text = _decode(head[:HEAD_SIZE])
    if text is None:
        return BINARY
    start = text.lstrip("\ufeff \t\r\n")
    if _HTML.match(start):
        return HTML
    if _XML.match(start) and (start[1:2] in {"?", "!"} or _looks_like_element(start, filename)):
        return HTML if _HTML.search(start[:1024]) else XML
    return TEXT


def _looks_like_element(start: str, filename: str) -> bool:
    if filename.lower().endswith(".xml"):
        return True
    return re.match(r"<[\w.:-]+(?:\s+[\w.:-]+\s*=|\s*/?>)", start) is not None


def _decode(head: bytes) -> str | None:
    """Return the text of the first bytes, or None where they are no text."""
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return head[len(bom) :].decode(encoding, errors="replace")
    if head.startswith(b"<\x00"):
        return head.decode("utf-16-le", errors="replace")
    if head.startswith(b"\x00<"):
        return head.decode("utf-16-be", errors="replace")
    control = sum(byte < ord(" ") and byte not in b"\t\n\r\f\x1b" for byte in head)
    if control:
        return None
    return head.decode("utf-8", errors="replace")

"""Links in a mail that lead to an invoice: shown to people as text, never followed by anything here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from lxml import etree

from liasse.adapters.opening.words import one_line

_MAX_LINKS: Final = 20
_MAX_SEEN: Final = 2_000
_MAX_HREF: Final = 2_000
_MAX_TEXT: Final = 200
_IN_TEXT = re.compile(r"https?://[^\s<>\"'\]\[(){}|\\^`]{4,2000}")
_WORDS = re.compile(
    r"factur|invoice|rechnung|fattur|factuur|receipt|reçu\b|recu\b|quittung|recibo|ricevut|bon de commande|"
    r"avoir\b|credit.?note|gutschrift|relev[ée]|statement|billing|t[ée]l[ée]charg|download|herunterladen|"
    r"descargar|scarica|downloaden|justificatif|pi[èe]ce jointe|attachment|\.pdf\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"unsubscribe|d[ée]sinscri|d[ée]sabonn|abmelden|preferences|privacy|confidentialit|play\.google|apps\.apple|"
    r"facebook\.|twitter\.|linkedin\.|instagram\.|youtube\.",
    re.IGNORECASE,
)


def links_of_html(html: str, *, largest: int = 2_000_000) -> list[tuple[str, str]]:
    """Return the address and the words of each link, in order."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(html[:largest].encode("utf-8", "replace"), parser=parser)
    except (etree.XMLSyntaxError, ValueError):
        return []
    return [] if root is None else list(_anchors(root))


def _anchors(root: etree._Element) -> Iterator[tuple[str, str]]:
    for count, anchor in enumerate(root.iter("a")):
        if count >= _MAX_SEEN:
            return
        href = str(anchor.get("href") or "").strip()
        if href.lower().startswith(("http://", "https://")):
            words: list[str] = []
            size = 0
            for piece in anchor.itertext():
                words.append(str(piece))
                size += len(piece)
                if size > _MAX_TEXT:
                    break
            yield href, "".join(words)


def links_of_text(text: str) -> list[tuple[str, str]]:
    """Return the addresses written into a plain text, each with the words before it on its line."""
    found = []
    for match in _IN_TEXT.finditer(text[: _MAX_HREF * 100]):
        line = text[max(text.rfind("\n", 0, match.start()) + 1, match.start() - _MAX_TEXT) : match.start()]
        found.append((match.group().rstrip(".,;:!?»"), line))
        if len(found) >= _MAX_SEEN:
            break
    return found


def to_invoices(links: list[tuple[str, str]]) -> list[dict[str, str]]:
    """Keep those that seem to lead to an invoice, each address once, as ``{"href", "text"}``."""
    kept: dict[str, str] = {}
    for href, text in links:
        words = one_line(text)[:_MAX_TEXT]
        if len(href) > _MAX_HREF or one_line(href) != href or not _is_web(href) or href in kept:
            continue
        if _WORDS.search(f"{words} {href}") and not _OTHER.search(f"{words} {href}"):
            kept[href] = words
    return [{"href": href, "text": text} for href, text in list(kept.items())[:_MAX_LINKS]]


def _is_web(href: str) -> bool:
    try:
        return bool(urlsplit(href).hostname)
    except ValueError:
        return False

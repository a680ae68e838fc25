"""The words of an HTML mail; nothing is fetched, run or shown."""

from __future__ import annotations

import re

from lxml import etree

_MAX_HTML = 2_000_000
_SKIPPED = frozenset({"script", "style", "head", "title", "template", "noscript"})
_BLOCKS = frozenset(
    {
        *("address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "footer", "form", "h1", "h2", "h3"),
        *("h4", "h5", "h6", "header", "hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul"),
    }
)
_CELLS = frozenset({"td", "th"})
_CID = re.compile(r"cid:([^\s\"'<>)]{1,300})", re.IGNORECASE)


def text_of_html(html: str) -> str:
    """Return the visible text, with a line for each block."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(html[:_MAX_HTML].encode("utf-8", "replace"), parser=parser)
    except (etree.XMLSyntaxError, ValueError):
        return ""
    return "" if root is None else _tidy(_collect(root))


def _collect(root: etree._Element) -> str:
    pieces: list[str] = []
    hidden = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        is_hidden = element.tag in _SKIPPED
        if event == "start":
            hidden += is_hidden
            if element.tag in _BLOCKS:
                pieces.append("\n")
            if element.text and not hidden:
                pieces.append(_flow(element.text))
            continue
        hidden -= is_hidden
        if element.tag in _BLOCKS and element.tag != "br":
            pieces.append("\n")
        if element.tag in _CELLS:
            pieces.append("  ")
        if element.tail and not hidden:
            pieces.append(_flow(element.tail))
    return "".join(pieces)


def _flow(text: str) -> str:
    return re.sub(r"[ \t\r\n\xa0]+", " ", text)


def _tidy(text: str) -> str:
    lines = (re.sub(r" {3,}", "  ", line).strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def pictures_within(html: str) -> frozenset[str]:
    """Return the content ids that an HTML text shows as part of itself."""
    return frozenset(found.group(1).lower() for found in _CID.finditer(html[:_MAX_HTML]))

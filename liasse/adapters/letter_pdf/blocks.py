"""The HTML of a mail as plain blocks: lines of text, rows of tables, pictures. Scripts count for nothing.

Mails are laid out with tables within tables. Only the innermost are tables to a reader, so only their rows become rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

_MAX_HTML = 500_000
_MAX_BLOCKS = 5_000
_MAX_CELLS = 12
_MAX_CELL = 2_000
_SKIPPED = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "object", "iframe"})
_BLOCKS = frozenset(
    {
        *("address", "article", "blockquote", "br", "center", "dd", "div", "dl", "dt", "footer", "form", "header"),
        *("hr", "li", "ol", "p", "pre", "section", "table", "tbody", "td", "th", "tr", "ul"),
        *("h1", "h2", "h3", "h4", "h5", "h6"),
    }
)
_HEADINGS = frozenset({"h1", "h2", "h3"})
_BOLD = frozenset({"b", "strong", "th", "h4", "h5", "h6"})
_CELLS = frozenset({"td", "th"})
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all|font-size\s*:\s*0(?:px)?\s*(?:;|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, or a part of one."""

    text: str
    is_bold: bool = False
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; rows of one ``table`` share their columns."""

    table: int
    cells: tuple[str, ...]
    is_bold: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: where it comes from, as the mail writes it."""

    source: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the page."""


Block = Line | Row | Picture | Rule


def blocks_of_text(text: str) -> list[Block]:
    """Give the lines of a plain text; what stands in columns keeps them."""
    found: list[Block] = []
    for number, line in enumerate(text.split("\n")[:_MAX_BLOCKS]):
        cells = tuple(re.split(r"\t+|(?<=\S) {3,}(?=\S)", line.strip()))
        is_row = 1 < len(cells) <= _MAX_CELLS
        found.append(Row(number, cells) if is_row else Line(line.rstrip()[:_MAX_CELL]))
    return found


def blocks_of_html(html: str) -> list[Block]:
    """Give the blocks of an HTML text, at most some thousand."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(html[:_MAX_HTML].encode("utf-8", "replace"), parser=parser)
    except (etree.XMLSyntaxError, ValueError):
        return []
    return [] if root is None else _Reading().read(root)


@dataclass(slots=True)
class _Reading:
    found: list[Block] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    hidden: int = 0
    bold: int = 0
    heading: int = 0
    was_bold: bool = False
    row: etree._Element | None = None
    tables: dict[etree._Element, int] = field(default_factory=dict)

    def read(self, root: etree._Element) -> list[Block]:
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if len(self.found) >= _MAX_BLOCKS:
                break
            if event == "start":
                if element.tag == "tr" and not self.hidden and self._take_row(element):
                    walk.skip_subtree()
                    self.row = element
                    continue
                self._begin(element)
            elif self.row is not None and element is self.row:
                self._say(element.tail)
                self.row = None
            else:
                self._end(element)
        self._flush()
        return self.found

    def _take_row(self, row: etree._Element) -> bool:
        """Take a row with several cells of text and no table within it."""
        if next(row.iter("table"), None) is not None or _is_hidden(row):
            return False
        cells = [_words_of(cell) for cell in row if cell.tag in _CELLS][:_MAX_CELLS]
        if sum(bool(cell) for cell in cells) < 2:  # noqa: PLR2004 - one cell is a paragraph.
            return False
        self._flush()
        table = next((parent for parent in row.iterancestors("table")), row)
        is_bold = all(cell.tag == "th" for cell in row if cell.tag in _CELLS)
        self.found.append(Row(self.tables.setdefault(table, len(self.tables)), tuple(cells), is_bold=is_bold))
        self.found += [_picture(image) for image in row.iter("img") if image.get("src")]
        return True

    def _begin(self, element: etree._Element) -> None:
        tag = element.tag
        if tag in _BLOCKS or tag in _HEADINGS:
            self._flush()
        self.hidden += tag in _SKIPPED or _is_hidden(element)
        self.bold += tag in _BOLD
        self.heading += tag in _HEADINGS
        if self.hidden:
            return
        if tag == "img" and element.get("src"):
            self._flush()
            self.found.append(_picture(element))
        if tag == "hr":
            self.found.append(Rule())
        if tag == "li":
            self.words.append("• ")
        self._say(element.text)

    def _end(self, element: etree._Element) -> None:
        tag = element.tag
        if tag in _BLOCKS or tag in _HEADINGS:
            self._flush()
        self.hidden -= tag in _SKIPPED or _is_hidden(element)
        self.bold -= tag in _BOLD
        self.heading -= tag in _HEADINGS
        if not self.hidden:
            self._say(element.tail)

    def _say(self, text: str | None) -> None:
        if text:
            flowing = re.sub(r"[ \t\r\n\xa0]+", " ", text)
            self.was_bold = self.was_bold or (bool(flowing.strip()) and self.bold > 0)
            self.words.append(flowing)

    def _flush(self) -> None:
        text = re.sub(r" {2,}", " ", "".join(self.words)).strip()
        if text and text != "•":
            self.found.append(Line(text, is_bold=self.was_bold, is_heading=self.heading > 0))
        self.words.clear()
        self.was_bold = False


def _picture(image: etree._Element) -> Picture:
    return Picture(str(image.get("src") or ""), str(image.get("alt") or "")[:100])


def _is_hidden(element: etree._Element) -> bool:
    return _HIDDEN.search(str(element.get("style") or "")[:500]) is not None


def _words_of(cell: etree._Element) -> str:
    text = "".join(_pieces(cell))[: 4 * _MAX_CELL]
    lines = (re.sub(r"[ \t\xa0]+", " ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)[:_MAX_CELL]


def _pieces(cell: etree._Element) -> Iterator[str]:
    hidden = 0
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        is_out = element.tag in _SKIPPED or _is_hidden(element)
        if event == "start":
            hidden += is_out
            if element.tag in _BLOCKS and element is not cell:
                yield "\n"
            if element.text and not hidden:
                yield re.sub(r"\s+", " ", element.text)
            continue
        hidden -= is_out
        if element is not cell:
            if element.tag in _BLOCKS:
                yield "\n"
            if element.tail and not hidden:
                yield re.sub(r"\s+", " ", element.tail)

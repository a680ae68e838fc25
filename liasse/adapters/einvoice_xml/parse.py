"""From foreign bytes to an XML tree, or to the reason why not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from lxml import etree

from liasse.reading.types import Problem, ProblemCode

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_DEPTH: Final = 256

# The namespaces of the syntaxes read here. Elements of other namespaces, such as extensions,
# keep theirs and so are met by no path of the tables.
_KNOWN_NAMESPACES: Final = (
    "urn:un:unece:uncefact:",
    "urn:oasis:names:specification:ubl:",
    "urn:ferd:",
    "urn:cen.eu:",
    "http://ivaservizi.agenziaentrate.gov.it/",
    "http://www.fatturapa.gov.it/",
    "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader",
)
_PROLOG = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_WIDE_BOMS: Final = {
    b"\xff\xfe": "utf-16-le",
    b"\xfe\xff": "utf-16-be",
    b"<\x00": "utf-16-le",
    b"\x00<": "utf-16-be",
}


@dataclass(frozen=True, slots=True)
class Parsed:
    """A tree whose elements bear local names, and the namespace its root had."""

    root: etree._Element
    namespace: str


def parse(data: bytes) -> Parsed | Problem:
    """Return the tree of a document without DOCTYPE, in which known namespaces are taken off.

    Nothing is fetched and no entity is resolved. Larger than `MAX_BYTES`, deeper than
    `MAX_DEPTH`, with a DOCTYPE, or malformed: a Problem.
    """
    refusal = _refusal(data)
    if refusal is not None:
        return refusal
    try:
        root = etree.fromstring(_without_leading_blanks(data), parser=_parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        return _problem_of(error)
    if root.getroottree().docinfo.internalDTD is not None:
        return Problem(ProblemCode.XML_DOCTYPE)
    if _is_too_deep(root):
        return Problem(ProblemCode.XML_TOO_DEEP, f"more than {MAX_DEPTH} levels")
    namespace = etree.QName(root).namespace or ""
    _strip_namespaces(root)
    return Parsed(root=root, namespace=namespace)


def _refusal(data: bytes) -> Problem | None:
    """Return why bytes are not even parsed."""
    if not data.strip(b"\x00 \t\r\n"):
        return Problem(ProblemCode.EMPTY)
    if len(data) > MAX_BYTES:
        return Problem(ProblemCode.TOO_LARGE, f"{len(data)} bytes, at most {MAX_BYTES}")
    return Problem(ProblemCode.XML_DOCTYPE) if _has_doctype(data) else None


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _without_leading_blanks(data: bytes) -> bytes:
    """Drop blanks before the declaration: many senders have them, and no meaning is lost."""
    body = data.removeprefix(b"\xef\xbb\xbf")
    return body.lstrip(b" \t\r\n") if body[:1].isspace() else data


def _has_doctype(data: bytes) -> bool:
    """Look for a DOCTYPE before the parser does, so that nothing it declares is ever read."""
    for mark, encoding in _WIDE_BOMS.items():
        if data.startswith(mark):
            data = data.decode(encoding, errors="replace").lstrip("\ufeff").encode()
            break
    data = data.removeprefix(b"\xef\xbb\xbf")
    prolog = _PROLOG.match(data)
    start = prolog.end() if prolog else 0
    return data[start : start + 9].upper() == b"<!DOCTYPE"


def _problem_of(error: Exception) -> Problem:
    detail = str(error).removesuffix(" (<string>, line 0)")[:300]
    code = ProblemCode.XML_TOO_DEEP if "depth" in detail else ProblemCode.XML_MALFORMED
    return Problem(code, detail)


def _is_too_deep(root: etree._Element) -> bool:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            return True
    return False


def _strip_namespaces(root: etree._Element) -> None:
    """Let the tables name elements by their local names, whichever version's namespace is used."""
    for element in root.iter(etree.Element):
        tag = element.tag
        if tag[0] != "{":
            continue
        namespace, _, local = tag[1:].partition("}")
        if namespace.startswith(_KNOWN_NAMESPACES):
            element.tag = local

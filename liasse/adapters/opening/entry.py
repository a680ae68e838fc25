"""A stored raw mail into headers, text and parts with a verdict each. Runs in the sandbox."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from liasse.adapters.opening import verdicts
from liasse.adapters.opening.embedded import hashes_inside
from liasse.adapters.opening.html_text import pictures_within, text_of_html
from liasse.adapters.opening.mime import Headers, Leaf, StructureLimits, TooComplexError, Walk, decode_header_bytes
from liasse.adapters.opening.transfer import split_uuencoded
from liasse.adapters.opening.words import clean, decode_text, decode_words, read_address, read_date, read_filename
from liasse.lib import media_types

_MAX_TEXT = 200_000
_MAX_TEXT_BYTES = 2_000_000
_MAX_SUBJECT = 1_000
_MAX_XML = 10 << 20
_MAX_ID = 500
_BETWEEN_MESSAGES = "\n\n— — —\n\n"
_ODD_SHARE, _SHORT_TEXT = 20, 200
_BODY_TYPES = frozenset({"text/plain", "text/html"})
_NO_BODY = media_types.READABLE - {media_types.XML} | {media_types.ZIP, media_types.TNEF, media_types.OLE}


def open_mail(input_path: Path, output_dir: Path, **limits: int) -> dict[str, Any]:
    """Open a mail; `limits` are those of `StructureLimits`.

    Returns `{"headers", "text", "parts", "problem"}`. Each part has `index, path, filename,
    declared_type, media_type, size, sha256, inline, verdict, reason, file`: `path` names the
    messages it lies in, `verdict` is "document", "ignored" or "refused" with a code as reason,
    `file` the name of its bytes in `output_dir`, for documents only. A mail beyond the limits
    has the problem "too-complex" and no parts. Never raises for what the mail holds.
    """
    walk = Walk(input_path.read_bytes(), StructureLimits(**limits))
    headers = _describe(walk.top_headers())
    try:
        leaves = walk.leaves()
    except TooComplexError:
        return {"headers": headers, "text": "", "parts": [], "problem": "too-complex"}
    opened = _Opened(output_dir)
    for leaf in leaves:
        opened.add(leaf)
    return {"headers": headers, "text": opened.body(), "parts": opened.judged(), "problem": None}


def open_file(input_path: Path, output_dir: Path, *, filename: str, **limits: int) -> dict[str, Any]:
    """Open a file that came by another door than the mail; answers as `open_mail` does."""
    content = input_path.read_bytes()
    if filename.lower().endswith(".eml"):
        return open_mail(input_path, output_dir, **limits)
    leaf = Leaf(Headers(b""), "application/octet-stream", memoryview(content))
    opened = _Opened(output_dir, parts=[_Part(leaf, read_filename(filename), content)])
    return {"headers": {}, "text": "", "parts": opened.judged(), "problem": None}


def _describe(headers: Headers) -> dict[str, Any]:
    from_name, from_address = read_address(headers.get("from"))
    automatic = headers.get("auto-submitted").partition(";")[0].strip().lower()
    return {
        "from_name": from_name,
        "from_address": from_address,
        "to": decode_words(headers.get("to"))[:_MAX_SUBJECT],
        "subject": decode_words(headers.get("subject"))[:_MAX_SUBJECT],
        "date": read_date(headers.get("date")),
        "message_id": decode_words(headers.get("message-id"))[:_MAX_ID],
        "auto_submitted": "" if automatic == "no" else decode_words(automatic),
    }


@dataclass(slots=True)
class _Text:
    message: int
    alternative: int
    is_html: bool
    text: str


@dataclass(slots=True)
class _Part:
    """A part before it is judged, which needs the whole mail: its HTML says which pictures it shows."""

    leaf: Leaf
    filename: str
    content: bytes
    is_uuencoded: bool = False

    @property
    def content_id(self) -> str:
        return self.leaf.headers.get("content-id").strip("<> \t").lower()


@dataclass(slots=True)
class _Opened:
    output_dir: Path
    texts: list[_Text] = field(default_factory=list)
    parts: list[_Part] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)
    # What is left of the text that is read; the words of a mail beyond it are in its bytes.
    room: int = 3 * _MAX_TEXT_BYTES

    def add(self, leaf: Leaf) -> None:
        """Take a leaf as text of the mail or as one of its parts."""
        content, filename = leaf.content(), read_filename(leaf.headers.raw_filename)
        if not _is_body(leaf, filename, content):
            self.parts.append(_Part(leaf, filename, content))
            return
        is_html = leaf.content_type == "text/html"
        files: list[tuple[bytes, bytes]] = []
        if not is_html and b"begin" in content:
            files, content = split_uuencoded(content)
        for name, data in files:
            self.parts.append(_Part(leaf, read_filename(decode_header_bytes(name)), data, is_uuencoded=True))
        if self.room <= 0:
            return
        text = decode_text(content[:_MAX_TEXT_BYTES], leaf.headers.parameter("charset"))
        self.room -= len(text)
        if _is_garbage(text):
            return
        if is_html:
            self.shown |= pictures_within(text)
            text = text_of_html(text)
        self.texts.append(_Text(leaf.message, leaf.alternative, is_html, clean(text).strip()))

    def body(self) -> str:
        """Return the text of the mail and of those within it; of alternatives, the plain one unless it is blank."""
        plain = {text.alternative for text in self.texts if text.alternative and not text.is_html and text.text}
        messages: dict[int, list[str]] = {}
        for text in self.texts:
            if text.text and not (text.is_html and text.alternative in plain):
                messages.setdefault(text.message, []).append(text.text)
        return _BETWEEN_MESSAGES.join("\n\n".join(texts) for texts in messages.values())[:_MAX_TEXT]

    def judged(self) -> list[dict[str, Any]]:
        """Judge the parts in their order and write the documents out."""
        lines = [self._line(index, part) for index, part in enumerate(self.parts)]
        self._set_aside_copies(lines)
        for line, part in zip(lines, self.parts, strict=True):
            if line["verdict"] == verdicts.DOCUMENT:
                line["file"] = f"part-{line['index']:04}"
                (self.output_dir / line["file"]).write_bytes(part.content)
        return lines

    def _line(self, index: int, part: _Part) -> dict[str, Any]:
        leaf = part.leaf
        declared = "application/octet-stream" if part.is_uuencoded else leaf.content_type
        is_shown = not leaf.headers.is_attachment and (leaf.headers.is_inline or leaf.in_related)
        is_shown = is_shown or (bool(part.content_id) and part.content_id in self.shown)
        facts = verdicts.Facts(
            part.content, part.filename, declared, is_shown and not part.is_uuencoded, leaf.in_report
        )
        judgement = verdicts.judge(facts)
        return {
            "index": index,
            "path": " > ".join((*leaf.containers, *(("uuencode",) if part.is_uuencoded else ()))),
            "filename": part.filename,
            "declared_type": declared,
            "media_type": judgement.media_type,
            "size": len(part.content),
            "sha256": hashlib.sha256(part.content).hexdigest(),
            "inline": is_shown,
            "verdict": judgement.verdict,
            "reason": judgement.reason,
            "file": None,
        }

    def _set_aside_copies(self, lines: list[dict[str, Any]]) -> None:
        """Keep one of equal files, and of a PDF and the XML in it the PDF."""
        documents = [line for line in lines if line["verdict"] == verdicts.DOCUMENT]
        inside = self._inside_pdfs(documents)
        seen: set[str] = set()
        for line in documents:
            if line["sha256"] in seen:
                line.update(verdict=verdicts.IGNORED, reason="same-file")
            elif line["sha256"] in inside:
                line.update(verdict=verdicts.IGNORED, reason="inside-pdf")
            seen.add(line["sha256"])

    def _inside_pdfs(self, documents: list[dict[str, Any]]) -> set[str]:
        """Return the hashes of what the mail's PDFs hold, looking only where an XML lies beside them."""
        largest = max((line["size"] for line in documents if line["media_type"] == media_types.XML), default=0)
        if not largest:
            return set()
        pdfs = {line["sha256"]: line["index"] for line in documents if line["media_type"] == media_types.PDF}
        found = (hashes_inside(self.parts[index].content, up_to=min(largest, _MAX_XML)) for index in pdfs.values())
        return set().union(*found)


def _is_body(leaf: Leaf, filename: str, content: bytes) -> bool:
    """Tell the words of the mail from what comes with them."""
    if leaf.content_type not in _BODY_TYPES or filename or leaf.headers.is_attachment:
        return False
    kind = media_types.sniff(content[: media_types.HEAD_SIZE])
    if kind == media_types.XML:
        return verdicts.judge(verdicts.Facts(content, "", leaf.content_type)).verdict != verdicts.DOCUMENT
    return kind not in _NO_BODY


def _is_garbage(text: str) -> bool:
    """Tell bytes that no one wrote, where nothing says what they are."""
    head = text[: media_types.HEAD_SIZE]
    odd = sum(character < " " and character not in "\t\n\r\f\x1b" for character in head)
    return odd * _ODD_SHARE > max(len(head), _SHORT_TEXT)

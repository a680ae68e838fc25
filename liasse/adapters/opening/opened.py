"""One receipt being opened: mails, archives and envelopes are taken apart, until only files are left to judge.

Whatever the container, the same limits hold for all of it together. A container that is refused stands as one part
with its reason and its bytes, and nothing of what came out of it before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from liasse.adapters.opening import verdicts
from liasse.adapters.opening.archives import Entry, entries_of_gzip, entries_of_tar, entries_of_zip
from liasse.adapters.opening.envelope import describe
from liasse.adapters.opening.kinds import Kind, kind_of
from liasse.adapters.opening.letters import Letters
from liasse.adapters.opening.limits import Budget, NotOpenedError, OpeningLimits
from liasse.adapters.opening.mime import Headers, Leaf, TooComplexError, Walk, decode_header_bytes
from liasse.adapters.opening.outlook import OutlookMessage, read_outlook
from liasse.adapters.opening.places import Found, Place
from liasse.adapters.opening.shelf import Kept, Shelf
from liasse.adapters.opening.signed import NotSignedError, signed_content
from liasse.adapters.opening.tnef import read_tnef
from liasse.adapters.opening.transfer import split_uuencoded
from liasse.adapters.opening.words import one_line, read_filename
from liasse.lib import media_types

_IN_MEMORY = 64 << 20
_BODY_TYPES = frozenset({"text/plain", "text/html"})
_NO_BODY = media_types.READABLE - {media_types.XML} | {media_types.ZIP, media_types.TNEF, media_types.OLE}


class Opening:
    """Collects what one receipt holds."""

    def __init__(self, output_dir: Path, limits: OpeningLimits) -> None:
        """Write the bytes of the parts into ``output_dir``."""
        self.limits = limits
        self.shelf = Shelf(output_dir)
        self.letters = Letters()
        self.own_headers: dict[str, Any] | None = None
        self.problem: str | None = None
        self._budget = Budget(limits)
        self.found: list[tuple[Found, Place, str]] = []

    def add_mail(self, data: bytes, place: Place, *, is_same_message: bool = False) -> None:
        """Take a mail apart. Raises TooComplexError."""
        walk = Walk(data, self.limits, depth=place.depth, counted=len(self.found))
        numbers: dict[int, int] = {}
        leaves = walk.leaves()
        for serial in sorted(walk.messages):
            within, headers = walk.messages[serial]
            if serial == 0 and is_same_message:
                numbers[0] = place.message
                self._introduce(place.message, describe(headers))
            else:
                around = place.message if serial == 0 else numbers.get(within, place.message)
                numbers[serial] = self.letters.message(around, describe(headers))
        for leaf in leaves:
            where = Place((*place.containers, *leaf.containers), place.depth + leaf.depth, place.archives)
            self._add_leaf(leaf, where.at(numbers.get(leaf.message, 0)))

    def _introduce(self, number: int, headers: dict[str, Any]) -> None:
        """Take a mail's headers from within its envelope, when what was handed in has none of its own."""
        message = self.letters.messages[number]
        if not message.headers:
            message.headers = headers
            self.own_headers = self.own_headers or headers

    def _add_leaf(self, leaf: Leaf, place: Place) -> None:
        content, filename = leaf.content(), read_filename(leaf.headers.raw_filename)
        headers = leaf.headers
        if not _is_body(leaf, filename, content):
            found = Found(
                self.shelf.keep(content),
                filename,
                leaf.content_type,
                headers.get("content-id").strip("<> \t").lower(),
                is_inline=headers.is_inline or leaf.in_related,
                is_attachment=headers.is_attachment,
                in_report=leaf.in_report,
            )
            self.add_file(found, place)
            return
        is_html = leaf.content_type == "text/html"
        files: list[tuple[bytes, bytes]] = []
        if not is_html and b"begin" in content:
            files, content = split_uuencoded(content)
        for name, data in files:
            found = Found(self.shelf.keep(data), read_filename(decode_header_bytes(name)), is_attachment=True)
            self.add_file(found, place.inside("uuencode"))
        self.letters.add(
            content,
            headers.parameter("charset"),
            message=place.message,
            alternative=leaf.alternative and place.message * self.limits.max_parts * 10 + leaf.alternative,
            is_html=is_html,
        )

    def add_file(self, found: Found, place: Place, *, is_whole_receipt: bool = False) -> None:
        """Take a file as a part, or take it apart when it is a container."""
        kind = None if found.in_report else kind_of(found)
        if kind is None:
            self.found.append((found, place, "" if found.kept.is_whole else "damaged"))
            return
        mark, messages = len(self.found), len(self.letters.messages)
        texts = len(self.letters.texts)
        try:
            is_all = self._opener(kind, place)(found, place)
        except (NotOpenedError, TooComplexError) as error:
            self._forget_from(mark, messages, texts)
            self.found.append((found, place, error.code if isinstance(error, NotOpenedError) else "too-complex"))
            if is_whole_receipt:
                self.problem = self.found[-1][2]
            return
        if is_all:
            found.kept.discard()

    def _opener(self, kind: Kind, place: Place) -> Callable[[Found, Place], bool]:
        if place.depth >= self.limits.max_depth:
            raise NotOpenedError("too-complex")
        openers: dict[Kind, Callable[[Found, Place], bool]] = {
            Kind.MAIL: self._open_mail_file,
            Kind.ZIP: self._open_zip,
            Kind.GZIP: self._open_gzip,
            Kind.TAR: self._open_tar,
            Kind.TNEF: self._open_tnef,
            Kind.SIGNED: self._open_signed,
            Kind.OUTLOOK: self._open_outlook,
        }
        return openers[kind]

    def forget(self) -> None:
        """Take back all that was found."""
        self._forget_from(0, 0, 0)

    def _forget_from(self, mark: int, messages: int, texts: int) -> None:
        for found, _place, _reason in self.found[mark:]:
            found.kept.discard()
        del self.found[mark:]
        del self.letters.messages[messages:]
        del self.letters.texts[texts:]

    def _open_mail_file(self, found: Found, place: Place) -> bool:
        self.add_mail(_in_memory(found.kept), place.inside(found.filename or "message/rfc822"))
        return True

    def _open_zip(self, found: Found, place: Place) -> bool:
        self._check_nesting(place)
        return self._take_entries(entries_of_zip(found.kept.path, self._budget), found, place)

    def _open_gzip(self, found: Found, place: Place) -> bool:
        # What is in a gzip is mostly a tar, which is the same archive to whoever made it.
        inner = place.inside(found.filename or "gzip")
        for entry in entries_of_gzip(found.kept.path, found.filename, self._budget):
            kept = self.shelf.keep_pieces(entry.content)
            if not kept.is_whole and not kept.size:
                raise NotOpenedError("archive-damaged")
            self.add_file(Found(kept, read_filename(entry.name)), inner)
        return True

    def _open_tar(self, found: Found, place: Place) -> bool:
        self._check_nesting(place)
        return self._take_entries(entries_of_tar(found.kept.path, self._budget), found, place)

    def _check_nesting(self, place: Place) -> None:
        if place.archives > self.limits.max_nested:
            raise NotOpenedError("archive-nested")

    def _take_entries(self, entries: Iterator[Entry], found: Found, place: Place) -> bool:
        """Take an archive's files; tells whether all of them came out."""
        inner, problems, count = place.inside(found.filename or "archive", is_archive=True), set(), 0
        for entry in entries:
            count += 1
            name = _entry_name(entry.name)
            if entry.problem:
                problems.add(entry.problem)
                self.found.append((Found(self.shelf.keep(b""), name), inner, entry.problem))
                continue
            kept = self.shelf.keep_pieces(entry.content)
            self.add_file(Found(kept, name), inner)
        if problems and len(problems) == 1 and all(reason in problems for _f, _p, reason in self.found[-count:]):
            # Nothing came out: the archive says so once, as itself.
            raise NotOpenedError(problems.pop())
        if problems:
            self.found.append((found, place, min(problems)))
        elif not count:
            raise NotOpenedError("archive-empty")
        return not problems

    def _open_tnef(self, found: Found, place: Place) -> bool:
        inside = read_tnef(_in_memory(found.kept))
        inner = place.inside(found.filename or "winmail.dat")
        has_text = any(text.message == inner.message and text.text for text in self.letters.texts)
        self._take_bodies(inside.bodies, inner, is_text_known=has_text)
        for file in inside.files:
            name = read_filename(file.name)
            kept = self.shelf.keep(file.content)
            if file.is_message:
                number = self.letters.message(inner.message, {"subject": one_line(file.name)})
                self.add_file(Found(kept, name, media_types.TNEF), inner.at(number))
                continue
            content_id = file.content_id.strip("<> \t").lower()
            self.add_file(Found(kept, name, file.mime or "application/octet-stream", content_id), inner)
        if not inside.is_whole:
            self.found.append((found, place, "damaged"))
        return inside.is_whole

    def _take_bodies(self, bodies: list[tuple[str, str, bytes]], place: Place, *, is_text_known: bool) -> None:
        for name, media_type, content in bodies:
            if not is_text_known and media_type in _BODY_TYPES:
                alternative = -1 - place.message
                self.letters.add(
                    content, "", message=place.message, alternative=alternative, is_html=media_type == "text/html"
                )
            self.found.append((Found(self.shelf.keep(content), name, media_type, is_body=True), place, ""))

    def _open_signed(self, found: Found, place: Place) -> bool:
        try:
            content = signed_content(_in_memory(found.kept))
        except NotSignedError as error:
            raise NotOpenedError(error.code) from error
        if content is None:
            self.found.append((found, place, "signature"))
            return False
        stem = found.filename[: -len(".p7m")] if found.filename.lower().endswith(".p7m") else ""
        inner = place.inside(found.filename or "smime.p7m")
        if "." in stem:
            self.add_file(Found(self.shelf.keep(content), stem), inner)
        else:
            self.add_mail(content, inner, is_same_message=True)
        return True

    def _open_outlook(self, found: Found, place: Place) -> bool:
        message = read_outlook(found.kept.path, max_depth=self.limits.max_depth)
        self._take_outlook(message, place.inside(found.filename or "message.msg"))
        return True

    def _take_outlook(self, message: OutlookMessage, place: Place) -> None:
        if place.depth > self.limits.max_depth:
            raise NotOpenedError("too-complex")
        headers = describe(Headers(message.headers.encode("utf-8", "replace")))
        said = {
            "subject": one_line(message.subject),
            "from_name": one_line(message.from_name),
            "from_address": one_line(message.from_address),
        }
        headers.update({name: text for name, text in said.items() if text and not headers[name]})
        if self.letters.messages[place.message].headers:
            inner = place.at(self.letters.message(place.message, headers))
        else:
            inner = place
            self._introduce(place.message, headers)
        self._take_bodies(message.bodies, inner, is_text_known=False)
        for file in message.files:
            name = read_filename(file.name)
            if file.message is not None:
                self._take_outlook(file.message, inner.inside(name or "message/rfc822"))
                continue
            if len(self.found) >= self.limits.max_parts:
                raise NotOpenedError("too-complex")
            content_id = file.content_id.strip("<> \t").lower()
            kept = self.shelf.keep(file.content)
            self.add_file(Found(kept, name, file.mime or "application/octet-stream", content_id), inner)


def _in_memory(kept: Kept) -> bytes:
    if kept.size > _IN_MEMORY:
        raise NotOpenedError("too-large")
    return kept.read()


def _entry_name(name: str) -> str:
    """Give an entry's name for display; the files that a Mac lays beside the real ones keep their mark."""
    shown = read_filename(name)
    return f"._{shown.removeprefix('._')}" if name.startswith("__MACOSX/") else shown


def _is_body(leaf: Leaf, filename: str, content: bytes) -> bool:
    """Tell the words of the mail from what comes with them."""
    if leaf.content_type not in _BODY_TYPES or filename or leaf.headers.is_attachment:
        return False
    kind = media_types.sniff(content[: media_types.HEAD_SIZE])
    if kind == media_types.XML:
        return not verdicts.is_invoice(content)
    return kind not in _NO_BODY

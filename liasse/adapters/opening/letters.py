"""The words of the mails in a receipt: what is shown, what they link to, and what may be a document itself."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from liasse.adapters.opening.bodies import looks_like_a_document
from liasse.adapters.opening.html_text import pictures_within, text_of_html
from liasse.adapters.opening.links import links_of_html, links_of_text, to_invoices
from liasse.adapters.opening.places import Found
from liasse.adapters.opening.tasks import confirmation_of
from liasse.adapters.opening.words import clean, decode_text
from liasse.lib import media_types

MAX_TEXT = 200_000
_MAX_TEXT_BYTES = 2_000_000
_MAX_HTML_KEPT = 500_000
_MAX_PICTURES = 12 << 20
_BETWEEN_MESSAGES = "\n\n— — —\n\n"
_ODD_SHARE, _SHORT_TEXT = 20, 200


@dataclass(slots=True)
class Text:
    """One body of a mail, as text; ``html`` is what it was made of."""

    message: int
    alternative: int
    text: str
    html: str = ""
    is_html: bool = False


@dataclass(slots=True)
class Message:
    """A mail in the receipt: the mail around it, and what its headers say."""

    within: int
    headers: dict[str, Any]


@dataclass(slots=True)
class Letters:
    """The texts of all mails in a receipt."""

    texts: list[Text] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)
    found_links: list[tuple[str, str]] = field(default_factory=list)
    # What is left of the text that is read; the words of a mail beyond it are in its bytes.
    room: int = 3 * _MAX_TEXT_BYTES
    html_room: int = 4 * _MAX_HTML_KEPT

    def message(self, within: int, headers: dict[str, Any]) -> int:
        """Begin a mail; gives its number."""
        self.messages.append(Message(within, headers))
        return len(self.messages) - 1

    def add(self, content: bytes, charset: str, *, message: int, alternative: int, is_html: bool) -> None:
        """Take a body, as far as there is room."""
        if self.room <= 0:
            return
        text = decode_text(content[:_MAX_TEXT_BYTES], charset)
        self.room -= len(text)
        if _is_garbage(text):
            return
        html = ""
        if is_html:
            self.shown |= pictures_within(text)
            self.found_links += links_of_html(text)
            if len(text) <= self.html_room:
                html, self.html_room = text, self.html_room - len(text)
            text = text_of_html(text)
        else:
            self.found_links += links_of_text(text)
        self.texts.append(Text(message, alternative, clean(text).strip(), html, is_html))

    def body(self) -> str:
        """Return the text of the mail and of those within it; of alternatives, the plain one unless it is blank."""
        texts = (self._of(message) for message in sorted({text.message for text in self.texts}))
        return _BETWEEN_MESSAGES.join(text for text in texts if text)[:MAX_TEXT]

    def _of(self, message: int) -> str:
        mine = [text for text in self.texts if text.message == message]
        plain = {text.alternative for text in mine if text.alternative and not text.is_html and text.text}
        return "\n\n".join(text.text for text in mine if text.text and not (text.is_html and text.alternative in plain))

    def links(self) -> list[dict[str, str]]:
        """Return the links that lead to invoices."""
        return to_invoices(self.found_links)

    def task(self, headers: dict[str, Any]) -> dict[str, str] | None:
        """Return what a forwarding confirmation asks for."""
        text = "\n".join(text.text for text in self.texts if text.message == 0)
        return confirmation_of(
            from_address=headers.get("from_address", ""),
            subject=headers.get("subject", ""),
            text=text,
            links=self.found_links,
        )

    def documents(self, with_documents: Iterable[int]) -> list[int]:
        """Return the mails that are documents themselves: they and the mails in them hold no other.

        The innermost are looked at first, for a mail around a receipt is no second one.
        """
        taken = set(with_documents)
        for number in list(taken):
            self._mark_around(number, taken)
        found = []
        for number in range(len(self.messages) - 1, -1, -1):
            if number in taken or self.messages[number].headers.get("auto_submitted"):
                continue
            subject = self.messages[number].headers.get("subject", "")
            bodies = [text.text for text in self.texts if text.message == number]
            if any(looks_like_a_document(body, subject=subject) for body in bodies):
                found.append(number)
                self._mark_around(number, taken)
        return sorted(found)

    def _mark_around(self, number: int, taken: set[int]) -> None:
        while number and number < len(self.messages):
            number = self.messages[number].within
            taken.add(number)

    def as_letter(self, number: int, pictures: Iterable[Found]) -> bytes:
        """Return a mail as one JSON, with the pictures it shows: what writing it as PDF needs."""
        mine = [text for text in self.texts if text.message == number]
        html = next((text.html for text in mine if text.html and text.text), "")
        headers = self.messages[number].headers
        letter = {
            "html": html,
            "text": self._of(number),
            **{name: headers.get(name) or "" for name in ("subject", "from_name", "from_address", "to", "date")},
            "pictures": _pictures(pictures, pictures_within(html)) if html else {},
        }
        return json.dumps(letter, ensure_ascii=True).encode()


def _pictures(found: Iterable[Found], shown: frozenset[str]) -> dict[str, str]:
    room, kept = _MAX_PICTURES, {}
    for one in found:
        if one.content_id in shown and one.kept.size <= room and _is_picture(one):
            room -= one.kept.size
            kept[one.content_id] = base64.b64encode(one.kept.read()).decode()
    return kept


def _is_picture(one: Found) -> bool:
    return media_types.sniff(one.kept.head[: media_types.HEAD_SIZE]) in media_types.PICTURES


def _is_garbage(text: str) -> bool:
    """Tell bytes that no one wrote, where nothing says what they are."""
    head = text[: media_types.HEAD_SIZE]
    odd = sum(character < " " and character not in "\t\n\r\f\x1b" for character in head)
    return odd * _ODD_SHARE > max(len(head), _SHORT_TEXT)

"""The HTML beside a mail's text: the same words, a button for the link, nothing from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from liasse.messaging.models import OutgoingMessage
from liasse.messaging.selectors import rendered


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph of the text, the place of the link, or an address of this instance that stands alone."""

    text: str
    is_link: bool = False
    is_address: bool = False


def as_html(message: OutgoingMessage, *, language: str, firm: str) -> str:
    """Give a mail as HTML that reads in light and dark: no styles but inline ones, no pictures, no scripts."""
    shown = rendered(message)
    link, text = shown.link, message.text.replace("{code}", shown.code)
    parts = [_part(part.strip(), link=link) for part in text.split("\n\n") if part.strip()]
    with translation.override(language):
        context = {
            "parts": parts,
            "link": link,
            "action": message.action or _("Open the link"),
            "language": language,
            "title": message.subject,
            "firm": firm,
        }
        return render_to_string("mail/message.html", context)


def _part(text: str, *, link: str) -> Part:
    """Tell what a paragraph is. Only our own addresses become links: a file may be named after anybody's."""
    if text == "{link}":
        return Part("", is_link=True)
    is_ours = text.startswith(settings.LIASSE_PUBLIC_URL + "/") and not any(letter.isspace() for letter in text)
    return Part(text.replace("{link}", link), is_address=is_ours)

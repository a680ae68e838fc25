"""A mail that is a document itself, written as PDF. Runs in the sandbox."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from liasse.adapters.letter_pdf.blocks import Line, blocks_of_html, blocks_of_text
from liasse.adapters.letter_pdf.pages import Pages, PagesFullError
from liasse.core.refusals import Refusal

_MAX_TEXT = 200_000


def write_letter(input_path: Path, output_dir: Path) -> dict[str, Any]:
    """Write the letter that opening a mail made (a JSON) as `letter.pdf`; returns `{"file"}`.

    Above the text stand subject, sender, recipient and date. Pictures are those that came with the mail; others
    leave their words. What goes beyond 60 pages is left out, and is in the mail. Raises Refusal "not-a-letter".
    """
    try:
        letter = json.loads(input_path.read_bytes())
        html, text = str(letter["html"]), str(letter["text"])
    except (ValueError, KeyError, TypeError) as error:
        raise Refusal("not-a-letter") from error
    pages = Pages(output_dir / "letter.pdf", title=letter["subject"], pictures=letter["pictures"])
    with suppress(PagesFullError):
        if letter["subject"]:
            pages.line(Line(letter["subject"], is_heading=True))
        for line in _head(letter):
            pages.line(Line(line), grey=True)
        pages.rule()
        blocks = blocks_of_html(html) if html else []
        pages.write(blocks or blocks_of_text(text[:_MAX_TEXT]))
    pages.finish()
    return {"file": "letter.pdf"}


def _head(letter: dict[str, Any]) -> list[str]:
    sender = " ".join(word for word in (letter["from_name"], letter["from_address"]) if word)
    # Signs and not words: the letter has no language of its own.
    found = [sender, f"→ {letter['to']}" if letter["to"] else "", letter["date"].replace("T", " ")]
    return [line for line in found if line]

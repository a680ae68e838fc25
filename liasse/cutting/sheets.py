"""Separator sheets: pages that only say where the next document begins. Runs in the sandbox's child, without Django."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from liasse.cutting.ports import CodeFinder, PageCodes, PageLooker
from liasse.cutting.types import PageFacts
from liasse.lib.text import fold

SHEET_TEXT: Final = "LIASSE-SEPARATOR"
"""What the code of our own sheet says; `ui/separator-sheet.pdf` is printed with it."""

_SAYS_SEPARATOR: Final = re.compile(
    r"(?:liasse|document|page|scan|pli)?(?:separator|separateur|separation|separatorsheet|separatorpage|trennblatt|trennseite)"
    r"|patch(?:code)?(?:t|2|ii|3|iii)"
)
_NO_LETTERS: Final = re.compile(r"[^a-z0-9]+")
_WIDTH: Final = 1_000
_SECONDS: Final = 20.0
# A sheet's code is large and little is written beside it; a page with a small one is a paper that it is stuck on.
_LARGE: Final = 0.2
_MOST_WRITING: Final = 0.16


def says_separator(text: str) -> bool:
    """Tell whether a code's text is that of a separator sheet: ours, PATCHT, SEPARATOR and the like."""
    return _SAYS_SEPARATOR.fullmatch(_NO_LETTERS.sub("", fold(text))) is not None


def with_codes(
    facts: Sequence[PageFacts], *, candidates: Sequence[int], path: Path, looker: PageLooker, finder: CodeFinder
) -> list[PageFacts]:
    """Give the facts with what the codes of some pages say (their numbers, counted from 1).

    Pages that nobody had the time to look at have none.
    """
    deadline = time.monotonic() + _SECONDS
    found = list(facts)
    for page, drawn in looker.draw(path, pages=candidates, width=_WIDTH):
        if page > len(found) or time.monotonic() > deadline:
            break
        found[page - 1] = _coded(found[page - 1], finder.find(drawn))
    return found


def _coded(facts: PageFacts, codes: PageCodes) -> PageFacts:
    separators = [code for code in codes.codes if says_separator(code.text)]
    words = [facts.separator, *(code.text for code in separators), "patch" if codes.patch else ""]
    size = max([codes.patch, *(code.span for code in separators)])
    return replace(
        facts,
        separator=next((word for word in words if word), ""),
        is_sheet=facts.is_sheet or (size >= _LARGE and codes.writing <= _MOST_WRITING),
        codes=frozenset(code.text for code in codes.codes if code not in separators),
    )

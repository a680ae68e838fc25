"""What came back, taken apart strictly: known keys with short texts, and nothing else."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from liasse.outside.types import ASKED
from liasse.reading.types import FieldName, VatLine

LARGEST: Final = 256 * 1024
"""Bytes of an answer; the longest honest one has about two thousand."""
_LONGEST_CONTENT: Final = 32 * 1024
_LONGEST_VALUE: Final = 200
_LONGEST_CELL: Final = 30
_MOST_ROWS: Final = 20
_FENCED: Final = re.compile(r"```(?:json)?\s*(\{.*\})\s*```", re.DOTALL)


class AnswerError(ValueError):
    """The answer is none that can be used; the text says why, without anything of it."""


def read_answer(body: bytes) -> tuple[dict[FieldName, str], tuple[VatLine, ...]]:
    """Return the texts by field and the VAT rows; raise AnswerError for anything but one JSON object of them.

    Keys that were not asked for and values that are no short texts are left out; numbers count as they are written.
    """
    if len(body) > LARGEST:
        raise AnswerError("the answer is too large")
    said = _object(_content(body))
    values = {name: text for name in ASKED if (text := _text(said.get(name.value), longest=_LONGEST_VALUE))}
    return values, _rows(said.get("vat_breakdown"))


def _content(body: bytes) -> str:
    outer = _parsed(body.decode("utf-8", errors="replace"))
    choices = outer.get("choices") if isinstance(outer, dict) else None
    first = choices[0] if isinstance(choices, list) and choices else None
    message = first.get("message") if isinstance(first, dict) else None
    content = message.get("content") if isinstance(message, dict) else None
    if not isinstance(content, str):
        raise AnswerError("no message in the answer")
    if len(content) > _LONGEST_CONTENT:
        raise AnswerError("the message is too long")
    return content.strip()


def _object(content: str) -> dict[str, Any]:
    fenced = _FENCED.fullmatch(content)
    said = _parsed(fenced[1] if fenced else content)
    if not isinstance(said, dict):
        raise AnswerError("the message is no JSON object")
    return said


def _parsed(text: str) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(
            text,
            parse_float=str,
            parse_int=str,
            parse_constant=lambda _word: None,
            object_pairs_hook=_without_doubles,
        )
    except (ValueError, RecursionError) as error:
        raise AnswerError("the answer is no JSON") from error


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse an object that says two things under one key."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise AnswerError("a key stands there twice")
    return found


def _text(value: Any, *, longest: int) -> str:  # noqa: ANN401 - JSON
    """Give a short text without control characters; blank for anything else."""
    if not isinstance(value, str) or len(value) > longest:
        return ""
    return "".join(character for character in value if character.isprintable()).strip()


def _rows(found: Any) -> tuple[VatLine, ...]:  # noqa: ANN401 - JSON
    if not isinstance(found, list) or len(found) > _MOST_ROWS:
        return ()
    cells = [
        {name: _text(row.get(name), longest=_LONGEST_CELL) or None for name in ("rate", "base", "vat")}
        for row in found
        if isinstance(row, dict)
    ]
    return tuple(VatLine(**row) for row in cells if any(row.values()))

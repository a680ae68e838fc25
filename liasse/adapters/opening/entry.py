"""What arrived, taken apart into headers, text and parts with a verdict each. Runs in the sandbox."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from liasse.adapters.opening.envelope import describe
from liasse.adapters.opening.limits import OpeningLimits
from liasse.adapters.opening.mime import TooComplexError, Walk
from liasse.adapters.opening.opened import Opening
from liasse.adapters.opening.outcome import judged
from liasse.adapters.opening.places import Found, Place
from liasse.adapters.opening.shelf import borrowed
from liasse.adapters.opening.words import read_filename


def open_mail(input_path: Path, output_dir: Path, **limits: int) -> dict[str, Any]:
    """Open a mail; `limits` are those of `OpeningLimits`.

    Returns `{"headers", "text", "parts", "links", "task", "problem"}`. Each part has `index, path, filename,
    declared_type, media_type, size, sha256, inline, verdict, reason, file, render`: `path` names the
    containers it lies in, `verdict` is "document", "ignored" or "refused" with a code as reason,
    `file` the name of its bytes in `output_dir`, `render` is "mail" for a part whose bytes are to be
    written as PDF before they are a document. `links` are `{"href", "text"}`, `task` what a forwarding
    confirmation asks for. A mail beyond the limits has the problem "too-complex" and no parts.
    Never raises for what the mail holds.
    """
    data = input_path.read_bytes()
    opening = Opening(output_dir, OpeningLimits(**limits))
    headers = describe(Walk(data, opening.limits).top_headers())
    try:
        opening.add_mail(data, Place())
    except TooComplexError:
        opening.forget()
        return {"headers": headers, "text": "", "parts": [], "links": [], "task": None, "problem": "too-complex"}
    return _answer(opening, headers)


def open_file(input_path: Path, output_dir: Path, *, filename: str, **limits: int) -> dict[str, Any]:
    """Open a file that came by another door than the mail; answers as `open_mail` does.

    A mail saved as .eml is that mail; an archive, a winmail.dat, a .msg or a signed file is what is in it.
    """
    if filename.lower().endswith(".eml"):
        return open_mail(input_path, output_dir, **limits)
    opening = Opening(output_dir, OpeningLimits(**limits))
    opening.letters.message(0, {})
    opening.add_file(Found(borrowed(input_path), read_filename(filename)), Place(), is_whole_receipt=True)
    return _answer(opening, opening.own_headers or {})


def _answer(opening: Opening, headers: dict[str, Any]) -> dict[str, Any]:
    task = opening.letters.task(headers)
    return {
        "headers": headers,
        "text": opening.letters.body(),
        "parts": judged(opening, has_task=task is not None),
        "links": opening.letters.links(),
        "task": task,
        "problem": opening.problem,
    }

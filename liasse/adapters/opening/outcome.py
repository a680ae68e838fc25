"""What the parts of an opened receipt are: documents, or set aside with a reason."""

from __future__ import annotations

from typing import Any

from liasse.adapters.opening import verdicts
from liasse.adapters.opening.embedded import hashes_inside
from liasse.adapters.opening.opened import Opening
from liasse.adapters.opening.places import Found, Place
from liasse.adapters.opening.words import read_filename
from liasse.lib import media_types

_MAX_XML = 10 << 20
_MAX_STEM = 190


def judged(opening: Opening, *, has_task: bool) -> list[dict[str, Any]]:
    """Judge the parts in their order; a mail that is a document itself comes last.

    ``has_task`` says that the mail confirms a forwarding, and so is no document.
    """
    return _Outcome(opening).judged(has_task=has_task)


class _Outcome:
    def __init__(self, opening: Opening) -> None:
        self._opening = opening

    def judged(self, *, has_task: bool) -> list[dict[str, Any]]:
        lines = [self._line(index, *one) for index, one in enumerate(self._opening.found)]
        self._set_aside_copies(lines)
        if not has_task:
            taken = {
                place.message
                for (_found, place, _reason), line in zip(self._opening.found, lines, strict=True)
                if line["verdict"] == verdicts.DOCUMENT
            }
            for number in self._opening.letters.documents(taken):
                lines.append(self._letter(len(lines), number))
        return lines

    def _line(self, index: int, found: Found, place: Place, reason: str) -> dict[str, Any]:
        is_shown = not found.is_attachment and found.is_inline
        is_shown = is_shown or (bool(found.content_id) and found.content_id in self._opening.letters.shown)
        judgement = _judge(found, reason, is_shown=is_shown)
        return {
            "index": index,
            "path": " > ".join(place.containers),
            "filename": found.filename,
            "declared_type": found.declared_type,
            "media_type": judgement.media_type,
            "size": found.kept.size,
            "sha256": found.kept.sha256,
            "inline": is_shown,
            "verdict": judgement.verdict,
            "reason": judgement.reason,
            "file": None if found.kept.is_borrowed else found.kept.path.name,
            "render": "",
        }

    def _letter(self, index: int, number: int) -> dict[str, Any]:
        pictures = [
            found for found, place, _reason in self._opening.found if place.message == number and found.content_id
        ]
        kept = self._opening.shelf.keep(self._opening.letters.as_letter(number, pictures))
        subject = self._opening.letters.messages[number].headers.get("subject", "")
        return {
            "index": index,
            "path": "",
            "filename": read_filename(subject.replace("/", "-").replace("\\", "-"))[:190] + ".pdf"
            if subject
            else "mail.pdf",
            "declared_type": media_types.HTML,
            "media_type": media_types.PDF,
            "size": kept.size,
            "sha256": kept.sha256,
            "inline": False,
            "verdict": verdicts.DOCUMENT,
            "reason": "",
            "file": kept.path.name,
            "render": "mail",
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
        """Return the hashes of what the PDFs hold, looking only where an XML lies beside them."""
        largest = max((line["size"] for line in documents if line["media_type"] == media_types.XML), default=0)
        if not largest:
            return set()
        pdfs = {line["sha256"]: line["index"] for line in documents if line["media_type"] == media_types.PDF}
        found = (
            hashes_inside(self._opening.found[index][0].kept.path, up_to=min(largest, _MAX_XML))
            for index in pdfs.values()
        )
        return set().union(*found)


def _judge(found: Found, reason: str, *, is_shown: bool) -> verdicts.Judgement:
    facts = verdicts.Facts(found.kept, found.filename, found.declared_type, is_shown, found.in_report)
    if found.is_body:
        return verdicts.Judgement(found.declared_type, verdicts.IGNORED, "mail-text")
    judgement = verdicts.judge(facts)
    if reason:
        verdict = verdicts.IGNORED if reason == "signature" else verdicts.REFUSED
        return verdicts.Judgement(judgement.media_type, verdict, reason)
    return judgement

"""The table on which a file's documents are cut, joined and put in order: what it shows, and how it is read back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from liasse.clients.models import ClientFile
from liasse.core.errors import InvalidError
from liasse.cutting.sentences import reason_text
from liasse.cutting.services import proposed_cuts
from liasse.cutting.types import Cut, PageOf
from liasse.documents.models import Document
from liasse.lib.ids import as_uuid
from liasse.web.inbox.rows import title_of

_LAID: Final = re.compile(r"(\d{1,3})\.(\d{1,4})(?:r(0|90|180|270))?")


@dataclass(frozen=True, slots=True)
class CutMark:
    """The place behind a page where a cut may be; ``why`` says what speaks for it."""

    is_cut: bool
    percent: int
    why: str


@dataclass(frozen=True, slots=True)
class TablePage:
    """One page on the table; ``spot`` names it: which document, which page. The last page has no mark behind it."""

    spot: str
    url: str
    label: str
    number: int
    source: str
    mark: CutMark | None


def table_url(client_file: ClientFile, ids: Sequence[UUID]) -> str:
    """Give the address of the table with these documents on it."""
    words = urlencode({"document": [str(one) for one in ids]}, doseq=True)
    return f"{reverse('cutting', args=[client_file.id])}?{words}"


def chosen_ids(words: QueryDict) -> list[UUID]:
    """Give the documents that an address or a form names, each once; what is no id is left out."""
    found = [as_uuid(text) for text in words.getlist("document")]
    return list(dict.fromkeys(one for one in found if one is not None))


def table_pages(documents: Sequence[Document]) -> list[TablePage]:
    """Give the pages of the documents on the table, with the cuts that were proposed."""
    pages: list[TablePage] = []
    for index, document in enumerate(documents):
        cuts = {cut.after: cut for cut in proposed_cuts(document)}
        is_last_document = index == len(documents) - 1
        base = reverse("document-page", args=[document.client_file_id, document.id, 1]).removesuffix("1/")
        for number in range(1, len(document.pages) + 1):
            is_last = number == len(document.pages) and is_last_document
            pages.append(
                TablePage(
                    spot=f"{index}.{number}",
                    url=f"{base}{number}/?size=thumb&v={document.sha256[:12]}",
                    label=_("Page %(number)s of %(name)s") % {"number": number, "name": title_of(document)},
                    number=number,
                    source=title_of(document) if len(documents) > 1 else "",
                    mark=None if is_last else _mark(cuts.get(number)),
                )
            )
    return pages


def _mark(cut: Cut | None) -> CutMark:
    if cut is None:
        return CutMark(is_cut=False, percent=0, why="")
    return CutMark(is_cut=True, percent=int(cut.confidence * 100), why=reason_text(cut))


def versions(words: QueryDict) -> Mapping[UUID, int]:
    """Give the documents that a form was made of, in their order, each in the version that was seen."""
    ids, numbers = words.getlist("document"), words.getlist("version")
    found = [as_uuid(text) for text in ids]
    if len(ids) != len(numbers) or not all(found) or not all(number.isdecimal() for number in numbers):
        raise InvalidError({}, _("This page is out of date: reload it."))
    return {one: int(number[:9]) for one, number in zip(found, numbers, strict=True) if one is not None}


def layout(words: QueryDict, *, documents: Sequence[Document]) -> list[list[PageOf]]:
    """Give how somebody laid the pages out: ``layout`` is "0.1,0.2r90|1.1", document.page and its turn, | a cut.

    Without a script it is blank: then the pages are in their order, cut behind those that ``cut`` names.
    """
    text = words.get("layout", "")
    if not text:
        cut = set(words.getlist("cut"))
        spots = [f"{index}.{page}" for index, one in enumerate(documents) for page in range(1, len(one.pages) + 1)]
        text = "".join(f"{spot}|" if spot in cut else f"{spot}," for spot in spots)[:-1]
    return [[_laid(spot, documents=documents) for spot in group.split(",")] for group in text.split("|")]


def _laid(spot: str, *, documents: Sequence[Document]) -> PageOf:
    found = _LAID.fullmatch(spot)
    if found is None or int(found[1]) >= len(documents):
        raise InvalidError({}, _("This page is out of date: reload it."))
    return PageOf(document_id=documents[int(found[1])].id, page=int(found[2]), turn=int(found[3] or 0))

"""What each page of a file says, for the rules that look for cuts. Runs in the sandbox's child, without Django."""

from __future__ import annotations

import importlib
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from liasse.cutting.ports import CodeFinder, PageLook, PageLooker
from liasse.cutting.rules import is_blank
from liasse.cutting.sheets import SHEET_TEXT, with_codes
from liasse.cutting.types import PageFacts
from liasse.lib import media_types
from liasse.lib.identifiers import siren_of_vat
from liasse.lib.text import fold
from liasse.reading.exclude import Exclude
from liasse.reading.page.layout import Layout
from liasse.reading.ports import PageShape, PdfEmbedded, PdfText, PdfTextReader
from liasse.reading.rules import read_text
from liasse.reading.types import Field, FieldName, Word
from liasse.reading.words import PageWords

MOST_PAGES: Final = 50
"""So many pages of a file are looked at for cuts; a longer file stays whole until a person cuts it."""

_SURE: Final = 0.7
_SHORTEST: Final = 4
_OF: Final = r"\s*(?:/|\||sur|of|von|de|di|van|sur un total de)\s*"
_COUNTER: Final = re.compile(
    r"(?<![a-z])(?:page|pages|seite|pagina|pag\.?|p\.|blatt|bladzijde|hoja|foglio|folio|feuillet)"
    rf"\s*(?:no\.?)?\s*:?\s*(\d{{1,3}})(?:{_OF}(\d{{1,3}}))?(?![\d.,]*\d)"
)
_BARE: Final = re.compile(r"^\(?\s*-?\s*(\d{1,3})\s*(?:/|sur|of|von)\s*(\d{1,3})\s*-?\s*\)?$")
_MOST_COUNTED: Final = 500
_MARGIN: Final = 0.15
_UPPER_HALF: Final = 0.5
_CARRIED: Final = re.compile(
    r"^(?:report|a reporter|ubertrag|uebertrag|carried forward|brought forward|riporto|transport|suma y sigue|"
    r"suite de la (?:page|facture)|suite)\b"
)
_CARRIED_WITHIN: Final = 0.4
_SEPARATOR: Final = re.compile(
    r"separat(?:eur|or|ion)|trennblatt|intercalaire|patch ?(?:t|code|[1-6])\b|page de garde scan"
)
_FEW_WORDS: Final = 15
_SHEET_WORDS: Final = 60
_NOT_TEXT: Final = re.compile(r"[^a-z0-9]+")


def page_facts(
    input_path: Path,
    output_dir: Path,  # noqa: ARG001 - the shape of every call; looking writes nothing.
    *,
    media_type: str,
    adapters: Mapping[str, str],
    exclude: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return `{"count", "facts": [PageFacts, …], "is_scan", "is_whole"}` of a PDF, a TIFF or a GIF.

    `facts` is empty for a file of one page, of more than `MOST_PAGES`, or that does not open. `is_whole` says that an
    e-invoice is inside, which is one document whatever its pages say; `is_scan` that a scanner's text recognition
    wrote the words, or that there are none.
    """
    looker = cast("PageLooker", _adapter(adapters["pdf_look" if media_type == media_types.PDF else "picture_look"]))
    if media_type != media_types.PDF:
        looks = looker.look(input_path, most=MOST_PAGES + 1)
        facts = [_looked(PageFacts(), look) for look in looks]
        if 1 < len(facts) <= MOST_PAGES:
            facts = _coded(facts, list(range(1, len(facts) + 1)), path=input_path, looker=looker, adapters=adapters)
        return _answer(len(looks), facts, is_scan=True)
    reader = cast("PdfTextReader", _adapter(adapters["pdf_text"]))
    text = reader.read(input_path, most_pages=MOST_PAGES)
    if text.problem is not None or not 1 < text.page_count <= MOST_PAGES:
        return _answer(text.page_count, [], is_scan=False)
    embedded = cast("PdfEmbedded", _adapter(adapters["pdf_embedded"])).read(input_path)
    facts = facts_of(text, exclude=Exclude.from_json(exclude or {}))
    looks = looker.look(input_path, most=MOST_PAGES) if any(not one.has_words for one in facts) else []
    if len(looks) == len(facts):
        facts = [_looked(one, look) for one, look in zip(facts, looks, strict=True)]
    said = Counter(word.place.page for word in text.words)
    pages = [page for page in range(1, len(facts) + 1) if said[page] <= _FEW_WORDS]
    facts = _coded(facts, pages, path=input_path, looker=looker, adapters=adapters)
    is_scan = text.is_all_hidden or not text.words
    return _answer(text.page_count, facts, is_scan=is_scan) | {"is_whole": bool(embedded.files)}


def _coded(
    facts: Sequence[PageFacts], pages: Sequence[int], *, path: Path, looker: PageLooker, adapters: Mapping[str, str]
) -> list[PageFacts]:
    """Look for codes where a scan or a sheet may be: on pages with few words or none, that are not blank."""
    finder = cast("CodeFinder", _adapter(adapters["codes"]))
    candidates = [page for page in pages if not is_blank(facts[page - 1])]
    return with_codes(facts, candidates=candidates, path=path, looker=looker, finder=finder)


@cache
def _adapter(dotted: str) -> object:
    module, _, name = dotted.partition(":")
    return getattr(importlib.import_module(module), name)()


def _answer(count: int, facts: Sequence[PageFacts], *, is_scan: bool) -> dict[str, Any]:
    shown = facts if 1 < count <= MOST_PAGES else ()
    return {"count": count, "facts": [one.to_json() for one in shown], "is_scan": is_scan, "is_whole": False}


def _looked(facts: PageFacts, look: PageLook) -> PageFacts:
    return replace(facts, ink=look.ink, shape=facts.shape or round(look.shape, 3))


def facts_of(text: PdfText, *, exclude: Exclude) -> list[PageFacts]:
    """Give the facts of each page of a text; what is in `exclude` is the client's own and tells no documents apart."""
    by_page: dict[int, list[Word]] = defaultdict(list)
    for word in text.words:
        # Each page is read as if it were the only one.
        by_page[word.place.page].append(replace(word, place=replace(word.place, page=1)))
    shapes = {shape.page: shape.width_per_height for shape in text.shapes}
    pages = range(1, text.page_count + 1)
    facts = [_facts(by_page[page], shape=shapes.get(page, 0.0), exclude=exclude) for page in pages]
    numbers = {one.number for one in facts if one.number}
    texts = [_NOT_TEXT.sub(" ", " ".join(fold(word.text) for word in by_page[page])) for page in pages]
    return [
        replace(one, mentioned=frozenset(number for number in numbers if _is_in(number, words)))
        for one, words in zip(facts, texts, strict=True)
    ]


def facts_of_pages(pages: Sequence[PageWords], *, exclude: Exclude) -> list[PageFacts]:
    """Give the facts of each page of a file that OCR saw; none where pages are missing among them, or it is one."""
    numbers = [page.page for page in pages]
    if not 1 < len(numbers) <= MOST_PAGES or numbers != list(range(1, len(numbers) + 1)):
        return []
    shapes = tuple(PageShape(page.page, page.shape) for page in pages)
    words = tuple(word for page in pages for word in page.words)
    return facts_of(PdfText(words=words, page_count=len(pages), shapes=shapes), exclude=exclude)


def _is_in(number: str, words: str) -> bool:
    spelt = r" ?".join(re.escape(letter) for letter in number)
    return re.search(rf"(?<![a-z0-9]){spelt}(?![a-z0-9])", words) is not None


def plain_number(number: str) -> str:
    """Give a document's number as it is compared: letters and digits alone."""
    return _NOT_TEXT.sub("", fold(number))


def _facts(words: Sequence[Word], *, shape: float, exclude: Exclude) -> PageFacts:
    if not words:
        return PageFacts(shape=round(shape, 3))
    fields = read_text(words, shapes={1: shape} if shape else {}, exclude=exclude).fields
    layout = Layout(words, shapes={1: shape} if shape else {})
    lines = [" ".join(cell.folded for cell in line) for line in layout.lines]
    number = fields.get(FieldName.INVOICE_NUMBER)
    plain = plain_number(_value(number))
    is_number = number is not None and len(plain) >= _SHORTEST - 1
    kind = fields.get(FieldName.DOC_TYPE)
    separator = _SEPARATOR.search(" ".join(lines)) if len(words) <= _FEW_WORDS else None
    return PageFacts(
        has_words=True,
        number=plain if is_number else "",
        number_confidence=number.confidence if number and is_number else 0.0,
        supplier=_surely(fields.get(FieldName.SUPPLIER_NAME)),
        ids=_ids(fields),
        date=_surely(fields.get(FieldName.ISSUE_DATE)),
        total=_surely(fields.get(FieldName.TOTAL_GROSS)),
        has_title=kind is not None and kind.place is not None and kind.place.y0 < _UPPER_HALF,
        counter=_counter(layout, lines),
        is_carried_over=_is_carried_over(layout),
        separator=separator.group() if separator else "",
        is_sheet=len(words) <= _SHEET_WORDS and any(fold(SHEET_TEXT) in line for line in lines),
        shape=round(shape, 3),
    )


def _value(field: Field | None) -> str:
    return (field.value or "") if field else ""


def _surely(field: Field | None) -> str:
    return _value(field) if field and field.confidence >= _SURE else ""


def _ids(fields: Mapping[FieldName, Field]) -> frozenset[str]:
    vat = _surely(fields.get(FieldName.SUPPLIER_VAT))
    found = {siren_of_vat(vat) or vat, _surely(fields.get(FieldName.SUPPLIER_SIREN))}
    return frozenset(found | {_surely(fields.get(FieldName.IBAN))}) - {""}


def _counter(layout: Layout, lines: Sequence[str]) -> tuple[int, int] | None:
    for cell in layout.cells:
        if cell.place.y1 < _MARGIN or cell.place.y0 > 1 - _MARGIN:
            bare = _BARE.match(cell.folded)
            if bare and _is_counter(int(bare[1]), int(bare[2])):
                return int(bare[1]), int(bare[2])
    for found in (match for line in lines for match in _COUNTER.finditer(line)):
        page, of = int(found[1]), int(found[2] or 0)
        if _is_counter(page, of or page):
            return page, of
    return None


def _is_counter(page: int, of: int) -> bool:
    return 1 <= page <= of <= _MOST_COUNTED


def _is_carried_over(layout: Layout) -> bool:
    """Tell whether the page begins with what was carried over from the one before."""
    return any(_CARRIED.match(cell.folded) for cell in layout.cells if cell.place.y0 < _CARRIED_WITHIN)

"""The candidates for a supplier's name: by headings, legal forms, its web site, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, Final

from liasse.lib.text import fold, name_key
from liasse.reading.page import headings, labels
from liasse.reading.page.blocks import address_in, is_address
from liasse.reading.page.layout import around
from liasse.reading.page.roles import FORM, Found, depth_of, party_codes, party_of
from liasse.reading.page.values import amounts, days
from liasse.reading.printed.name_texts import (
    FEW_LETTERS,
    NAME_LABEL,
    STREET,
    clean_name,
    is_led_to,
    is_no_name,
    is_slogan,
)

if TYPE_CHECKING:
    from liasse.reading.exclude import Exclude
    from liasse.reading.page.blocks import Block
    from liasse.reading.page.layout import Cell, Layout

_DOMAIN = re.compile(r"(?:www\.|https?://(?:www\.)?|@)((?:[a-z0-9-]+\.)*[a-z0-9-]+\.[a-z]{2,8})(?![a-z0-9])")
# What stands before the last part of a domain and belongs to it.
_SECOND_LEVEL: Final = frozenset({"co", "com", "org", "gouv", "asso", "gov", "ac"})
# Domains of everybody's mail name nobody.
_MAILERS: Final = frozenset({"gmail", "hotmail", "yahoo", "outlook", "orange", "wanadoo", "free", "gmx", "web", "live"})
_BANK = re.compile(r"(?<![a-z])(?:iban|bic|blz|swift|kto\.?|konto\w*|rib|domiciliation|code banque)(?![a-z])")
# Sizes, in words and fractions of a page, that tell headings and names from sentences.
_HEADING: Final = 5
_PARAGRAPH: Final = 24
_NEAR: Final = 0.1
_SHORTEST_AGAIN: Final = 5
# What the first lines of a page are worth for a name.
_TOP: Final = (0.12, 0.08, 0.04)
_LARGE: Final = 1.25
_HEAD_OF_PAGE: Final = 0.33
_FOOT_OF_PAGE: Final = 0.8
# What it costs a name to stand in the address of a letter.
_ADDRESSED: Final = 0.3
_OF_SITE: Final = 0.2
_HELD: Final = 0.33
_UNDER_NAME: Final = 0.2
# Of the parts of a domain so many must be words of the name.
_PARTS: Final = 2
_PAIR: Final = (0, 1)
_NOT_IN_NAMES: Final = frozenset("0123456789:;@%€$")


@dataclass(frozen=True, slots=True)
class Around:
    """What a page says beside the names themselves: web sites, numbers of firms, the usual height of letters."""

    sites: frozenset[str]
    numbers: tuple[Found, ...]
    addressed: Collection[Cell]
    height: float


def supplier_names(
    layout: Layout,
    exclude: Exclude,
    numbers: Sequence[Found],
    *,
    addressed: Collection[Cell] = (),
    blocks: Sequence[Block] = (),
) -> Iterator[Found]:
    """Yield candidates: behind a heading, with a legal form, like the web site, at the top, over several lines.

    `addressed` are the cells of addresses that stand where a letter shows whom it is for.
    """
    heights = [cell.height for cell in layout.cells] or [0.0]
    page = Around(frozenset(shop_sites(layout)), tuple(numbers), addressed, median(heights))
    for cell in layout.cells:
        if cell.place.page > 1 and cell.place.page < layout.last_page:
            continue
        yield from _headed(layout, cell, exclude)
        yield from _held(layout, cell, exclude)
        yield from _of_site(layout, cell, exclude)
        name = name_in(cell, exclude)
        if name is not None:
            yield weighed(layout, cell, name, page=page)
    for block in blocks:
        yield from _of_two_lines(layout, block, exclude, page)


def weighed(layout: Layout, cell: Cell, name: str, *, page: Around) -> Found:
    """Return a name with what speaks for it and against it."""
    plain = fold(name)
    at = cell.text.find(name)
    signs = (
        ("form", 0.2, bool(FORM.search(plain))),
        ("site", 0.3, any(is_like_site(name, site) for site in page.sites)),
        ("numbers", 0.15, any(_is_near(cell, item.cell) for item in page.numbers)),
        ("heading", 0.4, is_led_to(cell.folded)),
    )
    score = 0.25 + sum(worth for _, worth, is_so in signs if is_so)
    codes = [code for code, _, is_so in signs if is_so]
    score += party_of(layout, cell) - 0.1 * min(depth_of(cell), 1.0)
    # Firms print their name in the head or the foot; what is repeated between them is bought.
    is_apart = cell.place.y0 < _HEAD_OF_PAGE or cell.place.y0 > _FOOT_OF_PAGE
    again = _times(layout, cell, plain) if is_apart else 0
    if again:
        score, codes = score + 0.08 * min(again, 3), [*codes, "again"]
    if cell.place.page == 1 and cell.line < len(_TOP):
        score, codes = score + _TOP[cell.line], [*codes, "top"]
    is_place = bool(STREET.search(plain)) or is_address(plain)
    inside = None if is_place or at < 0 else address_in(cell, at + len(name))
    if inside is not None and "," in inside.text:
        # A letter's sender in one small line: "Firma · Weg 1 · 80333 München".
        score, codes = score + 0.25, [*codes, "sender"]
    against = (
        (0.3, is_place),
        (0.25, any(_BANK.search(other.folded) for other in layout.lines[cell.line])),
        # What stands in a line with an amount is bought, not its seller.
        (0.2, any(amounts(other) for other in layout.lines[cell.line])),
        (_ADDRESSED, cell in page.addressed),
    )
    score -= sum(worth for worth, is_so in against if is_so)
    return Found(name, score, cell.place, cell, (*codes, *party_codes(layout, cell)))


def _of_two_lines(layout: Layout, block: Block, exclude: Exclude, page: Around) -> Iterator[Found]:
    """Yield the names that go on in the next line: a page says them again in one, or the second is none by itself."""
    for upper, lower in zip(block.cells[:4], block.cells[1:5], strict=False):
        both = f"{upper.text} {lower.text}"
        if (
            not set(both).isdisjoint(_NOT_IN_NAMES)
            or not (upper.place.y0 < _HEAD_OF_PAGE or upper.place.y0 > _FOOT_OF_PAGE)
            or not 0.85 < lower.height / (upper.height or 1.0) < 1.18  # noqa: PLR2004 - letters of one size
            or is_no_name(upper.folded)
            or FORM.search(upper.folded)
            or is_address(upper.folded)
            or headings.PEOPLE.search(upper.folded)
        ):
            continue
        name = clean_name(both, exclude)
        if name is None or len(name) <= len(upper.text) + 1:
            continue
        is_again = _is_in(fold(name), layout, but=(upper, lower))
        is_more = _goes_on(upper.folded, lower.folded)
        is_large = upper.height >= _LARGE * page.height and not layout.is_ocr
        is_head = is_large or (len(block.cells) == len(_PAIR) and upper.line < len(_TOP))
        is_whole = bool(FORM.search(lower.folded)) and is_head and not is_slogan(upper.folded)
        is_site = any(name_key(name) == site.replace("-", "") for site in page.sites)
        is_again = is_again or is_site
        if not (is_again or is_more or is_whole):
            continue
        found = weighed(layout, upper, name, page=page)
        codes = (*found.evidence, "two-lines") if is_again or is_more else (*found.evidence, "two-lines", "guessed")
        worth = 0.2 if is_again else 0.1 if is_more else 0.05
        yield replace(found, score=found.score + worth, place=around((*upper.words, *lower.words)), evidence=codes)


_GOES_ON = re.compile(r"(?:[&,/+-]|(?<![a-z])(?:et|und|and|y|e|en|de|du|des|la|le|les|of|fur|pour|the|der|die|das))$")
_MORE = re.compile(r"^(?:[&+]|(?:et|und|and|of|fur|pour)(?![a-z]))")
_NONE_ALONE = re.compile(
    r"^(?:company|compagnie|cie|co\.?|group|groupe|gruppe|holding|services?|international|france)?[ .,&-]*$"
)


def _goes_on(upper: str, lower: str) -> bool:
    """Tell whether a line is the rest of the one over it: "… und Partner", "Company Ltd"."""
    rest = FORM.sub(" ", lower)
    is_none_alone = bool(FORM.search(lower)) and bool(_NONE_ALONE.match(rest.strip(" .,&()-")))
    return bool(_GOES_ON.search(upper.strip()) or _MORE.match(lower)) or is_none_alone


def _is_in(plain: str, layout: Layout, *, but: Collection[Cell]) -> bool:
    """Tell whether a text stands in another cell as it is, so that it is one name and not two things beside another."""
    return plain in layout.folded and any(plain in cell.folded for cell in layout.cells if cell not in but)


def _times(layout: Layout, cell: Cell, plain: str) -> int:
    """Return how often a name stands elsewhere, outside the buyer's part: suppliers print theirs again in the foot."""
    if len(plain) < _SHORTEST_AGAIN:
        return 0
    if layout.folded.count(plain) <= 1:
        return 0
    word = re.compile(rf"(?<![a-z0-9]){re.escape(plain)}(?![a-z0-9])")
    others = (
        other
        for other in layout.cells
        if other is not cell and plain in other.folded and word.search(other.folded) and party_of(layout, other) >= 0
    )
    return sum(1 for _ in others)


def _domains(cell: Cell) -> Iterator[tuple[str, int]]:
    """Yield the names in the web sites and mail domains of a cell, with dashes, and where each begins."""
    for match in _DOMAIN.finditer(cell.folded):
        *parts, last = match[1].split(".")[:-1]
        name = parts[-1] if last in _SECOND_LEVEL and parts else last
        start = match.start(1) + match[1].find(name)
        if name not in _MAILERS:
            yield name, start


def shop_sites(layout: Layout) -> set[str]:
    """Return the names of the web sites and mail domains that a document mentions, without blanks; dashes stay."""
    return {name for cell in layout.cells for name, _ in _domains(cell)}


def _of_site(layout: Layout, cell: Cell, exclude: Exclude) -> Iterator[Found]:
    """Yield the name in a web site or mail domain: better than nothing where the firm is only a logo."""
    for domain, start in _domains(cell):
        name = cell.text[start : start + len(domain)]
        is_usable = len(name) > FEW_LETTERS and name_key(name) not in exclude.names
        if is_usable and party_of(layout, cell) >= 0:
            score = _OF_SITE - 0.05 * min(depth_of(cell), 1.0)
            yield Found(name, score, cell.place_of(start, start + len(domain)), cell, ("site", "derived"))


def _held(layout: Layout, cell: Cell, exclude: Exclude) -> Iterator[Found]:
    """Yield the holder of the account to pay to: often the supplier, sometimes only its owner."""
    match = headings.HOLDER.search(cell.folded)
    if match is None:
        return
    rest = cell.text[match.end() :].strip()
    beside = layout.right_of(cell)[:1] if not rest else []
    name = clean_name(beside[0].text if beside else rest, exclude)
    if name is not None:
        home = beside[0] if beside else cell
        place = home.place if beside else cell.place_of(match.end(), len(cell.text))
        yield Found(name, _HELD, place, home, ("holder",))


def _headed(layout: Layout, cell: Cell, exclude: Exclude) -> Iterator[Found]:
    """Yield the name behind or under a heading such as "Seller"."""
    match = headings.SELLER.search(cell.folded)
    if match is None or cell.folded[match.end() :].count(" ") > _HEADING:
        return
    rest = cell.text[match.end() :].strip(" :")
    if rest:
        name = clean_name(rest, exclude)
        if name is not None:
            yield Found(name, 0.85, cell.place_of(match.end(), len(cell.text)), cell, ("heading",))
        return
    taken = 0
    for distance, other in enumerate(layout.below(cell, reach=9.0)[:5]):
        if headings.BUYER.match(other.folded) and not FORM.search(other.folded):
            break
        labelled = NAME_LABEL.match(other.folded)
        row = [other, *layout.right_of(other)[:1]] if labelled and labelled.end() >= len(other.folded) else [other]
        name = clean_name(row[-1].text, exclude) if len(row) > 1 else name_in(other, exclude)
        if name is not None:
            # Under the name stands its address; who is called a name, further down, is one all the same.
            score = 0.85 - 0.05 * distance + (0.1 if labelled else -_UNDER_NAME * taken)
            taken += 1
            codes = ("heading", "label") if labelled else ("heading",)
            yield Found(name, score, row[-1].place, row[-1], codes)
    beside = layout.right_of(cell)[:1]
    name = name_in(beside[0], exclude) if beside and cell.folded.rstrip().endswith(":") else None
    if name is not None and not any(headings.BUYER.search(other.folded) for other in beside):
        yield Found(name, 0.8, beside[0].place, beside[0], ("heading",))


def _is_label(folded: str) -> bool:
    """Tell whether a cell is nothing but the label of some field."""
    plain = folded.strip(" :.#")
    return any(label.pattern.fullmatch(plain) for table in labels.TABLES for label in table)


def name_in(cell: Cell, exclude: Exclude) -> str | None:
    """Return the name that a cell begins with, None where it is something else."""
    if (
        any(days(cell, month_first=False))
        or len(cell.words) > _PARAGRAPH
        or is_no_name(cell.folded)
        or headings.SELLER.search(cell.folded)
        or headings.HOLDER.match(cell.folded)
        or headings.PEOPLE.match(cell.folded)
        or _is_label(cell.folded)
    ):
        return None
    return clean_name(cell.text, exclude)


def is_like_site(name: str, site: str) -> bool:
    """Tell whether a name's letters are those of a web site or mail domain, or its words those between dashes."""
    key, plain = name_key(name), site.replace("-", "")
    if len(key) <= FEW_LETTERS or len(plain) <= FEW_LETTERS:
        return False
    parts = [part for part in site.split("-") if len(part) >= FEW_LETTERS]
    words = re.split(r"[^a-z0-9]+", fold(name))
    if len(parts) >= _PARTS and all(part in words for part in parts):
        return True
    return key in plain or (plain in key and len(plain) * 2 >= len(key))


def _is_near(one: Cell, other: Cell) -> bool:
    return one.place.page == other.place.page and abs(one.place.y0 - other.place.y0) < _NEAR

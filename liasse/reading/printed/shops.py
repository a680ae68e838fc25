"""The name of a shop at the top of its receipt: not its address, its numbers, its greeting or the paper's title."""

from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

from liasse.lib.text import fold, name_key
from liasse.reading.exclude import Exclude
from liasse.reading.page.spelling import mended_labels
from liasse.reading.page.values import amounts
from liasse.reading.printed.party_names import is_like_site, shop_sites
from liasse.reading.printed.shop_words import mended_name
from liasse.reading.types import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from liasse.reading.page.layout import Cell, Layout

_FORM: Final = re.compile(
    r"(?<![a-z])(?:sdn\.? ?bhd\.?|s/b|bhd\.?|plt|gmbh(?: ?(?:&|u\.?|und|\+) ?co\.?(?: ?(?:k\.?g\.?|ohg)(?:aa)?)?)?|"
    r"o?hg|kg|k\.g\.|ag|ug|e\.? ?k\.?|gbr|s\.?a\.?r\.?l\.?|s\.?a\.?s\.?u?|e\.?u\.?r\.?l\.?|s\.?n\.?c\.?|ltd\.?|"
    r"limited|llc|inc\.?|"
    r"co\.?(?: ?ltd\.?)?|plc|b\.?v\.?|n\.?v\.?|s\.?l\.?u?\.?|s\.?r\.?l\.?|s\.?p\.?a\.?|pte\.?)(?![a-z])"
)
_TRADE: Final = re.compile(
    r"(?<![a-z])(?:enterprises?|trading|restaurants?|restoran|ristorante|cafe|coffee|bistro|brasserie|bakery|"
    r"boulangerie|"
    r"patisserie|backerei|konditorei|metzgerei|fleischerei|boucherie|super ?market|super ?marche|supermarkt|"
    r"hyper ?market|"
    r"hypermarche|[a-z-]*markt|marche|mart|store|shop|boutique|hardware|pharmacy|pharmacie|apotheke|farmacia|"
    r"hotel|hostel|"
    r"station|tankstelle|stationery|book ?store|books|librairie|buchhandlung|florist|fleuriste|blumen|optique|clinic|"
    r"kedai|syarikat|perniagaan|pasaraya|kopitiam|steakhouse|pizzeria|grill|gift|electrical|motor|garage|auto|"
    r"house|kitchen|foods?|drogerie|baumarkt|parking|centre|center|industries|services|grocer|noodles?|bar)(?![a-z])"
)
_ADDRESS: Final = re.compile(
    r"(?<![a-z])(?:no\.? ?[\d.]+|lot|jalan|jln\.?|lorong|taman|tmn|persiaran|lebuh|bandar|wilayah|selangor|johor|"
    r"kuala lumpur|shah alam|petaling|level|floor|\d?(?:st|nd|rd|th)? ?flr|block|blk|batu|kampung|kg\. |section|"
    r"seksyen|"
    r"kawasan|perindustrian|street|road|avenue|"
    r"rue|av\.|bd|boulevard|place|chemin|allee|route|zone|zac|za|z\.a\.|cedex|[a-z-]*str(?:asse|\.)|[a-z]+weg|"
    r"[a-z]+platz|"
    r"[a-z]+allee|[a-z]+gasse|[a-z]+damm|via|viale|piazza|calle|plaza de|straat|malaysia|germany|deutschland|"
    r"france)(?![a-z])|"
    r"\b\d{4,5}\b|(?<!\d)\d{1,4}[a-z]?(?: ?- ?\d{1,4}[a-z]?)?$"
)
_NOT_NAME: Final = re.compile(
    r"tel(?:efon|ephone|\.|:| |$)|\bfon\b|fax|www\.|https?:|@|\be-?mail|(?<![a-z])(?:gst|sst|ust|vat|tva|siret|"
    r"siren|rcs|reg(?:istration)?"
    r" ?(?:no|nr)|co\.? ?(?:reg|no)|company (?:no|reg)|roc|steuer|id ?no|id ?nr)(?![a-z])|(?:open|opening|"
    r"shopping|business) hours|"
    r"offnungszeiten|horaires|mon(?:tag)?\s?-|mo\s?-|"
    r"(?<![a-z])(?:welcome|willkommen|bienvenue|thank|danke|merci|please|bitte|visit|gracias|besuch|guten tag|hello|"
    r"(?:tax |simplified |cash |official |sales )?(?:invoice|receipt)s?|cash bill|cash sales?|cash|bill|rechnung|"
    r"quittung|kassen\w*|"
    r"beleg|kundenbeleg|handlerbeleg|"
    r"bon|facture|ticket|recu|original|copy|copie|kopie|duplicata|duplicate|reprint|date|datum|time|zeit|uhr|"
    r"cashier|counter|"
    r"member|customer|order|table|tisch|page|seite|qty|item|items|description|artikel|article|price|preis|prix|"
    r"amount|eur|"
    r"total|summe|betrag|licensee|terminal|server|invoice no|doc no|es bediente sie|sales associate|"
    r"sales ?person|served by|employee|operator|staff|bedient|kasse|filiale|"
    r"markt ?nr)(?![a-z])"
)
_REGISTERED: Final = re.compile(
    r"\s*[(\[]?\s*(?:co\.?|company|reg\.?|roc|no\.?|:|"
    r"\s)*\s*[a-z]{0,3}[\s-]?\d{4,12}\s?-?\s?[a-z0-9]?\s*[)\]]?\s*\.?$"
)
# A number of a register alone in its line: (742016-W), Co. Reg. No: 210038-K, 002049088-U.
_ALONE: Final = re.compile(
    r"\W*(?:(?:co|company|reg|registration|roc|business|comp|no|nr|siret|"
    r"rcs)\W*){0,4}[a-z]{0,3}[\s-]?\d{5,14}\s?-?\s?[a-z0-9]?\W*"
)
_OF_REGISTER: Final = re.compile(r"[(\[]|(?<![a-z])(?:co|company|reg\w*|roc|siret|rcs)|\d\s?-\s?[a-z]\b|\d{9}")
# Chains whose sign says more than the firm behind it.
_BRAND: Final = re.compile(
    r"^(?:[a-z.]{1,8} )?(?:aldi|lidl|rewe|edeka|penny(?:[- ]markt)?|netto marken|kaufland|marktkauf|norma|real,-|"
    r"tegut|"
    r"famila|globus|"
    r"dm[- ]drogerie|rossmann|muller drogerie|obi|bauhaus|hornbach|toom|hagebau\w*|ikea|saturn|media ?markt|h&m|"
    r"c&a|deichmann|"
    r"aral|shell|esso|totalenergies|mcdonald'?s|burger king|subway|starbucks|nordsee|backwerk|"
    r"vapiano|"
    r"carrefour(?: \w+)?|e\.? ?leclerc|auchan|intermarche|super u|hyper u|monoprix|franprix|lidl|"
    r"fnac|darty|"
    r"leroy merlin|castorama|decathlon|brico depot|la poste|sncf|flunch|buffalo grill|"
    r"albert heijn|colruyt|delhaize|mercadona|esselunga|conad|tesco|sainsbury'?s|waitrose|"
    r"aeon|mydin|99 speedmart|7-?eleven|kfc|pizza hut|watsons|"
    r"mr\.? ?d\.? ?i\.? ?y)(?![a-z])"
)
# Capitals after small letters inside a word: how OCR reads a logo.
_GARBLED: Final = re.compile(r"[a-z][A-Z](?![A-Z])|[A-Z][a-z][A-Z]")
_EDGES: Final = " *=-_.,:;#|~<>«»\"'`•·"
_DATE: Final = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
# Forms of two letters ("ag", "co") are too often something else to name a firm by themselves.
_SURE_FORM: Final = re.compile(
    r"(?<![a-z])(?:sdn\.? ?bhd|gmbh|ohg|kg|e\. ?k\.|s\.?a\.?r\.?l|sarl|sas|eurl|ltd|limited|llc|inc|b\.v\.|"
    r"s\.r\.l|s\.p\.a)"
)
_MOST_WORDS: Final = 10
# The head of a receipt has so many lines at most; what follows is bought.
_MOST_HEAD: Final = 14
_LONGEST: Final = 60
# A name so much higher than the head's usual line is a sign.
_LARGE: Final = 1.3
_FEWEST_LETTERS: Final = 3
_LEAST_REPEATED: Final = 5


@dataclass(frozen=True, slots=True)
class Shop:
    """A name that may be the shop's, how much speaks for it, where it stands, and what speaks."""

    name: str
    score: float
    place: Place
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    folded: str
    place: Place
    cells: tuple[Cell, ...]
    height: float
    is_mended: bool = False


def shop_candidates(layout: Layout, exclude: Exclude) -> list[Shop]:
    """Return the names at the head of a till's paper, the likeliest first; `exclude` has the client's own."""
    head = list(_head(layout))
    if not head:
        return []
    usual = median(line.height for line in head)
    sites = shop_sites(layout)
    keys = [name_key(" ".join(cell.text for cell in cells)) for cells in layout.lines]
    found: list[Shop] = []
    for position in range(len(head)):
        shop = _shop(head, position, usual=usual, sites=sites, keys=keys)
        if shop is not None and name_key(shop.name) not in exclude.names:
            found.append(shop)
    found += _in_foot(layout, exclude)
    return sorted(found, key=lambda shop: -shop.score)


def _in_foot(layout: Layout, exclude: Exclude) -> Iterator[Shop]:
    """Yield the firms, told by their legal form, that a line without amounts names: often under the thanks."""
    for cell in layout.cells:
        form = _FORM.search(cell.folded)
        if form is None or form.start() == 0 or len(cell.words) > _MOST_WORDS or any(amounts(cell)):
            continue
        name = _cleaned((mended_name(cell.text) if layout.is_ocr else cell.text)[: form.end()])
        if name is not None and name_key(name) not in exclude.names and _SURE_FORM.search(fold(name)):
            is_brand = bool(_BRAND.search(fold(name)))
            codes = ("foot", "form", "brand") if is_brand else ("foot", "form")
            yield Shop(name, 0.85 if is_brand else 0.5, cell.place_of(0, form.end()), codes)


def _head(layout: Layout) -> Iterator[_Line]:
    """Yield the lines over the first thing that was bought."""
    for count, cells in enumerate(layout.lines[:_MOST_HEAD]):
        printed = " ".join(cell.text for cell in cells)
        text = mended_name(printed) if layout.is_ocr else printed
        folded = fold(text)
        if count and any(amounts(cell) for cell in cells) and not _ADDRESS.search(folded):
            return
        first = cells[0].place
        place = Place(
            first.page, first.x0, min(c.place.y0 for c in cells), cells[-1].place.x1, max(c.place.y1 for c in cells)
        )
        height = max(cell.height for cell in cells)
        yield _Line(text, folded, place, tuple(cells), height, is_mended=text != printed)


def _shop(head: Sequence[_Line], position: int, *, usual: float, sites: set[str], keys: Sequence[str]) -> Shop | None:
    line = head[position]
    name = _cleaned(line.text)
    if name is None:
        return None
    whole, place = _joined(head, position, name)
    plain = fold(whole)
    form = _FORM.search(plain)
    follows = [below.folded for below in head[position + 1 : position + 3]]
    signs = (
        ("form", 0.4, bool(form and form.start() > 0 and _SURE_FORM.search(plain))),
        ("weak-form", 0.25, bool(form and form.start() > 0 and not _SURE_FORM.search(plain))),
        ("registered", 0.15, _is_registered(head, position)),
        ("brand", 0.4, bool(_BRAND.search(plain))),
        ("trade", 0.2, bool(_TRADE.search(plain))),
        ("site", 0.4, any(is_like_site(whole, site) for site in sites)),
        ("over-address", 0.1, any(_ADDRESS.search(below) for below in follows)),
        ("garbled", -0.3, bool(_GARBLED.search(whole))),
        ("large", 0.15, line.height > _LARGE * usual),
        ("repeated", 0.1, _is_repeated(whole, keys, position)),
        ("mended", 0.0, line.is_mended),
    )
    score = 0.55 - 0.02 * position + sum(weight for _, weight, applies in signs if applies)
    # A firm may be called after its country or its street; an address has commas and numbers, and no legal form.
    if _ADDRESS.search(plain) and not (form and form.end() >= len(plain) and not re.search(r"[,\d]", plain)):
        score -= 0.5
    elif "," in whole:
        score -= 0.1
    return Shop(whole, score, place, ("top", *(code for code, _, applies in signs if applies)))


def _is_repeated(name: str, keys: Sequence[str], position: int) -> bool:
    """Tell whether another line has the name too, as under the thanks; `keys` has the lines of the paper."""
    key = name_key(name)
    others = (other for at, other in enumerate(keys) if abs(at - position) > 1)
    return len(key) >= _LEAST_REPEATED and any(key in other for other in others)


def _is_registered(head: Sequence[_Line], position: int) -> bool:
    """Tell whether a firm's number stands behind a name, or alone in the line below it; a postcode is none."""
    here = _REGISTERED.search(head[position].folded)
    below = head[position + 1].folded if position + 1 < len(head) else ""
    is_behind = here is not None and here.start() >= _FEWEST_LETTERS and _OF_REGISTER.search(here[0]) is not None
    return is_behind or (_ALONE.fullmatch(below) is not None and _OF_REGISTER.search(below) is not None)


def _joined(head: Sequence[_Line], position: int, name: str) -> tuple[str, Place]:
    """Return a name with its beginning in the line above, where its own has hardly more than the legal form."""
    place = head[position].place
    plain = fold(name)
    form = _FORM.search(plain)
    if not position or form is None or form.end() < len(plain) - 1 or len(plain[: form.start()].split()) > 1:
        return name, place
    above = head[position - 1]
    upper = _cleaned(above.text)
    if upper is None or _FORM.search(fold(upper)) or _ADDRESS.search(fold(upper)):
        return name, place
    left, right = min(place.x0, above.place.x0), max(place.x1, above.place.x1)
    return f"{upper} {name}", Place(place.page, left, above.place.y0, right, place.y1)


def _cleaned(text: str) -> str | None:
    """Return the name in a line, None where it has none."""
    folded = fold(text)
    found = _REGISTERED.search(folded)
    short = text[: found.start()] if found and found.start() >= _FEWEST_LETTERS else text
    name = short.strip(_EDGES).strip()
    plain = fold(name)
    letters = sum(character.isalpha() for character in name)
    digits = sum(character.isdigit() for character in name)
    if letters < _FEWEST_LETTERS or digits > letters / 2 or len(name) > _LONGEST:
        return None
    if _NOT_NAME.search(mended_labels(plain)) and not (
        _FORM.search(plain) and not re.match(r"licensee|gst|tel|reg", plain)
    ):
        return None
    return None if _DATE.search(plain) else " ".join(name.split())

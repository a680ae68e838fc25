"""The name of a shop at the top of its receipt: not its address, its numbers, its greeting or the paper's title."""

from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

from liasse.lib.text import fold, name_key
from liasse.reading.exclude import Exclude
from liasse.reading.party_names import is_like_site, shop_sites
from liasse.reading.types import Place
from liasse.reading.values import amounts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from liasse.reading.layout import Cell, Layout

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
    r"total|summe|betrag|licensee|terminal|server|invoice no|doc no|es bediente sie|bedient|kasse|filiale|"
    r"markt ?nr)(?![a-z])"
)
_REGISTERED: Final = re.compile(
    r"\s*[(\[]?\s*(?:co\.?|company|reg\.?|roc|no\.?|:|"
    r"\s)*\s*[a-z]{0,3}[\s-]?\d{4,12}\s?-?\s?[a-z0-9]?\s*[)\]]?\s*\.?$"
)
_EDGES: Final = " *=-_.,:;#|~<>«»\"'`•·"
_DATE: Final = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
# The head of a receipt has so many lines at most; what follows is bought.
_MOST_HEAD: Final = 14
_LONGEST: Final = 60
_FEWEST_LETTERS: Final = 3


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


def shop_candidates(layout: Layout, exclude: Exclude) -> list[Shop]:
    """Return the names at the head of a till's paper, the likeliest first; `exclude` has the client's own."""
    head = list(_head(layout))
    if not head:
        return []
    usual = median(line.height for line in head)
    sites = shop_sites(layout)
    found: list[Shop] = []
    for position in range(len(head)):
        shop = _shop(head, position, usual=usual, sites=sites)
        if shop is not None and name_key(shop.name) not in exclude.names:
            found.append(shop)
    return sorted(found, key=lambda shop: -shop.score)


def _head(layout: Layout) -> Iterator[_Line]:
    """Yield the lines over the first thing that was bought."""
    for count, cells in enumerate(layout.lines[:_MOST_HEAD]):
        text = " ".join(cell.text for cell in cells)
        folded = fold(text)
        if count and any(amounts(cell) for cell in cells) and not _ADDRESS.search(folded):
            return
        first = cells[0].place
        place = Place(
            first.page, first.x0, min(c.place.y0 for c in cells), cells[-1].place.x1, max(c.place.y1 for c in cells)
        )
        yield _Line(text, folded, place, tuple(cells), max(cell.height for cell in cells))


def _shop(head: Sequence[_Line], position: int, *, usual: float, sites: set[str]) -> Shop | None:
    line = head[position]
    name = _cleaned(line.text)
    if name is None:
        return None
    place, joined = line.place, False
    plain = fold(name)
    form = _FORM.search(plain)
    before = head[position - 1] if position else None
    if form and before is not None and len(plain[: form.start()].split()) <= 1:
        # A long name goes on in the next line, which then has hardly more than the legal form.
        upper = _cleaned(before.text)
        if upper is not None and not _FORM.search(fold(upper)) and not _ADDRESS.search(fold(upper)):
            name, joined = f"{upper} {name}", True
            place = Place(
                place.page, min(place.x0, before.place.x0), before.place.y0, max(place.x1, before.place.x1), place.y1
            )
    score, evidence = 0.55 - 0.03 * position, ["top"]
    if (form and form.start() > 0) or joined:
        score, evidence = score + 0.4, [*evidence, "form"]
    if _TRADE.search(plain):
        score, evidence = score + 0.2, [*evidence, "trade"]
    if any(is_like_site(name, site) for site in sites):
        score, evidence = score + 0.3, [*evidence, "site"]
    if usual and line.height > 1.3 * usual:
        score, evidence = score + 0.15, [*evidence, "large"]
    # A firm may be called after its country or its street; an address has commas and numbers, and no legal form.
    if _ADDRESS.search(plain) and not (form and form.end() >= len(plain) and not re.search(r"[,\d]", plain)):
        score -= 0.5
    elif "," in name:
        score -= 0.1
    return Shop(name, score, place, tuple(evidence))


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
    if _NOT_NAME.search(plain) and not (_FORM.search(plain) and not re.match(r"licensee|gst|tel|reg", plain)):
        return None
    return None if _DATE.search(plain) else " ".join(name.split())

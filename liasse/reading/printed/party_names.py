"""The name of the supplier of an invoice: by headings, legal forms, its web site, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from liasse.lib.text import fold, name_key
from liasse.reading.page import headings, labels
from liasse.reading.page.blocks import address_in, is_address
from liasse.reading.page.roles import FORM, Found, depth_of, party_codes, party_of
from liasse.reading.page.values import CURRENCY_SIGNS, amounts, days

if TYPE_CHECKING:
    from liasse.reading.exclude import Exclude
    from liasse.reading.page.layout import Cell, Layout

_SITE = re.compile(r"(?:www\.|https?://(?:www\.)?|@)([a-z0-9-]+)\.[a-z]{2,6}")
# Domains of everybody's mail name nobody.
_MAILERS: Final = frozenset({"gmail", "hotmail", "yahoo", "outlook", "orange", "wanadoo", "free", "gmx", "web", "live"})
_BANK = re.compile(r"(?<![a-z])(?:iban|bic|blz|swift|kto\.?|konto\w*|rib|domiciliation|code banque)(?![a-z])")
_CUT = re.compile(
    r"\s+[-–—|•●·/]\s+|\s*[●•|]\s*|,\s(?!(?:inc|ltd|llc|llp|corp|gmbh|s\.?a|b\.?v|n\.?v|s\.?l|co)(?![a-z]))|\s\(|"
    r"\s:\s|:\s*$|"
    r" au capital| capital de|\s{3,}",
    re.IGNORECASE,
)
NAME_LABEL = re.compile(
    r"^(?:nom|name|raison sociale|societe|firma|company(?: name)?|ragione sociale|nombre|"
    r"razon social)\s*(?::\s*|$)"
)
_NO_NAME = re.compile(
    r"^(?:\d+(?:[.,]\d+)? |factu|fattura|rechnung|handelsrechnung|warenrechnung|[a-z]+rechnung(?![a-z])|bestell|"
    r"stylesheet|beispiel|www|http|(?:avoir|invoices?|credit|date|datum|fecha|data|page|seite|pagina|tel|telefon|"
    r"telephone|"
    r"telefax|siege|registered office|phone|fax|fon|e-?mail|mail|nummer|number|globale|gln|siret|siren|tva|vat|"
    r"ust|btw|nif|cif|iban|bic|"
    r"swift|logo|"
    r"adresse|address|anschrift|adres|direccion|no|nr|n|original|copie|copy|duplicata|kopie|duplikat|herrn?|frau|"
    r"m|mme|mr|mrs|"
    r"monsieur|madame|customer|client|clients|titulaire|kontoinhaber|kunde|klant|cliente|deutschland|"
    r"france|germany|nederland|belgique|"
    r"steuer|"
    r"steuernummer|steuernr|ref|reference|referenz|order|commande|contact|kontakt|total|totaal|totale|summe|"
    r"subtotal|le \d+|"
    r"du \d+|numero|montant|bill(?: to)?|ship(?: to)?|sold to|terms|due|item|items|amount|quantity|qty|description|"
    r"omschrijving|descripcion|descrizione|designation|bezeichnung|beschreibung|artikel|article|produit|product|"
    r"prijs|prix|"
    r"price|preis|bedrag|betrag|importe|importo|aantal|salesperson|menge|anzahl|qte|quantite|pos|position|id|code|"
    r"unite|unit|einheit|taux|rate|zahlbar|zahlung\w*|payment|paiement|reglement|echeance|fallig|vervaldatum|"
    r"devise|currency|"
    r"wahrung|bank|banque|compte|konto|kontonummer|blz|handelsregister|amtsgericht|registergericht|hrb|"
    r"geschaftsfuhrer\w*|"
    r"rcs|capital|naf|ape|objet|betreff|subject|period|periode|zeitraum|lieferdatum|leistungsdatum|lieferdatum|"
    r"lieferschein\w*|lieferanschrift|lieferadresse|liefertermin|lieferbedingungen|"
    r"livraison|"
    r"delivery|sehr geehrte\w*|dear|bonjour|hello|merci|thank|thanks|vielen dank|bemerkung\w*|hinweis\w*|notes?|"
    r"remarque\w*|conditions|bedingungen|quote|devis|angebot|statement|summary|details?|balance|solde|previous|"
    r"ticket|recu|receipt|avis|releve|paid|paye|status|your|votre|vos|ihr\w*|uw|nos|our|unsere?)(?![a-z]))"
)
_STREET = re.compile(
    r"\b\d{4,5}\b|\b(?:rue|avenue|boulevard|chemin|place|allee|street|road|ave|st\.?|strasse|str\.?|weg|"
    r"platz|bp|cs|cedex)\b"
)
# Sizes, in words, letters and fractions of a page, that tell headings and names from sentences.
_HEADING: Final = 5
_PARAGRAPH: Final = 24
_NAME_WORDS: Final = 7
_NAME_LENGTH: Final = 70
_FEW_LETTERS: Final = 3
_NEAR: Final = 0.1
_SHORTEST_AGAIN: Final = 5
# What the first lines of a page are worth for a name.
_TOP: Final = (0.12, 0.08, 0.04)
_HEAD_OF_PAGE: Final = 0.33
_FOOT_OF_PAGE: Final = 0.8
# What it costs a name to stand in the address of a letter.
_ADDRESSED: Final = 0.3
_OF_SITE: Final = 0.2


def supplier_names(
    layout: Layout, exclude: Exclude, numbers: Sequence[Found], *, addressed: Collection[Cell] = ()
) -> Iterator[Found]:
    """Yield candidates: behind a heading, with a legal form, like the web site, or at the top.

    `addressed` are the cells of addresses that stand where a letter shows whom it is for.
    """
    sites = shop_sites(layout)
    for cell in layout.cells:
        if cell.place.page > 1 and cell.place.page < layout.last_page:
            continue
        yield from _headed(layout, cell, exclude)
        yield from _held(cell, exclude)
        yield from _of_site(layout, cell, exclude)
        name = _name_in(cell, exclude)
        if name is None:
            continue
        found = _weighed(layout, cell, name, sites=sites, numbers=numbers)
        yield replace(found, score=found.score - _ADDRESSED) if cell in addressed else found


def _weighed(layout: Layout, cell: Cell, name: str, *, sites: set[str], numbers: Sequence[Found]) -> Found:
    """Return a name with what speaks for it and against it."""
    plain = fold(name)
    score, codes = (0.45, ["form"]) if FORM.search(plain) else (0.25, [])
    score += party_of(layout, cell) - 0.1 * min(depth_of(cell), 1.0)
    if any(is_like_site(name, site) for site in sites):
        score, codes = score + 0.3, [*codes, "site"]
    if any(_is_near(cell, item.cell) for item in numbers):
        score, codes = score + 0.15, [*codes, "numbers"]
    # Firms print their name in the head or the foot; what is repeated between them is bought.
    is_apart = cell.place.y0 < _HEAD_OF_PAGE or cell.place.y0 > _FOOT_OF_PAGE
    again = _times(layout, cell, plain) if is_apart else 0
    if again:
        score, codes = score + 0.08 * min(again, 3), [*codes, "again"]
    if cell.line < len(_TOP) and cell.place.page == 1:
        score, codes = score + _TOP[cell.line], [*codes, "top"]
    is_place = bool(_STREET.search(plain)) or is_address(plain)
    score -= 0.3 if is_place else 0.0
    if _SOLD_BY.match(cell.folded):
        score, codes = score + 0.4, [*codes, "heading"]
    behind = None if is_place else address_in(cell, cell.text.find(name) + len(name))
    if behind is not None and "," in behind.text:
        # A letter's sender in one small line: "Firma · Weg 1 · 80333 München".
        score, codes = score + 0.25, [*codes, "sender"]
    if any(_BANK.search(other.folded) for other in layout.lines[cell.line]):
        score -= 0.25
    if any(amounts(other) for other in layout.lines[cell.line]):
        # What stands in a line with an amount is bought, not its seller.
        score -= 0.2
    return Found(name, score, cell.place, cell, (*codes, *party_codes(layout, cell)))


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


def shop_sites(layout: Layout) -> set[str]:
    """Return the names of the web sites and mail domains that a document mentions, without blanks and dashes."""
    found = {match[1].replace("-", "") for cell in layout.cells for match in _SITE.finditer(cell.folded)}
    return found - _MAILERS


def _of_site(layout: Layout, cell: Cell, exclude: Exclude) -> Iterator[Found]:
    """Yield the name in a web site or mail domain: better than nothing where the firm is only a logo."""
    for match in _SITE.finditer(cell.folded):
        name = cell.text[match.start(1) : match.end(1)]
        is_usable = len(name) > _FEW_LETTERS and name.casefold() not in _MAILERS and name_key(name) not in exclude.names
        if is_usable and party_of(layout, cell) >= 0:
            score = _OF_SITE - 0.05 * min(depth_of(cell), 1.0)
            yield Found(name, score, cell.place_of(match.start(1), match.end(1)), cell, ("site", "derived"))


def _held(cell: Cell, exclude: Exclude) -> Iterator[Found]:
    """Yield the holder of the account to pay to: often the supplier, sometimes only its owner."""
    match = headings.HOLDER.search(cell.folded)
    name = clean_name(cell.text[match.end() :], exclude) if match else None
    if match and name is not None:
        yield Found(name, 0.33, cell.place_of(match.end(), len(cell.text)), cell, ("holder",))


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
    for distance, other in enumerate(layout.below(cell, reach=9.0)[:5]):
        labelled = NAME_LABEL.match(other.folded)
        row = [other, *layout.right_of(other)[:1]] if labelled and labelled.end() >= len(other.folded) else [other]
        name = clean_name(row[-1].text, exclude) if len(row) > 1 else _name_in(other, exclude)
        if name is not None:
            score = 0.85 - 0.05 * distance + (0.1 if labelled else 0.0)
            codes = ("heading", "label") if labelled else ("heading",)
            yield Found(name, score, row[-1].place, row[-1], codes)


def _is_label(folded: str) -> bool:
    """Tell whether a cell is nothing but the label of some field."""
    plain = folded.strip(" :.#")
    return any(label.pattern.fullmatch(plain) for table in labels.TABLES for label in table)


def _name_in(cell: Cell, exclude: Exclude) -> str | None:
    """Return the name that a cell begins with, None where it is something else."""
    if (
        any(days(cell, month_first=False))
        or len(cell.words) > _PARAGRAPH
        or _NO_NAME.match(cell.folded)
        or _is_label(cell.folded)
    ):
        return None
    return clean_name(cell.text, exclude)


def _first_part(text: str) -> str:
    """Return a text up to the address or the numbers behind it; names have dashes of their own."""
    first, *others = _CUT.split(text)
    dashed = f"{first} - {others[0]}" if others else first
    is_name = dashed == text and not FORM.search(fold(first)) and not re.search(r"\d", dashed)
    return (text if is_name and not _STREET.search(fold(text)) else first).strip()


_SOLD_BY = re.compile(
    r"^(?:vendu (?:et expedie )?par|sold by|verkauf(?:t (?:durch|von)|er)|vendido por|venduto da|"
    r"verkocht door)\s*:?\s+"
)


def clean_name(text: str, exclude: Exclude | None) -> str | None:
    """Return the name that a text begins with, without its label and what follows it; None where it is none."""
    label = NAME_LABEL.match(fold(text))
    rest = text[label.end() if label else 0 :].strip(" :·•●-")
    sold = _SOLD_BY.match(fold(rest))
    name = _first_part(rest[sold.end() if sold else 0 :])
    letters = sum(character.isalpha() for character in name)
    if name[:1] == "(" or "@" in name or not FORM.sub("", fold(name)).strip(" .,"):
        return None
    if letters < max(_FEW_LETTERS, len(name) / 2) or len(name) > _NAME_LENGTH or len(name.split()) > _NAME_WORDS:
        return None
    if (
        _NO_NAME.match(fold(name))
        or fold(name) in CURRENCY_SIGNS
        or (exclude is not None and name_key(name) in exclude.names)
    ):
        return None
    return name


def is_like_site(name: str, site: str) -> bool:
    """Tell whether a name's letters are those of a web site or mail domain."""
    key = name_key(name)
    if len(key) <= _FEW_LETTERS or len(site) <= _FEW_LETTERS:
        return False
    return key in site or (site in key and len(site) * 2 >= len(key))


def _is_near(one: Cell, other: Cell) -> bool:
    return one.place.page == other.place.page and abs(one.place.y0 - other.place.y0) < _NEAR

"""Who sent the document: VAT number, SIREN, IBAN and name of the supplier, not of the client."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from liasse.lib.identifiers import compact, is_iban, is_siren, is_vat_shape, siren_of_vat
from liasse.lib.text import fold, name_key
from liasse.reading import labels
from liasse.reading.layout import Cell, Layout
from liasse.reading.types import Field, FieldName, Place, Source

_VAT = re.compile(
    r"(?<![a-z0-9])(?P<vat>(?:at|be|bg|cy|cz|de|dk|ee|el|es|fi|fr|gb|hr|hu|ie|it|lt|lu|lv|mt|nl|pl|pt|"
    r"ro|se|si|sk|xi)"
    r"[ .:-]?[a-z0-9](?:[ .-]?[a-z0-9]){6,12})(?![a-z0-9])"
)
_SIREN = re.compile(r"(?<![\da-z])(\d{3}[ .]?\d{3}[ .]?\d{3})(?:[ .]?(\d{2}[ .]?\d{3}|\d{5}))?(?![\d])")
_SIREN_LABEL = re.compile(r"siren|siret|r\.?c\.?s\.?|rsc|registre|immatricul")
_IBAN = re.compile(r"(?<![a-z0-9])([a-z]{2} ?[0-9]{2}(?: ?[a-z0-9]){11,30})(?![a-z0-9*])")
_IBAN_LABEL = re.compile("iban")
_FORM = re.compile(
    r"(?<![a-z])(?:s\.?a\.?r\.?l\.?|s\.?a\.?s\.?u?\.?|s\.?a\.?|e\.?u\.?r\.?l\.?|s\.?c\.?i\.?|"
    r"s\.?n\.?c\.?|selarl|scop|gmbh|ag|kg|ohg|ug|e\.?k\.?|e\.?v\.?|"
    r"a\.g\.|ltd\.?|limited|llc|inc\.?|corp\.?|corporation|plc|b\.?v\.?|n\.?v\.?|s\.?l\.?u?\.?|"
    r"s\.?r\.?l\.?|s\.?p\.?a\.?|s\.?p\.?r\.?l\.?)(?![a-z])"
)
_SITE = re.compile(r"(?:www\.|https?://(?:www\.)?|@)([a-z0-9-]+)\.[a-z]{2,6}")
# Domains of everybody's mail name nobody.
_MAILERS: Final = frozenset({"gmail", "hotmail", "yahoo", "outlook", "orange", "wanadoo", "free", "gmx", "web", "live"})
_CUT = re.compile(r"\s+[-–—|•●·/]\s+|\s*[●•|]\s*|,\s|\s\(|\s:\s|:\s*$| au capital| capital de|\s{3,}")
_NAME_LABEL = re.compile(
    r"^(?:nom|name|raison sociale|societe|firma|company(?: name)?|ragione sociale|nombre|"
    r"razon social)\s*(?::\s*|$)"
)
_NO_NAME = re.compile(
    r"^(?:\d+(?:[.,]\d+)? |facture|avoir|invoice|rechnung|factu|fattura|credit|date|page|seite|tel|fax|"
    r"fon|email|e-mail|nummer|globale|gln|siret|siren|tva|vat|"
    r"ust|iban|bic|logo|adresse|anschrift|no\b|nr\b|stylesheet|handelsrechnung|beispiel|original|copie|"
    r"duplicata|kopie|duplikat|herrn?$|frau$|mr|"
    r"customer|client|kunde|deutschland|france|germany|steuer|ref|order|bestell|warenrechnung|contact|"
    r"telefon|total|www|http|le \d|du \d|"
    r"numero|montant|bill|ship|terms|due|item|amount|quantity|description|designation|salesperson|menge|"
    r"pos\b|id\b|code)"
)
_STREET = re.compile(
    r"\b\d{4,5}\b|\b(?:rue|avenue|boulevard|chemin|place|allee|street|road|ave|st\.?|strasse|str\.?|weg|"
    r"platz|bp|cs|cedex)\b"
)
# Below this a name is a guess that would only have to be deleted.
_LEAST: Final = 0.15
# Sizes, in words, letters and fractions of a page, that tell headings and names from sentences.
_HEADING: Final = 5
_PARAGRAPH: Final = 24
_NAME_WORDS: Final = 7
_NAME_LENGTH: Final = 70
_FEW_LETTERS: Final = 3
_NEAR: Final = 0.1
# The shortest IBAN, Norway's, has 15 characters; masked ones have few digits.
_IBAN_LENGTH: Final = 15
_IBAN_DIGITS: Final = 12


@dataclass(frozen=True, slots=True)
class Exclude:
    """What belongs to the client: it stands on every document and never names the supplier."""

    vat: frozenset[str] = frozenset()
    siren: frozenset[str] = frozenset()
    iban: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Exclude:
        """Return the exclusions from lists of texts under "vat", "siren", "iban" and "names"."""
        vat, siren, iban = (frozenset(map(compact, data.get(key) or ())) for key in ("vat", "siren", "iban"))
        sirens = siren | {found for number in vat if (found := siren_of_vat(number))}
        return cls(vat=vat, siren=frozenset(sirens), iban=iban, names=frozenset(map(name_key, data.get("names") or ())))


@dataclass(frozen=True, slots=True)
class _Found:
    value: str
    score: float
    place: Place
    cell: Cell


def read_parties(layout: Layout, *, exclude: Exclude) -> dict[FieldName, Field]:
    """Return what names the supplier; numbers in the buyer's part of the page count little."""
    fields: dict[FieldName, Field] = {}
    vat = _best(_vat_numbers(layout, exclude))
    siren = _best(_sirens(layout, exclude, vat))
    iban = _best(_ibans(layout, exclude))
    if vat is not None:
        fields[FieldName.SUPPLIER_VAT] = _field(vat, "BT-31")
    if siren is not None:
        fields[FieldName.SUPPLIER_SIREN] = _field(siren, "BT-30")
    elif vat is not None and (inside := siren_of_vat(vat.value)):
        fields[FieldName.SUPPLIER_SIREN] = Field(inside, Source.RULE, _confidence(vat.score), "BT-31", vat.place)
    if iban is not None:
        fields[FieldName.IBAN] = _field(iban, "BT-84")
    name = _best(_names(layout, exclude, [item for item in (vat, siren) if item]))
    if name is not None and name.score >= _LEAST:
        fields[FieldName.SUPPLIER_NAME] = _field(name, "BT-27")
    return fields


def _field(found: _Found, term: str) -> Field:
    return Field(found.value, Source.TEXT, _confidence(found.score), term, found.place)


def _confidence(score: float) -> float:
    return round(min(max(score, 0.05), 0.95), 2)


def _best(found: Iterable[_Found]) -> _Found | None:
    """Return the likeliest; a value found several times is a little likelier each time."""
    by_value: dict[str, _Found] = {}
    for item in found:
        known = by_value.get(item.value)
        if known is None:
            by_value[item.value] = item
        else:
            better = known if known.score >= item.score else item
            by_value[item.value] = _Found(better.value, better.score + 0.05, better.place, better.cell)
    return max(by_value.values(), key=lambda item: item.score, default=None)


def _party(layout: Layout, cell: Cell) -> float:
    """Return how the page's headings speak about a cell: below 0 the buyer's, above 0 the seller's."""
    before = cell.folded
    if labels.SELLER.search(before):
        return 0.25
    if labels.BUYER.search(before) and not _FORM.search(before):
        return -0.5
    for other in layout.above(cell, reach=0.22):
        if labels.SELLER.search(other.folded):
            return 0.25
        if len(other.words) <= _HEADING and labels.BUYER.search(other.folded):
            return -0.45
    return 0.0


def _vat_numbers(layout: Layout, exclude: Exclude) -> Iterator[_Found]:
    for cell in layout.cells:
        for match in _VAT.finditer(cell.folded):
            number = _vat_in(match["vat"])
            if number is None or number in exclude.vat or is_iban(compact(match["vat"])):
                continue
            before = cell.folded[max(0, match.start() - 40) : match.start()]
            is_labelled = bool(labels.VAT_ID.search(before)) or _has_label_near(layout, cell, labels.VAT_ID)
            if not is_labelled and not number[2:].isdigit():
                continue
            score = (0.85 if is_labelled else 0.4) + _party(layout, cell) - 0.05 * _depth(cell)
            yield _Found(number, score, cell.place_of(match.start(), match.end()), cell)


def _vat_in(text: str) -> str | None:
    """Return the longest beginning of a text that is a VAT number."""
    whole = compact(text).replace(":", "")
    return whole if is_vat_shape(whole) else None


def _has_label_near(layout: Layout, cell: Cell, pattern: re.Pattern[str]) -> bool:
    """Tell whether a label stands left of a cell, in its line, or over it."""
    line = [other for other in layout.lines[cell.line] if other.place.x1 <= cell.place.x0]
    over = layout.above(cell, reach=2 * cell.height)
    return any(pattern.search(other.folded) for other in [*line[-1:], *over[:1]])


def _depth(cell: Cell) -> float:
    """Return how far down a document a cell stands: the first page's top is 0."""
    return cell.place.page - 1 + cell.place.y0


def _sirens(layout: Layout, exclude: Exclude, vat: _Found | None) -> Iterator[_Found]:
    inside = siren_of_vat(vat.value) if vat else None
    for cell in layout.cells:
        for match in _SIREN.finditer(cell.folded):
            digits = compact(match[1])
            before = cell.folded[max(0, match.start() - 40) : match.start()]
            is_labelled = bool(_SIREN_LABEL.search(before))
            if digits in exclude.siren or not (is_labelled or (digits == inside and is_siren(digits))):
                continue
            score = (0.85 if is_labelled else 0.5) + _party(layout, cell) - 0.05 * _depth(cell)
            score += (0.1 if digits == inside else 0.0) - (0.0 if is_siren(digits) else 0.2)
            yield _Found(digits, score, cell.place_of(match.start(1), match.end(1)), cell)


def _ibans(layout: Layout, exclude: Exclude) -> Iterator[_Found]:
    for cell in layout.cells:
        for match in _IBAN.finditer(cell.folded):
            account = _iban_in(match[1])
            if account is None or account in exclude.iban:
                continue
            is_right = is_iban(account)
            is_labelled = "iban" in cell.folded or _has_label_near(layout, cell, _IBAN_LABEL)
            if is_right or is_labelled:
                is_debit = bool(re.search(r"ihrem konto|votre compte|your account|prelev", cell.folded))
                score = (0.9 if is_right else 0.45) - (0.5 if is_debit else 0.0)
                yield _Found(account, score, cell.place_of(match.start(1), match.end(1)), cell)


def _iban_in(text: str) -> str | None:
    """Return the IBAN at the beginning of a text; words may follow it that look like more of it."""
    parts = text.split(" ")
    for count in range(len(parts), 0, -1):
        account = compact("".join(parts[:count]))
        if is_iban(account):
            return account
    account = compact(text)
    return account if len(account) >= _IBAN_LENGTH and sum(map(str.isdigit, account)) >= _IBAN_DIGITS else None


def _names(layout: Layout, exclude: Exclude, numbers: Sequence[_Found]) -> Iterator[_Found]:
    """Yield candidates: behind a heading, with a legal form, like the web site, or at the top."""
    sites = shop_sites(layout)
    for cell in layout.cells:
        if cell.place.page > 1 and cell.place.page < layout.last_page:
            continue
        yield from _headed(layout, cell, exclude)
        yield from _held(cell, exclude)
        name = _name_in(cell, exclude)
        if name is None:
            continue
        form = _FORM.search(fold(name))
        score = 0.25 if form is None else 0.45
        score += _party(layout, cell) - 0.1 * min(_depth(cell), 1.0)
        score += 0.3 if any(_is_like(name, site) for site in sites) else 0.0
        score += 0.15 if any(_is_near(cell, item.cell) for item in numbers) else 0.0
        yield _Found(name, score - (0.3 if _STREET.search(fold(name)) else 0.0), cell.place, cell)


def shop_sites(layout: Layout) -> set[str]:
    """Return the names of the web sites and mail domains that a document mentions, without blanks and dashes."""
    found = {match[1].replace("-", "") for cell in layout.cells for match in _SITE.finditer(cell.folded)}
    return found - _MAILERS


def _held(cell: Cell, exclude: Exclude) -> Iterator[_Found]:
    """Yield the holder of the account to pay to: often the supplier, sometimes only its owner."""
    match = labels.HOLDER.search(cell.folded)
    name = _clean(cell.text[match.end() :], exclude) if match else None
    if match and name is not None:
        yield _Found(name, 0.4, cell.place_of(match.end(), len(cell.text)), cell)


def _headed(layout: Layout, cell: Cell, exclude: Exclude) -> Iterator[_Found]:
    """Yield the name behind or under a heading such as "Seller"."""
    match = labels.SELLER.search(cell.folded)
    if match is None or cell.folded[match.end() :].count(" ") > _HEADING:
        return
    rest = cell.text[match.end() :].strip(" :")
    if rest:
        name = _clean(rest, exclude)
        if name is not None:
            yield _Found(name, 0.85, cell.place_of(match.end(), len(cell.text)), cell)
        return
    for distance, other in enumerate(layout.below(cell, reach=9.0)[:5]):
        labelled = _NAME_LABEL.match(other.folded)
        row = [other, *layout.right_of(other)[:1]] if labelled and labelled.end() >= len(other.folded) else [other]
        name = _clean(row[-1].text, exclude) if len(row) > 1 else _name_in(other, exclude)
        if name is not None:
            yield _Found(name, 0.85 - 0.05 * distance + (0.1 if labelled else 0.0), row[-1].place, row[-1])


def _is_label(folded: str) -> bool:
    """Tell whether a cell is nothing but the label of some field."""
    plain = folded.strip(" :.#")
    return any(label.pattern.fullmatch(plain) for table in labels.TABLES for label in table)


def _name_in(cell: Cell, exclude: Exclude) -> str | None:
    """Return the name that a cell begins with, None where it is something else."""
    if len(cell.words) > _PARAGRAPH or _NO_NAME.match(cell.folded) or _is_label(cell.folded):
        return None
    return _clean(cell.text, exclude)


def _first_part(text: str) -> str:
    """Return a text up to the address or the numbers behind it; names have dashes of their own."""
    first, *others = _CUT.split(text)
    dashed = f"{first} - {others[0]}" if others else first
    is_name = dashed == text and not _FORM.search(fold(first)) and not re.search(r"\d", dashed)
    return (text if is_name and not _STREET.search(fold(text)) else first).strip()


def _clean(text: str, exclude: Exclude) -> str | None:
    label = _NAME_LABEL.match(fold(text))
    name = _first_part(text[label.end() if label else 0 :].strip(" :·•●-"))
    letters = sum(character.isalpha() for character in name)
    if name[:1] == "(" or "@" in name or not _FORM.sub("", fold(name)).strip(" .,"):
        return None
    if letters < max(_FEW_LETTERS, len(name) / 2) or len(name) > _NAME_LENGTH or len(name.split()) > _NAME_WORDS:
        return None
    if _NO_NAME.match(fold(name)) or name_key(name) in exclude.names:
        return None
    return name


def _is_like(name: str, site: str) -> bool:
    """Tell whether a name's letters are those of a web site or mail domain."""
    key = name_key(name)
    return len(key) > _FEW_LETTERS and len(site) > _FEW_LETTERS and (key in site or site in key)


def _is_near(one: Cell, other: Cell) -> bool:
    return one.place.page == other.place.page and abs(one.place.y0 - other.place.y0) < _NEAR

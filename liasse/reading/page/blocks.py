"""Blocks of lines that stand under one another, as addresses do, and the address inside one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from liasse.lib.text import fold
from liasse.reading.page.layout import around
from liasse.reading.types import Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liasse.reading.page.layout import Cell, Layout

# In heights of a line: how far under the last line the next may stand, and how far beside its beginning.
_GAP: Final = 1.1
# A town may stand apart from its street, as letters leave a line between them.
_GAP_ADDRESS: Final = 2.5
_SLACK: Final = 1.2
# A page has hardly so many columns: an older block than these has ended.
_OPEN_BLOCKS: Final = 24
_A4: Final = 0.707
_MOST_LINES: Final = 12
_LONGEST_ADDRESS: Final = 200

# "Käufer:" alone in its line opens a block of its own.
_HEADING: Final = re.compile(r"^[^\d:]{3,40}:$")
_COUNTRY: Final = re.compile(
    r"^(?:(?:de|fr|at|ch|nl|be|es|it|lu|gb|uk|us)$|france|deutschland|germany|allemagne|belgique|belgie|belgium|"
    r"suisse|"
    r"schweiz|switzerland|luxembourg|nederland|the netherlands|netherlands|pays-bas|espana|spain|espagne|italia|"
    r"italy|"
    r"italie|osterreich|austria|autriche|united kingdom|royaume-uni|united states|usa|ireland|irlande|portugal|"
    r"polska|"
    r"poland|danmark|denmark|sverige|sweden|malaysia|canada)\b[ .]*$"
)
_STREET: Final = re.compile(
    r"(?<![a-z])(?:\d{1,4}(?: ?(?:bis|ter|[a-d]))?,? (?:rue|avenue|av\.?|bd\.?|boulevard|place|pl\.|chemin|"
    r"allees?|impasse|quai|"
    r"route|cours|square|passage|villa|faubourg|voie|sentier|zone|za|zi|zac)|(?:rue|avenue|boulevard|place|"
    r"chemin|allee|"
    r"impasse|quai|route|cours|zone (?:industrielle|artisanale|d'activite)|zac|parc d'activites?|lieu[- ]dit|"
    r"b\.?p\.?|"
    r"c\.?s\.?) [a-z0-9]|[a-z.-]*(?:strasse|strase|str\.|weg|platz|allee|gasse|damm|ring|ufer|chaussee|straat|"
    r"laan|plein|"
    r"kade|gracht|dreef) ?\d|\d+[a-z]? [a-z .']+ (?:street|road|avenue|lane|drive|way|court|square|blvd|st|rd|ave)\b|"
    r"(?:calle|c/|avda\.?|avenida|plaza|paseo|via|viale|piazza|corso|largo) [a-z])|postfach|p\.? ?o\.? box|postbus|"
    r"^[a-z][a-z .'-]{2,30} \d{1,4} ?[a-z]?$"
)
_CITY: Final = re.compile(
    r"(?<![\d-])(?:(?:f|d|de|fr|at|a|b|be|ch|l|lu|nl|i|it|e|es)[ -]{1,3})?(?:\d{4,5}|\d{4} ?[a-z]{2}|"
    r"\d{2} \d{3}) [a-z][a-z' .-]+"
    r"|(?<![\da-z-])\d{5}[a-z]{4,}$|[a-z .]+,? [a-z]{2} \d{5}(?:-\d{4})?\b|[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}\b"
)
_NUMBERED: Final = re.compile(
    r"(?<![a-z])(?:siret|siren|tva|t\.v\.a|n.? ?tva|vat|ust|steuer|iban|bic|tel|fax|fon|phone|e?-?mail|www|http|"
    r"capital|rcs|"
    r"r\.c\.s|naf|ape|kundennr|gln|duns|btw|kvk|contact|mobile|portable|client no|date|facture|invoice|rechnung)|@"
)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines under one another."""

    cells: tuple[Cell, ...]

    @property
    def place(self) -> Place:
        """Return the rectangle around the block."""
        return around([word for cell in self.cells for word in cell.words])

    def has_address(self) -> bool:
        """Tell whether a line of it names a town with its postcode."""
        return any(_CITY.search(cell.folded) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Address:
    """An address in one line, and where it stands."""

    text: str
    place: Place


def blocks_of(layout: Layout) -> list[Block]:
    """Return the blocks of the first and the last page, from top to bottom."""
    found: list[list[Cell]] = []
    for cell in layout.cells:
        if 1 < cell.place.page < layout.last_page:
            continue
        most = _GAP_ADDRESS if is_address(cell.folded) else _GAP
        near = [run for run in found[-_OPEN_BLOCKS:] if _is_next(run[-1], cell, most)]
        home = next((run for run in reversed(near) if _is_left_aligned(run[-1], cell, layout)), None)
        home = home or next((run for run in reversed(near) if _is_centred(run[-1], cell, layout)), None)
        if home is not None and len(home) < _MOST_LINES and not _HEADING.match(cell.folded):
            home.append(cell)
        else:
            found.append([cell])
    return [Block(tuple(run)) for run in found]


def _is_next(last: Cell, cell: Cell, most: float) -> bool:
    """Tell whether a cell stands so close under another that it may be the next line of its block."""
    if last.place.page != cell.place.page or cell.line == last.line:
        return False
    gap = cell.place.y0 - last.place.y1
    return -0.6 * max(last.height, cell.height) <= gap <= most * min(last.height, cell.height)


def _is_left_aligned(last: Cell, cell: Cell, layout: Layout) -> bool:
    slack = _SLACK * max(last.height, cell.height) / layout.shape_of(cell.place.page)
    return abs(cell.place.x0 - last.place.x0) <= slack


def _is_centred(last: Cell, cell: Cell, layout: Layout) -> bool:
    slack = _SLACK * max(last.height, cell.height) / layout.shape_of(cell.place.page)
    return abs(cell.place.x0 + cell.place.x1 - last.place.x0 - last.place.x1) <= slack


def address_after(cells: Sequence[Cell]) -> Address | None:
    """Return the address that the lines after a name make: streets, then the town; None where there is no town."""
    taken: list[Cell] = []
    for cell in cells[:_MOST_LINES]:
        plain = _unlabelled(cell.folded)
        if _CITY.search(plain) and not _NUMBERED.search(plain):
            taken.append(cell)
            break
        if _NUMBERED.search(plain):
            continue
        if taken and not _is_part(plain):
            return None
        if _STREET.search(plain) or (taken and _is_part(plain)):
            taken.append(cell)
    else:
        return None
    rest = cells[list(cells).index(taken[-1]) + 1 :][:1]
    taken += [cell for cell in rest if _COUNTRY.match(cell.folded)]
    text = ", ".join(_text(cell) for cell in taken)
    if len(text) > _LONGEST_ADDRESS:
        return None
    return Address(text, around([word for cell in taken for word in cell.words]))


def address_in(cell: Cell, start: int) -> Address | None:
    """Return the address behind a name in its own line: "Firma GmbH · Weg 1 · 80333 München"."""
    parts = re.split(r"\s*[·•|●]\s*|\s+[-–—]\s+|,\s*", cell.text[start:])
    kept: list[str] = []
    for part in parts:
        folded = fold(part)
        if part and (_CITY.search(folded) or _STREET.search(folded)) and not _NUMBERED.search(folded):
            kept.append(part.strip())
    if not kept or not any(_CITY.search(fold(part)) for part in kept):
        return None
    return Address(", ".join(kept), cell.place_of(start, len(cell.text)))


def is_address(folded: str) -> bool:
    """Tell whether a line is a street or a town rather than a name."""
    return bool(_STREET.search(folded) or _CITY.search(folded) or _COUNTRY.match(folded))


def _is_part(folded: str) -> bool:
    return len(folded) <= 60 and not re.search(r"\d[.,]\d{2}\b", folded)  # noqa: PLR2004 - a line of an address is short


_LABEL: Final = re.compile(r"^(?:anschrift|adresse|address|direccion|indirizzo|adres|ort|ville)\s*:\s*")


def _unlabelled(folded: str) -> str:
    return _LABEL.sub("", folded)


def _text(cell: Cell) -> str:
    found = _LABEL.match(cell.folded)
    return cell.text[found.end() if found else 0 :].strip(" ,;")

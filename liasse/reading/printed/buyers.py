"""Who the document is for: the name, the address and the numbers of the customer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from liasse.lib.text import fold, name_key
from liasse.reading.page.blocks import Block, address_after, is_address
from liasse.reading.page.roles import Found, best_of, confidence_of, field_of
from liasse.reading.printed.name_texts import NAME_LABEL, clean_name, is_slogan
from liasse.reading.printed.party_ids import own_sirens, own_vat_numbers
from liasse.reading.types import Field, FieldName, Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from liasse.reading.exclude import Exclude
    from liasse.reading.page.layout import Cell, Layout

_WORD: Final = (
    r"(?:nom (?:du )?client|clients?|adresse de facturation|adresse du client|facture a|facturer a|facturee? a|"
    r"destinataire|acheteur|bill(?:ed)?(?: to)?|billing address|sold to|invoice(?:d)? to|customer(?: name)?|buyer|"
    r"client name|kaufer(?:/leistungsempfanger)?|kunde|kundin|rechnungsempfanger|leistungsempfanger|"
    r"rechnungsanschrift|"
    r"rechnungsadresse|rechnung an|cliente|destinatario|facturar a|intestatario|factuuradres|klant|aan|attn\.?|to|"
    r"a l'attention de|account name|titulaire|doit|cessionario(?:/committente)?|receptor|nabywca|invoice for|a(?= ?:)|"
    r"vos coordonnees|ihre adresse|kunde/?in|kopare|kunde|odberatel|comprador|adquirente)"
)
_HEADED = re.compile(rf"^{_WORD}(?: ?\([a-z/ ]{{3,20}}\)| / [a-z]{{3,12}})?\s*(?::|$)")
# The service address or that of delivery names somebody else, or the same one again.
_DELIVERY = re.compile(r"livr|deliver|ship|liefer|aflever|entrega|consegna|afwijkend|abweich|service address")
_NOT_NAME = re.compile(
    r"^(?:(?:firma|company|societe|an|to|spett(?:\.?le)?|gent\.?(?:ile)?)$|a l'attention|attn|t\.?a\.?v|z\.? ?hd|"
    r"contact|kontakt|ansprechpartner|nummer|number|no\b|n o|numero|"
    r"kundennr|client no|"
    r"globale|gln|id\b|code|ref|tel|siret|siren|tva|ust|vat|\d)"
)
_PERSON = re.compile(
    r"^(?:herrn?|frau|m\.|mme|mr\.?|mrs\.?|ms\.?|monsieur|madame|mlle|dhr\.?|mevr\.?|sig\.?|sr\.?|sra\.?)(?![a-z])"
)
# A letter's window: where the address of an unheaded document stands.
_SALUTED = re.compile(
    r"^(?:firma|an|herrn?|frau|madame|monsieur|m\.|mme|mr\.?|mrs\.?|spett\.?le|t\.a\.v\.|attn)(?![a-z])"
)
_RIGHT: Final = 0.4
_WINDOW_TOP: Final = 0.05
_WINDOW_BOTTOM: Final = 0.42
_LEAST: Final = 0.35
_HEAD: Final = 0.11
_FOOT: Final = 0.85
_SHORTEST_SIGN: Final = 4
_SUPPLIER_SIGNS = re.compile(
    r"(?<![a-z])(?:siret|siren|rcs|tel|telefon|fax|www|http|capital|iban|ust-?id\w*|steuernr|handelsregister|"
    r"email|e-mail)|@"
)


def read_buyer(
    layout: Layout, blocks: Sequence[Block], *, supplier: str | None, supplier_vat: str | None, exclude: Exclude
) -> dict[FieldName, Field]:
    """Return the customer's name, address, VAT number and SIREN; `supplier` is the name that is not the customer's."""
    fields: dict[FieldName, Field] = {}
    vat = best_of(own_vat_numbers(layout, exclude, supplier=supplier_vat))
    siren = best_of(own_sirens(layout, exclude, vat.value if vat else None))
    if vat is not None:
        fields[FieldName.CUSTOMER_VAT] = field_of(vat, "BT-48")
    if siren is not None:
        fields[FieldName.CUSTOMER_SIREN] = field_of(siren, "BT-47")
    name = best_of(_names(layout, blocks, supplier=supplier, exclude=exclude))
    if name is None or name.score < _LEAST:
        return fields
    fields[FieldName.CUSTOMER_NAME] = field_of(name, "BT-44")
    home = next((block for block in blocks if name.cell in block.cells), None)
    after = home.cells[home.cells.index(name.cell) + 1 :] if home else ()
    address = address_after(after)
    if address is not None:
        score = confidence_of(name.score - 0.05)
        fields[FieldName.CUSTOMER_ADDRESS] = Field(
            address.text, Source.TEXT, score, "BG-8", address.place, (*name.evidence, "block")
        )
    return fields


def _names(layout: Layout, blocks: Sequence[Block], *, supplier: str | None, exclude: Exclude) -> Iterator[Found]:
    not_theirs = name_key(supplier) if supplier else ""
    for found in (*_headed(layout, blocks), *_in_window(layout, blocks), *_own(layout, exclude)):
        key = name_key(found.value)
        if "own" not in found.evidence and _is_theirs(key, not_theirs):
            continue
        if key != not_theirs:
            yield found


def _is_theirs(key: str, supplier: str) -> bool:
    """Tell whether a name is the supplier's sign: a part of its name, as the first word over its address."""
    return len(key) >= _SHORTEST_SIGN and supplier.startswith(key)


def _own(layout: Layout, exclude: Exclude) -> Iterator[Found]:
    """Yield the client's own name where it stands in a short cell."""
    for cell in layout.cells:
        if len(cell.words) <= 8 and exclude.names and name_key(cell.text) in exclude.names:  # noqa: PLR2004 - a name
            yield Found(cell.text.strip(" :,"), 0.9, cell.place, cell, ("own",))


def _headed(layout: Layout, blocks: Sequence[Block]) -> Iterator[Found]:
    """Yield the name behind, under or beside a heading such as "Bill to"."""
    for cell in layout.cells:
        match = _HEADED.search(cell.folded)
        if match is None or cell.place.page > 1:
            continue
        rest = cell.text[match.end() :].strip(" :")
        if rest:
            name = _name(rest)
            if name is not None:
                yield Found(name, 0.8, cell.place_of(match.end(), len(cell.text)), cell, ("heading",))
            continue
        for distance, other in enumerate(_under(layout, blocks, cell)):
            labelled = NAME_LABEL.match(other.folded)
            row = layout.right_of(other)[:1] if labelled and labelled.end() >= len(other.folded) else []
            target = row[0] if row else other
            name = _name(target.text)
            if name is not None:
                codes = ("heading", "label") if labelled else ("heading",)
                yield Found(name, 0.8 - 0.08 * distance + (0.15 if labelled else 0.0), target.place, target, codes)


def _under(layout: Layout, blocks: Sequence[Block], cell: Cell) -> list[Cell]:
    home = next((block for block in blocks if cell in block.cells), None)
    after = list(home.cells[home.cells.index(cell) + 1 :]) if home else []
    return (after or layout.below(cell, reach=6.0) or layout.right_of(cell)[:1])[:5]


def addressed_cells(blocks: Sequence[Block]) -> set[Cell]:
    """Return the cells of the addresses in a letter's window, on the right where a supplier's own address is rare."""
    theirs = (
        block
        for block in blocks
        if _is_in_window(block) and (block.place.x0 > _RIGHT or any(_SALUTED.match(c.folded) for c in block.cells[:2]))
    )
    return {cell for block in theirs for cell in block.cells}


def _is_in_window(block: Block) -> bool:
    place = block.place
    if place.page > 1 or not _WINDOW_TOP <= place.y0 <= _WINDOW_BOTTOM or not block.has_address():
        return False
    if _DELIVERY.search(block.cells[0].folded):
        return False
    return not any(_SUPPLIER_SIGNS.search(cell.folded) for cell in block.cells)


def _in_window(layout: Layout, blocks: Sequence[Block]) -> Iterator[Found]:
    """Yield the first name of an address that stands where a letter's window shows it, without a supplier's numbers.

    Over the window is the supplier's head: its branches have addresses there, and what is printed in the foot again is
    its own.
    """
    feet = [other.folded for other in layout.cells if other.place.y0 > _FOOT]
    for block in blocks:
        if not _is_in_window(block):
            continue
        first = next(((cell, name) for cell in block.cells[:4] if (name := _name(cell.text)) is not None), None)
        if first is not None and len(block.cells) > 1:
            cell, name = first
            is_person = any(_PERSON.match(other.folded) for other in block.cells[:3])
            score = 0.5 + (0.1 if block.place.x0 > _RIGHT else 0.0) + (0.1 if is_person else 0.0)
            score -= 0.15 if block.place.y0 < _HEAD or is_slogan(fold(name)) else 0.0
            score -= 0.15 if any(fold(name) in foot for foot in feet) else 0.0
            yield Found(name, score, cell.place, cell, ("window",))


def _name(text: str) -> str | None:
    folded = fold(text)
    if _NOT_NAME.match(folded) or is_address(folded) or "@" in folded:
        return None
    person = _PERSON.match(folded)
    if person is not None:
        rest = text[person.end() :].strip(" .:")
        return text.strip() if rest and not any(map(str.isdigit, rest)) else None
    return clean_name(text, None)

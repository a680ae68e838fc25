"""Who sent the document and whom it is for: names, addresses and numbers of the supplier and of the customer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liasse.lib.identifiers import french_vat_of, siren_of_vat
from liasse.reading.exclude import Exclude
from liasse.reading.page.blocks import Address, Block, address_after, address_in, blocks_of
from liasse.reading.page.roles import Found, best_of, confidence_of, field_of
from liasse.reading.printed.buyers import addressed_cells, read_buyer
from liasse.reading.printed.full_names import in_full
from liasse.reading.printed.party_ids import ibans, maimed_french_vat, sirens, sirets, vat_numbers
from liasse.reading.printed.party_names import supplier_names
from liasse.reading.types import Field, FieldName, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liasse.reading.page.layout import Layout


# Below this a name is a guess that would only have to be deleted.
_LEAST: Final = 0.15


def read_parties(layout: Layout, *, exclude: Exclude) -> dict[FieldName, Field]:
    """Return what names the supplier and the customer; numbers in the buyer's part of the page count little."""
    fields: dict[FieldName, Field] = {}
    vat = best_of(vat_numbers(layout, exclude))
    siren = best_of(sirens(layout, exclude, vat))
    iban = best_of(ibans(layout, exclude))
    vat = _plausible(layout, vat, siren)
    if vat is not None:
        fields[FieldName.SUPPLIER_VAT] = field_of(vat, "BT-31")
    if siren is not None:
        fields[FieldName.SUPPLIER_SIREN] = field_of(siren, "BT-30")
        siret = best_of(sirets(layout, siren.value))
        if siret is not None:
            fields[FieldName.SUPPLIER_SIRET] = field_of(siret, "BT-30")
    elif vat is not None and (inside := siren_of_vat(vat.value)):
        codes = (*vat.evidence, "derived")
        fields[FieldName.SUPPLIER_SIREN] = Field(
            inside, Source.RULE, confidence_of(vat.score), "BT-31", vat.place, codes
        )
    if iban is not None:
        fields[FieldName.IBAN] = field_of(iban, "BT-84")
    blocks = blocks_of(layout)
    numbers = [item for item in (vat, siren) if item]
    candidates = supplier_names(layout, exclude, numbers, addressed=addressed_cells(blocks), blocks=blocks)
    # What is guessed to go on in the next line is joined to the name that is chosen, not chosen for it.
    name = best_of(found for found in candidates if "guessed" not in found.evidence)
    name = in_full(layout, name, exclude) if name is not None else None
    if name is not None and name.score >= _LEAST:
        fields[FieldName.SUPPLIER_NAME] = field_of(name, "BT-27")
        address = _address_of(name, blocks)
        if address is not None:
            codes = (*name.evidence, "block")
            fields[FieldName.SUPPLIER_ADDRESS] = Field(
                address.text, Source.TEXT, confidence_of(name.score - 0.05), "BG-5", address.place, codes
            )
    supplier = name.value if name else None
    return fields | read_buyer(
        layout, blocks, supplier=supplier, supplier_vat=vat.value if vat else None, exclude=exclude
    )


def _plausible(layout: Layout, vat: Found | None, siren: Found | None) -> Found | None:
    """Return the supplier's VAT number, made from a checked SIREN where only the buyer's, or a maimed one, is read.

    A French VAT number is FR, a key and the SIREN, so the SIREN gives it where the page shows one that lost a digit.
    """
    if siren is None or "id-checked" not in siren.evidence or siren_of_vat(vat.value if vat else "") == siren.value:
        return vat
    if vat is not None and "buyer-part" not in vat.evidence and "yours" not in vat.evidence:
        return vat
    maimed = maimed_french_vat(layout, siren.value)
    if maimed is None:
        return None if vat is not None and siren_of_vat(vat.value) else vat
    codes = ("label", "in-vat", "id-checked", "repaired")
    return Found(french_vat_of(siren.value), 0.8, maimed[1], maimed[0], codes)


def _address_of(name: Found, blocks: Sequence[Block]) -> Address | None:
    """Return the address under a name, or behind it in its own line."""
    inside = address_in(name.cell, name.cell.text.find(name.value) + len(name.value))
    if inside is not None:
        return inside
    home = next((block for block in blocks if name.cell in block.cells), None)
    return address_after(home.cells[home.cells.index(name.cell) + 1 :]) if home else None

"""The numbers of a supplier and of a customer: VAT number, SIREN, SIRET, IBAN, each with its own check."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from liasse.lib.identifiers import (
    compact,
    french_vat_of,
    is_iban,
    is_iban_country,
    is_siren,
    is_siret,
    is_vat_shape,
    siren_of_vat,
)
from liasse.reading.page import labels
from liasse.reading.page.mending import mended_ids
from liasse.reading.page.roles import Found, depth_of, has_label_near, party_codes, party_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liasse.reading.exclude import Exclude
    from liasse.reading.page.layout import Cell, Layout
    from liasse.reading.types import Place

_VAT = re.compile(
    r"(?<![a-z0-9])(?P<vat>(?:at|be|bg|cy|cz|de|dk|ee|el|es|fi|fr|gb|hr|hu|ie|it|lt|lu|lv|mt|nl|pl|pt|"
    r"ro|se|si|sk|xi|che|no)"
    r"[ .:-]?[a-z0-9](?:[ .-]?[a-z0-9]){6,12})(?![a-z0-9])"
)
_SIREN = re.compile(r"(?<![\da-z])(\d{3}[ .]?\d{3}[ .]?\d{3})(?:[ .]?(\d{2}[ .]?\d{3}|\d{5}))?(?![\d])")
_SIREN_LABEL = re.compile(r"siren|siret|r\.?c\.?s\.?|rsc|registre|immatricul")
_IBAN = re.compile(r"(?<![a-z0-9])([a-z]{2} ?[0-9]{2}(?: ?[a-z0-9]){11,30})(?![a-z0-9*])")
_IBAN_LABEL = re.compile("iban")
_DEBIT = re.compile(r"ihrem konto|votre compte|your account|prelev|uw rekening|su cuenta|vostro conto")
_YOURS = re.compile(
    r"(?:tva|vat|ust|btw|iva|siren|siret)[ a-z.-]{0,12}(?:client|customer|kunden?|klant|acheteur|buyer|"
    r"cliente)(?![a-z])|"
    r"(?:votre|vos|ihre?|your|uw|vostra?|su) (?:n[o.]* ?(?:de )?)?(?:numero (?:de )?|identifiant )?(?:tva|ust|"
    r"vat|btw|p\.? ?iva|nif|siren|siret)|"
    r"(?:client|customer|kunden?|klant|buyer|acheteur)[ -]{0,3}(?:s |'s )?(?:tva|ust|vat|btw|siren|siret)"
)
# The shortest IBAN, Norway's, has 15 characters; masked ones have few digits.
_IBAN_LENGTH: Final = 15
_IBAN_DIGITS: Final = 12
_BEFORE: Final = 40


def vat_numbers(layout: Layout, exclude: Exclude) -> Iterator[Found]:
    """Yield the VAT numbers that are not the client's own; those in the buyer's part score low."""
    for found in _all_vat_numbers(layout):
        if found.value not in exclude.vat:
            yield found


def own_vat_numbers(layout: Layout, exclude: Exclude, *, supplier: str | None) -> Iterator[Found]:
    """Yield the VAT numbers of the buyer: the client's own, those in the buyer's part, and those called "your"."""
    for found in _all_vat_numbers(layout):
        is_own = found.value in exclude.vat
        if found.value == supplier and not is_own:
            continue
        if is_own or "buyer-part" in found.evidence or "yours" in found.evidence:
            codes = (*found.evidence, "own") if is_own else found.evidence
            yield Found(found.value, 0.95 if is_own else 0.75, found.place, found.cell, codes)


def _all_vat_numbers(layout: Layout) -> Iterator[Found]:
    for cell in layout.cells:
        text = mended_ids(cell.folded) if layout.is_ocr else cell.folded
        for match in _VAT.finditer(text):
            number = _vat_in(match["vat"])
            if number is None or is_iban(compact(match["vat"])):
                continue
            before = text[max(0, match.start() - _BEFORE) : match.start()]
            is_labelled = bool(labels.VAT_ID.search(before)) or has_label_near(layout, cell, labels.VAT_ID)
            if not is_labelled and not number[2:].isdigit():
                continue
            is_yours = bool(_YOURS.search(before)) or has_label_near(layout, cell, _YOURS)
            score = (0.85 if is_labelled else 0.4) + party_of(layout, cell) - 0.05 * depth_of(cell)
            score -= 0.5 if is_yours else 0.0
            codes: tuple[str, ...] = ("label" if is_labelled else "lone", *party_codes(layout, cell))
            codes += ("yours",) if is_yours else ()
            checked = _vat_check(number)
            codes += ("id-checked",) if checked else ("id-wrong",) if checked is False else ()
            score -= 0.1 if checked is False else 0.0
            yield Found(number, score, cell.place_of(match.start(), match.end()), cell, codes)


_MAIMED = re.compile(r"(?<![a-z0-9])f[r1] ?[0-9o]{1,2}(?: ?[0-9o]){7,11}(?![a-z0-9])")
_FEWEST_SAME: Final = 9


def maimed_french_vat(layout: Layout, siren: str) -> tuple[Cell, Place] | None:
    """Return where something stands that is nearly the French VAT number of a SIREN, a digit lost or misread."""
    wanted = french_vat_of(siren)
    for cell in layout.cells:
        for match in _MAIMED.finditer(cell.folded):
            same = SequenceMatcher(None, wanted, compact(match[0]), autojunk=False).get_matching_blocks()
            if sum(block.size for block in same) >= _FEWEST_SAME:
                return cell, cell.place_of(match.start(), match.end())
    return None


def _vat_in(text: str) -> str | None:
    whole = compact(text).replace(":", "")
    return whole if is_vat_shape(whole) else None


def _vat_check(number: str) -> bool | None:
    """Tell whether a French VAT number has its key; None where no key is known here."""
    siren = siren_of_vat(number)
    if siren is None or not number[2:4].isdigit():
        return None
    return french_vat_of(siren) == number


def sirens(layout: Layout, exclude: Exclude, vat: Found | None) -> Iterator[Found]:
    """Yield the SIREN that stand beside their label, or that the VAT number holds; the client's own are none."""
    inside = siren_of_vat(vat.value) if vat else None
    for digits, _, cell, start, end, before in _siren_matches(layout):
        is_labelled = bool(_SIREN_LABEL.search(before))
        if digits in exclude.siren or not (is_labelled or (digits == inside and is_siren(digits))):
            continue
        is_right = is_siren(digits)
        is_yours = bool(_YOURS.search(before))
        score = (0.85 if is_labelled else 0.5) + party_of(layout, cell) - 0.05 * depth_of(cell)
        score += (0.1 if digits == inside else 0.0) - (0.0 if is_right else 0.2) - (0.5 if is_yours else 0.0)
        codes = (("label",) if is_labelled else ()) + (("in-vat",) if digits == inside else ())
        codes += party_codes(layout, cell) + (("id-checked",) if is_right else ("id-wrong",))
        yield Found(digits, score, cell.place_of(start, end), cell, codes)


def own_sirens(layout: Layout, exclude: Exclude, vat: str | None) -> Iterator[Found]:
    """Yield the SIREN of the buyer: the client's own, or labelled ones in the buyer's part."""
    inside = siren_of_vat(vat) if vat else None
    for digits, _, cell, start, end, before in _siren_matches(layout):
        is_own = digits in exclude.siren
        is_theirs = party_of(layout, cell) < 0 and bool(_SIREN_LABEL.search(before))
        if is_own or is_theirs or (digits == inside and _SIREN_LABEL.search(before)):
            codes: tuple[str, ...] = ("own",) if is_own else ("label", "buyer-part")
            codes += ("id-checked",) if is_siren(digits) else ("id-wrong",)
            yield Found(digits, 0.95 if is_own else 0.75, cell.place_of(start, end), cell, codes)


def sirets(layout: Layout, siren: str) -> Iterator[Found]:
    """Yield the SIRET of a SIREN."""
    for digits, more, cell, start, end, before in _siren_matches(layout):
        if digits != siren or not more:
            continue
        whole = digits + more
        is_right = is_siret(whole)
        codes = (("label",) if "siret" in before else ()) + (("id-checked",) if is_right else ("id-wrong",))
        yield Found(whole, 0.9 if is_right else 0.6, cell.place_of(start, end), cell, codes)


def _siren_matches(layout: Layout) -> Iterator[tuple[str, str, Cell, int, int, str]]:
    for cell in layout.cells:
        text = mended_ids(cell.folded) if layout.is_ocr else cell.folded
        for match in _SIREN.finditer(text):
            before = text[max(0, match.start() - _BEFORE) : match.start()]
            if not _SIREN_LABEL.search(before) and has_label_near(layout, cell, _SIREN_LABEL):
                before = "siret"
            yield compact(match[1]), compact(match[2] or ""), cell, match.start(1), match.end(), before


def ibans(layout: Layout, exclude: Exclude) -> Iterator[Found]:
    """Yield the accounts to pay to; the client's own, and one that is debited, are none or unlikely."""
    for cell in layout.cells:
        text = mended_ids(cell.folded) if layout.is_ocr else cell.folded
        for match in _IBAN.finditer(text):
            account = _iban_in(match[1])
            if account is None or account in exclude.iban:
                continue
            if not is_iban_country(account) and "iban" not in cell.folded:
                continue
            is_right = is_iban(account)
            is_labelled = "iban" in cell.folded or has_label_near(layout, cell, _IBAN_LABEL)
            if is_right or is_labelled:
                is_debit = bool(_DEBIT.search(cell.folded))
                score = (0.9 if is_right else 0.45) - (0.5 if is_debit else 0.0)
                codes = (("label",) if is_labelled else ()) + (("id-checked",) if is_right else ("id-wrong",))
                codes += ("debited",) if is_debit else ()
                yield Found(account, score, cell.place_of(match.start(1), match.end(1)), cell, codes)


def _iban_in(text: str) -> str | None:
    """Return the IBAN at the beginning of a text; words may follow it that look like more of it."""
    parts = text.split(" ")
    for count in range(len(parts), 0, -1):
        account = compact("".join(parts[:count]))
        if is_iban(account):
            return account
    account = compact(text)
    return account if len(account) >= _IBAN_LENGTH and sum(map(str.isdigit, account)) >= _IBAN_DIGITS else None

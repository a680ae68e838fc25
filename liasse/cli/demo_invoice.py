"""Invented invoices: who sells what to whom, and the sums that follow from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from liasse.lib.identifiers import french_vat_of

_CENT: Final = Decimal("0.01")
_DUE_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Party:
    """A business that does not exist. Its numbers have right check digits and belong to nobody.

    ``siren`` is blank for a foreign one, which gives its own ``foreign_vat``.
    """

    name: str
    street: str
    postcode: str
    city: str
    siren: str = ""
    foreign_vat: str = ""
    country: str = "FR"
    iban: str = ""
    email: str = ""
    form: str = ""
    colour: str = "0.13 0.29 0.42"
    language: str = "fr"

    @property
    def vat(self) -> str:
        """Give the VAT number."""
        return french_vat_of(self.siren) if self.siren else self.foreign_vat


@dataclass(frozen=True, slots=True)
class Item:
    """One line of an invoice; ``rate`` is in percent."""

    name: str
    quantity: Decimal
    unit: str
    price: Decimal
    rate: Decimal

    @property
    def net(self) -> Decimal:
        """Give the line's amount before VAT, to the cent."""
        return cents(self.quantity * self.price)


@dataclass(frozen=True, slots=True)
class VatSum:
    """What one rate adds up to."""

    rate: Decimal
    base: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice or, with ``is_credit``, a credit note whose amounts are positive as well."""

    number: str
    supplier: Party
    customer: Party
    issued: date
    items: tuple[Item, ...] = field(default_factory=tuple)
    due_days: int = _DUE_DAYS
    is_credit: bool = False
    order_number: str = ""

    @property
    def due(self) -> date:
        """Give the day by which it is to be paid."""
        return self.issued + timedelta(days=self.due_days)

    @property
    def net(self) -> Decimal:
        """Give the sum before VAT."""
        return sum((item.net for item in self.items), Decimal("0.00"))

    @property
    def vat_sums(self) -> list[VatSum]:
        """Give the VAT breakdown by rate, the highest first (EN 16931, BR-CO-17: VAT of the base, not of the lines)."""
        bases: dict[Decimal, Decimal] = {}
        for item in self.items:
            bases[item.rate] = bases.get(item.rate, Decimal("0.00")) + item.net
        return [VatSum(rate, base, cents(base * rate / 100)) for rate, base in sorted(bases.items(), reverse=True)]

    @property
    def vat(self) -> Decimal:
        """Give the VAT of all rates."""
        return sum((line.vat for line in self.vat_sums), Decimal("0.00"))

    @property
    def gross(self) -> Decimal:
        """Give the sum with VAT."""
        return self.net + self.vat

    @property
    def is_reverse_charge(self) -> bool:
        """Tell whether the customer owes the VAT: a business of another country sells without it."""
        return self.supplier.country != self.customer.country and not self.vat


def cents(amount: Decimal) -> Decimal:
    """Round to the cent, halves away from zero."""
    return amount.quantize(_CENT, ROUND_HALF_UP)


def item(name: str, quantity: str, unit: str, price: str, rate: str) -> Item:
    """Give a line from its figures as text; the unit is a UN/ECE rec. 20 code (C62 piece, KGM, LTR, HUR, KWH, MTR)."""
    return Item(name, Decimal(quantity), unit, Decimal(price), Decimal(rate))

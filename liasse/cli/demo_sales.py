"""What the demo's suppliers sold: every invoice, by the client who received it, dated back from a given day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from liasse.cli import demo_parties as who
from liasse.cli.demo_invoice import Invoice, Item, Party, item


def flour(customer: Party, today: date, *, days: int, number: int, sacks: str) -> Invoice:
    """Give a mill's delivery, with the pallet at the full rate: two rates in one invoice."""
    items = (
        item("Farine de tradition T65, sac de 25 kg", sacks, "C62", "21.40", "5.5"),
        item("Farine de seigle T130, sac de 25 kg", "6", "C62", "24.90", "5.5"),
        item("Levain déshydraté, seau de 5 kg", "2", "C62", "38.75", "5.5"),
        item("Consigne palette", "2", "C62", "12.00", "20"),
    )
    return Invoice(supplier=who.MILL, customer=customer, issued=_back(today, days), number=f"MVO-{number}", items=items)


def dairy(customer: Party, today: date, *, days: int, number: int) -> Invoice:
    """Give butter, cream and eggs."""
    items = (
        item("Beurre doux AOP 82 %, plaque de 1 kg", "24", "C62", "9.85", "5.5"),
        item("Crème crue épaisse, seau de 5 l", "4", "C62", "23.10", "5.5"),
        item("Œufs plein air calibre M, plateau de 30", "12", "C62", "6.30", "5.5"),
    )
    return Invoice(
        supplier=who.DAIRY, customer=customer, issued=_back(today, days), number=f"CB{number}", items=items, due_days=15
    )


def power(customer: Party, today: date, *, days: int, number: int, kwh: str) -> Invoice:
    """Give a month of electricity."""
    items = (
        item("Abonnement professionnel 36 kVA, un mois", "1", "C62", "41.27", "20"),
        item("Consommation heures pleines", kwh, "KWH", "0.1843", "20"),
        item("Consommation heures creuses", "412", "KWH", "0.1321", "20"),
        item("Acheminement et comptage", "1", "C62", "18.64", "20"),
    )
    return Invoice(
        supplier=who.POWER,
        customer=customer,
        issued=_back(today, days),
        number=f"ECO{number}",
        items=items,
        due_days=20,
    )


def phone(customer: Party, today: date, *, days: int, number: int, lines: str) -> Invoice:
    """Give a month of telephone."""
    items = (
        item("Fibre professionnelle, un mois", "1", "C62", "45.00", "20"),
        item("Forfait mobile 100 Go", lines, "C62", "16.90", "20"),
        item("Remise fidélité", "1", "C62", "-5.00", "20"),
    )
    return Invoice(
        supplier=who.PHONE,
        customer=customer,
        issued=_back(today, days),
        number=f"HT-2611-{number}",
        items=items,
        due_days=14,
    )


def car_parts(customer: Party, today: date, *, days: int, number: int) -> Invoice:
    """Give brakes, a clutch and oil, with an order number."""
    items = (
        item("Jeu de plaquettes de frein avant", "4", "C62", "38.20", "20"),
        item("Disque de frein ventilé 280 mm", "4", "C62", "52.60", "20"),
        item("Kit d'embrayage 3 pièces", "1", "C62", "189.00", "20"),
        item("Huile moteur 5W30, bidon de 5 l", "10", "C62", "29.95", "20"),
    )
    order = f"BC-{number + 118}"
    return Invoice(
        supplier=who.CAR_PARTS,
        customer=customer,
        issued=_back(today, days),
        number=f"FA{number}",
        items=items,
        order_number=order,
    )


def returned_part(customer: Party, today: date, *, days: int, number: int) -> Invoice:
    """Give the credit note for a clutch that did not fit."""
    items = (item("Retour kit d'embrayage 3 pièces", "1", "C62", "189.00", "20"),)
    return Invoice(
        supplier=who.CAR_PARTS,
        customer=customer,
        issued=_back(today, days),
        number=f"AV{number}",
        items=items,
        is_credit=True,
    )


def timber(customer: Party, today: date, *, days: int, number: int) -> Invoice:
    """Give boards and panels."""
    items = (
        item("Chêne massif avivé 27 mm, premier choix", "1.850", "C62", "1420.00", "20"),
        item("Contreplaqué bouleau 18 mm, 2500 x 1250", "14", "C62", "86.50", "20"),
        item("Panneau mélaminé blanc 19 mm", "22", "C62", "41.80", "20"),
        item("Livraison camion-grue", "1", "C62", "95.00", "20"),
    )
    return Invoice(
        supplier=who.TIMBER, customer=customer, issued=_back(today, days), number=f"{number}", items=items, due_days=45
    )


def fish(customer: Party, today: date, *, days: int, number: int) -> Invoice:
    """Give a morning's fish."""
    items = (
        item("Bar de ligne", "6.4", "KGM", "24.80", "5.5"),
        item("Coquilles Saint-Jacques en coque", "18", "KGM", "7.90", "5.5"),
        item("Moules de bouchot", "25", "KGM", "4.60", "5.5"),
        item("Glace écaille, bac", "2", "C62", "6.00", "20"),
    )
    return Invoice(
        supplier=who.FISH, customer=customer, issued=_back(today, days), number=f"G{number}", items=items, due_days=7
    )


def dental(customer: Party, today: date, *, days: int, number: int) -> Invoice:
    """Give a dentist's supplies, one of them at a reduced rate."""
    items = (
        item("Gants nitrile sans poudre, boîte de 100", "20", "C62", "7.45", "20"),
        item("Composite universel A2, seringue de 4 g", "6", "C62", "42.30", "20"),
        item("Masques chirurgicaux type IIR, boîte de 50", "15", "C62", "5.90", "5.5"),
    )
    return Invoice(
        supplier=who.DENTAL, customer=customer, issued=_back(today, days), number=f"FDL{number}", items=items
    )


def crowns(customer: Party, today: date, *, days: int, number: int) -> Invoice:
    """Give a German laboratory's crowns, without VAT."""
    items = (
        item("Zirkonkrone, individuell geschichtet", "3", "C62", "148.00", "0"),
        item("Modell aus Superhartgips", "2", "C62", "19.50", "0"),
        item("Versand Frankreich", "1", "C62", "14.90", "0"),
    )
    return Invoice(
        supplier=who.GERMAN,
        customer=customer,
        issued=_back(today, days),
        number=f"RE-2026-{number}",
        items=items,
        due_days=14,
    )


def hosting(customer: Party, today: date, *, days: int, number: int) -> Invoice:
    """Give an Irish host's month, the VAT owed by the customer."""
    items = (
        item("Virtual server, 8 vCPU, monthly", "2", "C62", "64.00", "0"),
        item("Object storage, 2 TB, monthly", "1", "C62", "23.50", "0"),
        item("Domain name renewal", "4", "C62", "11.90", "0"),
    )
    return Invoice(
        supplier=who.IRISH,
        customer=customer,
        issued=_back(today, days),
        number=f"INV-{number}",
        items=items,
        due_days=14,
    )


def fuel(customer: Party, today: date, *, days: int, number: int) -> Invoice:
    """Give a fortnight of a fleet's refuelling: sixty lines over three pages."""
    vehicles = ("GA-000-AA", "GB-000-BB", "GC-000-CC", "GD-000-DD")
    items = tuple(
        item(f"{today - timedelta(days=days + 14 - step // 4):%d/%m} {vehicles[step % 4]} gazole B7",
             f"{180 + (step * 37) % 220}.{(step * 13) % 10}", "LTR", f"1.{24 + step % 5}", "20")
        for step in range(60)
    )  # fmt: skip
    return Invoice(
        supplier=who.FUEL,
        customer=customer,
        issued=_back(today, days),
        number=f"CM26{number}",
        items=items,
        due_days=15,
    )


def flowers(customer: Party, today: date, *, days: int, number: int) -> Invoice:
    """Give a week of flowers, at the rate of plants."""
    items = (
        item("Chrysanthèmes, pot de 14", "40", "C62", "3.20", "10"),
        item("Roses rouges 60 cm, botte de 20", "12", "C62", "9.80", "10"),
        item("Feuillages assortis, botte", "15", "C62", "2.45", "10"),
    )
    return Invoice(
        supplier=who.FLOWERS, customer=customer, issued=_back(today, days), number=f"SA-{number}", items=items
    )


def barrels(customer: Party, today: date, *, days: int, number: int) -> Invoice:
    """Give barrels."""
    items = (
        item("Barrique bordelaise 225 l, chêne français", "8", "C62", "745.00", "20"),
        item("Bonde silicone", "8", "C62", "3.60", "20"),
    )
    return Invoice(
        supplier=who.COOPER,
        customer=customer,
        issued=_back(today, days),
        number=f"TSV{number}",
        items=items,
        due_days=60,
    )


def charges(customer: Party, today: date, *, days: int, number: int) -> Invoice:
    """Give a quarter's charges of a building."""
    items = (
        item("Provision de charges, quatrième trimestre", "1", "C62", "1284.50", "20"),
        item("Honoraires état daté", "1", "C62", "316.67", "20"),
    )
    return Invoice(
        supplier=who.MANAGER, customer=customer, issued=_back(today, days), number=f"SBG/{number}", items=items
    )


def cleaning(customer: Party, today: date, *, days: int, number: int) -> Invoice:
    """Give cleaning by the hour."""
    items = (
        item("Nettoyage des locaux", "18.5", "HUR", "24.00", "20"),
        item("Produits d'entretien", "1", "C62", "32.60", "20"),
    )
    return Invoice(
        supplier=who.CLEANING, customer=customer, issued=_back(today, days), number=f"NS14-{number}", items=items
    )


def sample(number: int, today: date) -> Invoice:
    """Give one of many like invoices, as a bench wants them."""
    items: tuple[Item, ...] = (Item("Fourniture", Decimal(number % 9 + 1), "C62", Decimal("12.50"), Decimal(20)),)
    return Invoice(
        supplier=who.POWER,
        customer=who.BAKERY.party,
        issued=_back(today, number % 60),
        number=f"S-{number:05d}",
        items=items,
    )


def _back(today: date, days: int) -> date:
    return today - timedelta(days=days)

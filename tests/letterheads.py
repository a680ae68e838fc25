"""Papers with heads and feet as firms print them: `letterheads/*.txt` of the tests, drawn as PDF and read as text.

A letterhead is a title (`=== name`), what must be read (`supplier:`, `customer:`; several right ones with " / "
between), and runs of lines, each below `@x,y,size`: millimetres from the top left, points, `c` for centred.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

FOLDER: Final = Path(__file__).parent / "unit" / "reading" / "letterheads"

_BODIES: Final = {
    "france": (
        ("Facture n° FA-2026-118", "Date : 12/10/2026"),
        ("Désignation", "Quantité", "Prix unitaire", "Montant HT"),
        ("Prestation selon devis", "2", "150,00", "300,00"),
        ("Total HT", "300,00"), ("TVA 20 %", "60,00"), ("Total TTC", "360,00"),
        "Paiement à réception de la facture. Pas d'escompte pour paiement anticipé.",
        ("Conditions de règlement", "Payable à réception"),
        ("Votre référence", "Bon de commande"),
        "Indemnité forfaitaire pour frais de recouvrement : 40 euros. Chèque à l'ordre de notre société.",
        "Les marchandises restent notre propriété jusqu'au paiement complet (loi du 12 mai 1980).",
        "Document édité par Factumatic - www.factumatic.com",
    ),
    "germany": (
        ("Rechnung Nr. 2026-118", "Datum: 12.10.2026"),
        ("Bezeichnung", "Menge", "Einzelpreis", "Gesamt"),
        ("Leistung laut Angebot", "2", "150,00", "300,00"),
        ("Nettobetrag", "300,00"), ("19 % MwSt.", "57,00"), ("Gesamtbetrag", "357,00"),
        "Bitte überweisen Sie den Betrag innerhalb von 14 Tagen. Vielen Dank für Ihren Auftrag.",
        ("Ihre Bestellung", "Telefonisch"),
        ("Zahlungsbedingungen", "Rein netto"),
        "Die Ware bleibt bis zur vollständigen Bezahlung unser Eigentum. Gerichtsstand ist unser Sitz.",
        "Es gelten unsere Allgemeinen Geschäftsbedingungen.",
        "Erstellt mit Rechnungsheld - www.rechnungsheld.de",
    ),
    "english": (
        ("Invoice No. 2026-118", "Invoice date: 12 October 2026"),
        ("Description", "Quantity", "Unit price", "Amount"),
        ("Services as agreed", "2", "150.00", "300.00"),
        ("Subtotal", "300.00"), ("VAT 20 %", "60.00"), ("Total", "360.00"),
        "Payment is due within 14 days. Thank you for your business.",
        ("Your reference", "Verbal order"),
        ("Terms", "Net 14 days"),
        "Please make cheques payable to the company. Goods remain our property until paid in full.",
        "If you have any questions about this invoice, please contact the accounts department.",
        "Powered by Billwise - www.billwise.com",
    ),
    "others": (
        ("No. 2026-118", "12/10/2026"),
        ("Descripción", "Cantidad", "Precio", "Importe"),
        ("Servicio 4", "2", "150,00", "300,00"),
        ("Base imponible", "300,00"), ("IVA 21 %", "63,00"), ("Total", "363,00"),
        ("Forma de pago", "Transferencia"),
        "Gracias por su confianza",
        "Documento generado por Facturalia",
    ),
}  # fmt: skip
_COLUMNS: Final = (20.0, 110.0, 135.0, 165.0)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """A paper, and what must be read of it."""

    name: str
    country: str
    expected: Mapping[str, tuple[str, ...]]
    runs: tuple[tuple[str, tuple[str, ...]], ...]

    def pdf(self) -> bytes:
        """Give the paper: its own lines, and the middle that all papers of its language have."""
        out = BytesIO()
        canvas = Canvas(out, pagesize=A4, invariant=1)
        for where, lines in self.runs:
            x, y, size, *how = where.split(",")
            canvas.setFont("Helvetica", float(size))
            for number, line in enumerate(lines):
                at = (float(x) * mm, A4[1] - float(y) * mm - (number * 1.2 + 0.8) * float(size))
                (canvas.drawCentredString if how else canvas.drawString)(*at, line)
        canvas.setFont("Helvetica", 10)
        for number, row in enumerate(_BODIES[self.country]):
            cells = (row,) if isinstance(row, str) else row
            columns = (_COLUMNS[0], _COLUMNS[3]) if len(cells) == 2 else _COLUMNS
            for left, text in zip(columns, cells, strict=False):
                canvas.drawString(left * mm, A4[1] - (105 + number * 8) * mm, text)
        canvas.save()
        return out.getvalue()


def letterheads() -> list[Letterhead]:
    """Give all of them, country by country."""
    return [head for path in sorted(FOLDER.glob("*.txt")) for head in _read(path)]


def _read(path: Path) -> Iterator[Letterhead]:
    for part in path.read_text(encoding="utf-8").split("=== ")[1:]:
        name, *lines = part.rstrip().splitlines()
        first = next(number for number, line in enumerate(lines) if line.startswith("@"))
        told = dict(line.split(": ", 1) for line in lines[:first])
        runs = [run.rstrip().splitlines() for run in "\n".join(lines[first:]).split("@")[1:]]
        mails = [[where, *(line.replace("(at)", "@") for line in rest)] for where, *rest in runs]
        yield Letterhead(
            f"{path.stem}-{name}",
            path.stem,
            {key: tuple(value.split(" / ")) for key, value in told.items()},
            tuple((where, tuple(rest)) for where, *rest in mails),
        )

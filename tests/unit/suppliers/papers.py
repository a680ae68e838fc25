"""Invented layouts of invoices, made of a seed: where each value stands, what its label says, how it is written."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from liasse.lib.money import canonical_amount
from liasse.reading.types import FieldName, Place, Word

_LABELS = {
    FieldName.INVOICE_NUMBER: ("Réf. pièce", "Belegkennung", "Notre dossier", "Bon n°", "Doc. ref", "Votre folio"),
    FieldName.ISSUE_DATE: ("Établi le", "Fait à Lyon le", "Ausgestellt", "Émission", "Jour"),
    FieldName.DUE_DATE: ("À régler avant", "Zahlbar bis", "Terme", "Limite"),
    FieldName.TOTAL_NET: ("Assiette", "Sous-ensemble", "Hors taxes", "Zwischenstand"),
    FieldName.TOTAL_VAT: ("Taxe", "Impôt", "Abgabe", "T. V. A."),
    FieldName.TOTAL_GROSS: ("Solde dû", "Somme finale", "Endsumme", "Tout compris"),
}
_GOODS = ("Farine", "Sucre", "Location", "Nettoyage", "Vis inox", "Papier", "Abonnement", "Gaz", "Beurre", "Colis")
_PEOPLE = ("Durand", "Morel", "Kessler", "Lemoine", "Aubry", "Vidal", "Noël", "Tessier")
_PLACES = ("Nantes", "Vannes", "Colmar", "Béziers", "Tarbes", "Vesoul", "Rodez", "Épinal")


@dataclass
class Layout:
    """One supplier's paper. ``is_ocr`` gives words as OCR does: shaken boxes, a letter misread now and then."""

    seed: int
    is_ocr: bool = False
    first_day: date = date(2026, 1, 2)
    labels: dict[FieldName, str] = field(default_factory=dict)
    places: dict[FieldName, tuple[float, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rng = random.Random(self.seed)  # noqa: S311 - made-up papers
        self.name = f"{rng.choice(_PEOPLE)} {rng.choice(_PEOPLE)} {rng.choice(_PLACES)}"
        self.address = f"{rng.randint(1, 99)} rue {rng.choice(_PEOPLE)} {rng.choice(_PLACES)}"
        self.labels = {name: rng.choice(texts) for name, texts in _LABELS.items()}
        self.is_label_above = rng.random() < 0.4
        self.date_form = rng.choice(("%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d", "%d-%m-%y"))
        self.code_form = rng.choice(("FA-{y}-{n:04d}", "{n:06d}", "{y}/{n:03d}", "R{n:05d}B", "DOC {y} {n:04d}"))
        self.decimal = rng.choice((",", "."))
        self.blank = rng.choice((" ", "", "\u202f"))
        self.currency = rng.choice(("", " €", " EUR"))
        left = rng.choice((0.08, 0.5))
        heads = [FieldName.INVOICE_NUMBER, FieldName.ISSUE_DATE, FieldName.DUE_DATE]
        rng.shuffle(heads)
        for number, name in enumerate(heads):
            self.places[name] = (left, 0.2 + 0.04 * number)
            if self.is_label_above:
                self.places[name] = (0.08 + 0.25 * number, 0.22)

    def paper(self, number: int) -> tuple[list[Word], dict[FieldName, str]]:
        """Give the words of one document, and the truth of its fields."""
        rng = random.Random(self.seed * 1000 + number)  # noqa: S311 - the same
        day = self.first_day + timedelta(days=rng.randint(0, 300))
        amounts = [Decimal(rng.randint(500, 250_000)) / 100 for _ in range(rng.randint(1, 9))]
        net = sum(amounts, Decimal(0))
        vat = (net * Decimal("0.2")).quantize(Decimal("0.01"))
        code = self.code_form.format(y=day.year, n=rng.randint(1, 9999))
        truth = {
            FieldName.INVOICE_NUMBER: code,
            FieldName.ISSUE_DATE: day.isoformat(),
            FieldName.DUE_DATE: (day + timedelta(days=30)).isoformat(),
            FieldName.TOTAL_NET: canonical_amount(net),
            FieldName.TOTAL_VAT: canonical_amount(vat),
            FieldName.TOTAL_GROSS: canonical_amount(net + vat),
        }
        return self._words(truth, amounts, rng), truth

    def _words(self, truth: dict[FieldName, str], amounts: list[Decimal], rng: random.Random) -> list[Word]:
        words: list[Word] = []

        def put(x: float, y: float, text: str, *, right: bool = False) -> None:
            width = sum(len(part) * 0.0095 + 0.006 for part in text.split(" "))
            at = x - width if right else x
            for part in text.split(" "):
                shown, away = (self._misread(part, rng), rng.uniform(-0.003, 0.003)) if self.is_ocr else (part, 0.0)
                end = at + len(part) * 0.0095
                words.append(Word(shown, Place(1, at + away, y + away, end + away, y + 0.012 + away)))
                at = end + 0.006

        put(0.08, 0.05, self.name)
        put(0.08, 0.07, self.address)
        put(0.55, 0.12, "Boulangerie Dupont")
        put(0.55, 0.14, "12 place du Marché 35000 Rennes")
        for name, (x, y) in self.places.items():
            text = self._date(truth[name]) if name is not FieldName.INVOICE_NUMBER else truth[name]
            put(x, y, self.labels[name])
            put(x if self.is_label_above else x + 0.2, y + 0.02 if self.is_label_above else y, text)
        y = 0.42
        put(0.08, 0.39, "Prestation")
        put(0.9, 0.39, "Valeur", right=True)
        for amount in amounts:
            put(0.08, y, rng.choice(_GOODS))
            put(0.9, y, self._amount(amount), right=True)
            y += 0.022
        for row, name in enumerate((FieldName.TOTAL_NET, FieldName.TOTAL_VAT, FieldName.TOTAL_GROSS)):
            put(0.55, y + 0.02 + 0.022 * row, self.labels[name])
            put(0.9, y + 0.02 + 0.022 * row, self._amount(Decimal(truth[name])), right=True)
        put(0.2, 0.93, f"{self.name} atelier et livraison {self.address} merci de votre confiance")
        return words

    def _misread(self, part: str, rng: random.Random) -> str:
        """Give a word of letters with one of them misread, one time in five; figures are left alone."""
        if len(part) < 4 or not part.isalpha() or rng.random() > 0.2:
            return part
        at = rng.randrange(len(part))
        return part[:at] + rng.choice("lieoac") + part[at + 1 :]

    def _date(self, day: str) -> str:
        return date.fromisoformat(day).strftime(self.date_form)

    def _amount(self, amount: Decimal) -> str:
        whole, _point, cents = f"{amount:,.2f}".partition(".")
        return whole.replace(",", self.blank) + self.decimal + cents + self.currency

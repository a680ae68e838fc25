"""The words of labels as OCR misspells them: a long word that differs from a known one in a letter or two is that word.

Only letters are exchanged, never put in or taken out, so that every place stays what it was. Words of names and goods
are safe: a mended text is read for labels alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import Final

_WORDS: Final = (
    "invoice facture factures facturation rechnung rechnungsnummer rechnungsdatum rechnungsbetrag "
    "rechnungssumme rechnungs gutschrift avoir factuur factuurnummer factuurdatum fattura factura receipt "
    "number numero nummer reference total subtotal montant betrag gesamtbetrag gesamtsumme gesamt summe "
    "zwischensumme endbetrag bruttobetrag nettobetrag netto brutto umsatzsteuer mehrwertsteuer steuerbetrag "
    "taxes amount balance payer regler reglement paiement payment echeance fallig falligkeit zahlbar "
    "zahlungsziel vervaldatum vencimiento scadenza datum fecha emission issued date livraison lieferdatum "
    "leistungsdatum delivery commande bestellung bestellnummer order customer client kunde kundennummer siret "
    "siren intracommunautaire  imponible imponibile importe totale totaal bedrag exclusief inclusief "
    "devise currency wahrung vendeur fournisseur verkaufer lieferant seller supplier vendor acheteur kaufer "
    "buyer destinataire rechnungsempfanger cash change cashier rounding discount tender tendered grand sales "
    "exclusive inclusive excluding including payable kartenzahlung girocard ruckgeld gegeben zahlen especes "
    "bancaire rendu monnaie summary steuer mwst"
)
_SHORTEST: Final = 5
_TWO_WRONG: Final = 8
_BY_LENGTH: Final[dict[int, list[str]]] = defaultdict(list)
for _word in _WORDS.split():
    if len(_word) >= _SHORTEST:
        _BY_LENGTH[len(_word)].append(_word)
_SET: Final = frozenset(_WORDS.split())
_TOKEN = re.compile(r"(?<![a-z0-9-])[a-z0-9|!]{5,}(?![a-z0-9-])")
# Digits that OCR takes letters for, turned back before words are compared.
_LETTERS: Final = str.maketrans("01|!58", "oillsb")
_MOST_DIGITS: Final = 2
# A digit between letters is one of them: "be1eg-nr", "hande1srechnung".
_INSIDE = re.compile(r"(?<=[a-z]{2})[0158](?=[a-z]{2})")


def mended_labels(folded: str) -> str:
    """Return a folded text with the misspelt words of labels put right, character for character."""
    plain = _INSIDE.sub(lambda match: match[0].translate(_LETTERS), folded)
    return _TOKEN.sub(lambda match: _mended(match[0]), plain)


@lru_cache(maxsize=4096)
def _mended(word: str) -> str:
    if word in _SET or sum(character.isdigit() for character in word) > _MOST_DIGITS:
        return word
    spelt = word.translate(_LETTERS)
    most = 1 if len(word) < _TWO_WRONG else 2
    for known in _BY_LENGTH.get(len(word), ()):
        if spelt[0] == known[0] or spelt[1:] == known[1:]:
            wrong = sum(one != other for one, other in zip(spelt, known, strict=True))
            if wrong <= most:
                return known
    return word

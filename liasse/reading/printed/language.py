"""The language of a document, by the small words that only one language has."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from liasse.reading.types import Field, Source

if TYPE_CHECKING:
    from liasse.reading.page.layout import Layout

# Words of invoices and receipts that belong to one of the six languages alone, accents folded away.
_WORDS: Final = {
    "fr": (
        "facture du de la le les des et pour sur tva montant ttc ht payer reglement echeance votre vous nous "
        "adresse client commande livraison designation quantite prix paiement merci avec par au aux siret "
        "numero banque page ticket caisse avoir total carte bancaire especes rue article articles une est "
        "dont net"
    ),
    "en": (
        "invoice the of and for to your you our with date due payment amount total tax description quantity "
        "price unit thank bill ship customer address number please order from by is this receipt cash change "
        "item subtotal balance street company account days"
    ),
    "de": (
        "rechnung und der die das fur mit von zu im ist nicht betrag mwst ust netto brutto steuer menge "
        "einheit preis summe zahlung zahlbar bitte vielen dank kunde kundennummer datum lieferung nummer "
        "strasse konto bank steuernummer seite rechnungsnummer rechnungsdatum gesamt gesamtbetrag bar "
        "kartenzahlung geschaftsfuhrer artikel beleg pos"
    ),
    "es": (
        "factura de la el los las y para con por fecha importe iva cantidad precio descripcion cliente pago "
        "vencimiento numero total base imponible cuenta gracias nif cif calle pedido forma domicilio razon"
    ),
    "it": (
        "fattura di il la lo gli e per con del della data importo iva quantita prezzo descrizione cliente "
        "pagamento scadenza numero totale imponibile partita conto grazie via ordine codice fiscale ricevuta "
        "scontrino aliquota banca"
    ),
    "nl": (
        "factuur van de het een en voor met op uw u datum bedrag btw aantal prijs omschrijving klant betaling "
        "vervaldatum nummer totaal te betalen rekening bedankt ordernummer exclusief inclusief straat kvk "
        "factuurnummer factuurdatum"
    ),
}
_TABLE: Final = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_WORD = re.compile(r"[a-z]{1,20}")
_FEWEST: Final = 3


def read_language(layout: Layout) -> Field | None:
    """Return the language (ISO 639-1) of which a document has the most words; none where it has hardly any."""
    found: Counter[str] = Counter()
    for word, count in Counter(word for cell in layout.cells for word in _WORD.findall(cell.folded)).items():
        spoken = [language for language, words in _TABLE.items() if word in words]
        for language in spoken:
            # A word of several languages says little of each; one said often hardly more than one said twice.
            found[language] += min(count, 3) * 6 // len(spoken)
    if not found:
        return None
    (language, score), *others = found.most_common(2)
    if score < _FEWEST * 6:
        return None
    lead = 1.0 - (others[0][1] / score if others else 0.0)
    codes = ("words",) if lead > 0.2 else ("words", "rivals")  # noqa: PLR2004 - a fifth ahead
    return Field(language, Source.RULE, round(min(0.95, 0.6 + 0.6 * lead), 2), None, None, codes)

"""What documents call themselves, in six languages: patterns for folded text, as those of labels are."""

from __future__ import annotations

import re
from typing import Final

CREDIT_TITLES: Final = re.compile(
    r"^(?:facture d')?(?:avoir|note de credit|note d'avoir|facture rectificative|facture d'avoir|credit note|"
    r"tax credit note|credit invoice|refund|remboursement|"
    r"credit memo|creditnota|creditfactuur|"
    r"gutschrift|rechnungskorrektur|stornorechnung|storno|korrekturrechnung|rechnungsgutschrift|"
    r"korrekturrechnung|abono|factura rectificativa|"
    r"nota di credito)\b"
)
INVOICE_WORDS: Final = re.compile(
    r"\b(?:note d'honoraires|honorarnote|parcella|facture|invoice|[a-z]*rechnung|factura|fattura|factuur)\b"
)
# The word "invoice" as a title: it begins its cell, or has hardly a word before it.
INVOICE_TITLE: Final = re.compile(
    r"^[^a-z]*(?:(?:votre|your|ihre|uw|su|la|tax|simplified|commercial|final|sales|vat|duplicata|copie|kopie|"
    r"copy|original|"
    r"de|of|en|page|seite)[ :-]+){0,2}(?:note d'honoraires|honorarnote|parcella|facture|invoice|[a-z]*rechnung|"
    r"factura|fattura|factuur)\b"
)
RECEIPT_WORDS: Final = re.compile(
    r"\b(?:ticket (?:de caisse|client)|ticket|recu|receipt|kassenbon|kassenbeleg|bon de caisse|recibo|"
    r"scontrino|kassabon)\b"
)

# Titles of what is no invoice, though it looks like one; at the beginning of a short cell.
PRO_FORMA: Final = re.compile(
    r"^(?:facture |invoice |factura |fattura )?pro[ -]?forma(?:[ -]?(?:invoice|rechnung|factuur))?\b"
)
QUOTE_TITLES: Final = re.compile(
    r"^(?:devis|proposition commerciale|offre de prix|quote|quotation|estimate|angebot|kostenvoranschlag|"
    r"presupuesto|cotizacion|preventivo|offerte|prijsopgave)\b"
)
STATEMENT_TITLES: Final = re.compile(
    r"^(?:(?:extrait|releve) de (?:votre )?compte|releve (?:bancaire|de banque|de facture|mensuel)|bank statement|"
    r"account statement|statement of accounts?|kontoauszug|extracto (?:bancario|de cuenta)|estado de cuenta|"
    r"estratto conto|(?:rekening|bank)afschrift)\b"
)
DELIVERY_TITLES: Final = re.compile(
    r"^(?:bon de livraison|bordereau de livraison|bulletin de livraison|note de livraison|delivery (?:note|slip|"
    r"order)|"
    r"packing (?:slip|list)|goods received note|lieferschein|warenbegleitschein|albaran|nota de entrega|"
    r"documento di trasporto|bolla di consegna|d\.?d\.?t\.?|leverbon|pakbon|vrachtbrief)\b"
)
OTHER_TITLES: Final = re.compile(
    r"^(?:bon de commande|confirmation de commande|accuse de reception de commande|commande no|purchase order|"
    r"order confirmation|bestellung(?! ?nr)|auftragsbestatigung|(?:orden|confirmacion) de (?:compra|pedido)|"
    r"conferma d'ordine|orderbevestiging|inkooporder|"
    r"contrat\b|contrat de|convention de|contract\b|agreement|service agreement|vertrag|mietvertrag|contrato|"
    r"contratto|"
    r"overeenkomst|bulletin de (?:paie|salaire)|fiche de paie|pay ?slip|lohnabrechnung|gehaltsabrechnung|"
    r"avis d'(?:imposition|echeance|impot)|mise en demeure|lettre de relance|relance|rappel de paiement|"
    r"payment reminder|"
    r"zahlungserinnerung|mahnung|extrait k-?bis|attestation|certificat|conditions generales|terms (?:and|"
    r"&) conditions|"
    r"allgemeine geschaftsbedingungen|proces[- ]verbal|statuts)\b"
)
# Words that only statements of a bank have; no title need say so.
STATEMENT_WORDS: Final = re.compile(
    r"\b(?:(?:ancien|nouveau) solde|solde (?:precedent|crediteur|debiteur|initial|final) (?:au|du)|(?:opening|"
    r"closing) balance|"
    r"(?:alter|neuer) (?:konto)?(?:stand|saldo)|saldo (?:anterior|final|iniziale|finale)|releve (?:de compte|"
    r"bancaire)|"
    r"date (?:de )?valeur|value date|kontostand)\b"
)

# Why a document has no VAT: franchise, reverse charge, small businesses, supplies to other member states.
NO_VAT: Final = re.compile(
    r"(?:tva|t\.v\.a\.?) non applicable|293 ?b|exonere?e? de (?:la )?tva|exoneration de (?:la )?tva|autoliquidation|"
    r"auto-liquidation|reverse charge|vat exempt|exempt from vat|no vat|not subject to vat|zero[- ]rated|"
    r"kleinunternehmer|\u00a7 ?19 (?:abs\. ?1 )?ustg|steuerschuldnerschaft des leistungsempfangers|"
    r"umsatzsteuerbefreit|steuerfrei|"
    r"sin iva|exento de iva|inversion del sujeto pasivo|esente iva|fuori campo iva|inversione contabile|"
    r"regime forfettario|btw verlegd|vrijgesteld van btw|kleineondernemersregeling"
)

# What stands between a subtotal and the net: what is added, or taken off.
CHARGE: Final = re.compile(
    r"(?<![a-z])(?:frais|port|livraison|transport|expedition|emballage|remise|rabais|escompte|eco-?(?:taxe|"
    r"part\w*)|shipping|"
    r"freight|handling|delivery|carriage|discount|surcharge|fees?|service charge|deposit|credits?|versand\w*|"
    r"fracht\w*|porto|"
    r"verpackung|lieferkosten|rabatt|nachlass|zuschlag|skonto|gastos|envio|portes|descuento|spese|trasporto|sconto|"
    r"verzendkosten|korting|toeslag|tip|gratuity)(?![a-z])"
)
# A town of the United States with its state and ZIP code: there the month comes first, and dollars are meant.
US_ADDRESS: Final = re.compile(
    r"[a-z]{3,}\.?,? (?:al|ak|az|ar|ca|co|ct|dc|de|fl|ga|hi|id|il|in|ia|ks|ky|la|me|md|ma|mi|mn|ms|mo|mt|ne|nv|"
    r"nh|nj|nm|ny|"
    r"nc|nd|oh|ok|or|pa|ri|sc|sd|tn|tx|ut|vt|va|wa|wv|wi|wy),? \d{5}(?:-\d{4})?(?!\d)"
)

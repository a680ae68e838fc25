"""Headings that part a page between the seller and the buyer, in six languages; patterns for folded text."""

from __future__ import annotations

import re
from typing import Final

# Headings that open the part of the page about the buyer, and about the seller.
BUYER: Final = re.compile(
    r"(?<![a-z])(?:client|customer|clients|adresse de (?:facturation|livraison)|adresse du client|"
    r"facture a|facturer a|destinataire|acheteur|"
    r"livre a|livraison|vos identifiants|votre (?:no|numero)|bill(?:ed)? to|ship(?:ped)? to|sold to|"
    r"invoice to|buyer|attn|to|"
    r"kaufer(?:/leistungsempfanger)?|kunde|kundin|rechnungsempfanger|warenempfanger|leistungsempfanger|"
    r"abweichender [a-z]+|"
    r"lieferanschrift|rechnungsanschrift|"
    r"cliente|destinatario|factuuradres|afleveradres|klant|uw|ihre?|your|votre|service address|"
    r"nom de l'abonne|beneficiaire|"
    r"receptor|cessionario(?:/committente)?|nabywca|invoice for|invoice to|deliver to|doit|"
    r"representant fiscal|tax representative|steuerbevollmachtigter|remit to)(?![a-z])"
)
SELLER: Final = re.compile(
    r"^(?:(?:(?:cedente/)?prestat(?:aire|ore)|fournisseur|vendeur|emetteur|expediteur|emis(?:e)? par|facturee? par|"
    r"prestataire de services?|seller|supplier|vendor|merchant|from|sold by|billed by|invoice from|payable to|payee|"
    r"service provider|issued by|issuer|"
    r"verkaufer|lieferant|dienstleister|anbieter|auftragnehmer|aussteller|rechnung von|rechnungssteller|"
    r"rechnungsersteller|leistungserbringer|absender|proveedor|vendedor|emitente|prestador|"
    r"emisor|fornitore|cedente(?:/prestatore)?|mittente|"
    r"leverancier|opdrachtnemer|verkoper|sprzedawca|saelger|saljare|emetteur de la facture)"
    r"(?: ?\([a-z/ ]{3,20}\)| / [a-z]{3,12})?\s*(?::|$)|(?:de|von|da|van)\s*:)"
)
HOLDER: Final = re.compile(
    r"(?:titulaire(?: du compte)?|kontoinhaber(?:in)?|account (?:name|holder)|beneficiary(?: name)?|beneficiaire|"
    r"titular(?: de la cuenta)?|intestatario(?: del conto)?|intestato a|begunstigde|titolare|"
    r"ten name van)\s*:\s*|(?<![a-z])t\.?n\.?v\.? |(?:a l'ordre de|payable to|zugunsten)\s*:?\s+"
)
# The people in a letter's head: whom to ask, who runs the firm. Their names are no firm's.
PEOPLE: Final = re.compile(
    r"^(?:(?:votre |ihr(?:e)? |your |uw |su )?(?:interlocut(?:eur|rice)|contact(?:person(?:on)?)?|conseill(?:er|ere)|"
    r"ansprechpartner(?:in)?|sachbearbeiter(?:in)?|bearbeiter(?:in)?|kontakt(?:person)?|kundenberater(?:in)?|"
    r"account manager|sales ?(?:person|rep(?:resentative)?)|"
    r"suivi par|affaire suivie par|referent|persona de contacto|referente)|"
    r"geschaftsfuhr(?:er(?:in)?|ung)|vorstand|aufsichtsrat\w*|gerant|directors?|inhaber(?:in)?|inh\.)"
    r"(?![a-z])"
)

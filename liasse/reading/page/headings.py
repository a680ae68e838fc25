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
    r"representant fiscal|tax representative|steuerbevollmachtigter|remit to)(?![a-z])"
)
SELLER: Final = re.compile(
    r"^(?:fournisseur|vendeur|emetteur|emis par|prestataire|seller|supplier|vendor|from|sold by|"
    r"service provider|issued by|"
    r"verkaufer|lieferant|rechnungssteller|rechnungsersteller|leistungserbringer|absender|proveedor|"
    r"emisor|fornitore|cedente|"
    r"leverancier)\s*(?::|$)"
)
HOLDER: Final = re.compile(
    r"(?:titulaire(?: du compte)?|kontoinhaber|account (?:name|holder)|beneficiary|titular|intestatario|"
    r"ten name van)\s*:\s*"
)

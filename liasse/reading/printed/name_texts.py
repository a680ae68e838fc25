"""What of a text is a firm's name: without its label, the address or the law's words behind it, and what is none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from liasse.lib.text import fold, name_key
from liasse.reading.page.roles import FORM
from liasse.reading.page.values import CURRENCY_SIGNS

if TYPE_CHECKING:
    from liasse.reading.exclude import Exclude

# What the law has printed behind a firm's name: its kind, its capital, where it is registered.
REGISTERED: Final = re.compile(
    r"(?<![a-z])(?:au capital|capital (?:social|de)|"
    r"societe (?:anonyme|par actions|a responsabilite|civile|cooperative)|"
    r"r\.?c\.?s\.?(?![a-z])|rm \d|siege social|immatriculee?|loi (?:de )?1901|registered (?:in|office|no|number)|"
    r"company (?:registration )?(?:no|number|reg)|incorporated in|sitz(?: der gesellschaft)?|"
    r"(?:amts|register|handels)gericht|"
    r"hr[ab] ?\d|handelsregister|registro mercantil|inscrita|capitale sociale|cap\. soc|r\.?e\.?a\.?(?![a-z])|"
    r"kvk|rpm|rpr|kamer van koophandel|fn \d)"
)
STREET: Final = re.compile(
    r"\b\d{4,5}\b|\b(?:rue|avenue|boulevard|chemin|place|allee|street|road|ave|st\.?|strasse|str\.?|weg|"
    r"platz|bp|cs|cedex)\b"
)
NAME_LABEL: Final = re.compile(
    r"^(?:nom|name|raison sociale|societe|firma|company(?: name)?|ragione sociale|nombre|"
    r"razon social)\s*(?::\s*|$)"
)
_CUT = re.compile(
    r"\s+[-–—|•●·/]\s+|\s*[●•|]\s*|,\s(?!(?:inc|ltd|llc|llp|corp|gmbh|s\.?a|b\.?v|n\.?v|s\.?l|s\.?r\.?l|lda|co)(?![a-z]))|"
    r"\s\(|\s:\s|:\s*$|"
    r" au capital| capital de|,? soci[ée]t[ée] (?:par|anonyme|[àa] resp|civile)|\.? registered (?:in|office|no)|"
    r" is (?:a|the) (?:trading|registered|member|division|subsidiary|brand)| trading as | t/a |"
    r",? (?:est|ist) (?:une?|eine?) (?:marque|nom|marke|unternehmen)|\s{3,}",
    re.IGNORECASE,
)
# Partners' names have commas between them: "Kern, Vogt und Partner".
_PARTNERS = re.compile(
    r",\s(?=[^\W\d_][\w.'-]+ (?:&|und|et|and|en|e|y) )|,\s(?=[^\W\d_][\w.'-]+, [^\W\d_][\w.'-]+ (?:&|und|et|and) )"
)
_COMMA: Final = "\x1f"
# What leads from a sign to the firm behind it, or from a heading to the seller.
_LED_TO: Final = re.compile(
    r"^(?:(?:vendu|exploite)e?s? (?:et expedie )?par(?: la societe)?|"
    r"sold by|operated by|"
    r"a trading name of|betrieben (?:von|durch)|ein service der|verkauf(?:t (?:durch|von)|er)|vendido por|"
    r"venduto da|verkocht door|handelsnaam van|nom commercial de|t\.n\.v\.|c/o)\s*:?\s+"
)
_NO_NAME = re.compile(
    r"^(?:\d+(?:[.,]\d+)? |\d+\. |spett|factu|fattura|faktura|rechnung|handelsrechnung|warenrechnung|"
    r"[a-z]+rechnung(?![a-z])|bestell|"
    r"stylesheet|beispiel(?=[ -]?(?:rechnung|dokument))|www|http|tax invoice|"
    r"(?:avoir|invoices?|credit|date|datum|fecha|data|page|seite|pagina|tel|telefon|"
    r"telephone|"
    r"telefax|siege|registered office|phone|fax|fon|e-?mail|mail|nummer|number|globale|gln|siret|siren|tva|vat|"
    r"ust|btw|nif|cif|iban|bic|"
    r"swift|logo|"
    r"adresse|address|anschrift|adres|direccion|no|nr|n|original|copie|copy|duplicata|kopie|duplikat|herrn?|frau|"
    r"m|mme|mr|mrs|"
    r"monsieur|madame|customer|client|clients|doit|cessionario|receptor|nabywca|sprzedawca|titulaire|kontoinhaber|kunde|klant|cliente|deutschland|"
    r"france|germany|nederland|belgique|"
    r"steuer|"
    r"steuernummer|steuernr|ref|reference|referenz|order|commande|contact|kontakt|total|totaal|totale|summe|"
    r"subtotal|le \d+|"
    r"du \d+|numero|montant|bill(?: to)?|ship(?: to)?|sold to|terms|due|item|items|amount|quantity|qty|description|"
    r"omschrijving|descripcion|descrizione|designation|bezeichnung|beschreibung|artikel|article|produit|product|"
    r"prijs|prix|einzelpreis|gesamtpreis|"
    r"price|preis|bedrag|betrag|importe|importo|aantal|salesperson|menge|anzahl|qte|quantite|pos|position|id|code|"
    r"unite|unit|einheit|taux|rate|zahlbar|zahlung\w*|payment|paiement|reglement|echeance|fallig|vervaldatum|"
    r"devise|currency|"
    r"wahrung|(?:bank|banque)(?= ?(?::|$|details|account|daten|transfer))|"
    r"payable|vorsitzende[rn]?|compte|konto|kontonummer|blz|handelsregister|amtsgericht|registergericht|hrb|"
    r"geschaftsfuhrer\w*|"
    r"rcs|capital|naf|ape|objet|betreff|subject|period|periode|zeitraum|lieferdatum|leistungsdatum|lieferdatum|"
    r"lieferschein\w*|lieferanschrift|lieferadresse|liefertermin|lieferbedingungen|"
    r"livraison|"
    r"delivery|sehr geehrte\w*|dear|bonjour|hello|merci|thank|thanks|vielen dank|bemerkung\w*|hinweis\w*|notes?|"
    r"remarque\w*|conditions|bedingungen|quote|devis|angebot|statement|summary|details?|balance|solde|previous|"
    r"ticket|recu|receipt|avis|releve|paid|paye|status|your|votre|vos|notre|ihr\w*|uw|nos|our|unsere?|"
    r"societe (?:anonyme|par actions|a resp\w*)|societe en (?:nom|commandite)|entreprise (?:individuelle|immatriculee)|"
    r"sitz|hauptsitz|firmensitz|gesellschafter|eingetragen\w*|gerichtsstand|erfullungsort|registr\w*|tribunal|"
    r"enregistree?|registered|dispense|membre d|member of|inscrite?|immatriculee?|"
    r"company (?:no|number|reg\w*)|pour etre)(?![a-z]))"
)
# What stands in heads and feet and is no name: slogans, departments, the group that a firm belongs to.
_SLOGAN = re.compile(
    r"(?<![a-z])(?:vous|votre|vos|nous|notre|nos|chez|ihre?n?|wir|unsere?r?|sie|your|you|our|we|ons|onze|uw|su|sus|nuestr[oa]|"
    r"vostr[oaie]|nostr[oaie]|depuis|since|seit|sinds|desde|dal|au service d|im dienste|the art of|l'art d|pour tous|"
    r"moving|toutes marques|specialiste|spezialist|specialist)(?![a-z])"
)
_DEPARTMENT = re.compile(
    r"^(?:service|departement|dept\.?|direction|abteilung|kundenservice|kundendienst|buchhaltung|"
    r"customer (?:service|care)|"
    r"accounts? (?:department|receivable)|service client\w*|agence (?:de|du|d)|filiale|geschaftsstelle|"
    r"niederlassung|afdeling|"
    r"klantenservice|ufficio|departamento|comptabilite|cabinet medical|bureau (?:de|du|d)|zentrale)(?![a-z])|"
    r"(?:mitglied|member|membre|part|teil|unternehmen|marke|filiale|societe|company) "
    r"(?:of|der|du|de la|des|de)(?: the)? "
)
# Sizes, in words and letters, that tell names from sentences.
_NAME_WORDS: Final = 7
_NAME_LENGTH: Final = 70
FEW_LETTERS: Final = 3


def is_no_name(folded: str) -> bool:
    """Tell whether a text begins as no name does: with a title, a label, a salutation."""
    return bool(_NO_NAME.match(folded))


def is_slogan(folded: str) -> bool:
    """Tell whether a text praises, names a department or a group: what stands beside the name of a firm."""
    return bool(_SLOGAN.search(folded) or _DEPARTMENT.search(folded))


def clean_name(text: str, exclude: Exclude | None) -> str | None:
    """Return the name that a text begins with, without its label and what follows it; None where it is none."""
    label = NAME_LABEL.match(fold(text))
    rest = text[label.end() if label else 0 :].strip(" :·•●-")
    led = _LED_TO.match(fold(rest))
    name = _first_part(rest[led.end() if led else 0 :])
    letters = sum(character.isalpha() for character in name)
    if name[:1] == "(" or "@" in name or not FORM.sub("", fold(name)).strip(" .,"):
        return None
    if letters < max(FEW_LETTERS, len(name) / 2) or len(name) > _NAME_LENGTH or len(name.split()) > _NAME_WORDS:
        return None
    if (
        is_no_name(fold(name))
        or fold(name) in CURRENCY_SIGNS
        or (exclude is not None and name_key(name) in exclude.names)
    ):
        return None
    return name


def is_led_to(folded: str) -> bool:
    """Tell whether a text says of what follows that it is the seller: "vendu par …"."""
    return bool(_LED_TO.match(folded))


def _first_part(text: str) -> str:
    """Return a text up to the address or the numbers behind it; names have dashes and commas of their own."""
    kept = text if re.search(r"\d", text) else _PARTNERS.sub(_COMMA, text)
    first, *others = _CUT.split(kept)
    dashed = f"{first} - {others[0]}" if others else first
    is_name = dashed == kept and not FORM.search(fold(first)) and not re.search(r"\d", dashed)
    return (kept if is_name and not STREET.search(fold(text)) else first).replace(_COMMA, ", ").strip()

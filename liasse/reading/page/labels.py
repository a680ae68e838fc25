"""The words beside which fields stand, in French, English, German, Spanish, Italian and Dutch.

Patterns are for folded text (`liasse.lib.text.fold`): small letters, no accents, n° is "no".
The weight tells how surely the label means the field: 1 is certain, 0.5 is "often".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Label:
    """One way to write a label, and how surely it means its field."""

    pattern: re.Pattern[str]
    weight: float


def _labels(*rows: tuple[float, str]) -> tuple[Label, ...]:
    # OCR, and some PDFs, leave blanks out: "TotalTTC" is "Total TTC".
    return tuple(
        Label(re.compile(rf"(?<![a-z0-9])(?:{pattern.replace(' ', ' ?')})(?![a-z0-9])"), weight)
        for weight, pattern in rows
    )


_VAT_WORD: Final = (
    r"t\.?v\.?a\.?|v\.?a\.?t\.?|m\.?w\.?st\.?|ust\.?|umsatzsteuer|mehrwertsteuer|i\.?v\.?a\.?|"
    r"b\.?t\.?w\.?|i\.?g\.?i\.?c\.?|versicherungs?steuer|gst|hst|sst|qst|pst"
)

NET: Final = _labels(
    (
        1.0,
        (
            r"(?:total|montant|sous[- ]?total|base|net|prix)(?: net| general| global|"
            r" de la facture)?(?: euros?| eur)? "
            r"(?:h\.?t\.?(?:v\.?a\.?)?|hors[- ]taxes?)"
        ),
    ),
    (
        1.0,
        (
            r"(?:total|sub[- ]?total|amount|net)(?: amount| price)? \(?(?:excl(?:uding|usive|\.)?|before|"
            r"without|ex)\.? "
            rf"(?:of )?(?:{_VAT_WORD}|tax(?:es)?)"
        ),
    ),
    (
        1.0,
        (
            r"net(?:to)?[- ]?(?:betrag|summe|amount|total|rechnungsbetrag)|summe netto|gesamt(?:betrag|"
            r"summe)? netto|"
            r"rechnungssumme netto|(?:rechnungs|zwischen)?summe (?:ohne|exkl\.?|zzgl\.?) (?:ust|mwst)\.?|"
            r"total net|net total"
        ),
    ),
    (1.0, r"(?:rechnungs)?(?:summe|betrag) (?:ohne|excl\.?|exkl\.?) (?:ust|mwst|umsatzsteuer)\.?"),
    (1.0, r"base imponible|totale? imponibile|imponibile|importe neto|total neto|totale netto|netto ?bedrag"),
    (1.0, rf"(?:totaal |bedrag |subtotaal )?(?:exclusief|excl\.?) (?:{_VAT_WORD})|grondslag"),
    (
        1.0,
        (
            r"total hors tva|montant (?:ht|hors tva|hors taxes)|total h\.t\.v\.a\.?|netto gesamt|summe netto|"
            r"nettosumme|"
            r"netto ?betrag|nettowarenwert|netto(?:entgelt|preis gesamt)|gesamt netto|taxable (?:amount|value|"
            r"total)|total before tax|"
            r"total (?:ex|excl)\.? ?(?:vat|tax|gst)|total sin iva|importe sin iva|totale (?:merce|imponibile|netto)|"
            r"totaal (?:exclusief|excl\.?)(?: btw)?|bedrag (?:exclusief|excl\.?)(?: btw)?"
        ),
    ),
    (0.8, r"sub[- ]?total|sous[- ]?total|subtotaal|subtotale|zwischensumme|warenwert|positionssumme"),
    (0.7, r"net|netto|h\.?t\.?|hors[- ]taxes?|montant net|base"),
)

VAT: Final = _labels(
    (
        1.0,
        (
            rf"(?:total|montant|somme|sum|amount|summe|gesamt|cuota|importe|totale|totaal|"
            rf"bedrag)(?: de(?: la)?| of| des?)? "
            rf"(?:{_VAT_WORD}|taxes?)|(?:{_VAT_WORD})[- ]?(?:betrag|bedrag|amount|gesamt|total|summe)"
        ),
    ),
    (
        1.0,
        (
            r"(?:umsatz|mehrwert)?steuer(?:betrag|summe)|steuerbetrag in|total taxes|total tax|sales tax|"
            r"tax amount"
        ),
    ),
    (0.8, rf"(?:zzgl\.?|zuzugl\.?|zuzuglich|plus|\+) ?(?:\d+(?:[.,]\d+)? ?% )?(?:{_VAT_WORD})"),
    (0.7, rf"(?:{_VAT_WORD})|tax(?:e|es)?"),
)

GROSS: Final = _labels(
    (
        1.0,
        (
            r"(?:total|montant|somme)(?: general| global| net| de la facture)?(?: euros?| eur)? "
            r"(?:t\.?t\.?c\.?|tvac|toutes taxes(?: comprises)?)"
        ),
    ),
    (
        1.0,
        (
            rf"(?:total|amount)(?: amount)?(?: [a-z\u20ac$]{{1,3}})? \(?(?:incl(?:uding|usive|\.)?|"
            rf"with)\.? (?:of )?(?:{_VAT_WORD}|tax(?:es)?)"
        ),
    ),
    (
        1.0,
        (
            r"gesamt(?:betrag|summe)(?: brutto)?|brutto(?:betrag|summe|rechnungsbetrag)|"
            r"rechnungs(?:betrag|summe)(?: brutto)?|"
            r"(?:summe|total) (?:inkl\.?|incl\.?|brutto) ?(?:ust|mwst)?\.?|endbetrag|endsumme"
        ),
    ),
    (
        1.0,
        (
            r"grand total|invoice total|total invoice|total (?:de la )?facture|total for this invoice|"
            r"total (?:de )?(?:la )?factura|"
            r"importe total|totale fattura|totale documento|factuur ?totaal|"
            r"totaal(?:bedrag)? (?:inclusief|incl\.?) btw|totaal te betalen"
        ),
    ),
    (
        1.0,
        (
            r"montant total(?: de la facture| a payer)?|total facture|total (?:a|de) (?:payer|la commande)|"
            r"rechnungs(?:end|gesamt)betrag|rechnungsbeitrag|gesamt(?:preis|kosten|rechnungsbetrag) (?:brutto|"
            r"inkl\.?)|"
            r"gesamt brutto|summe brutto|brutto gesamt|total (?:payable|to pay|charges?)|order total|invoice amount|"
            r"total (?:con iva|iva inclu[a-z]+)|importo totale|totale (?:iva inclusa|ivato|generale|complessivo)|"
            r"eindtotaal|factuurbedrag|totaal(?:bedrag)? (?:inclusief|incl\.?)(?: btw)?|total in (?:eur|usd|gbp|chf)"
        ),
    ),
    (0.9, r"t\.?t\.?c\.?|tvac|brutto|toutes taxes comprises"),
    (0.7, r"(?:total|totale|totaal|summe gesamt|gesamt|summe|totaalbedrag|total general|total amount)"),
)

DUE: Final = _labels(
    (
        1.0,
        (
            r"net a (?:payer|regler)|a (?:payer|regler)|montant (?:preleve|debite)|reste a (?:payer|regler)|"
            r"solde (?:du|a payer|a regler)|(?:total|"
            r"montant|somme) (?:a|du a) (?:payer|regler)|"
            r"montant du"
        ),
    ),
    (
        1.0,
        (
            r"(?:total )?amount due|balance due|total due|amount payable|total payable|balance owed|amount to pay|"
            r"please pay"
        ),
    ),
    (
        1.0,
        (
            r"zahl(?:ungs)?betrag|zu zahlen(?:der (?:betrag|beitrag))?|zu uberweisen|offener betrag|restbetrag|"
            r"falliger betrag"
        ),
    ),
    (
        1.0,
        (
            r"(?:total |importe )?a pagar|netto a pagare|totale da pagare|da pagare|"
            r"te betalen(?: bedrag)?|openstaand bedrag"
        ),
    ),
)
# Words that make an amount beside a label something else than a total.
NOT_A_TOTAL: Final = re.compile(
    r"capital|previous|precedent|deja (?:regle|paye)|acompte|deposit|anzahlung|zuschlag|abschlag|"
    r"zuschlage|abschlage|remise|discount|"
    r"indemnite|penalite|unit(?:aire)? price|prix unitaire|einzelpreis|p\.?u\.?|report\b|ubertrag|taux|"
    r"devis|avoir a|kapitaal"
)

NUMBER: Final = _labels(
    (
        1.0,
        (
            r"(?:no\.?|num(?:ero|\.)?|nr\.?|ref(?:erence|\.)?)\s?(?:de |de la |d')?(?:la )?(?:facture|"
            r"avoir|fact\.)"
        ),
    ),
    (
        1.0,
        (
            r"(?:facture|avoir|note d'(?:avoir|honoraires)|fact\.)(?: [a-z']+){0,2}\s?:?\s?"
            r"(?:no\.?|num(?:ero|\.)?|nr\.?|#|ref(?:erence)?\.?)"
        ),
    ),
    (
        1.0,
        (
            r"(?:invoice|credit note|credit memo|bill|document)\s?:?\s?(?:no\.?|number|num\.?|nr\.?|id|#|"
            r"ref(?:erence)?\.?)"
        ),
    ),
    (
        1.0,
        (
            r"rechnungs?[- ]?(?:nummer|nr\.?|no\.?)|(?:[a-z]*rechnung|gutschrift|rechnungskorrektur|beleg|"
            r"rg\.?)(?: [a-z]+){0,2}"
            r"(?: ?\(\d{3}\))?[- ]?(?:nummer|nr\.?|no\.?|#)"
        ),
    ),
    (
        1.0,
        (
            r"(?:no\.?|num(?:ero|\.)?)(?: de)?(?: la)? factura|factura (?:no\.?|num(?:ero|\.)?)|(?:numero|"
            r"no?\.?)\s?(?:della )?fattura|"
            r"fattura (?:no\.?|n\.|numero|nr\.?)|factuur[- ]?(?:nummer|nr\.?)|nota di credito n\.?"
        ),
    ),
    (
        0.75,
        (
            r"facture|avoir|invoice|[a-z]*rechnung|rechnungskorrektur|gutschrift|factura|fattura|factuur|"
            r"creditnota|credit note|abono|"
            r"(?:invoice|facture):? no\.?"
        ),
    ),
    (
        0.9,
        (
            r"re\.?[- ]?(?:nr|nummer)\.?|rg\.?[- ]?(?:nr|nummer)\.?|faktura[- ]?(?:nr\.?|nummer)|"
            r"inv(?:oice)?\.?[ -]?(?:no\.?|num\.?|nr\.?|#)|"
            r"(?:receipt|bill|statement|document|doc|bon|ticket|beleg|check|chk|rcpt)\.?[ -]?(?:no\.?|number|"
            r"num\.?|nr\.?|id|#)|"
            r"no\.? (?:du )?(?:ticket|recu)|(?:ticket|recu) no\.?|bon(?:nummer|nr)|(?:no\.?|num\.?|"
            r"numero) (?:de )?(?:la )?fra\.?|fra\.? no\.?|"
            r"factura simplificada(?: no\.?)?|numero (?:documento|factura)|documento (?:no?\.?|numero)"
        ),
    ),
    (
        0.6,
        (
            r"(?:no|num(?:ero)?) (?:de )?(?:piece|document)|document no\.?|beleg[- ]?nr\.?|"
            r"our ref(?:erence)?|notre ref(?:erence)?"
        ),
    ),
)
NOT_OUR_NUMBER: Final = re.compile(
    r"associe|liee|sur (?:la )?facture|acompte (?:sur )?(?:la |de )?facture|deja factur|annul(?:e|"
    r"ation de) la facture|"
    r"deposit invoice|gegen rechnung|zu rechnung|auf rechnung|d'origine|initiale|precedent|related|original|"
    r"ursprung|corrected|korrigiert|"
    r"rectifiee|preceding|"
    r"rechnungsempfanger|rechnungsadresse|rechnung(?:s)?steller"
)
# Between the word "invoice" and the word "number" these make it another document's number.
OTHER_NUMBER: Final = re.compile(r"gemas|bestell|commande|order|kunde|client|customer|lieferschein|livraison")
PAID: Final = re.compile(
    r"\b(?:acomptes?|deja (?:regle|paye)|montant paye|paye le|acquitte[e]?|paid|deposit|prepaid|advance|"
    r"anzahlung(?:en)?|bezahlt|beglichen|"
    r"voruitbetaald|vooruitbetaald|betaald|anticipo|pagado|pagato|acconto)\b"
)

ISSUED: Final = _labels(
    (
        1.0,
        (
            r"date (?:de (?:la )?)?(?:facture|facturation|avoir)|date d'(?:emission|avoir)|facture (?:du|"
            r"emise le)|emise? le|date facture"
        ),
    ),
    (
        1.0,
        (
            r"invoice date|date of (?:issue|invoice)|issue date|bill date|billing date|document date|"
            r"date issued|issued(?: on)?|credit note date|statement date|tax point|invoice dated|receipt date|"
            r"transaction date"
        ),
    ),
    (1.0, r"rechnungs?[- ]?datum|beleg[- ]?datum|ausstellungsdatum|gutschriftsdatum|datum der rechnung"),
    (
        1.0,
        (
            r"fecha (?:de )?(?:la )?(?:factura|fra\.?|emision|expedicion)|data (?:della )?(?:fattura|documento|"
            r"emissione)|factuur ?datum"
        ),
    ),
    (0.95, r"[a-z][a-z .'-]{2,30}, (?:le|den)"),
    (0.8, r"dated?|datum|fecha|data|fait le|le|vom|du|den"),
)
DUE_DATE: Final = _labels(
    (
        1.0,
        (
            r"(?:date d')?echeances?|date limite(?: de (?:paiement|reglement))?|a (?:regler|"
            r"payer) (?:avant|pour|au plus tard) le|payable (?:le|au|avant le)|"
            r"reglement (?:le|avant le|au)|"
            r"(?:reglement|paiement|payable|a regler)[a-z0-9 ',]{0,40} (?:soit|avant|jusqu'au|"
            r"au plus tard)(?: le| au)?|date (?:de |d')(?:paiement|reglement)"
        ),
    ),
    (
        1.0,
        (
            r"due(?: date| by| on)?|payment due(?: date| by| on)?|pay by|payable by|"
            r"(?:total )?amount due on|due"
        ),
    ),
    (
        1.0,
        (
            r"fallig(?:keit|keitsdatum)?(?: am| bis)?|zahlbar (?:bis|am)(?: zum)?|"
            r"zahlbar [a-z ]{0,30}bis(?: zum)?|zahlungsziel|zahlungstermin|"
            r"(?:uberweisen|begleichen|zahlen) [a-z0-9 ]{0,16}(?:bis(?: zum)?|zum)|ohne abschlag bis|netto bis"
        ),
    ),
    (
        1.0,
        (
            r"(?:fecha de )?vencimiento|(?:data )?scadenza|verval(?:datum|dag)|uiterste betaaldatum|"
            r"te betalen voor|vence(?: el)?|vto\.?|fecha limite(?: de pago)?|da pagare entro(?: il)?|"
            r"te voldoen voor|betalen voor|"
            r"uiterlijk(?: op)?|date due|please pay (?:by|before)|fallig(?:keitstag|keitstermin)|zu zahlen bis|"
            r"exigible le|au plus tard le|avant le|payable avant le|date d'exigibilite|date limite"
        ),
    ),
    (
        0.8,
        (
            r"wird am|werden am|abbuchung am|einzug am|sera preleve(?:e|s)? (?:le|a partir du)|preleve le|"
            r"date de prelevement|"
            r"prelevement (?:le|du)|will be (?:charged|debited|collected|taken) on|(?:collection|payment) date|"
            r"fecha de (?:cobro|cargo|pago)|addebito (?:il|del)|incassodatum|wordt omstreeks"
        ),
    ),
)
DELIVERED: Final = _labels(
    (
        1.0,
        (
            r"date de (?:livraison|prestation)|livraison le|livre le|delivery date|date of (?:supply|delivery)|"
            r"(?:liefer|leistungs)[- ]?(?:und leistungs)?[- ]?datum|leverdatum|fecha de entrega|"
            r"data (?:di )?consegna"
        ),
    ),
)
# A date near one of these is not the invoice's.
OTHER_DATES: Final = re.compile(
    r"livraison|livre le|prestation|periode|commande|order ?date|orderdatum|bestell|auftrag|liefer|"
    r"leistung|delivery|supply|period|"
    r"associee|liee|naissance|contrat|echeance|due|fallig|zahlbar|verval|vencimiento|scadenza|limite|"
    r"payer|reglement|skonto|valid|"
    r"gemas|selon|according|conform|debut|fin\b|bis\b|au\b|abrechnungszeitraum|from|through|paid|paye|"
    r"prelevement|since|depuis|stand|version"
)
ORDER: Final = _labels(
    (
        1.0,
        (
            r"(?:no?\.?|num(?:ero)?|ref(?:erence)?\.?)? ?(?:de )?(?:bon de )?commande(?: no\.?| client)?|"
            r"purchase order(?: no\.?| number)?|"
            r"p\.?o\.? (?:number|no\.?|#)|order (?:no\.?|number|#)|po|bestell?[- ]?(?:nummer|nr\.?)|"
            r"bestellung|ordernummer|votre commande"
        ),
    ),
)
CURRENCY: Final = _labels((1.0, r"devise|monnaie|currency|(?:rechnungs)?wahrung|moneda|valuta|divisa|betrage in"))

TABLES: Final = (NET, VAT, GROSS, DUE, NUMBER, ISSUED, DUE_DATE, DELIVERED, ORDER, CURRENCY)

VAT_WORDS: Final = re.compile(
    rf"(?<![a-z])(?:{_VAT_WORD})|steuer|exempt|exoner|non applicable|autoliquid|reverse charge"
)
VAT_ID: Final = re.compile(
    r"t\.?v\.?a|vat|ust|u\.?st\.?-?id|umsatzsteuer-?id|btw|iva|nif|cif|p\.? ?iva|partita iva|intra"
)

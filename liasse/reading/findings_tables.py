"""The sentences for rules of e-invoices: EN 16931-1 (table 6), XRechnung 3.0, Peppol BIS 3, XP Z12-012 (BR-FR)."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LACKS: Final = _("Missing in the e-invoice: %(what)s.")
DIFFERS: Final = _("The page shows something else than the data: %(what)s.")
DECIMALS: Final = _("More decimals than allowed: %(what)s.")
DECIMALS_SOMEWHERE: Final = _("An amount has more decimals than allowed.")
NO_CODE: Final = _("The code is not in the official list: %(what)s.")
NO_CODE_SOMEWHERE: Final = _("A code is not in the official list.")
FORM: Final = _("The data are not built as the standard asks.")
FORM_UNKNOWN: Final = _("The data hold something that the standard, or the profile they name, does not provide for.")
NATIONAL: Final = _("A rule of the supplier’s country is not kept.")
FRENCH_SEVERAL_SELLERS: Final = _("The lines of an invoice for several sellers are not as the French reform asks.")
EXTENDED: Final = _("Lines that stand in groups are not built as the extended profile asks.")
OTHER: Final = _("A rule of the standard is not kept.")

MISSING: Final[dict[str, tuple[str, ...]]] = {
    "BR-01": ("BT-24",), "BR-02": ("BT-1",), "BR-03": ("BT-2",), "BR-04": ("BT-3",), "BR-05": ("BT-5",),
    "BR-06": ("BT-27",), "BR-07": ("BT-44",), "BR-08": ("BG-5",), "BR-09": ("BT-40",), "BR-10": ("BG-8",),
    "BR-11": ("BT-55",), "BR-12": ("BT-106",), "BR-13": ("BT-109",), "BR-14": ("BT-112",), "BR-15": ("BT-115",),
    "BR-16": ("BG-25",), "BR-17": ("BT-59",), "BR-18": ("BT-62",), "BR-19": ("BG-12",), "BR-20": ("BT-69",),
    "BR-21": ("BT-126",), "BR-22": ("BT-129",), "BR-23": ("BT-130",), "BR-24": ("BT-131",), "BR-25": ("BT-153",),
    "BR-26": ("BT-146",), "BR-31": ("BT-92",), "BR-32": ("BT-95",), "BR-33": ("BT-97",), "BR-36": ("BT-99",),
    "BR-37": ("BT-102",), "BR-38": ("BT-104",), "BR-41": ("BT-136",), "BR-42": ("BT-139",), "BR-43": ("BT-141",),
    "BR-44": ("BT-144",), "BR-45": ("BT-116",), "BR-46": ("BT-117",), "BR-47": ("BT-118",), "BR-48": ("BT-119",),
    "BR-49": ("BT-81",), "BR-50": ("BT-84",), "BR-52": ("BT-122",), "BR-53": ("BT-111",), "BR-54": ("BT-160",),
    "BR-55": ("BT-25",), "BR-56": ("BT-63",), "BR-57": ("BT-80",), "BR-61": ("BT-84",),
    "BR-CO-04": ("BT-151",), "BR-CO-18": ("BG-23",), "BR-CO-19": ("BT-73", "BT-74"), "BR-CO-20": ("BT-134", "BT-135"),
    "BR-CO-21": ("BT-97",), "BR-CO-22": ("BT-104",), "BR-CO-23": ("BT-139",), "BR-CO-24": ("BT-144",),
    "BR-CO-25": ("BT-9",),
    "BR-DE-1": ("BG-16",), "BR-DE-2": ("BG-6",), "BR-DE-3": ("BT-37",), "BR-DE-4": ("BT-38",), "BR-DE-5": ("BT-41",),
    "BR-DE-6": ("BT-42",), "BR-DE-7": ("BT-43",), "BR-DE-8": ("BT-52",), "BR-DE-9": ("BT-53",), "BR-DE-10": ("BT-77",),
    "BR-DE-11": ("BT-78",), "BR-DE-14": ("BT-119",), "BR-DE-15": ("BT-10",), "BR-DE-16": ("BT-31",),
    "BR-DE-26": ("BT-25",), "BR-DE-30": ("BT-90",), "BR-DE-31": ("BT-91",),
    "BR-DE-TMP-32": ("BT-72",),
    "PEPPOL-EN16931-R001": ("BT-23",), "PEPPOL-EN16931-R003": ("BT-10",), "PEPPOL-EN16931-R010": ("BT-49",),
    "PEPPOL-EN16931-R020": ("BT-34",), "PEPPOL-EN16931-R061": ("BT-90",),
    "BR-FR-10": ("BT-30",), "BR-FR-11": ("BT-47",), "BR-FR-12": ("BT-49",), "BR-FR-13": ("BT-34",),
    "BR-FR-CO-04": ("BT-25", "BT-26"), "BR-FR-CO-05": ("BT-25", "BT-26"),
}  # fmt: skip
"""What a rule finds missing, by its business terms."""

CODES: Final[dict[str, tuple[str, ...]]] = {
    "BR-CL-01": ("BT-3",), "BR-CL-03": ("BT-5",), "BR-CL-04": ("BT-5",), "BR-CL-05": ("BT-6",), "BR-CL-06": ("BT-8",),
    "BR-CL-07": ("BT-18",), "BR-CL-08": ("BT-21",), "BR-CL-10": ("BT-29",), "BR-CL-11": ("BT-30",),
    "BR-CL-13": ("BT-158",), "BR-CL-14": ("BT-40",), "BR-CL-15": ("BT-159",), "BR-CL-16": ("BT-81",),
    "BR-CL-17": ("BT-118",), "BR-CL-18": ("BT-151",), "BR-CL-19": ("BT-98",), "BR-CL-20": ("BT-105",),
    "BR-CL-21": ("BT-157",), "BR-CL-22": ("BT-121",), "BR-CL-23": ("BT-130",), "BR-CL-24": ("BT-125",),
    "BR-CL-25": ("BT-34", "BT-49"), "BR-CL-26": ("BT-29",),
    "PEPPOL-EN16931-CL001": ("BT-125",), "PEPPOL-EN16931-CL007": ("BT-5",), "PEPPOL-EN16931-CL008": ("BT-34", "BT-49"),
}  # fmt: skip
"""Whose code a rule of lists looks at."""

CATEGORIES: Final[dict[str, Promise]] = {
    "S": _("VAT at a normal or reduced rate"),
    "Z": _("zero-rated"),
    "E": _("exempt from VAT"),
    "AE": _("reverse charge"),
    "IC": _("supply within the European Union"),
    "G": _("export outside the European Union"),
    "O": _("outside the scope of VAT"),
    "AF": _("tax of the Canary Islands"),
    "AG": _("tax of Ceuta and Melilla"),
    "IG": _("tax of the Canary Islands"),
    "IP": _("tax of Ceuta and Melilla"),
    "B": _("Italian split payment"),
}
"""VAT categories (UNTDID 5305) by the letters that rules are named by."""

_NO_NUMBERS: Final = _("VAT numbers that must be there for this kind of VAT are missing (%(category)s).")
_WRONG_RATE: Final = _("The VAT rate does not go with its category (%(category)s).")

OF_CATEGORY: Final[dict[str, Promise]] = {
    "01": _("The VAT by rate has no line, or too many, for what is invoiced (%(category)s)."),
    "02": _NO_NUMBERS,
    "03": _NO_NUMBERS,
    "04": _NO_NUMBERS,
    "05": _WRONG_RATE,
    "06": _WRONG_RATE,
    "07": _WRONG_RATE,
    "08": _("The base of the VAT is not the sum of the lines, allowances and charges it is for (%(category)s)."),
    "09": _("The amount of VAT is not what base and rate make (%(category)s)."),
    "10": _("The reason why no VAT is charged is missing (%(category)s)."),
    "S-10": _("A reason for exemption is given though VAT is charged (%(category)s)."),
    "Z-10": _("A reason for exemption is given where none belongs (%(category)s)."),
    "AF-10": _("A reason for exemption is given though tax is charged (%(category)s)."),
    "AG-10": _("A reason for exemption is given though tax is charged (%(category)s)."),
    "IC-11": _("The date or period of delivery is missing (%(category)s)."),
    "IC-12": _("The country of delivery is missing (%(category)s)."),
    "O-02": _("A VAT number is given where none may be (%(category)s)."),
    "O-03": _("A VAT number is given where none may be (%(category)s)."),
    "O-04": _("A VAT number is given where none may be (%(category)s)."),
    "O-11": _("Other kinds of VAT stand beside one that must stand alone (%(category)s)."),
    "O-12": _("Other kinds of VAT stand beside one that must stand alone (%(category)s)."),
    "O-13": _("Other kinds of VAT stand beside one that must stand alone (%(category)s)."),
    "O-14": _("Other kinds of VAT stand beside one that must stand alone (%(category)s)."),
}
"""By number, or by category and number where one differs from the others."""

_NEGATIVE: Final = _("A price is negative: credits are to be written as negative quantities.")
_PERIOD: Final = _("A period ends before it begins.")
_NO_SCHEME: Final = _("It is not said of which kind an identifier or an address is.")
_REASONS: Final = _("The code and the words of an allowance’s or charge’s reason say different things.")
_NUMBERS: Final = _("An identifier of a firm (SIREN, SIRET or another country’s) is not written as it must be.")
_PHONE: Final = _("A telephone number or e-mail address of the supplier is none.")

EXACT: Final[dict[str, Promise]] = {
    "BR-27": _NEGATIVE,
    "BR-28": _NEGATIVE,
    "BR-29": _PERIOD,
    "BR-30": _PERIOD,
    "BR-51": _("It holds a whole card number, which no invoice may."),
    "BR-62": _NO_SCHEME,
    "BR-63": _NO_SCHEME,
    "BR-64": _NO_SCHEME,
    "BR-65": _NO_SCHEME,
    "BR-CO-03": _("It gives both a date and a code for when VAT falls due; only one may be."),
    "BR-CO-05": _REASONS,
    "BR-CO-06": _REASONS,
    "BR-CO-07": _REASONS,
    "BR-CO-08": _REASONS,
    "BR-CO-09": _("A VAT number does not begin with the letters of its country."),
    "BR-CO-10": _("The sum of the lines is not what the lines add up to."),
    "BR-CO-11": _("The sum of allowances is not what the allowances add up to."),
    "BR-CO-12": _("The sum of charges is not what the charges add up to."),
    "BR-CO-13": _("The net total is not the sum of the lines, less allowances, plus charges."),
    "BR-CO-14": _("The VAT total is not what the VAT by rate adds up to."),
    "BR-CO-15": _("Net and VAT do not make the gross total."),
    "BR-CO-16": _("The amount due is not the gross total less what was paid already, with the rounding."),
    "BR-CO-17": _("The VAT of a rate is not its base times the rate."),
    "BR-CO-26": _("Nothing identifies the supplier: neither identifier, nor SIREN, nor VAT number."),
    "BR-DE-17": _("The kind of document is none that Germany provides for."),
    "BR-DE-18": _("The terms of a discount for early payment are not written as they must be."),
    "BR-DE-19": _("The account to be paid to is no right IBAN."),
    "BR-DE-20": _("The account to be debited is no right IBAN."),
    "BR-DE-21": _("The profile it names is not quite that of XRechnung."),
    "BR-DE-22": _("Two attached files have the same name."),
    "BR-DE-27": _PHONE,
    "BR-DE-28": _PHONE,
    "PEPPOL-EN16931-R002": _("It has more than one note."),
    "PEPPOL-EN16931-R004": _("The profile it names is not quite that of Peppol."),
    "PEPPOL-EN16931-R005": _("The currency of the VAT accounts is given though it is that of the invoice."),
    "PEPPOL-EN16931-R007": _("The kind of transaction is not written as Peppol asks."),
    "PEPPOL-EN16931-R008": _("It has elements without content."),
    "PEPPOL-EN16931-R040": _("The amount of an allowance or charge is not its base times its percentage."),
    "PEPPOL-EN16931-R041": _("An allowance or charge has a percentage but no base."),
    "PEPPOL-EN16931-R042": _("An allowance or charge has a base but no percentage."),
    "PEPPOL-EN16931-R043": _("It is not said whether something is an allowance or a charge."),
    "PEPPOL-EN16931-R044": _("A price has a charge, which prices may not have."),
    "PEPPOL-EN16931-R046": _("A net price is not the gross price less its allowance."),
    "PEPPOL-EN16931-R051": _("Amounts are in different currencies."),
    "PEPPOL-EN16931-R053": _("There is not exactly one VAT total with its rates."),
    "PEPPOL-EN16931-R054": _("There is not exactly one VAT total in the currency of the accounts."),
    "PEPPOL-EN16931-R055": _("The two VAT totals have different signs."),
    "PEPPOL-EN16931-R080": _("It names more than one project."),
    "PEPPOL-EN16931-R100": _("A line names more than one thing that it invoices."),
    "PEPPOL-EN16931-R101": _("A line refers to a document that lines may not refer to."),
    "PEPPOL-EN16931-R110": _("A line’s period lies outside that of the invoice."),
    "PEPPOL-EN16931-R111": _("A line’s period lies outside that of the invoice."),
    "PEPPOL-EN16931-R120": _("The net amount of a line is not quantity times price, with its allowances and charges."),
    "PEPPOL-EN16931-R121": _("The quantity that a price is for is not above zero."),
    "PEPPOL-EN16931-R130": _("A price is for another unit than the line’s quantity."),
    **{
        f"PEPPOL-EN16931-P01{number:02d}": _("The reason for exemption does not go with the category of VAT.")
        for number in range(4, 12)
    },
    "PEPPOL-EN16931-P0101": _("The kind of document does not go with a credit note."),
    "PEPPOL-EN16931-F001": _("A date is not written as year-month-day."),
    **{f"PEPPOL-COMMON-R0{number}": _NUMBERS for number in (40, 41, 43, 44, 45, 46, 47, 49, 50)},
    "BR-FR-01": _("The invoice number is longer than the French reform allows."),
    "BR-FR-02": _("The invoice number has characters that the French reform does not allow."),
    "BR-FR-03": _("A date is not one of the years 2000 to 2099."),
    "BR-FR-04": _("The kind of document is none that the French reform provides for."),
    "BR-FR-05": _("Legal mentions are missing: penalties for late payment, the fixed sum of €40, or discount terms."),
    "BR-FR-06": _("A legal mention stands there more than once."),
    "BR-FR-08": _("The kind of transaction (cadre de facturation) is missing or none of the French list."),
    "BR-FR-09": _("A SIRET is not 14 digits that begin with the SIREN."),
    "BR-FR-15": _("A VAT category is none that the French reform provides for."),
    "BR-FR-16": _("A VAT rate is none of those that exist in France."),
    "BR-FR-17": _("The kind of an attached file is none of the French list."),
    "BR-FR-18": _("More than one readable copy is attached."),
    "BR-FR-20": _("The note that says how the invoice is to be treated has none of the allowed words."),
    "BR-FR-21": _("The customer’s electronic address does not begin with its SIREN."),
    "BR-FR-22": _("The supplier’s electronic address does not begin with its SIREN."),
    "BR-FR-23": _("An electronic address has characters that are not allowed."),
    "BR-FR-24": _("A private identifier has characters that are not allowed."),
    "BR-FR-25": _("An electronic address is longer than allowed."),
    "BR-FR-26": _("A private identifier is longer than allowed."),
    "BR-FR-27": _("An article’s attribute has neither a name nor a code."),
    "BR-FR-28": _("An article’s attribute must have one value, and not two."),
    "BR-FR-29": _("An identifier of what is invoiced stands there more than once."),
    "BR-FR-30": _("An identifier of what is invoiced stands there more than once."),
    "BR-FR-31": _NUMBERS,
    "BR-FR-32": _NUMBERS,
    "BR-FR-32-ID": _NUMBERS,
    "BR-FR-32-LEGALID": _NUMBERS,
    "BR-FR-CO-03": _("A credit for a global rebate needs the number of the contract and the period."),
    "BR-FR-CO-07": _("The due date lies before the date of the invoice."),
    "BR-FR-CO-08": _("The kind of document does not go with the kind of transaction."),
    "BR-FR-CO-09": _("It says that it was paid already, but the amounts say otherwise."),
    "BR-FR-CO-10": _NO_SCHEME,
    "BR-FR-CO-12": _("In a foreign currency the VAT total must be given in euros too."),
    "BR-FR-CO-14": _("A member of a VAT group must name the group."),
    "BR-FR-CO-15": _("A member of a VAT group must name the group."),
    "XSD": _("The data are not built as their syntax asks."),
    "CHECK-STOPPED": _("The official rules could not be asked, or not all of them."),
    "FX-AF-RELATIONSHIP": _("The PDF does not say how the data belong to it (Data, Source or Alternative)."),
    "FX-AF-DATA": _("The data are no whole invoice, but the PDF calls them an equal of the page."),
    "FX-NAME": _("The attached file does not bear the name that the standard asks for (factur-x.xml)."),
    "FX-TWO-INVOICES": _("The PDF holds more than one invoice file; one was read."),
    "FX-PDFA": _("The PDF does not say that it is PDF/A-3, the kind made for attachments and for keeping."),
    "FX-XMP-MISSING": _("The PDF’s own description does not say that it is a Factur-X invoice."),
    "FX-XMP-PROFILE": _("The PDF’s own description names another profile than the data."),
    "FX-XMP-NAME": _("The PDF’s own description names another file than the one attached."),
}

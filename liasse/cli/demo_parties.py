"""The businesses of the demo. None exists; their numbers have right check digits and are nobody's (made in 0999…)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from liasse.cli.demo_invoice import Party

MILL: Final = Party(
    "Minoterie du Val d'Orne", "12 quai des Moulins", "14100", "Lisieux", siren="099912040",
    iban="FR7699999000010002041863792", email="facturation@minoterie-val-orne.example",
    form="SAS au capital de 240 000 €", colour="0.45 0.29 0.10",
)  # fmt: skip
DAIRY: Final = Party(
    "Crémerie Beauvallon", "ZA des Prés Hauts", "14130", "Pont-l'Évêque", siren="099915217",
    iban="FR7699999000010002752257842", email="compta@cremerie-beauvallon.example",
    form="SARL au capital de 30 000 €", colour="0.16 0.38 0.56",
)  # fmt: skip
POWER: Final = Party(
    "Énergie Claire Ouest", "5 rue de la Turbine", "44000", "Nantes", siren="099918385",
    iban="FR7699999000010003462651989", email="factures@energie-claire-ouest.example",
    form="SA au capital de 8 000 000 €", colour="0.08 0.42 0.33",
)  # fmt: skip
PHONE: Final = Party(
    "Horizon Télécoms Pro", "210 avenue du Relais", "35000", "Rennes", siren="099921553",
    iban="FR7699999000010004173046039", email="noreply@horizon-telecoms.example",
    form="SAS au capital de 1 500 000 €", colour="0.36 0.17 0.52",
)  # fmt: skip
CAR_PARTS: Final = Party(
    "Pièces Auto Ravel", "8 rue du Pont-Levant", "76600", "Le Havre", siren="099924722",
    iban="FR7699999000010004883440186", email="facturation@pieces-ravel.example",
    form="SAS au capital de 90 000 €", colour="0.62 0.14 0.14",
)  # fmt: skip
TIMBER: Final = Party(
    "Bois et Panneaux Kerdrel", "Route de Port-Neuf", "56100", "Lorient", siren="099927899",
    iban="FR7699999000010005593834236", email="ventes@panneaux-kerdrel.example",
    form="SAS au capital de 150 000 €", colour="0.31 0.35 0.14",
)  # fmt: skip
FISH: Final = Party(
    "Marée Guérin et Filles", "Criée, case 14", "50100", "Cherbourg", siren="099931065",
    iban="FR7699999000010006304228383", email="bureau@maree-guerin.example",
    form="SARL au capital de 20 000 €", colour="0.05 0.35 0.48",
)  # fmt: skip
DENTAL: Final = Party(
    "Fournitures Dentaires Lorcy", "31 rue Ambroise", "69003", "Lyon", siren="099934234",
    iban="FR7699999000010007014622433", email="clients@dentaires-lorcy.example",
    form="SAS au capital de 75 000 €", colour="0.10 0.45 0.50",
)  # fmt: skip
FUEL: Final = Party(
    "Carburants Marnay", "Aire du Grand Carrefour", "51000", "Châlons-en-Champagne", siren="099937401",
    iban="FR7699999000010007725016580", email="cartes@carburants-marnay.example",
    form="SA au capital de 2 000 000 €", colour="0.70 0.35 0.05",
)  # fmt: skip
FLOWERS: Final = Party(
    "Serres de l'Authion", "Chemin des Levées", "49800", "Trélazé", siren="099940579",
    iban="FR7699999000010008435410630", email="commandes@serres-authion.example",
    form="EARL", colour="0.20 0.45 0.20",
)  # fmt: skip
COOPER: Final = Party(
    "Tonnellerie Saint-Vivien", "4 route des Douelles", "33340", "Gaillan-en-Médoc", siren="099943748",
    iban="FR7699999000010009145804777", email="atelier@tonnellerie-st-vivien.example",
    form="SARL au capital de 50 000 €", colour="0.40 0.22 0.12",
)  # fmt: skip
MANAGER: Final = Party(
    "Syndic Beaulieu Gestion", "17 cours des Platanes", "13100", "Aix-en-Provence", siren="099946915",
    iban="FR7699999000010009856198827", email="coproprietes@syndic-beaulieu.example",
    form="SARL au capital de 10 000 €", colour="0.25 0.27 0.45",
)  # fmt: skip
CLEANING: Final = Party(
    "Netteté Services 14", "2 impasse du Lavoir", "14000", "Caen", siren="099950081",
    iban="FR7699999000010010566592974", email="contact@nettete14.example",
    form="SARL au capital de 5 000 €", colour="0.13 0.40 0.62",
)  # fmt: skip
GERMAN: Final = Party(
    "Kieferwerk Dentaltechnik GmbH", "Lindenallee 18", "76133", "Karlsruhe", foreign_vat="DE999004122", country="DE",
    iban="DE66999999990004120077", email="rechnung@kieferwerk.example",
    form="Amtsgericht Mannheim HRB 000000", colour="0.22 0.24 0.28", language="de",
)  # fmt: skip
IRISH: Final = Party(
    "Northgate Cloud Hosting Ltd", "Unit 4, Quayside Business Park", "D02 XY00", "Dublin", foreign_vat="IE9990412E",
    country="IE", iban="IE25ZZZZ99999912345678", email="billing@northgate-cloud.example",
    form="Registered in Ireland", colour="0.10 0.20 0.45", language="en",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Client:
    """A client of the demo practice: its business, its sector, its person, who looks after it.

    ``way_in`` is "login" for a person who signs in, "invited" for one who has not accepted, "none".
    """

    party: Party
    sector: str
    code: str
    person: str = ""
    email: str = ""
    way_in: str = "none"
    colleagues: tuple[str, ...] = ()
    employee: str = ""


BAKERY: Final = Client(
    Party("Boulangerie Au Fournil d'Orbec", "3 rue Grande", "14290", "Orbec", siren="099953259"),
    "bakery", "BOUL01", "Nadia Ferrand", "nadia@fournil-orbec.example", "login", ("karim",), "Théo Ferrand",
)  # fmt: skip
GARAGE: Final = Client(
    Party("Garage des Tilleuls", "41 route de Rouen", "76700", "Harfleur", siren="099956427"),
    "automotive", "GAR02", "Pascal Tessier", "pascal@garage-tilleuls.example", "invited", ("karim",),
)  # fmt: skip
JOINERY: Final = Client(
    Party("Menuiserie Le Bihan", "Zone artisanale du Roc'h", "56700", "Hennebont", siren="099959595"),
    "building", "MEN03", "Yann Le Bihan", "yann@menuiserie-lebihan.example", "login", ("karim", "sophie"),
)  # fmt: skip
BISTROT: Final = Client(
    Party("Le Bistrot du Bassin", "9 quai Vauban", "50100", "Cherbourg", siren="099962763"),
    "restaurant", "REST04", colleagues=("sophie",),
)  # fmt: skip
DENTIST: Final = Client(
    Party("Cabinet dentaire Lemoine", "22 place Bellevue", "69003", "Lyon", siren="099965931"),
    "health", "DENT05", "Hélène Lemoine", "helene@cabinet-lemoine.example", "invited", ("sophie",),
)  # fmt: skip
STUDIO: Final = Client(
    Party("Atelier Numérique Solveig", "14 rue des Canaux", "35000", "Rennes", siren="099969107"),
    "it", "NUM06", "Solveig Aubry", "solveig@atelier-solveig.example", "login", ("karim",),
)  # fmt: skip
HAULAGE: Final = Client(
    Party("Transports Vasseur Frères", "Parc logistique Est", "51000", "Châlons-en-Champagne", siren="099972275"),
    "transport", "TRA07", colleagues=("sophie", "hugo"), employee="Denis Vasseur",
)  # fmt: skip
FLORIST: Final = Client(
    Party("Fleurs et Saisons", "6 rue Saint-Aubin", "49100", "Angers", siren="099975443"),
    "retail", "FLE08", colleagues=("hugo",),
)  # fmt: skip
VINEYARD: Final = Client(
    Party("Domaine de Rocheclaire", "Lieu-dit Les Graves", "33340", "Valeyrac", siren="099978611"),
    "agriculture", "VIN09",
)  # fmt: skip
LETTING: Final = Client(
    Party("SCI Les Acacias", "17 cours des Platanes", "13100", "Aix-en-Provence", siren="099981789"),
    "letting", "SCI10", colleagues=("hugo",),
)  # fmt: skip
THEATRE: Final = Client(
    Party("Association Les Planches Libres", "1 rue du Théâtre", "14000", "Caen", siren="099984957"),
    "association", "ASS11", colleagues=("karim",),
)  # fmt: skip

CLIENTS: Final = (
    BAKERY, GARAGE, JOINERY, BISTROT, DENTIST, STUDIO, HAULAGE, FLORIST, VINEYARD, LETTING, THEATRE,
)  # fmt: skip

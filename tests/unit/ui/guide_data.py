"""Made-up values for the style page; no table and no area is touched."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms

from liasse.ui.shell import Crumb, Entry, FileLink, PageImage, Shell, Tab

NOW = datetime(2026, 11, 24, 8, 31, tzinfo=UTC)

SHELL = Shell(
    account_name="Cabinet Delmas & Associés",
    entries=(
        Entry(label="Mes clients", url="/list/", icon="briefcase", is_current=True),
        Entry(label="Équipe", url="/parts/", icon="users"),
        Entry(label="Boîte d’envoi", url="/parts/", icon="paper-airplane", count=3),
        Entry(label="Cabinet", url="/settings/", icon="building-office"),
    ),
    files_url="/files/",
    manage_url="/list/",
    user_name="Élise Fournier",
    user_email="elise.fournier@delmas.example",
    profile_url="/parts/",
    sign_out_url="/sign-out/",
    theme_url="/theme/",
    language_url="/language/",
)

FILE_SHELL = Shell(
    account_name=SHELL.account_name,
    entries=tuple(Entry(label=e.label, url=e.url, icon=e.icon, count=e.count) for e in SHELL.entries),
    file_name="Boulangerie L’Épi d’Or",
    file_entries=(
        Entry(label="Boîte de réception", url="/inbox/", icon="inbox", is_current=True, count=12),
        Entry(label="Historique d’envoi", url="/parts/", icon="clock"),
        Entry(label="Paramètres", url="/settings/", icon="cog-6-tooth"),
    ),
    files_url="/files/",
    manage_url="/list/",
    user_name=SHELL.user_name,
    user_email=SHELL.user_email,
    sign_out_url="/sign-out/",
    theme_url="/theme/",
    language_url="/language/",
)

_NAMES = (
    ("Boulangerie L’Épi d’Or", "Boulangerie, pâtisserie", 2, 1, 12, 4, 148, 3),
    ("SARL Martin Plomberie", "Plomberie, chauffage", 3, 2, 0, 0, 62, 180),
    ("Cabinet dentaire Lefèvre-Nguyen", "Santé", 1, 1, 3, 1, 27, 60 * 5),
    ("Garage du Pont-Neuf", "Automobile", 2, 3, 41, 9, 310, 60 * 26),
    ("Les Jardins de Sophie — paysagiste et conseil en aménagement d’extérieurs", "Agriculture", 4, 1, 0, 2, 18, 9000),
    ("O’Sullivan Consulting", "Conseil", 1, 1, 0, 0, 0, None),
    ("Pharmacie de la Gare", "Pharmacie", 2, 2, 7, 0, 204, 45),
    ("Restaurant Chez Nabil", "Restauration", 3, 4, 19, 6, 96, 12),
    ("مخبز السلام", "Boulangerie, pâtisserie", 1, 1, 1, 0, 4, 60 * 50),
    ("SCI Les Tilleuls", "Immobilier", 1, 1, 0, 0, 11, 60 * 24 * 40),
)

CLIENTS: list[dict[str, Any]] = [
    {
        "id": f"c{number}",
        "name": name,
        "sector": sector,
        "colleagues": colleagues,
        "members": members,
        "to_process": waiting,
        "to_review": review,
        "ready": ready,
        "last": None if minutes is None else NOW - timedelta(minutes=minutes),
        "items": [
            {"label": "Modifier les paramètres clients", "url": "/settings/", "icon": "adjustments-horizontal"},
            {"label": "Accès du cabinet", "url": "/wizard/2/", "icon": "users", "dialog": True},
            {"label": "Tout exporter", "url": "/parts/", "icon": "arrow-down-tray"},
            {"label": "Désactiver", "url": "/confirm/", "icon": "archive-box", "dialog": True, "line": True},
            {"label": "Supprimer", "url": "/confirm/", "icon": "trash", "dialog": True, "danger": True},
        ],
    }
    for number, (name, sector, colleagues, members, waiting, review, ready, minutes) in enumerate(_NAMES)
]

_DOCUMENTS = (
    ("Orange SA", "FA-2026-118842", "49.99", "59.99", "EUR", "ok", "Prêt", 4),
    ("Grands Moulins de Paris", "2026/11/0457", "1234.56", "1302.46", "EUR", "warn", "À vérifier", 11),
    ("EDF", "10187735214", "412.10", "494.52", "EUR", "busy", "En cours", 12),
    ("", "", "", "", "EUR", "warn", "À vérifier", 40),
    ("Metro France", "0-4471-882", "-86.20", "-90.94", "EUR", "ok", "Prêt", 190),
    ("Stripe Payments Europe, Ltd.", "INV-00099317", "22.00", "22.00", "USD", "ok", "Prêt", 2000),
    ("Loxam", "FC26110331", "12450.00", "14940.00", "EUR", "danger", "Refusé", 4000),
)

DOCUMENTS: list[dict[str, Any]] = [
    {
        "id": f"d{number}",
        "supplier": supplier,
        "number": reference,
        "date": "2026-11-20",
        "net": net,
        "vat": str(Decimal(gross) - Decimal(net)) if net else "",
        "gross": gross,
        "currency": currency,
        "tone": tone,
        "status": status,
        "owner": "Claire Besnard",
        "received": NOW - timedelta(minutes=minutes),
        "is_new": number == 0,
    }
    for number, (supplier, reference, net, gross, currency, tone, status, minutes) in enumerate(_DOCUMENTS)
]

FILES = [FileLink(name=c["name"], url="/inbox/", detail=c["sector"], is_current=c["id"] == "c0") for c in CLIENTS]

TABS = [
    Tab(label="En cours", url="/inbox/", count=3),
    Tab(label="À vérifier", url="/inbox/", count=12, is_current=True),
    Tab(label="Prêt", url="/inbox/", count=1204),
    Tab(label="Archive", url="/inbox/", count=0),
]
CRUMBS = [Crumb(label="Mes clients", url="/list/"), Crumb(label="Boulangerie L’Épi d’Or", url="/inbox/")]
PAGES = [
    PageImage(number=n, url=f"/page/{n}.png", large_url=f"/page/{n}.png?large", width=1240, height=1754)
    for n in (1, 2, 3)
]


class SampleForm(forms.Form):
    name = forms.CharField(label="Nom de l’entreprise", help_text="Tel que le client l’écrit.", max_length=200)
    email = forms.EmailField(label="Adresse email")
    sector = forms.ChoiceField(
        label="Secteur d’activité", required=False, choices=[("", "—"), ("bakery", "Boulangerie"), ("garage", "Garage")]
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    channels = forms.MultipleChoiceField(
        label="Inviter par",
        choices=[("email", "Email"), ("sms", "SMS")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agree = forms.BooleanField(label="Garder le dossier ouvert", required=False)


class SettingsForm(forms.Form):
    name = forms.CharField(label="Nom de l’entreprise")
    currency = forms.ChoiceField(label="Devise", choices=[("EUR", "Euro (EUR)"), ("USD", "Dollar (USD)")])
    siren = forms.CharField(label="SIREN", required=False, min_length=9)
    zone = forms.ChoiceField(label="Fuseau horaire", choices=[("Europe/Paris", "Europe/Paris")])
    paid = forms.BooleanField(label="Marquer payé à l’arrivée", required=False)


SETTINGS = {"name": "Boulangerie L’Épi d’Or", "currency": "EUR", "siren": "732829320", "zone": "Europe/Paris"}


class DocumentForm(forms.Form):
    doc_type = forms.ChoiceField(label="Type", choices=[("invoice", "Facture"), ("credit", "Avoir")])
    supplier = forms.CharField(label="Fournisseur")
    number = forms.CharField(label="Numéro")
    issued = forms.CharField(label="Date")
    due = forms.CharField(label="Échéance", required=False)
    net = forms.CharField(label="HT")
    vat = forms.CharField(label="TVA")
    gross = forms.CharField(label="TTC")


DOCUMENT = {
    "doc_type": "invoice",
    "supplier": "Grands Moulins de Paris",
    "number": "2026/11/0457",
    "issued": "20/11/2026",
    "due": "20/12/2026",
    "net": "1 234,56",
    "vat": "67,90",
    "gross": "1 302,46",
}
COLLEAGUES = [
    {"id": "p1", "name": "Karim Haddad", "email": "karim@delmas.example", "chip": ""},
    {"id": "p2", "name": "Julie Perrin", "email": "julie@delmas.example", "chip": "en attente"},
    {"id": "p3", "name": "Yann Le Goff", "email": "yann@delmas.example", "chip": ""},
]

"""The columns of a list: what stands above each, in both languages, and what people write there instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from liasse.lib.csv_text import heading_key
from liasse.rosters.types import RosterKind


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``aliases`` are other headings that are understood, ``hint`` what may stand in it."""

    name: str
    label: Promise
    hint: Promise
    aliases: tuple[str, ...] = ()
    is_required: bool = False


_PEOPLE: Final = _("email addresses of colleagues, a comma between two")
_TEAMS: Final = _("names of teams, a comma between two")

CLIENTS: Final = (
    Column(
        "name",
        _("Company name"),
        _("required"),
        ("nom", "raison sociale", "dossier", "client", "name", "company"),
        is_required=True,
    ),
    Column("sector", _("Sector of activity"), _("a name of the wizard's list"), ("secteur", "activité", "sector")),
    Column("practice_code", _("Practice code"), _("at most 30 characters"), ("code", "code dossier", "code client")),
    Column("siren", _("SIREN"), _("9 digits, or the 14 of a SIRET"), ("siret",)),
    Column("contact_name", _("Contact"), _("whom to invite"), ("nom du contact", "contact name", "interlocuteur")),
    Column("email", _("Email address"), _("wanted to invite"), ("email", "mail", "courriel", "e-mail")),
    Column("phone", _("Phone number"), _("wanted to invite by SMS"), ("téléphone", "mobile", "portable", "phone")),
    Column("invite", _("Invite by"), _("email, SMS, both, or blank for no invitation"), ("inviter", "invite")),
    Column("colleagues", _("Colleagues"), _PEOPLE, ("collaborateur", "colleague")),
    Column(
        "responsible",
        _("Responsible"),
        _("the email address of the colleague who answers for the file"),
        ("responsable du dossier", "account manager"),
    ),
    Column("teams", _("Teams"), _TEAMS, ("équipe", "team")),
)
COLLEAGUES: Final = (
    Column("name", _("Name"), _("required"), ("nom et prénom", "nom complet", "full name"), is_required=True),
    Column("email", _("Email address"), _("required"), ("email", "mail", "courriel", "e-mail"), is_required=True),
    Column("role", _("Role"), _("colleague (if blank), team lead or administrator"), ("profil",)),
    Column("can_add_clients", _("May add clients"), _("yes or no"), ("ajoute des clients", "add clients")),
    Column("can_see_progress", _("May see the follow-up"), _("yes or no"), ("voit le suivi", "follow-up", "suivi")),
    Column("teams", _("Teams"), _TEAMS, ("équipe", "team")),
    Column("invite", _("Invite"), _("yes, or blank for no invitation yet"), ("inviter par email", "invitation")),
)
COLUMNS: Final = {RosterKind.CLIENTS: CLIENTS, RosterKind.COLLEAGUES: COLLEAGUES}

_EXAMPLES: Final = {
    RosterKind.CLIENTS: {
        "name": "Boulangerie L’Épi d’Or",
        "practice_code": "BOU001",
        "siren": "732829320",
        "contact_name": "Hélène Lemoine",
        "email": "helene@epidor.example",
        "phone": "06 12 34 56 78",
        "invite": "email",
    },
    RosterKind.COLLEAGUES: {"name": "Karim Benali", "email": "karim@cabinet.example"},
}
_EXAMPLE_WORDS: Final[dict[RosterKind, dict[str, Promise]]] = {
    RosterKind.CLIENTS: {},
    RosterKind.COLLEAGUES: {
        "role": _("Colleague"),
        "can_add_clients": _("no"),
        "can_see_progress": _("no"),
        "invite": _("yes"),
    },
}


@dataclass(frozen=True, slots=True)
class Headings:
    """What the first line of a list says: which cell is which column, what is not understood, what is missing."""

    places: dict[int, str]
    ignored: list[str]
    missing: list[str]


def read_headings(cells: list[str], *, kind: RosterKind) -> Headings:
    """Find the columns in the first line of a list, in any order and either language; the first of two wins."""
    known = _known(kind)
    places: dict[int, str] = {}
    ignored = []
    for place, cell in enumerate(cells):
        name = known.get(heading_key(cell))
        if name and name not in places.values():
            places[place] = name
        elif cell:
            ignored.append(cell[:60])
    wanted = [column for column in COLUMNS[kind] if column.is_required]
    missing = [str(column.label) for column in wanted if column.name not in places.values()]
    return Headings(places=places, ignored=ignored, missing=missing)


def _known(kind: RosterKind) -> dict[str, str]:
    known: dict[str, str] = {}
    for column in COLUMNS[kind]:
        for alias in (column.name, *column.aliases):
            known.setdefault(heading_key(alias), column.name)
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            known |= {heading_key(str(column.label)): column.name for column in COLUMNS[kind]}
    return known


def template_rows(kind: RosterKind) -> list[list[str]]:
    """Give the template to download: the headings in the language of the moment, and one line as an example."""
    example = _EXAMPLES[kind] | {name: str(word) for name, word in _EXAMPLE_WORDS[kind].items()}
    return [
        [str(column.label) for column in COLUMNS[kind]],
        [example.get(column.name, "") for column in COLUMNS[kind]],
    ]

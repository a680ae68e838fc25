"""The words that stand on the screens, in both languages: a stranger finds his way by these."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Labels:
    """One language."""

    my_clients: str
    files: str
    add_or_manage: str
    add_client: str
    company: str
    sector: str
    bakery: str
    next: str
    back: str
    close: str
    invite_client: str
    name: str
    email: str
    proceed: str
    skip: str
    phone: str
    by_email: str
    by_sms: str
    invite: str
    create: str
    copy: str
    done: str
    manage: str
    edit_settings: str
    reapply: str
    inherited: str
    customised: str
    saved: str
    all_colleagues: str
    step: str
    type_name: str
    same_name: str
    no_sms: str
    in_use: str
    ask_client: str


FRENCH = Labels(
    my_clients="Mes clients",
    files="Liste des dossiers",
    add_or_manage="Ajouter ou gérer",
    add_client="Ajouter un client",
    company="Nom de l'entreprise",
    sector="Secteur d'activité",
    bakery="Boulangerie, alimentation",
    next="Suivant",
    back="Retour",
    close="Fermer",
    invite_client="Inviter le client",
    name="Nom",
    email="Adresse email",
    proceed="Continuer",
    skip="Ignorer l'invitation",
    phone="Numéro de téléphone",
    by_email="Par email",
    by_sms="Par SMS",
    invite="Inviter",
    create="Créer",
    copy="Copier",
    done="Terminer",
    manage="Gérer",
    edit_settings="Modifier les paramètres clients",
    reapply="Réappliquer les valeurs du cabinet",
    inherited="hérité",
    customised="personnalisé",
    saved="Enregistré",
    all_colleagues="Tous les collaborateurs",
    step="Étape {} sur {}",
    type_name="Tapez le nom de l’entreprise.",
    same_name="existe déjà",
    no_sms="Aucun fournisseur de SMS",
    in_use="déjà utilisé par le compte d’un autre client",
    ask_client="demandez au client de vous y donner accès",
)
ENGLISH = Labels(
    my_clients="My clients",
    files="Files",
    add_or_manage="Add or manage",
    add_client="Add a client",
    company="Company name",
    sector="Sector of activity",
    bakery="Bakery, food",
    next="Next",
    back="Back",
    close="Close",
    invite_client="Invite the client",
    name="Name",
    email="Email address",
    proceed="Continue",
    skip="Skip the invitation",
    phone="Phone number",
    by_email="By email",
    by_sms="By SMS",
    invite="Invite",
    create="Create",
    copy="Copy",
    done="Done",
    manage="Manage",
    edit_settings="Edit client settings",
    reapply="Take the practice's values again",
    inherited="inherited",
    customised="customised",
    saved="Saved",
    all_colleagues="All colleagues",
    step="Step {} of {}",
    type_name="Type the company name.",
    same_name="is there already",
    no_sms="No SMS provider",
    in_use="already used by another client's account",
    ask_client="ask the client to give you access",
)
LABELS = {"fr": FRENCH, "en": ENGLISH}

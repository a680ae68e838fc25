"""The demo's practice: its people, its client files and who may reach them, made by the services that screens use."""

from __future__ import annotations

from typing import Final
from uuid import NAMESPACE_URL, uuid5

from liasse.cli import demo_parties as who
from liasse.cli.demo_parties import Client
from liasse.clients.changes import change_field
from liasse.clients.models import ClientFile, Member
from liasse.clients.people import MemberForm, add_member
from liasse.clients.types import Invitee, MemberStatus, NewClientFile
from liasse.core.access import Actor
from liasse.core.tokens import derive_token
from liasse.invitations.answers import accept_as_new
from liasse.invitations.mails import PURPOSE
from liasse.invitations.models import Invitation
from liasse.invitations.opening import open_client_file
from liasse.invitations.services import invite_colleague
from liasse.invitations.types import InvitationState
from liasse.practices.models import Colleague, Practice
from liasse.practices.selectors import actor_of
from liasse.practices.services import add_colleague, set_up
from liasse.practices.types import ColleagueStatus, Role

NAME: Final = "Cabinet Delorme & Associés"
PASSWORD: Final = "velo-bleu-sous-la-pluie"  # noqa: S105  Shown on the screen of whoever starts the demo, and good for nothing else.
ADMINISTRATOR: Final = ("Claire Delorme", "claire@cabinet-delorme.example")
COLLEAGUES: Final = {
    "karim": ("Karim Haddad", "karim@cabinet-delorme.example"),
    "sophie": ("Sophie Renaud", "sophie@cabinet-delorme.example"),
    "hugo": ("Hugo Lambert", "hugo@cabinet-delorme.example"),
}
_NOT_YET_IN: Final = {"hugo"}
_MAY_ADD: Final = {"sophie"}


def practice() -> Practice | None:
    """Give the demo's practice, made if the instance has none; None where it has another, which is left alone."""
    found = Practice.objects.order_by("id").first()
    if found is None:
        name, email = ADMINISTRATOR
        return set_up(practice_name=NAME, email=email, password=PASSWORD, person_name=name, language="fr")
    is_demo = Colleague.objects.filter(practice=found, email=ADMINISTRATOR[1]).exists()
    return found if is_demo else None


def administrator(firm: Practice) -> Actor:
    """Give the administrator, who does everything here."""
    return actor_of(Colleague.objects.get(practice=firm, email=ADMINISTRATOR[1]))


def colleagues(firm: Practice, *, actor: Actor) -> dict[str, Colleague]:
    """Give the colleagues, each added, invited and, but for the last, come in; those who are there stay as they are."""
    there = {colleague.email: colleague for colleague in Colleague.objects.filter(practice=firm)}
    found = {}
    for key, (name, email) in COLLEAGUES.items():
        found[key] = there.get(email) or add_colleague(
            practice=firm,
            name=name,
            email=email,
            role=Role.COLLEAGUE,
            can_add_clients=key in _MAY_ADD,
            actor=actor,
        )
        if email not in there:
            invitation = invite_colleague(found[key], actor=actor)
            if key not in _NOT_YET_IN:
                accept_as_new(_token(invitation), name=name, password=PASSWORD, is_proved=True)
    return found


def _token(invitation: Invitation) -> str:
    return derive_token(PURPOSE, subject_id=invitation.id, nonce=invitation.nonce)


def client_file(client: Client, *, firm: Practice, team: dict[str, Colleague], actor: Actor) -> ClientFile:
    """Give a client's file; the wizard's key is made of its code, so that it is opened once."""
    invitee = None
    if client.way_in != "none":
        invitee = Invitee(name=client.person, email=client.email)
    opening = open_client_file(
        NewClientFile(
            key=uuid5(NAMESPACE_URL, f"demo.example/{client.code}"),
            opened_at=firm.created_at,
            name=client.party.name,
            sector=client.sector,
            colleague_ids=tuple(team[key].id for key in client.colleagues if _is_there(team[key])),
            invitee=invitee,
        ),
        actor=actor,
    )
    file = opening.opened.client_file
    if not file.practice_code:
        file = _complete(file, client, actor=actor)
    _let_in(opening.opened.member, client)
    return file


def _is_there(colleague: Colleague) -> bool:
    return colleague.status in {ColleagueStatus.ACTIVE, ColleagueStatus.INVITED}


def _complete(file: ClientFile, client: Client, *, actor: Actor) -> ClientFile:
    """Fill what the wizard does not ask for; the code comes last and says that all of it is there."""
    facts = {"legal_name": client.party.name, "siren": client.party.siren}
    if client is who.VINEYARD:
        facts |= {"due_days": "60", "vat_scheme": "annual"}
    if client is who.STUDIO:
        facts |= {"accounting_basis": "cash"}
    for field, text in {**facts, "practice_code": client.code}.items():
        file = change_field(file, field=field, text=text, version=file.version, actor=actor)
    if client.employee and not Member.objects.filter(client_file=file, name=client.employee).exists():
        add_member(file, typed=MemberForm(name=client.employee), actor=actor)
    return file


def _let_in(member: Member, client: Client) -> None:
    """Let the client's person follow the link of the invitation, as a browser would."""
    if client.way_in != "login" or member.status != MemberStatus.INVITED:
        return
    invitation = Invitation.objects.filter(member=member, state=InvitationState.WAITING).order_by("-id").first()
    if invitation is not None:
        accept_as_new(_token(invitation), name=client.person, password=PASSWORD, is_proved=True)

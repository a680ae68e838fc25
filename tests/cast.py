"""The fixed cast: two practices with two files each, and one person of each kind."""

from __future__ import annotations

from dataclasses import dataclass

from liasse.clients.models import ClientFile, Member
from liasse.clients.types import MemberRole
from liasse.core.access import Actor
from liasse.identity.models import User
from liasse.practices.models import Colleague, Practice
from liasse.practices.selectors import actor_of
from liasse.practices.types import ColleagueStatus, Role
from tests import factories


@dataclass(frozen=True)
class Cast:
    """Everybody, named by what they are to ``file``."""

    practice: Practice
    file: ClientFile
    sibling: ClientFile
    administrator: Colleague
    colleague: Colleague
    colleague_without: Colleague
    suspended: Colleague
    invited: Colleague
    client_administrator: Member
    client_employee: Member
    outsider: User
    other_practice: Practice
    other_file: ClientFile
    other_sibling: ClientFile
    other_administrator: Colleague

    @property
    def actor(self) -> Actor:
        """The administrator, as one who does things."""
        return actor_of(self.administrator)


def build() -> Cast:
    """Let everybody enter; needs the database."""
    practice, other = factories.practice("Cabinet Martin"), factories.practice("Cabinet Voisin")
    file = factories.client_file(practice, "Boulangerie Dupont")
    colleague = factories.colleague(practice, "Karim Benali", can_add_clients=True)
    suspended = factories.colleague(practice, "Sylvie Roux", status=ColleagueStatus.SUSPENDED)
    for person in (colleague, suspended):
        factories.grant(file, to=person)
    return Cast(
        practice=practice,
        file=file,
        sibling=factories.client_file(practice, "Garage Moreau"),
        administrator=factories.colleague(practice, "Anne Martin", role=Role.ADMINISTRATOR),
        colleague=colleague,
        colleague_without=factories.colleague(practice, "Chloe Petit"),
        suspended=suspended,
        invited=factories.colleague(practice, "Ivan Leroy", status=ColleagueStatus.INVITED),
        client_administrator=factories.member(file, "Fatima Dupont"),
        client_employee=factories.member(file, "Eric Lambert", role=MemberRole.STANDARD),
        outsider=factories.user("Olga Perrin"),
        other_practice=other,
        other_file=factories.client_file(other, "Menuiserie Voisin"),
        other_sibling=factories.client_file(other, "Fleurs du Canal"),
        other_administrator=factories.colleague(other, "Victor Voisin", role=Role.ADMINISTRATOR),
    )

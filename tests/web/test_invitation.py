"""Saying no to an invitation, and what the practice sees of it."""

import pytest
from django.test import Client

from liasse.clients.models import Member
from liasse.clients.types import MemberStatus
from liasse.core.models import AuditEvent
from liasse.core.scope import practice_scope
from liasse.identity.models import User
from liasse.invitations.models import Invitation
from liasse.invitations.services import invite_colleague, invite_member
from liasse.invitations.types import InvitationState
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.selectors import rendered
from tests import cast, factories
from tests.cast import Cast
from tests.factories import signed_in

pytestmark = pytest.mark.django_db
DECLINE = "/invitations/decline/"


@pytest.fixture
def people() -> Cast:
    return cast.build()


def link(people: Cast, *, to: User) -> str:
    """Invite somebody who has a login into the file, and give the link's path."""
    member = factories.member(people.file, to.name, status=MemberStatus.NO_LOGIN, email=to.email)
    with practice_scope(people.practice.id):
        invitation = invite_member(member, actor=people.actor)
        return path_of(invitation)


def path_of(invitation: Invitation) -> str:
    message = OutgoingMessage.objects.get(subject_id=invitation.id)
    return "/" + rendered(message).link.split("/", 3)[3]


def test_whoever_is_known_accepts_or_declines(people: Cast) -> None:
    page = signed_in(people.outsider).get(link(people, to=people.outsider), follow=True).content.decode()
    assert "Accepter" in page
    assert f'formaction="{DECLINE}"' in page


def test_declining_ends_the_link_and_is_on_record(people: Cast) -> None:
    path, browser = link(people, to=people.outsider), signed_in(people.outsider)
    browser.get(path)
    said = browser.post(DECLINE, follow=True)
    assert "Vous avez décliné l’invitation." in said.content.decode()
    with practice_scope(people.practice.id):
        member = Member.objects.get(email=people.outsider.email)
        assert (member.status, member.user) == (MemberStatus.NO_LOGIN, None)
        assert Invitation.objects.get().state == InvitationState.DECLINED
        assert AuditEvent.objects.get(verb="invitation.declined").actor_id == member.id
    assert browser.get(path, follow=True).status_code == 410
    assert browser.get(f"/portal/{people.file.id}/").status_code == 404


@pytest.mark.parametrize("who", ["colleague", None])
def test_nobody_declines_for_another(people: Cast, who: str | None) -> None:
    browser = signed_in(getattr(people, who) if who else None)
    browser.get(link(people, to=people.outsider))
    assert browser.post(DECLINE)["Location"] == "/invitations/"
    assert browser.get(DECLINE).status_code == 405
    with practice_scope(people.practice.id):
        assert Invitation.objects.get().state == InvitationState.WAITING


def test_declining_without_a_link_says_so(people: Cast) -> None:
    assert signed_in(people.outsider).post(DECLINE, follow=True).status_code == 404


def test_the_team_sees_a_colleague_s_no_and_invites_again(people: Cast) -> None:
    guest = factories.user(people.invited.name)
    with practice_scope(people.practice.id):
        path = path_of(invite_colleague(people.invited, actor=people.actor))
    browser = signed_in(guest)
    browser.get(path)
    browser.post(DECLINE)
    office, team = signed_in(people.administrator), "/team/"
    page = office.get(team).content.decode()
    assert "invitation déclinée" in page
    assert "Copier le lien" not in page
    office.post(f"/team/{people.invited.id}/resend/")
    assert "invitation déclinée" not in office.get(team).content.decode()


def test_the_token_is_in_no_page_and_no_referrer(people: Cast) -> None:
    path, browser = link(people, to=people.outsider), Client()
    first = browser.get(path)
    assert first.headers["Referrer-Policy"] == "no-referrer"
    page = browser.get(first["Location"])
    assert path.split("/")[2] not in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]

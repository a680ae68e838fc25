from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from liasse.clients.models import ClientFile, Member
from liasse.clients.reach import reach_as_member
from liasse.clients.types import FileStatus, MemberRole, MemberStatus
from liasse.core.audit import history, verify_chain
from liasse.core.errors import InvalidError
from liasse.core.scope import instance_scope, practice_scope
from liasse.identity.models import User
from liasse.identity.services import authenticate
from liasse.invitations.answers import accept_as_new, accept_as_user, find
from liasse.invitations.bounds import state_of
from liasse.invitations.errors import (
    AccountExistsError,
    CannotInviteError,
    InvitationClosedError,
    OtherAddressError,
)
from liasse.invitations.models import Invitation
from liasse.invitations.selectors import latest_of_colleagues, latest_of_members
from liasse.invitations.services import invite_colleague, invite_member, resend, revoke
from liasse.invitations.types import LinkState
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.selectors import rendered
from liasse.messaging.types import MessageState
from liasse.practices.models import Colleague, Practice
from liasse.practices.selectors import colleague_of_user
from liasse.practices.types import ColleagueStatus
from tests import cast, factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db
PASSWORD = "quatre mots au hasard"


@pytest.fixture
def people() -> Iterator[Cast]:
    made = cast.build()
    with practice_scope(made.practice.id):
        yield made


@pytest.fixture
def paul(people: Cast) -> Member:
    """Somebody of the client without a login."""
    member = Member.objects.filter(client_file=people.file, status=MemberStatus.NO_LOGIN).get()
    member.name, member.email, member.phone = "Paul {link} Lépi", "paul@lepi.example", "+33612345678"
    member.save()
    return member


def messages_of(invitation: Invitation) -> list[OutgoingMessage]:
    return list(OutgoingMessage.objects.filter(subject_id=invitation.id).order_by("id"))


def token_of(invitation: Invitation) -> str:
    return rendered(messages_of(invitation)[-1]).link.rstrip("/").rpartition("/")[2]


def closed(token: str) -> LinkState:
    """Say why a link is closed, having seen that it lets nobody in."""
    with pytest.raises(InvitationClosedError) as refusal:
        accept_as_new(token, name="Paul", password=PASSWORD)
    assert refusal.value.sentence
    found = find(token)
    return state_of(found) if found else LinkState.REVOKED


def test_a_member_keeps_the_row_and_gains_a_login(people: Cast, paul: Member) -> None:
    invitation = invite_member(paul, actor=people.actor)
    paul.refresh_from_db()
    assert paul.status == MemberStatus.INVITED
    user = accept_as_new(token_of(invitation), name="Paul Lépi", password=PASSWORD)
    paul.refresh_from_db()
    assert (paul.status, paul.user_id) == (MemberStatus.ACTIVE, user.id)
    assert authenticate("paul@lepi.example", PASSWORD) == user
    assert reach_as_member(user.id, file_id=people.file.id)
    assert reach_as_member(user.id, file_id=people.sibling.id) is None
    assert history(practice_id=people.practice.id, subject_id=invitation.id)[0].verb == "invitation.accepted"
    assert list(verify_chain(people.practice.id)) == []


def test_a_colleague_comes_in(people: Cast) -> None:
    invitation = invite_colleague(people.invited, actor=people.actor)
    user = accept_as_new(token_of(invitation), name="Ivan Leroy", password=PASSWORD)
    place = colleague_of_user(user.id)
    assert place
    assert (place.id, place.status) == (people.invited.id, ColleagueStatus.ACTIVE)


def test_somebody_known_accepts_under_the_same_login(people: Cast, paul: Member) -> None:
    user = factories.user("Paul Lépi", email="paul@lepi.example")
    token = token_of(invite_member(paul, actor=people.actor))
    with pytest.raises(AccountExistsError):
        accept_as_new(token, name="Paul", password=PASSWORD)
    accept_as_user(token, user=user)
    assert reach_as_member(user.id, file_id=people.file.id)
    assert User.objects.filter(email="paul@lepi.example").count() == 1


def test_another_account_does_not_take_it(people: Cast, paul: Member) -> None:
    token = token_of(invite_member(paul, actor=people.actor))
    with pytest.raises(OtherAddressError):
        accept_as_user(token, user=people.outsider)
    assert reach_as_member(people.outsider.id, file_id=people.file.id) is None
    found = find(token)
    assert found
    assert state_of(found) is LinkState.OPEN


def test_it_is_used_once(people: Cast, paul: Member) -> None:
    token = token_of(invite_member(paul, actor=people.actor))
    accept_as_new(token, name="Paul", password=PASSWORD)
    assert closed(token) is LinkState.USED


@pytest.mark.parametrize("values", [{"name": " "}, {"password": "short"}, {"password": "paul@lepi.example"}])
def test_what_cannot_be_used_leaves_the_link_open(people: Cast, paul: Member, values: dict[str, str]) -> None:
    token = token_of(invite_member(paul, actor=people.actor))
    with pytest.raises(InvalidError) as refusal:
        accept_as_new(token, name=values.get("name", "Paul"), password=values.get("password", PASSWORD))
    assert set(refusal.value.fields) == set(values)
    assert not User.objects.filter(email="paul@lepi.example").exists()
    accept_as_new(token, name="Paul", password=PASSWORD)


@pytest.mark.parametrize("token", ["", "x", "\0", "é" * 3000, "../.."])
def test_a_made_up_link_is_nothing(people: Cast, token: str) -> None:
    del people
    assert find(token) is None
    assert closed(token) is LinkState.REVOKED


def test_sending_again_ends_the_older_link(people: Cast, paul: Member) -> None:
    invitation = invite_member(paul, actor=people.actor)
    older = token_of(invitation)
    Invitation.objects.filter(id=invitation.id).update(expires_at=timezone.now() - timedelta(days=1))
    again = resend(invitation, actor=people.actor)
    newer = token_of(again)
    assert again.id == invitation.id
    assert again.expires_at > timezone.now() + timedelta(days=6)
    assert find(older) is None
    assert [message.state for message in messages_of(again)] == [MessageState.CANCELLED, MessageState.WAITING]
    accept_as_new(newer, name="Paul", password=PASSWORD)
    with pytest.raises(InvitationClosedError):
        resend(again, actor=people.actor)


def test_inviting_again_ends_the_older_invitation(people: Cast, paul: Member) -> None:
    older = token_of(invite_member(paul, actor=people.actor))
    newer = invite_member(paul, actor=people.actor)
    assert closed(older) is LinkState.REVOKED
    assert latest_of_members(people.file) == {paul.id: newer}


def test_a_revoked_one_lets_nobody_in(people: Cast, paul: Member) -> None:
    invitation = invite_member(paul, actor=people.actor)
    revoke(invitation, actor=people.actor)
    revoke(invitation, actor=people.actor)
    paul.refresh_from_db()
    assert paul.status == MemberStatus.NO_LOGIN
    assert closed(token_of(invitation)) is LinkState.REVOKED
    assert messages_of(invitation)[0].state == MessageState.CANCELLED


def _expire(people: Cast, invitation: Invitation) -> None:
    del people
    Invitation.objects.filter(id=invitation.id).update(expires_at=timezone.now())


def _suspend_inviter(people: Cast, invitation: Invitation) -> None:
    del invitation
    Colleague.objects.filter(id=people.administrator.id).update(status=ColleagueStatus.SUSPENDED)


def _archive(people: Cast, invitation: Invitation) -> None:
    del invitation
    ClientFile.objects.filter(id=people.file.id).update(status=FileStatus.ARCHIVED)


def _change_address(people: Cast, invitation: Invitation) -> None:
    del people
    Member.objects.filter(invitations=invitation).update(email="other@lepi.example")


def _change_role(people: Cast, invitation: Invitation) -> None:
    del people
    Member.objects.filter(invitations=invitation).update(role=MemberRole.MANAGER)


def _take_away(people: Cast, invitation: Invitation) -> None:
    del people
    Member.objects.filter(invitations=invitation).update(status=MemberStatus.LEFT)


@pytest.mark.parametrize(
    ("happens", "state"),
    [
        (_expire, LinkState.EXPIRED),
        (_suspend_inviter, LinkState.INVITER_SUSPENDED),
        (_archive, LinkState.FILE_ARCHIVED),
        (_change_address, LinkState.ADDRESS_CHANGED),
        (_change_role, LinkState.ROLE_CHANGED),
        (_take_away, LinkState.PERSON_GONE),
    ],
)
def test_a_link_whose_ground_is_gone_is_closed(people: Cast, paul: Member, happens: Any, state: LinkState) -> None:  # noqa: ANN401
    invitation = invite_member(paul, actor=people.actor)
    happens(people, invitation)
    assert closed(token_of(invitation)) is state
    assert not User.objects.filter(email="paul@lepi.example").exists()


def test_a_suspended_colleague_s_link_is_closed(people: Cast) -> None:
    invitation = invite_colleague(people.invited, actor=people.actor)
    Colleague.objects.filter(id=people.invited.id).update(status=ColleagueStatus.SUSPENDED)
    assert closed(token_of(invitation)) is LinkState.PERSON_GONE
    with pytest.raises(CannotInviteError):
        invite_colleague(people.suspended, actor=people.actor)


def test_whoever_has_access_is_not_invited(people: Cast, paul: Member) -> None:
    with pytest.raises(CannotInviteError):
        invite_member(people.client_administrator, actor=people.actor)
    ClientFile.objects.filter(id=people.file.id).update(status=FileStatus.ARCHIVED)
    with pytest.raises(CannotInviteError):
        invite_member(paul, actor=people.actor)


@pytest.mark.parametrize(
    ("missing", "ways", "field"),
    [
        ({"email": ""}, {}, "email"),
        ({"phone": ""}, {"by_sms": True}, "phone"),
        ({}, {"by_email": False}, "channels"),
    ],
)
def test_a_way_that_leads_nowhere_is_refused(
    people: Cast, paul: Member, missing: dict[str, str], ways: dict[str, bool], field: str
) -> None:
    Member.objects.filter(id=paul.id).update(**missing)
    with pytest.raises(InvalidError) as refusal:
        invite_member(paul, actor=people.actor, **ways)
    assert list(refusal.value.fields) == [field]
    assert not Invitation.objects.exists()


def test_both_ways_carry_the_same_link_and_are_repeated(people: Cast, paul: Member) -> None:
    invitation = invite_member(paul, actor=people.actor, by_sms=True)
    mail, sms = messages_of(invitation)
    assert (mail.to_address, sms.to_address) == ("paul@lepi.example", "+33612345678")
    assert rendered(mail).link == rendered(sms).link
    assert rendered(mail).link in rendered(sms).text
    resend(invitation, actor=people.actor)
    assert [message.channel for message in messages_of(invitation)] == ["email", "sms", "email", "sms"]


@pytest.mark.parametrize(
    ("practice", "file", "greeting"), [("fr", "", "Bonjour"), ("en", "", "Hello"), ("fr", "en", "Hello")]
)
def test_the_mail_speaks_the_file_s_language(
    people: Cast, paul: Member, practice: str, file: str, greeting: str
) -> None:
    Practice.objects.filter(id=people.practice.id).update(language=practice)
    ClientFile.objects.filter(id=people.file.id).update(language=file)
    mail = messages_of(invite_member(paul, actor=people.actor))[0]
    text = rendered(mail).text
    assert text.startswith(greeting)
    assert people.practice.name in mail.subject
    assert people.file.name in mail.subject
    assert "%(" not in text


def test_the_newest_of_the_colleagues(people: Cast) -> None:
    invitation = invite_colleague(people.invited, actor=people.actor)
    assert latest_of_colleagues(people.practice.id) == {people.invited.id: invitation}
    with practice_scope(people.other_practice.id):
        assert latest_of_colleagues(people.other_practice.id) == {}


def test_nothing_of_a_link_is_in_the_database(people: Cast, paul: Member) -> None:
    invitation = invite_member(paul, actor=people.actor)
    token = token_of(invitation)
    with instance_scope():
        rows = [*Invitation.objects.values(), *OutgoingMessage.objects.values()]
    assert token not in str(rows)

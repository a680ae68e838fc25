"""What those who sent an invitation see of it: every state, and what may still be done."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from liasse.clients.models import ClientFile, FileAccess, Member
from liasse.clients.types import MemberRole, MemberStatus
from liasse.core.errors import ConflictError
from liasse.core.scope import practice_scope
from liasse.invitations.answers import accept_as_new, ask_again, decline, look, mark_opened
from liasse.invitations.errors import InvitationClosedError, OtherAddressError
from liasse.invitations.models import Invitation
from liasse.invitations.opening import resend_to, resend_to_colleague, withdraw_from, withdraw_from_colleague
from liasse.invitations.services import invite_colleague, invite_member, resend
from liasse.invitations.standing import events_of, standing_of, standings_of_members
from liasse.invitations.team import team_row
from liasse.invitations.types import LinkState, Shown
from liasse.messaging import services as messaging
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.selectors import rendered
from liasse.messaging.types import MessageState
from liasse.practices.models import Colleague
from liasse.practices.selectors import actor_of
from liasse.practices.types import ColleagueStatus
from tests import cast, factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db
PASSWORD = "quatre mots au hasard"
type Happening = Callable[[Invitation], object]


@pytest.fixture
def people() -> Iterator[Cast]:
    made = cast.build()
    with practice_scope(made.practice.id):
        yield made


@pytest.fixture
def paul(people: Cast) -> Member:
    Member.objects.filter(client_file=people.file, status=MemberStatus.NO_LOGIN).update(email="paul@lepi.example")
    return Member.objects.get(email="paul@lepi.example")


def token_of(invitation: Invitation) -> str:
    message = OutgoingMessage.objects.filter(subject_id=invitation.id, link_nonce=invitation.nonce).order_by("-id")[0]
    return rendered(message).link.rstrip("/").rpartition("/")[2]


def messages(**values: object) -> Happening:
    return lambda invitation: OutgoingMessage.objects.filter(subject_id=invitation.id).update(**values)


def row(**values: object) -> Happening:
    return lambda invitation: Invitation.objects.filter(id=invitation.id).update(**values)


def member(**values: object) -> Happening:
    return lambda invitation: Member.objects.filter(invitations=invitation).update(**values)


def sent(invitation: Invitation) -> object:
    return messages(state=MessageState.SENT)(invitation)


STATES: dict[str, tuple[Happening, Shown]] = {
    "no relay": (lambda _one: None, Shown.STUCK),
    "sent": (sent, Shown.SENT),
    "failed": (messages(state=MessageState.FAILED, last_error="550 no"), Shown.FAILED),
    "bounced": (messages(state=MessageState.BOUNCED, trouble="bounced"), Shown.FAILED),
    "opened": (lambda one: mark_opened(token_of(one)), Shown.OPENED),
    "accepted": (lambda one: accept_as_new(token_of(one), name="Paul", password=PASSWORD), Shown.ACCEPTED),
    "expired": (row(expires_at=timezone.now() - timedelta(days=1)), Shown.EXPIRED),
    "declined": (lambda one: decline(token_of(one)), Shown.DECLINED),
    "other address": (member(email="else@lepi.example"), Shown.ENDED),
    "other role": (member(role=MemberRole.STANDARD), Shown.ENDED),
    "inviter suspended": (
        lambda one: Colleague.objects.filter(email=one.invited_by.email if one.invited_by else "").update(
            status=ColleagueStatus.SUSPENDED
        ),
        Shown.ENDED,
    ),
}


@pytest.mark.parametrize("what", STATES)
def test_each_state_is_told_with_a_word_and_a_tone(people: Cast, paul: Member, what: str) -> None:
    happens, shown = STATES[what]
    invitation = invite_member(paul, actor=people.actor)
    happens(invitation)
    standing = standings_of_members(people.file)[paul.id]
    assert standing.shown is shown
    assert standing.label
    assert bool(standing.link) is (shown in {Shown.STUCK, Shown.SENT, Shown.FAILED, Shown.OPENED})
    assert bool(standing.problem) is (shown in {Shown.FAILED, Shown.ENDED})


def test_with_a_relay_it_is_on_its_way_until_it_is_sent(
    people: Cast, paul: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    invite_member(paul, actor=people.actor)
    monkeypatch.setattr(messaging, "can_send_email", lambda: True)
    standing = standing_of(paul)
    assert standing
    assert standing.shown is Shown.WAITING


def test_an_inviter_who_lost_the_file_ends_the_link(people: Cast, paul: Member) -> None:
    invitation = invite_member(paul, actor=actor_of(people.colleague))
    assert look(token_of(invitation)).state is LinkState.OPEN
    FileAccess.objects.filter(colleague=people.colleague).update(level="coding")
    assert look(token_of(invitation)).state is LinkState.INVITER_SUSPENDED
    assert resend(invitation, actor=people.actor).invited_by_id == people.administrator.id


def test_a_role_changed_is_sent_again_with_the_new_one(people: Cast, paul: Member) -> None:
    invite_member(paul, actor=people.actor)
    member(role=MemberRole.STANDARD)(Invitation.objects.get())
    paul.refresh_from_db()
    again = resend_to(paul, actor=people.actor)
    assert again.role == MemberRole.STANDARD
    assert look(token_of(again)).state is LinkState.OPEN


def test_the_link_that_was_sent_before_says_that_it_was_replaced(people: Cast, paul: Member) -> None:
    invitation = invite_member(paul, actor=people.actor)
    older = token_of(invitation)
    resend(invitation, actor=people.actor)
    assert look(older).state is LinkState.REPLACED
    colleague = invite_colleague(people.invited, actor=people.actor)
    before = token_of(colleague)
    invite_colleague(people.invited, actor=people.actor)
    assert look(before).state is LinkState.REPLACED
    assert look(before[:-1]).state is LinkState.UNKNOWN


def test_a_colleague_s_invitation_is_cancelled_and_sent_again(people: Cast) -> None:
    token = token_of(invite_colleague(people.invited, actor=people.actor))
    withdraw_from_colleague(people.invited, actor=people.actor)
    assert look(token).state is LinkState.REVOKED
    found = team_row(people.practice.id, colleague_id=people.invited.id)
    assert found
    assert found.standing
    assert (found.standing.shown, found.link) == (Shown.REVOKED, "")
    with pytest.raises(ConflictError):
        withdraw_from_colleague(people.invited, actor=people.actor)
    assert look(token_of(resend_to_colleague(people.invited, actor=people.actor))).state is LinkState.OPEN


def test_asking_for_another_is_told_once_to_whoever_invited(people: Cast, paul: Member) -> None:
    invitation = invite_member(paul, actor=people.actor)
    token = token_of(invitation)
    with pytest.raises(InvitationClosedError):
        ask_again(token)
    row(expires_at=timezone.now())(invitation)
    ask_again(token)
    ask_again(token)
    asked = OutgoingMessage.objects.filter(subject_id=invitation.id, to_address=people.administrator.email)
    assert asked.count() == 1
    standing = standing_of(paul)
    assert standing
    assert standing.is_asked_again
    assert f"/files/{people.file.id}/members/" in asked.get().text
    assert look(token).state is LinkState.EXPIRED
    resend(invitation, actor=people.actor)
    standing = standing_of(paul)
    assert standing
    assert not standing.is_asked_again


def test_an_archived_file_is_not_asked_for(people: Cast, paul: Member) -> None:
    invitation = invite_member(paul, actor=people.actor)
    ClientFile.objects.filter(id=people.file.id).update(status="archived")
    with pytest.raises(InvitationClosedError):
        ask_again(token_of(invitation))


def test_its_history_tells_everything_in_order(people: Cast, paul: Member) -> None:
    invitation = invite_member(paul, actor=people.actor)
    mark_opened(token_of(invitation))
    withdraw_from(paul, actor=people.actor)
    verbs = [event.verb for event in events_of(people.practice.id, [invitation.id])]
    said = [verb for verb in reversed(verbs) if ".message-" not in verb]
    assert said == ["invitation.sent", "invitation.opened", "invitation.revoked"]


def test_an_address_that_differs_by_dots_or_tags_is_another_one(people: Cast, paul: Member) -> None:
    invitation = invite_member(paul, actor=people.actor)
    for other in ("pa.ul@lepi.example", "paul+x@lepi.example", "paul@lépi.example", "paul@lepі.example"):
        user = factories.user("Paul", email=other)
        with pytest.raises(OtherAddressError):
            decline(token_of(invitation), user=user)

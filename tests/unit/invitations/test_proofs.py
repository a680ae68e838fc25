"""The code that proves to whom a link came: one browser, ten minutes, five tries."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from liasse.clients.models import Member
from liasse.clients.types import MemberStatus
from liasse.core.scope import instance_scope, practice_scope
from liasse.core.tokens import derive_code
from liasse.identity.models import User
from liasse.invitations import proofs
from liasse.invitations.answers import accept_as_new, decline, mark_opened
from liasse.invitations.errors import (
    InvitationClosedError,
    NotProvedError,
    OtherAddressError,
    TooManyCodesError,
    WrongCodeError,
)
from liasse.invitations.mails import CODE_PURPOSE, PURPOSE
from liasse.invitations.models import Invitation
from liasse.invitations.proofs import CODE_TRIES, MOST_CODES, ask_code, take_code
from liasse.invitations.services import invite_member, resend
from liasse.invitations.types import InvitationState
from liasse.messaging import services as messaging
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.selectors import outbox, rendered
from tests import cast
from tests.cast import Cast

pytestmark = pytest.mark.django_db
PASSWORD = "quatre mots au hasard"


@pytest.fixture(autouse=True)
def _relay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the instance be one whose mails leave by themselves."""
    monkeypatch.setattr(messaging, "can_send_email", lambda: True)


@pytest.fixture
def people() -> Iterator[Cast]:
    made = cast.build()
    with practice_scope(made.practice.id):
        yield made


@pytest.fixture
def invitation(people: Cast) -> Invitation:
    member = Member.objects.get(client_file=people.file, status=MemberStatus.NO_LOGIN)
    Member.objects.filter(id=member.id).update(email="paul@lepi.example")
    return invite_member(member, actor=people.actor)


def token_of(invitation: Invitation) -> str:
    message = OutgoingMessage.objects.filter(subject_id=invitation.id, link_purpose=PURPOSE).order_by("-id")[0]
    return rendered(message).link.rstrip("/").rpartition("/")[2]


def code_of(invitation: Invitation, nonce: str) -> str:
    return derive_code(CODE_PURPOSE, subject_id=invitation.id, nonce=nonce)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def later(invitation: Invitation, by: timedelta) -> None:
    Invitation.objects.filter(id=invitation.id).update(code_at=timezone.now() - by)


def test_nobody_new_comes_in_without_the_code(invitation: Invitation) -> None:
    with pytest.raises(NotProvedError):
        accept_as_new(token_of(invitation), name="Paul", password=PASSWORD)
    assert not User.objects.filter(email="paul@lepi.example").exists()
    accept_as_new(token_of(invitation), name="Paul", password=PASSWORD, is_proved=True)
    assert User.objects.filter(email="paul@lepi.example").exists()


def test_the_code_is_mailed_to_the_invited_address_and_in_no_firm_s_outbox(
    people: Cast, invitation: Invitation
) -> None:
    nonce = ask_code(invitation)
    with instance_scope():
        message = OutgoingMessage.objects.get(link_purpose=CODE_PURPOSE)
    assert message.to_address == "paul@lepi.example"
    assert code_of(invitation, nonce) in rendered(message).text
    assert code_of(invitation, nonce) not in message.text
    assert message.id not in {one.id for one in outbox(practice_id=people.practice.id)}


def test_a_code_is_taken_once_and_with_blanks(invitation: Invitation) -> None:
    nonce = ask_code(invitation)
    code = code_of(invitation, nonce)
    take_code(invitation, nonce=nonce, typed=f" {code[:3]} {code[3:]} ")
    with pytest.raises(WrongCodeError):
        take_code(invitation, nonce=nonce, typed=code)


def test_five_wrong_codes_end_it(invitation: Invitation) -> None:
    nonce = ask_code(invitation)
    code = code_of(invitation, nonce)
    for _try in range(CODE_TRIES):
        with pytest.raises(WrongCodeError):
            take_code(invitation, nonce=nonce, typed=wrong(code))
    with pytest.raises(TooManyCodesError):
        take_code(invitation, nonce=nonce, typed=code)


@pytest.mark.parametrize("nonce", ["", "another browser's"])
def test_another_browser_s_code_opens_nothing(invitation: Invitation, nonce: str) -> None:
    code = code_of(invitation, ask_code(invitation))
    with pytest.raises(WrongCodeError):
        take_code(invitation, nonce=nonce, typed=code)


@pytest.mark.parametrize(("minutes", "holds"), [(9, True), (11, False)])
def test_a_code_holds_for_ten_minutes(invitation: Invitation, minutes: int, *, holds: bool) -> None:
    nonce = ask_code(invitation)
    later(invitation, timedelta(minutes=minutes))
    if holds:
        take_code(invitation, nonce=nonce, typed=code_of(invitation, nonce))
        return
    with pytest.raises(WrongCodeError):
        take_code(invitation, nonce=nonce, typed=code_of(invitation, nonce))


def test_codes_are_asked_for_a_minute_apart_and_ten_times_at_most(people: Cast, invitation: Invitation) -> None:
    ask_code(invitation)
    with pytest.raises(TooManyCodesError):
        ask_code(invitation)
    Invitation.objects.filter(id=invitation.id).update(count_codes=MOST_CODES)
    later(invitation, proofs.CODE_PAUSE)
    with pytest.raises(TooManyCodesError):
        ask_code(invitation)
    ask_code(resend(invitation, actor=people.actor))


def test_no_code_is_sent_for_a_link_that_holds_no_more(invitation: Invitation) -> None:
    Invitation.objects.filter(id=invitation.id).update(expires_at=timezone.now())
    with pytest.raises(InvitationClosedError):
        ask_code(invitation)


def test_going_on_marks_it_opened_once(invitation: Invitation) -> None:
    mark_opened(token_of(invitation))
    first = Invitation.objects.get(id=invitation.id)
    mark_opened(token_of(invitation))
    assert first.state == InvitationState.OPENED
    assert Invitation.objects.get(id=invitation.id).opened_at == first.opened_at


def test_somebody_new_declines_but_not_for_somebody_known(people: Cast, invitation: Invitation) -> None:
    decline(token_of(invitation))
    assert Invitation.objects.get(id=invitation.id).state == InvitationState.DECLINED
    member = Member.objects.get(email="paul@lepi.example")
    assert member.status == MemberStatus.NO_LOGIN
    User.objects.create(email="paul@lepi.example", name="Paul")
    again = invite_member(member, actor=people.actor)
    with pytest.raises(OtherAddressError):
        decline(token_of(again))

"""SMS that may not leave: said at once where a person waits, on the row otherwise."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from liasse.core.access import Actor, system_actor
from liasse.core.audit import Subject
from liasse.core.models import Job
from liasse.core.scope import practice_scope
from liasse.lib.ids import uuid7
from liasse.messaging import delivery, services
from liasse.messaging.limits import SmsRefusedError, spending
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.types import Channel, Draft, MessageState, Trouble
from liasse.practices.models import Practice
from liasse.practices.selectors import actor_of
from tests import cast
from tests.adapters.sms_http.peer import Peer, peer
from tests.adapters.sms_http.speakers import BAD, Gateway
from tests.cast import Cast
from tests.providers import served_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Iterator[Cast]:
    made = cast.build()
    with practice_scope(made.practice.id):
        yield made


@pytest.fixture
def gateway() -> Iterator[Peer]:
    with peer(Gateway()) as made:
        path = "liasse.adapters.sms_http.GatewaySmsSender"
        with served_by("sms_sender", path, url=made.url, token=Gateway.token, sender="Liasse"):
            yield made


def limited(monkeypatch: pytest.MonkeyPatch, **values: Any) -> None:  # noqa: ANN401 - any limit
    monkeypatch.setattr(settings, "LIASSE_SMS_LIMITS", replace(settings.LIASSE_SMS_LIMITS, **values))


def sms(practice: Practice, actor: Actor, *, number: str = "+33612345678", text: str = "Bonjour") -> OutgoingMessage:
    draft = Draft(Channel.SMS, number, "Paul", "", text)
    return services.queue(draft, practice_id=practice.id, subject=Subject("invitation", uuid7()), actor=actor)


def refusal(people: Cast, **words: Any) -> Trouble:  # noqa: ANN401 - any number or text
    count = OutgoingMessage.objects.count()
    with pytest.raises(SmsRefusedError) as refused:
        sms(people.practice, people.actor, **words)
    assert refused.value.fields["phone"].endswith(".")
    assert OutgoingMessage.objects.count() == count
    return refused.value.trouble


def test_a_number_gets_three_an_hour_and_five_a_day(people: Cast) -> None:
    for _number in range(3):
        sms(people.practice, people.actor)
    assert refusal(people) is Trouble.NUMBER_LIMIT
    OutgoingMessage.objects.update(created_at=timezone.now() - timedelta(hours=2))
    sms(people.practice, people.actor)
    sms(people.practice, people.actor)
    assert refusal(people) is Trouble.NUMBER_LIMIT
    OutgoingMessage.objects.update(created_at=timezone.now() - timedelta(hours=25))
    sms(people.practice, people.actor)


def test_a_number_is_one_person_s_whichever_practice_writes(people: Cast) -> None:
    with practice_scope(people.other_practice.id):
        for _number in range(3):
            sms(people.other_practice, actor_of(people.other_administrator))
    assert refusal(people) is Trouble.NUMBER_LIMIT


def test_a_person_and_a_practice_have_their_limits(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    limited(monkeypatch, per_person_hour=2, per_practice_day=3)
    numbers = [f"+3361234567{digit}" for digit in range(6)]
    for number in numbers[:2]:
        sms(people.practice, people.actor, number=number)
    assert refusal(people, number=numbers[2]) is Trouble.PERSON_LIMIT
    sms(people.practice, actor_of(people.colleague), number=numbers[2])
    with pytest.raises(SmsRefusedError) as refused:
        sms(people.practice, actor_of(people.colleague), number=numbers[3])
    assert refused.value.trouble is Trouble.PRACTICE_LIMIT


def test_a_month_has_a_cap_in_money(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    limited(monkeypatch, monthly_cap=Decimal("0.20"), prices={"FR": Decimal("0.06")}, usual_price=Decimal("0.10"))
    message = sms(people.practice, people.actor, text="a" * 161)
    assert message.price == Decimal("0.12")
    assert refusal(people, number="+32470123456", text="x") is Trouble.MONTHLY_CAP
    sms(people.practice, people.actor, number="+33612345679", text="x")
    assert spending(people.practice).spent == Decimal("0.18")
    OutgoingMessage.objects.update(created_at=timezone.now() - timedelta(days=32))
    assert spending(people.practice).spent == 0


def test_what_nobody_waits_for_is_refused_on_its_row(people: Cast) -> None:
    message = sms(people.practice, system_actor(people.practice.id), number="+447911123456")
    assert (message.state, message.trouble) == (MessageState.FAILED, Trouble.COUNTRY)
    assert message.problem
    assert not Job.objects.exists()


def test_what_never_left_counts_for_nothing(people: Cast) -> None:
    for _number in range(3):
        services.cancel(sms(people.practice, people.actor), actor=people.actor)
    sms(people.practice, people.actor)
    assert spending(people.practice).today == 1


def test_an_sms_goes_out_and_another_try_keeps_its_key(people: Cast, gateway: Peer) -> None:
    message = sms(people.practice, people.actor, text="Bonjour « Lépi »")
    gateway.speaker = lambda _asked: (503, {})
    again = delivery.deliver(message.id)
    assert again is not None
    gateway.speaker = speaker = Gateway()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("liasse.messaging.lines.Line.pause", lambda _line: 0)
        assert delivery.deliver(message.id) is None
    keys = {asked.headers["idempotency-key"] for asked in gateway.asked}
    assert (len(gateway.asked), len(keys)) == (2, 1)
    assert next(iter(speaker.taken.values()))["text"] == 'Bonjour "Lépi"'


def test_a_bad_number_fails_for_good_with_a_sentence(people: Cast, gateway: Peer) -> None:
    message = sms(people.practice, people.actor)
    OutgoingMessage.objects.update(to_address=BAD)
    assert delivery.deliver(message.id) is None
    message.refresh_from_db()
    assert (message.state, message.trouble) == (MessageState.FAILED, Trouble.NO_SUCH_ADDRESS)
    assert "422 invalid_number" in message.problem
    assert len(gateway.asked) == 1


def test_sent_again_by_hand_it_has_a_key_of_its_own_and_costs_again(people: Cast, gateway: Peer) -> None:
    message = sms(people.practice, people.actor)
    delivery.deliver(message.id)
    OutgoingMessage.objects.update(state=MessageState.BOUNCED)
    for _number in range(5):
        services.retry(message, actor=people.actor)
        delivery.deliver(message.id)
        OutgoingMessage.objects.update(state=MessageState.BOUNCED)
    assert OutgoingMessage.objects.get(id=message.id).price == 6 * message.price
    assert len({asked.headers["idempotency-key"] for asked in gateway.asked}) == 6
    with pytest.raises(SmsRefusedError) as refused:
        services.retry(message, actor=people.actor)
    assert refused.value.trouble is Trouble.TRIES


def test_it_is_asked_about_until_it_is_known(people: Cast, gateway: Peer) -> None:
    message = sms(people.practice, people.actor)
    delivery.deliver(message.id)
    assert Job.objects.get(kind=delivery.FOLLOW_MESSAGE).due_at > timezone.now()
    again = delivery.follow(message.id)
    assert again is not None
    assert again > timezone.now()
    speaker = gateway.speaker
    assert isinstance(speaker, Gateway)
    speaker.end(is_delivered=False)
    assert delivery.follow(message.id) is None
    message.refresh_from_db()
    assert (message.state, message.trouble) == (MessageState.BOUNCED, Trouble.NO_SUCH_ADDRESS)
    assert "out of use" in message.problem


def test_it_is_not_asked_about_for_ever(people: Cast, gateway: Peer) -> None:
    message = sms(people.practice, people.actor)
    delivery.deliver(message.id)
    OutgoingMessage.objects.update(sent_at=timezone.now() - timedelta(hours=5))
    gateway.speaker = lambda _asked: (500, {})
    assert delivery.follow(message.id) is None
    message.refresh_from_db()
    assert message.state == MessageState.SENT


def test_the_month_s_money_is_looked_at_again_when_it_leaves(
    people: Cast, gateway: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = sms(people.practice, people.actor)
    limited(monkeypatch, monthly_cap=Decimal("0.01"))
    assert delivery.deliver(message.id) is None
    message.refresh_from_db()
    assert (message.state, message.trouble) == (MessageState.FAILED, Trouble.MONTHLY_CAP)
    assert gateway.asked == []

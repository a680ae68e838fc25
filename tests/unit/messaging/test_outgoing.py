from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from liasse.core import adapters
from liasse.core.audit import Subject, history
from liasse.core.errors import ConflictError
from liasse.core.models import Job
from liasse.core.scope import instance_scope, practice_scope
from liasse.lib.ids import uuid7
from liasse.messaging import delivery, services
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.ports import SendError
from liasse.messaging.selectors import count_unsent, latest_of_subject, message_of, outbox, rendered
from liasse.messaging.types import Channel, Draft, MessageLink, MessageState, SentMail
from liasse.worker.main import run_next
from tests import cast
from tests.cast import Cast

pytestmark = pytest.mark.django_db


class Relay:
    """Takes every mail, or refuses each with the error it is given."""

    is_configured = True

    def __init__(self) -> None:
        self.taken: list[SentMail] = []
        self.error: SendError | None = None

    def send(self, mail: SentMail) -> None:
        if self.error:
            raise self.error
        self.taken.append(mail)


@pytest.fixture
def relay(monkeypatch: pytest.MonkeyPatch) -> Relay:
    made, real = Relay(), adapters.adapter

    def chosen(port: str) -> Any:  # noqa: ANN401 - any port
        return made if port == "mail_sender" else real(port)

    monkeypatch.setattr(services, "adapter", chosen)
    return made


@pytest.fixture
def people() -> Iterator[Cast]:
    made = cast.build()
    with practice_scope(made.practice.id):
        yield made


def queued(people: Cast, *, channel: Channel = Channel.EMAIL, subject: Subject | None = None) -> OutgoingMessage:
    draft = Draft(
        channel=channel,
        to_address="+33612345678" if channel is Channel.SMS else "paul@lepi.example",
        to_name="Paul",
        subject="Invitation",
        text="Open {link} {please}",
        link=MessageLink(path="/invitations/{token}/", purpose="invitation", subject_id=uuid7(), nonce="n"),
    )
    about = subject or Subject(kind="invitation", id=uuid7(), client_file_id=people.file.id)
    return services.queue(draft, practice_id=people.practice.id, subject=about, actor=people.actor)


def state_of(message: OutgoingMessage) -> tuple[str, int, str]:
    message.refresh_from_db()
    return message.state, message.attempts, message.last_error


def test_without_a_relay_it_waits_and_the_job_is_done(people: Cast) -> None:
    message = queued(people)
    assert not services.can_send_email()
    assert not services.can_send_sms()
    assert run_next()
    assert state_of(message) == (MessageState.WAITING, 0, "")
    assert not Job.objects.exists()


def test_what_waited_leaves_once_there_is_a_relay(people: Cast, relay: Relay) -> None:
    message, sms = queued(people), queued(people, channel=Channel.SMS)
    Job.objects.all().delete()
    with instance_scope():
        services.enqueue_waiting()
    assert run_next()
    assert not run_next()
    assert state_of(message)[0] == MessageState.SENT
    assert state_of(sms)[0] == MessageState.WAITING
    assert len(relay.taken) == 1


def test_the_mail_is_complete_and_known_by_its_row(people: Cast, relay: Relay) -> None:
    message = queued(people)
    delivery.deliver(message.id)
    mail, link = relay.taken[0], rendered(message).link
    assert mail.text == f"Open {link} {{please}}"
    assert link.startswith("http://")
    assert (mail.from_name, mail.to_address) == (people.practice.name, "paul@lepi.example")
    assert str(message.id) in mail.message_id
    assert "{token}" in message.link_path


def test_the_row_keeps_no_token(people: Cast) -> None:
    message = queued(people)
    token = rendered(message).link.rstrip("/").rpartition("/")[2]
    row = OutgoingMessage.objects.filter(id=message.id).values()[0]
    assert len(token) == 43
    assert token not in str(row)


def test_it_is_sent_once(people: Cast, relay: Relay) -> None:
    message = queued(people)
    delivery.deliver(message.id)
    delivery.deliver(message.id)
    assert len(relay.taken) == 1
    assert state_of(message)[:2] == (MessageState.SENT, 1)


def test_a_refusal_for_good_is_shown_with_its_reason(people: Cast, relay: Relay) -> None:
    message, relay.error = queued(people), SendError("550 no such user", permanent=True)
    delivery.deliver(message.id)
    assert state_of(message) == (MessageState.FAILED, 1, "550 no such user")


def test_a_passing_fault_is_tried_again_and_given_up_in_the_end(people: Cast, relay: Relay) -> None:
    message, relay.error = queued(people), SendError("451 later", permanent=False)
    again = delivery.deliver(message.id)
    assert again is not None
    assert message_of(practice_id=people.practice.id, message_id=message.id).next_try_at == again  # type: ignore[union-attr]
    assert state_of(message) == (MessageState.WAITING, 1, "451 later")
    delivery.give_up(message.id)
    assert state_of(message) == (MessageState.FAILED, 1, "451 later")


@pytest.mark.parametrize(("hours", "is_given_up"), [(1, False), (47, False), (49, True)])
def test_a_mail_is_tried_for_two_days(people: Cast, relay: Relay, hours: int, *, is_given_up: bool) -> None:
    message, relay.error = queued(people), SendError("451 later", permanent=False)
    OutgoingMessage.objects.update(attempts=20, first_try_at=timezone.now() - timedelta(hours=hours))
    assert (delivery.deliver(message.id) is None) == is_given_up
    assert state_of(message)[0] == (MessageState.FAILED if is_given_up else MessageState.WAITING)


def test_a_code_is_not_tried_past_its_term(people: Cast, relay: Relay) -> None:
    message, relay.error = queued(people), SendError("451 later", permanent=False)
    OutgoingMessage.objects.update(attempts=3, first_try_at=timezone.now() - timedelta(minutes=16), link_path="")
    assert delivery.deliver(message.id) is None
    assert state_of(message)[0] == MessageState.FAILED


def test_a_failed_one_is_sent_again_by_hand(people: Cast, relay: Relay) -> None:
    message, relay.error = queued(people), SendError("550 no", permanent=True)
    delivery.deliver(message.id)
    relay.error = None
    services.retry(message, actor=people.actor)
    assert run_next()
    assert state_of(message) == (MessageState.SENT, 1, "")
    with pytest.raises(ConflictError):
        services.retry(message, actor=people.actor)


def test_a_cancelled_one_never_leaves(people: Cast, relay: Relay) -> None:
    message = queued(people)
    services.cancel(message, actor=people.actor)
    services.cancel(message, actor=people.actor)
    while run_next():
        pass
    assert relay.taken == []
    with pytest.raises(ConflictError):
        services.retry(message, actor=people.actor)


def test_one_cancelled_on_its_way_stays_cancelled(people: Cast, relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    message = queued(people)
    monkeypatch.setattr(relay, "send", lambda _mail: services.cancel(message, actor=people.actor))
    delivery.deliver(message.id)
    assert state_of(message)[0] == MessageState.CANCELLED


def test_a_sent_one_cannot_be_cancelled(people: Cast, relay: Relay) -> None:
    del relay
    message = queued(people)
    delivery.deliver(message.id)
    with pytest.raises(ConflictError):
        services.cancel(message, actor=people.actor)


def test_its_history_is_the_subject_s(people: Cast, relay: Relay) -> None:
    del relay
    message = queued(people)
    delivery.deliver(message.id)
    events = history(practice_id=people.practice.id, subject_id=message.subject_id)
    assert [event.verb for event in events] == ["invitation.message-sent", "invitation.message-queued"]
    assert {event.client_file_id for event in events} == {people.file.id}


def test_the_outbox_is_paged_newest_first(people: Cast) -> None:
    made = [queued(people) for _number in range(5)]
    first = outbox(practice_id=people.practice.id, limit=3)
    second = outbox(practice_id=people.practice.id, before=first[-1].id, limit=3)
    assert [message.id for message in first + second] == [message.id for message in reversed(made)]


def test_the_unsent_are_counted_for_their_practice_alone(people: Cast) -> None:
    waiting, failed, cancelled = queued(people), queued(people), queued(people)
    OutgoingMessage.objects.filter(id=failed.id).update(state=MessageState.FAILED)
    services.cancel(cancelled, actor=people.actor)
    assert count_unsent(people.practice.id) == 2
    with practice_scope(people.other_practice.id):
        assert count_unsent(people.other_practice.id) == 0
        assert message_of(practice_id=people.other_practice.id, message_id=waiting.id) is None


def test_the_newest_of_each_subject_in_one_query(people: Cast, django_assert_num_queries: Any) -> None:  # noqa: ANN401
    one, two = Subject(kind="invitation", id=uuid7()), Subject(kind="invitation", id=uuid7())
    queued(people, subject=one)
    newest, other = queued(people, subject=one), queued(people, subject=two)
    with django_assert_num_queries(1):
        found = latest_of_subject(people.practice.id, [one.id, two.id, uuid7()])
    assert found == {one.id: newest, two.id: other}


def test_a_crash_after_the_relay_s_yes_sends_under_the_same_name(people: Cast, relay: Relay) -> None:
    message = queued(people)
    delivery.deliver(message.id)
    OutgoingMessage.objects.filter(id=message.id).update(state=MessageState.WAITING)
    delivery.deliver(message.id)
    assert len({mail.message_id for mail in relay.taken}) == 1

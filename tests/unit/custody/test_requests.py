"""A practice asks for a client's file: nothing is told by asking, and the client alone decides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from liasse.clients.models import ClientFile, FileAccess, Member
from liasse.clients.types import FileStatus, MemberRole
from liasse.core import audit
from liasse.core.access import Actor
from liasse.core.errors import InvalidError, NotThereError
from liasse.core.models import AuditEvent, AuditHead, Job
from liasse.core.scope import instance_scope, practice_scope
from liasse.custody.answering import grant, refuse, request_to, requests_to
from liasse.custody.errors import (
    AskedAlreadyError,
    FileWentError,
    NotInChargeError,
    RequestEndedError,
    TooManyTriesError,
)
from liasse.custody.models import TransferRequest
from liasse.custody.requesting import ask_for_file, requests_of, standing, tell_client, withdraw
from liasse.custody.services import take_access_away
from liasse.custody.types import TransferState
from liasse.messaging.models import OutgoingMessage
from liasse.practices.models import Colleague
from liasse.practices.selectors import actor_of
from liasse.practices.services import holder
from liasse.practices.types import ColleagueStatus, Role
from liasse.worker.main import run_next
from tests import factories
from tests.queries import asked
from tests.unit.custody.world import World, build, counts, strays

pytestmark = pytest.mark.django_db
FATIMA = "fatima.dupont@example.fr"


@pytest.fixture
def world() -> World:
    return build()


def ask(colleague: Colleague, email: str = FATIMA, message: str = "") -> TransferRequest:
    with practice_scope(colleague.practice_id):
        made = ask_for_file(email=email, message=message, actor=actor_of(colleague))
    tell_client(made.id)
    return made


def state_of(request: TransferRequest) -> TransferState:
    with instance_scope():
        return standing(TransferRequest.objects.select_related("asked_by__user").get(id=request.id))


def third() -> Colleague:
    return factories.colleague(factories.practice("Cabinet Tiers"), "Tom Tiers", role=Role.ADMINISTRATOR)


def mails_to(email: str) -> list[OutgoingMessage]:
    with instance_scope():
        return list(OutgoingMessage.objects.filter(to_address=email).order_by("id"))


# ---------------------------------------------------------------------------------------------------- asking


def test_asking_tells_nothing_in_rows_queries_or_trail(world: World) -> None:
    other = world.people.other_administrator
    ask(other, "the.first.of.the.trail@example.fr")
    seen = []
    for email in (FATIMA, "nobody@example.fr", world.people.client_employee.email, other.email):
        before = counts()
        with practice_scope(other.practice_id), asked() as queries:
            made = ask_for_file(email=email, actor=actor_of(other))
        after = counts()
        changed = {key: number - before.get(key, 0) for key, number in after.items() if number != before.get(key, 0)}
        with practice_scope(other.practice_id):
            event = AuditEvent.objects.get(subject_id=made.id)
        seen.append((len(queries), changed, event.verb, event.after, event.actor_name))
    assert seen == [seen[0]] * 4


def test_whoever_runs_a_file_of_another_practice_is_written_to_once_and_in_no_firms_outbox(world: World) -> None:
    made = ask(world.people.other_administrator, f" {FATIMA.upper()} ", "Ring me: http://evil.example")
    tell_client(made.id)
    (mail,) = mails_to(FATIMA)
    assert (mail.practice_id, mail.language) == (holder().id, "fr")
    assert f"/portal/{world.file.id}/accountant/" in mail.text
    assert "Cabinet Voisin" in mail.subject
    assert "evil.example" not in mail.text


def test_nobody_else_is_written_to(world: World) -> None:
    people = world.people
    for email in ("nobody@example.fr", people.client_employee.email, people.administrator.email):
        ask(people.other_administrator, email)
        assert mails_to(email) == []
    ask(people.administrator)  # Has the file already.
    assert mails_to(FATIMA) == []
    assert requests_to(FATIMA, apart=people.practice.id) == []


def test_a_request_that_was_withdrawn_before_the_worker_came_is_told_to_nobody(world: World) -> None:
    other = world.people.other_administrator
    with practice_scope(other.practice_id):
        made = ask_for_file(email=FATIMA, actor=actor_of(other))
        withdraw(made.id, actor=actor_of(other))
    tell_client(made.id)
    assert mails_to(FATIMA) == []


def test_who_may_add_no_clients_asks_for_none(world: World) -> None:
    with pytest.raises(NotInChargeError):
        ask(world.people.colleague_without)
    assert ask(world.people.colleague, "paul@menuiserie.example").asked_by_id == world.people.colleague.id


def test_what_is_no_address_or_too_long_is_refused(world: World) -> None:
    other = world.people.other_administrator
    for email, message, field in (("", "", "email"), ("fatima", "", "email"), (FATIMA, "x" * 501, "message")):
        with pytest.raises(InvalidError) as refused:
            ask(other, email, message)
        assert set(refused.value.fields) == {field}
    assert ask(other, FATIMA, "Bonjour\u202e \x00Fatima\r\nÀ bientôt ").message == "Bonjour Fatima\nÀ bientôt"


def test_the_eleventh_of_a_person_and_the_thirty_first_of_a_practice_wait_for_tomorrow(world: World) -> None:
    other = world.people.other_practice
    for number in range(3):
        person = factories.colleague(other, f"Person {number}", can_add_clients=True)
        for turn in range(10):
            ask(person, f"n{number}.{turn}@example.fr")
        with pytest.raises(TooManyTriesError):
            ask(person, "eleventh@example.fr")
    with pytest.raises(TooManyTriesError):
        ask(world.people.other_administrator, FATIMA)
    with instance_scope():
        TransferRequest.objects.update(asked_at=timezone.now() - timedelta(days=1, minutes=1))
    ask(world.people.other_administrator, FATIMA)


def test_an_address_is_asked_once_and_left_alone_after_a_refusal(world: World) -> None:
    other = world.people.other_administrator
    made = ask(other)
    with pytest.raises(AskedAlreadyError):
        ask(other)
    refuse(world.file, request_id=made.id, actor=world.client)
    with pytest.raises(AskedAlreadyError):
        ask(other)
    with instance_scope():
        TransferRequest.objects.update(asked_at=timezone.now() - timedelta(days=14, minutes=1))
    ask(other)


def test_withdrawing_and_asking_again_has_an_end(world: World) -> None:
    other = world.people.other_administrator
    for _turn in range(3):
        made = ask(other)
        with practice_scope(other.practice_id):
            withdraw(made.id, actor=actor_of(other))
    with pytest.raises(AskedAlreadyError):
        ask(other)


def test_who_sees_and_withdraws_which(world: World) -> None:
    people = world.people
    mine = ask(people.colleague, "a@example.fr")
    chiefs = ask(people.administrator, "b@example.fr")
    theirs = ask(people.other_administrator, "c@example.fr")
    with practice_scope(people.practice.id):
        assert [one.id for one in requests_of(actor_of(people.colleague))] == [mine.id]
        assert [one.id for one in requests_of(people.actor)] == [chiefs.id, mine.id]
        for hidden in (chiefs, theirs):
            with pytest.raises(NotThereError):
                withdraw(hidden.id, actor=actor_of(people.colleague))
        with pytest.raises(NotThereError):
            withdraw(theirs.id, actor=people.actor)
        withdraw(mine.id, actor=people.actor)
        with pytest.raises(RequestEndedError):
            withdraw(mine.id, actor=people.actor)


# -------------------------------------------------------------------------------------------------- answering


def test_granted_the_file_moves_to_who_asked_and_both_trails_say_so(world: World) -> None:
    people = world.people
    made = ask(people.other_administrator)
    assert [one.id for one in requests_to(FATIMA, apart=people.practice.id)] == [made.id]
    grant(world.file, request_id=made.id, actor=world.client)
    assert world.file.practice_id == people.other_practice.id
    assert strays() == []
    with instance_scope():
        assert FileAccess.objects.get(client_file=world.file).colleague_id == people.other_administrator.id
        left = AuditEvent.objects.get(verb="practice.file-left")
        granted = AuditEvent.objects.get(verb="transfer.granted")
        for practice_id in AuditHead.objects.values_list("practice_id", flat=True):
            assert list(audit.verify_chain(practice_id)) == []
    assert (left.practice_id, left.before["file"]) == (people.practice.id, people.file.name)
    assert (granted.practice_id, granted.actor_name) == (people.other_practice.id, "Fatima Dupont")
    assert state_of(made) is TransferState.GRANTED
    assert people.file.name in mails_to(people.administrator.email)[-1].subject
    assert people.file.name in mails_to(people.other_administrator.email)[-1].subject


def test_refused_nothing_moves_and_only_who_asked_hears_of_it(world: World) -> None:
    people = world.people
    made = ask(people.other_administrator)
    with instance_scope():
        before = AuditEvent.objects.filter(practice_id=people.practice.id).count()
    refuse(world.file, request_id=made.id, actor=world.client)
    assert state_of(made) is TransferState.REFUSED
    assert world.file.practice_id == people.practice.id
    (mail,) = mails_to(people.other_administrator.email)
    assert FATIMA in mail.text
    with instance_scope():
        said = AuditEvent.objects.get(verb="transfer.refused")
        assert AuditEvent.objects.filter(practice_id=people.practice.id).count() == before
    # Whom the address belongs to was not known to the practice, and is not told.
    assert (said.actor_name, said.actor_id) == (FATIMA, None)
    assert "Dupont" not in f"{mail.text}{said.after}".replace(FATIMA, "")


def test_a_client_with_several_files_gives_the_one_and_others_may_ask_on(world: World) -> None:
    people, tom = world.people, third()
    factories.member(people.sibling, "Fatima Dupont")
    first, second = ask(people.other_administrator), ask(tom)
    assert "/portal/\n" in mails_to(FATIMA)[0].text
    grant(world.file, request_id=first.id, actor=world.client)
    assert world.file.practice_id == people.other_practice.id
    with instance_scope():
        assert ClientFile.objects.get(id=people.sibling.id).practice_id == people.practice.id
    assert state_of(second) is TransferState.ASKED
    with instance_scope():
        member = Member.objects.get(client_file=people.sibling, user__email=FATIMA)
        given = ClientFile.objects.select_related("practice").get(id=people.sibling.id)
    actor = Actor(kind="member", user_id=member.user_id, person_id=member.id, name=member.name)
    grant(given, request_id=second.id, actor=actor)
    with instance_scope():
        assert ClientFile.objects.get(id=people.sibling.id).practice_id == tom.practice_id


def test_of_two_practices_that_ask_one_gets_the_file_and_the_other_request_ends(world: World) -> None:
    people = world.people
    paul = factories.member(world.file, "Paul Dupont")
    first, second, third_one = ask(people.other_administrator), ask(third()), ask(third(), paul.email)
    seen = world.file
    grant(seen, request_id=first.id, actor=world.client)
    for other in (second, third_one):
        assert state_of(other) is TransferState.ENDED
    with pytest.raises(FileWentError):
        grant(seen, request_id=second.id, actor=world.client)
    with pytest.raises(RequestEndedError):
        grant(world.file, request_id=second.id, actor=world.client)
    with pytest.raises(RequestEndedError):
        grant(world.file, request_id=first.id, actor=world.client)


def test_a_detached_file_and_an_archived_one_can_be_given(world: World) -> None:
    made = ask(world.people.other_administrator)
    with instance_scope():
        ClientFile.objects.filter(id=world.file.id).update(status=FileStatus.ARCHIVED)
    take_access_away(world.file, actor=world.client)
    grant(world.file, request_id=made.id, actor=world.client)
    file = world.file
    assert (file.practice_id, file.status) == (world.people.other_practice.id, FileStatus.ACTIVE)


def test_the_request_of_somebody_who_may_add_no_clients_any_more_ends(world: World) -> None:
    asker = factories.colleague(world.people.other_practice, "Zoe Simple", can_add_clients=True)
    made = ask(asker)
    for values in ({"status": ColleagueStatus.SUSPENDED}, {"can_add_clients": False}):
        with instance_scope():
            Colleague.objects.filter(id=asker.id).update(status=ColleagueStatus.ACTIVE, can_add_clients=True)
            assert len(requests_to(FATIMA)) == 1
            Colleague.objects.filter(id=asker.id).update(**values)
        assert requests_to(FATIMA) == []
        assert state_of(made) is TransferState.ENDED
        with pytest.raises(RequestEndedError):
            grant(world.file, request_id=made.id, actor=world.client)


def test_after_two_weeks_it_has_run_out(world: World) -> None:
    made = ask(world.people.other_administrator)
    with instance_scope():
        rows = TransferRequest.objects.filter(id=made.id)
        rows.update(expires_at=timezone.now() + timedelta(minutes=1))
        assert len(requests_to(FATIMA)) == 1
        rows.update(expires_at=timezone.now())
    assert state_of(made) is TransferState.EXPIRED
    assert requests_to(FATIMA) == []
    with pytest.raises(RequestEndedError):
        request_to(world.file, request_id=made.id, email=FATIMA)
    ask(world.people.other_administrator)


def test_only_the_asked_address_answers_and_only_as_an_administrator(world: World) -> None:
    people = world.people
    paul = factories.member(world.file, "Paul Dupont")
    made = ask(people.other_administrator, paul.email)
    for answer in (grant, refuse):
        with pytest.raises(NotThereError):
            answer(world.file, request_id=made.id, actor=world.client)
    own = Actor(kind="member", person_id=paul.id, user_id=paul.user_id)
    with instance_scope():
        Member.objects.filter(id=paul.id).update(role=MemberRole.MANAGER)
    for actor in (own, world.administrator):
        with pytest.raises(NotInChargeError):
            grant(world.file, request_id=made.id, actor=actor)
    assert world.file.practice_id == people.practice.id


def test_the_mail_is_written_by_the_worker(world: World) -> None:
    with instance_scope():
        Job.objects.all().delete()
    other = world.people.other_administrator
    with practice_scope(other.practice_id):
        ask_for_file(email=FATIMA, actor=actor_of(other))
    assert run_next()
    assert len(mails_to(FATIMA)) == 1

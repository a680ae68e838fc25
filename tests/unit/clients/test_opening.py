from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from liasse.clients import services
from liasse.clients.errors import ColleagueGoneError, MayNotAddClientsError
from liasse.clients.models import ClientFile, FileAccess, InboundAddress, Member
from liasse.clients.selectors import find_address
from liasse.clients.services import open_file
from liasse.clients.types import AddressKind, MemberStatus
from liasse.core.audit import history
from liasse.core.errors import InvalidError, TransientError
from liasse.core.scope import instance_scope
from liasse.practices.models import Colleague, Practice
from liasse.practices.types import BOOKING_DEFAULTS, ColleagueStatus
from tests.web.firm import answers, firm, invitee

pytestmark = pytest.mark.django_db


def test_a_file_has_the_practice_s_values_as_copies() -> None:
    office = firm("claire")
    with instance_scope():
        Practice.objects.filter(id=office.practice.id).update(currency="CHF", due_days=45, chart="pcg-farming")
    file = office.reload(office.open().client_file)
    assert (file.currency, file.due_days, file.chart) == ("CHF", 45, "pcg-farming")
    with instance_scope():
        Practice.objects.filter(id=office.practice.id).update(currency="EUR", due_days=10, chart="pcg")
    assert {field: getattr(office.reload(file), field) for field in BOOKING_DEFAULTS} == {
        field: getattr(file, field) for field in BOOKING_DEFAULTS
    }


def test_the_ticked_and_the_creator_reach_it_and_nobody_else() -> None:
    office = firm()
    chosen = (office.people["lea"].id, office.people["ines"].id)
    opened = office.open(by="hugo", colleague_ids=chosen)
    with office.scope():
        granted = FileAccess.objects.filter(client_file=opened.client_file).values_list("colleague__name", flat=True)
        assert set(granted) == {"Hugo Perrin", "Léa Martin", "Inès Faure"}
    assert office.reload(opened.client_file).count_colleagues == 3


def test_without_an_invitation_one_member_bears_the_client_s_name_and_has_no_login() -> None:
    office = firm("claire")
    opened = office.open("L'Épi d'Or")
    with office.scope():
        member = Member.objects.get(client_file=opened.client_file)
    assert (member.name, member.email, member.user_id) == ("L'Épi d'Or", "", None)
    assert member.status == MemberStatus.NO_LOGIN


def test_with_an_invitation_the_member_is_the_invitee() -> None:
    opened = firm("claire").open(invitee=invitee(email=" Paul@LEPI.example ", phone="06 12 34 56 78"))
    assert (opened.member.name, opened.member.email, opened.member.phone) == (
        "Paul Lépi",
        "paul@lepi.example",
        "+33612345678",
    )


def test_its_address_works_that_instant() -> None:
    office = firm("claire")
    opened = office.open("Boulangerie L'Épi d'Or")
    readable, _dot, secret = opened.local_part.partition(".")
    assert (readable, len(secret)) == ("boulangerie-epi-or", 12)
    with instance_scope():
        found = find_address(opened.local_part)
        assert (found.kind, found.client_file_id) == (AddressKind.OPEN, opened.client_file.id)
        assert find_address("boulangerie-epi-or.aaaaaaaaaaaa").kind is AddressKind.UNKNOWN


def test_an_address_that_was_ever_given_out_is_not_given_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = firm("claire"), firm("claire", called="Cabinet Voisin")
    taken = first.open("Lépi").local_part.rpartition(".")[2]
    drawn = iter([taken, taken, "aaaaaaaaaaaa"])
    monkeypatch.setattr(services, "random_part", lambda: next(drawn))
    assert second.open("Lépi").local_part == "lepi.aaaaaaaaaaaa"
    monkeypatch.setattr(services, "random_part", lambda: taken)
    with pytest.raises(TransientError):
        second.open("Lépi", sector="bakery")
    with instance_scope():
        assert ClientFile.objects.filter(practice=second.practice).count() == 1


def test_the_same_window_opens_one_file() -> None:
    office = firm("claire")
    new = answers()
    with office.scope():
        first, second = (open_file(new, actor=office.actor()) for _click in range(2))
        assert (first.was_already_there, second.was_already_there) == (False, True)
        assert first.client_file.id == second.client_file.id
        assert first.local_part == second.local_part
        assert ClientFile.objects.count() == 1


def test_two_tabs_with_the_same_answers_open_one_file() -> None:
    office = firm("claire")
    first = office.open("Lépi", invitee=invitee())
    second = office.open(" Lépi ", invitee=invitee(email="PAUL@lepi.example"))
    assert second.was_already_there
    assert second.client_file.id == first.client_file.id


@pytest.mark.parametrize("other", ["later", "sector", "person"])
def test_a_second_file_of_the_same_name_is_opened_on_purpose(other: str) -> None:
    office = firm("claire", "hugo")
    office.open("Lépi")
    if other == "later":
        second = office.open("Lépi", opened_at=timezone.now() + timedelta(seconds=1))
    elif other == "sector":
        second = office.open("Lépi", sector="bakery")
    else:
        second = office.open("Lépi", by="hugo")
    assert not second.was_already_there


@pytest.mark.parametrize("became", [ColleagueStatus.SUSPENDED, ColleagueStatus.LEFT])
def test_a_colleague_gone_meanwhile_is_named_and_nothing_is_created(became: ColleagueStatus) -> None:
    office = firm()
    with office.scope():
        Colleague.objects.filter(id=office.people["lea"].id).update(status=became)
    with pytest.raises(ColleagueGoneError, match="Léa Martin"):
        office.open(colleague_ids=(office.people["lea"].id,))
    with instance_scope():
        assert not ClientFile.objects.exists()
        assert not InboundAddress.objects.exists()


def test_a_colleague_of_another_practice_is_nobody() -> None:
    office, other = firm("claire"), firm("lea", called="Cabinet Voisin")
    with pytest.raises(ColleagueGoneError) as refused:
        office.open(colleague_ids=(other.people["lea"].id,))
    assert "Léa" not in str(refused.value)


def test_rights_taken_away_meanwhile_are_looked_at_again() -> None:
    office = firm()
    actor = office.actor("hugo")
    with office.scope():
        Colleague.objects.filter(id=office.people["hugo"].id).update(can_add_clients=False)
        with pytest.raises(MayNotAddClientsError):
            open_file(answers(), actor=actor)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": " \u200b"}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"sector": "nonsense"}, "sector"),
        ({"invitee": invitee(name="")}, "contact_name"),
        ({"invitee": invitee(email="paul")}, "email"),
        ({"invitee": invitee(phone="12")}, "phone"),
        ({"invitee": invitee(by_email=False)}, "channels"),
        ({"invitee": invitee(by_sms=True)}, "phone"),
    ],
)
def test_what_the_window_would_refuse_is_refused_here_too(changed: dict[str, Any], field: str) -> None:
    office = firm("claire")
    with pytest.raises(InvalidError) as refused:
        office.open(**changed)
    assert list(refused.value.fields) == [field]
    with instance_scope():
        assert not ClientFile.objects.exists()


def test_the_opening_is_in_the_file_s_history() -> None:
    office = firm("claire")
    file = office.open().client_file
    with office.scope():
        (event,) = history(practice_id=office.practice.id, subject_id=file.id)
    assert (event.verb, event.actor_name, event.after["name"]) == ("file.opened", "Claire Delmas", "Boulangerie Lépi")

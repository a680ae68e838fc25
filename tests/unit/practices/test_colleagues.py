from collections.abc import Callable, Iterator

import pytest

from liasse.core.audit import history
from liasse.core.errors import ConflictError, InvalidError, NotThereError
from liasse.core.scope import practice_scope
from liasse.practices.errors import LastAdministratorError, NotAdministratorError
from liasse.practices.models import Colleague
from liasse.practices.selectors import actor_of, colleague_of_user
from liasse.practices.services import (
    CHANGEABLE,
    add_colleague,
    change_colleague,
    change_default,
    reactivate,
    suspend,
)
from liasse.practices.types import ColleagueStatus, Role
from tests import cast
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Iterator[Cast]:
    made = cast.build()
    with practice_scope(made.practice.id):
        yield made


def add(people: Cast, *, name: str = "Zoé", email: str = "zoe@x.example", role: str = Role.COLLEAGUE) -> Colleague:
    return add_colleague(
        practice=people.practice, name=name, email=email, role=role, can_add_clients=False, actor=people.actor
    )


def test_a_new_colleague_waits_for_the_invitation(people: Cast) -> None:
    zoe = add(people, email=" ZOE@x.example ")
    assert (zoe.email, zoe.status, zoe.user_id) == ("zoe@x.example", ColleagueStatus.INVITED, None)
    assert history(practice_id=people.practice.id, subject_id=zoe.id)[0].verb == "colleague.added"


@pytest.mark.parametrize(
    ("field", "values"),
    [("name", {"name": ""}), ("email", {"email": "zoe"}), ("role", {"role": "boss"})],
)
def test_what_cannot_be_used_gets_a_sentence(people: Cast, field: str, values: dict[str, str]) -> None:
    with pytest.raises(InvalidError) as refusal:
        add(people, **values)
    assert list(refusal.value.fields) == [field]


def test_an_address_is_one_colleague(people: Cast) -> None:
    with pytest.raises(InvalidError) as refusal:
        add(people, email=people.colleague.email.upper())
    assert list(refusal.value.fields) == ["email"]


def test_only_administrators_run_the_practice(people: Cast) -> None:
    actor = actor_of(people.colleague)
    acts: list[Callable[[], object]] = [
        lambda: suspend(people.invited, actor=actor),
        lambda: reactivate(people.suspended, actor=actor),
        lambda: change_colleague(people.colleague, actor=actor, role=Role.ADMINISTRATOR),
        lambda: change_default(people.practice, actor=actor, version=1, field="name", value="Mine"),
        lambda: add_colleague(
            practice=people.practice, name="Z", email="z@x.example", role="colleague", can_add_clients=True, actor=actor
        ),
    ]
    for act in acts:
        with pytest.raises(NotAdministratorError):
            act()


def test_the_last_active_administrator_stays(people: Cast) -> None:
    anne = people.administrator
    acts: list[Callable[[], object]] = [
        lambda: suspend(anne, actor=people.actor),
        lambda: change_colleague(anne, actor=people.actor, role=Role.COLLEAGUE),
    ]
    for act in acts:
        with pytest.raises(LastAdministratorError) as refusal:
            act()
        assert anne.name in refusal.value.sentence
    change_colleague(people.colleague, actor=people.actor, role=Role.ADMINISTRATOR)
    assert suspend(anne, actor=people.actor).status == ColleagueStatus.SUSPENDED


def test_an_invited_administrator_does_not_count(people: Cast) -> None:
    change_colleague(people.invited, actor=people.actor, role=Role.ADMINISTRATOR)
    with pytest.raises(LastAdministratorError):
        suspend(people.administrator, actor=people.actor)


def test_the_suspended_are_out_at_once_and_come_back(people: Cast) -> None:
    karim = people.colleague
    assert karim.user_id
    suspend(karim, actor=people.actor)
    suspend(karim, actor=people.actor)
    assert colleague_of_user(karim.user_id) is None
    reactivate(karim, actor=people.actor)
    assert colleague_of_user(karim.user_id) == karim
    assert len(history(practice_id=people.practice.id, subject_id=karim.id)) == 2


def test_whoever_never_accepted_comes_back_as_invited(people: Cast) -> None:
    suspend(people.invited, actor=people.actor)
    assert reactivate(people.invited, actor=people.actor).status == ColleagueStatus.INVITED


def test_rights_and_name_change_with_what_was_there_before(people: Cast) -> None:
    change_colleague(people.colleague_without, actor=people.actor, can_add_clients=True, name=" Chloé  Petit ")
    event = history(practice_id=people.practice.id, subject_id=people.colleague_without.id)[0]
    assert event.before == {"colleague": "Chloe Petit", "can_add_clients": False}
    assert event.after == {"colleague": "Chloé Petit", "can_add_clients": True}


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("name", " Cabinet  Ô ", "Cabinet Ô"),
        ("currency", "CHF", "CHF"),
        ("country", "BE", "BE"),
        ("vat_scheme", "exempt", "exempt"),
        ("chart", "pcg-farming", "pcg-farming"),
        ("due_days", " 45 ", 45),
        ("paid_status", "paid", "paid"),
        ("archive_rule", "on-export", "on-export"),
        ("language", "en", "en"),
        ("time_zone", "Indian/Reunion", "Indian/Reunion"),
    ],
)
def test_every_default_can_be_changed(people: Cast, field: str, value: str, kept: object) -> None:
    changed = change_default(people.practice, actor=people.actor, version=1, field=field, value=value)
    people.practice.refresh_from_db()
    assert (getattr(people.practice, field), changed.version) == (kept, 2)
    assert field in CHANGEABLE


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "\u200b"),
        ("name", "x" * 201),
        ("currency", "FRF"),
        ("country", "France"),
        ("country", "EU"),
        ("due_days", "-1"),
        ("due_days", "366"),
        ("due_days", "٣"),
        ("time_zone", "../etc/passwd"),
        ("language", "de"),
        ("chart", ""),
    ],
)
def test_a_default_that_cannot_be_is_refused(people: Cast, field: str, value: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        change_default(people.practice, actor=people.actor, version=1, field=field, value=value)
    assert list(refusal.value.fields) == [field]


def test_a_change_against_an_older_version_is_not_made(people: Cast) -> None:
    change_default(people.practice, actor=people.actor, version=1, field="due_days", value="10")
    with pytest.raises(ConflictError):
        change_default(people.practice, actor=people.actor, version=1, field="due_days", value="20")
    people.practice.refresh_from_db()
    assert people.practice.due_days == 10


def test_nothing_else_of_a_practice_is_changed(people: Cast) -> None:
    with pytest.raises(NotThereError):
        change_default(people.practice, actor=people.actor, version=1, field="version", value="9")

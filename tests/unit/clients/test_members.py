"""The people of a client: roles, permissions, codes, and what they may decide about each other."""

from collections.abc import Iterator

import pytest

from liasse.clients.email_use import EmailUse, check_email
from liasse.clients.member_rights import roles_in_reach
from liasse.clients.models import ClientFile, Member
from liasse.clients.people import MemberForm, add_member, change_member, make_main
from liasse.clients.reach import reach_as_member
from liasse.clients.selectors import member_of_file, members_of
from liasse.clients.types import MemberRole, MemberStatus
from liasse.core.access import Actor
from liasse.core.errors import ForbiddenError, InvalidError, NotThereError
from liasse.core.models import AuditEvent
from liasse.core.scope import practice_scope
from tests import cast, factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db
ADMINISTRATOR, MANAGER, STANDARD = MemberRole.ADMINISTRATOR, MemberRole.MANAGER, MemberRole.STANDARD


@pytest.fixture
def people() -> Iterator[Cast]:
    made = cast.build()
    with practice_scope(made.practice.id):
        yield made


def acting(member: Member) -> Actor:
    assert member.user_id
    reach = reach_as_member(member.user_id, file_id=member.client_file_id)
    assert reach
    return reach.actor


def form(member: Member, **changed: str | bool) -> MemberForm:
    words = {"name": member.name, "email": member.email, "role": member.role}
    return MemberForm(**(words | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("role", "sees_all", "shown"),
    [(ADMINISTRATOR, False, True), (MANAGER, False, True), (STANDARD, False, False), (STANDARD, True, True)],
)
def test_who_sees_all_documents(role: MemberRole, *, sees_all: bool, shown: bool) -> None:
    assert Member(role=role, can_see_all=sees_all).sees_all is shown


def test_permissions_and_code_are_kept_and_left_alone_when_not_typed(people: Cast) -> None:
    eric = people.client_employee
    change_member(
        eric,
        typed=MemberForm(
            name=eric.name, email=eric.email, employee_code=" E 12 ", can_see_all=True, can_approve=True, can_claim=True
        ),
        actor=people.actor,
    )
    change_member(eric, typed=form(eric), actor=people.actor)
    eric.refresh_from_db()
    assert (eric.employee_code, eric.can_see_all, eric.can_approve, eric.can_claim) == ("E 12", True, True, True)
    event = AuditEvent.objects.get(verb="member.changed")
    assert (event.before, event.after["employee_code"], event.after["can_approve"]) == ({}, "E 12", True)


@pytest.mark.parametrize("code", ["E12", "e12", "x" * 21])
def test_a_code_is_one_person_s_in_a_file(people: Cast, code: str) -> None:
    add_member(people.file, typed=MemberForm(name="Rose", employee_code="E12"), actor=people.actor)
    add_member(people.sibling, typed=MemberForm(name="Rose", employee_code="E12"), actor=people.actor)
    with pytest.raises(InvalidError) as refusal:
        add_member(people.file, typed=MemberForm(name="Paul", employee_code=code), actor=people.actor)
    assert list(refusal.value.fields) == ["employee_code"]


def test_a_manager_looks_after_everybody_but_administrators(people: Cast) -> None:
    manager = factories.member(people.file, "Mona Petit", role=MANAGER)
    actor = acting(manager)
    assert roles_in_reach(people.file, actor=actor) == {MANAGER, STANDARD}
    change_member(people.client_employee, typed=form(people.client_employee, role=MANAGER), actor=actor)
    for person, role in ((people.client_administrator, STANDARD), (manager, ADMINISTRATOR)):
        with pytest.raises(ForbiddenError):
            change_member(person, typed=form(person, role=role), actor=actor)
    with pytest.raises(ForbiddenError):
        add_member(people.file, typed=MemberForm(name="Zoé", role=ADMINISTRATOR), actor=actor)


def test_a_standard_user_and_somebody_of_another_file_decide_nothing(people: Cast) -> None:
    stranger = factories.member(people.sibling, "Sam Roi")
    for person in (people.client_employee, stranger):
        with pytest.raises(ForbiddenError):
            add_member(people.file, typed=MemberForm(name="Zoé"), actor=acting(person))


def test_a_role_that_was_taken_meanwhile_decides_nothing(people: Cast) -> None:
    actor = acting(people.client_administrator)
    Member.objects.filter(id=people.client_administrator.id).update(role=STANDARD)
    with pytest.raises(ForbiddenError):
        add_member(people.file, typed=MemberForm(name="Zoé"), actor=actor)


def test_the_last_administrator_does_not_step_down_unless_the_practice_says_so(people: Cast) -> None:
    fatima = people.client_administrator
    with pytest.raises(ForbiddenError, match="Fatima"):
        change_member(fatima, typed=form(fatima, role=STANDARD), actor=acting(fatima))
    other = factories.member(people.file, "Yves Roi", status=MemberStatus.NO_LOGIN)
    with pytest.raises(ForbiddenError):
        change_member(fatima, typed=form(fatima, role=STANDARD), actor=acting(fatima))
    Member.objects.filter(id=other.id).update(status=MemberStatus.ACTIVE, user=factories.user("Yves Roi"))
    change_member(fatima, typed=form(fatima, role=STANDARD), actor=acting(fatima))
    change_member(other, typed=form(other, role=STANDARD), actor=people.actor)


def test_the_practice_alone_chooses_the_main_contact_and_there_is_one(people: Cast) -> None:
    make_main(people.client_employee, actor=people.actor)
    make_main(people.client_employee, actor=people.actor)
    mains = Member.objects.filter(client_file=people.file, is_main=True)
    assert [one.name for one in mains] == ["Eric Lambert"]
    event = AuditEvent.objects.get(verb="member.main")
    assert (event.before, event.after) == ({"main": "Boulangerie Dupont"}, {"main": "Eric Lambert"})
    with pytest.raises(ForbiddenError):
        make_main(people.client_administrator, actor=acting(people.client_administrator))


def test_somebody_who_was_taken_out_meanwhile_is_not_there(people: Cast) -> None:
    Member.objects.filter(id=people.client_employee.id).update(status=MemberStatus.LEFT)
    with pytest.raises(NotThereError):
        change_member(people.client_employee, typed=form(people.client_employee), actor=people.actor)
    assert member_of_file(people.file, member_id=people.client_employee.id) is None
    assert people.client_employee.name not in {row.name for row in members_of(people.file)}


def test_the_email_warning_does_not_count_the_file_itself(people: Cast) -> None:
    fatima = people.client_administrator
    assert check_email(fatima.email, actor=people.actor) is EmailUse.IN_USE
    assert check_email(fatima.email, actor=people.actor, client_file=people.file) is EmailUse.FREE
    assert check_email(fatima.email.upper(), actor=people.actor, client_file=people.sibling) is EmailUse.IN_USE


def test_a_file_that_opens_has_its_main_contact(people: Cast) -> None:
    opened = ClientFile.objects.get(id=people.file.id)
    assert Member.objects.filter(client_file=opened, is_main=True).count() == 1

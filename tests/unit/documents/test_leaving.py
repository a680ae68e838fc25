"""Somebody is taken out of a file: the documents are another's, the access is nobody's."""

from collections.abc import Iterator

import pytest

from liasse.clients.models import ClientFile, Member
from liasse.clients.people import MemberForm, add_member, make_main
from liasse.clients.reach import reach_as_member
from liasse.clients.selectors import members_of
from liasse.clients.types import MemberRole, MemberStatus
from liasse.core.access import Actor
from liasse.core.errors import ConflictError, ForbiddenError, InvalidError, NotThereError
from liasse.core.models import AuditEvent
from liasse.core.scope import practice_scope
from liasse.documents.leaving import count_owned, take_out
from liasse.documents.models import Document
from liasse.invitations.answers import look
from liasse.invitations.services import invite_member
from liasse.invitations.types import LinkState
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.selectors import rendered
from tests import cast, factories
from tests.cast import Cast
from tests.unit.custody.world import fill

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Iterator[Cast]:
    made = cast.build()
    with practice_scope(made.practice.id):
        yield made


@pytest.fixture
def owned(people: Cast) -> Document:
    document = fill(people.file, content=b"a document of Eric")
    Document.objects.filter(id=document.id).update(owner=people.client_employee)
    return document


def acting(member: Member) -> Actor:
    assert member.user_id
    reach = reach_as_member(member.user_id, file_id=member.client_file_id)
    assert reach
    return reach.actor


def test_the_documents_go_to_the_heir_and_the_access_ends(people: Cast, owned: Document) -> None:
    eric, fatima = people.client_employee, people.client_administrator
    user, before = eric.user, len(members_of(people.file))
    assert user
    assert take_out(eric, heir_id=fatima.id, actor=people.actor) == 1
    owned.refresh_from_db()
    assert owned.owner == fatima
    assert reach_as_member(user.id, file_id=people.file.id) is None
    assert eric.id not in {one.id for one in members_of(people.file)}
    assert ClientFile.objects.get(id=people.file.id).count_members == before - 1
    event = AuditEvent.objects.get(verb="member.removed")
    assert (event.before["email"], event.after["heir"], event.after["documents"]) == (eric.email, "Fatima Dupont", 1)


def test_without_an_heir_nothing_happens_while_there_are_documents(people: Cast, owned: Document) -> None:
    stranger = factories.member(people.sibling, "Sam Roi")
    for heir in (None, people.client_employee.id, stranger.id):
        with pytest.raises(InvalidError) as refusal:
            take_out(people.client_employee, heir_id=heir, actor=people.actor)
        assert list(refusal.value.fields) == ["heir"]
    owned.refresh_from_db()
    assert owned.owner == people.client_employee
    assert count_owned(people.client_employee) == 1


def test_the_address_is_free_again_and_the_same_person_starts_anew(people: Cast) -> None:
    email = people.client_employee.email
    take_out(people.client_employee, heir_id=None, actor=people.actor)
    with pytest.raises(NotThereError):
        take_out(people.client_employee, heir_id=None, actor=people.actor)
    again = add_member(people.file, typed=MemberForm(name="Eric Lambert", email=email), actor=people.actor)
    assert again.status == MemberStatus.NO_LOGIN


def test_an_open_invitation_ends_with_it(people: Cast) -> None:
    rose = factories.member(people.file, "Rose", status=MemberStatus.NO_LOGIN, email="rose@dupont.example")
    invitation = invite_member(rose, actor=people.actor)
    token = rendered(OutgoingMessage.objects.get(subject_id=invitation.id)).link.rstrip("/").rpartition("/")[2]
    take_out(rose, heir_id=None, actor=people.actor)
    assert look(token).state is LinkState.REVOKED


def test_the_main_contact_stays_until_another_is_chosen(people: Cast) -> None:
    make_main(people.client_employee, actor=people.actor)
    with pytest.raises(ConflictError):
        take_out(people.client_employee, heir_id=None, actor=people.actor)
    make_main(people.client_administrator, actor=people.actor)
    take_out(people.client_employee, heir_id=None, actor=people.actor)


def test_the_last_administrator_does_not_leave_nor_is_taken_out_by_a_manager(people: Cast) -> None:
    fatima = people.client_administrator
    manager = factories.member(people.file, "Mona Petit", role=MemberRole.MANAGER)
    for actor in (acting(fatima), acting(manager)):
        with pytest.raises(ForbiddenError):
            take_out(fatima, heir_id=None, actor=actor)
    take_out(people.client_employee, heir_id=None, actor=acting(manager))
    take_out(fatima, heir_id=None, actor=people.actor)


def test_nobody_is_left_behind_alone(people: Cast) -> None:
    alone = Member.objects.get(client_file=people.sibling)
    with pytest.raises(ConflictError):
        take_out(alone, heir_id=None, actor=people.actor)

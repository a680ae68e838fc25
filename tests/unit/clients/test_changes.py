import pytest

from liasse.clients.changes import change_field, current_value, is_customised, reapply_defaults
from liasse.clients.errors import FieldChangedError, LockedFieldError
from liasse.clients.models import ClientFile, FileAccess, InboundAddress, Member
from liasse.clients.people import MemberForm, add_member, change_member, set_access
from liasse.clients.selectors import history_of_file
from liasse.clients.services import archive_file, reactivate_file
from liasse.clients.types import FileStatus, MemberStatus
from liasse.core.access import Level
from liasse.core.errors import ForbiddenError, InvalidError, NotThereError
from liasse.core.models import AuditEvent
from liasse.core.scope import instance_scope
from liasse.practices.models import Practice
from tests.web.firm import Firm, firm

pytestmark = pytest.mark.django_db


def change(office: Firm, file: ClientFile, field: str, text: str, *, version: int | None = None) -> ClientFile:
    with office.scope():
        version = office.reload(file).version if version is None else version
        return change_field(file, field=field, text=text, version=version, actor=office.actor())


def test_a_new_name_is_found_and_sorted_and_leaves_the_address() -> None:
    office = firm("claire")
    opened = office.open("Avant")
    changed = change(office, opened.client_file, "name", "  Été  à Paris ")
    assert (changed.name, changed.name_sort) == ("Été à Paris", "ete a paris")
    assert "ete a paris" in changed.search_text
    with office.scope():
        assert InboundAddress.objects.get(client_file=changed).local_part == opened.local_part


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("name", ""),
        ("name", "x" * 201),
        ("sector", "nonsense"),
        ("siren", "732829321"),
        ("practice_code", "x" * 31),
        ("currency", "XXX"),
        ("currency", ""),
        ("due_days", "366"),
        ("due_days", "-1"),
        ("due_days", "٣"),
        ("time_zone", "Mars/Olympus"),
    ],
)
def test_a_value_that_cannot_be_is_refused_beside_its_field(field: str, text: str) -> None:
    office = firm("claire")
    file = office.open().client_file
    with pytest.raises(InvalidError) as refused:
        change(office, file, field, text)
    assert list(refused.value.fields) == [field]
    assert office.reload(file).version == 1


def test_a_default_that_is_set_becomes_customised_and_can_follow_again() -> None:
    office = firm("claire")
    file = office.open().client_file
    assert is_customised(change(office, file, "due_days", "60"), "due_days")
    with instance_scope():
        Practice.objects.filter(id=office.practice.id).update(due_days=15)
    with office.scope():
        assert reapply_defaults(file, actor=office.actor()) == ["due_days"]
    again = office.reload(file)
    assert (again.due_days, again.customised) == (15, [])


def test_language_follows_the_practice_until_it_is_set_here() -> None:
    office = firm("claire")
    file = office.open().client_file
    with instance_scope():
        Practice.objects.filter(id=office.practice.id).update(language="en")
    assert current_value(office.reload(file), "language") == "en"
    change(office, file, "language", "en")
    with instance_scope():
        Practice.objects.filter(id=office.practice.id).update(language="fr")
    assert current_value(office.reload(file), "language") == "en"


def test_the_currency_is_locked_once_a_document_is_ready() -> None:
    office = firm("claire")
    file = office.open().client_file
    change(office, file, "currency", "CHF")
    with office.scope():
        ClientFile.objects.filter(id=file.id).update(count_ready=1)
    with pytest.raises(LockedFieldError):
        change(office, file, "currency", "USD")
    with office.scope():
        assert "currency" not in reapply_defaults(file, actor=office.actor())
    assert office.reload(file).currency == "CHF"


def test_a_field_changed_by_somebody_else_is_not_overwritten() -> None:
    office = firm("claire")
    file = office.open().client_file
    change(office, file, "name", "Premier", version=1)
    with pytest.raises(FieldChangedError):
        change(office, file, "name", "Second", version=1)
    assert office.reload(file).name == "Premier"


def test_another_field_changed_meanwhile_is_no_conflict() -> None:
    office = firm("claire")
    file = office.open().client_file
    change(office, file, "name", "Premier", version=1)
    assert change(office, file, "siren", "732 829 320", version=1).siren == "732829320"


def test_every_change_is_in_the_history_with_before_and_after() -> None:
    office = firm()
    file = office.open("Avant").client_file
    change(office, file, "name", "Après")
    with office.scope():
        set_access(file, colleague_id=office.people["lea"].id, level=Level.READING, actor=office.actor())
        add_member(file, typed=MemberForm(name="Rose"), actor=office.actor())
        archive_file(file, actor=office.actor())
        events = history_of_file(file).events
    assert [event.verb for event in events] == [
        "file.archived",
        "member.added",
        "file.access",
        "file.changed",
        "file.opened",
    ]
    assert (events[3].before, events[3].after) == ({"name": "Avant"}, {"name": "Après", "version": 2})


def test_typing_what_is_there_changes_nothing() -> None:
    office = firm("claire")
    file = office.open("Lépi").client_file
    change(office, file, "name", "Lépi")
    with office.scope():
        assert AuditEvent.objects.filter(verb="file.changed").count() == 0


def test_access_is_given_changed_and_taken_away() -> None:
    office = firm()
    file = office.open().client_file
    with office.scope():
        for level, count in ((Level.READING, 2), (Level.FULL, 2), ("", 1)):
            set_access(file, colleague_id=office.people["lea"].id, level=level, actor=office.actor())
            assert office.reload(file).count_colleagues == count
        assert not FileAccess.objects.filter(colleague=office.people["lea"]).exists()


def test_nobody_shuts_himself_out_and_strangers_are_not_there() -> None:
    office, other = firm(), firm("lea", called="Cabinet Voisin")
    file = office.open(by="hugo").client_file
    with office.scope():
        with pytest.raises(ForbiddenError):
            set_access(file, colleague_id=office.people["hugo"].id, level="", actor=office.actor("hugo"))
        with pytest.raises(NotThereError):
            set_access(file, colleague_id=other.people["lea"].id, level=Level.FULL, actor=office.actor())


def test_a_member_is_added_without_a_login() -> None:
    office = firm("claire")
    file = office.open().client_file
    with office.scope():
        member = add_member(file, typed=MemberForm(name="Rose", phone="0612345678"), actor=office.actor())
        assert (member.status, member.phone) == (MemberStatus.NO_LOGIN, "+33612345678")
    assert office.reload(file).count_members == 2


def test_one_address_is_one_member_of_a_file() -> None:
    office = firm("claire")
    file = office.open().client_file
    with office.scope():
        add_member(file, typed=MemberForm(name="Rose", email="rose@lepi.example"), actor=office.actor())
        with pytest.raises(InvalidError) as refused:
            add_member(file, typed=MemberForm(name="Rosa", email="ROSE@lepi.example"), actor=office.actor())
    assert list(refused.value.fields) == ["email"]


def test_the_address_of_somebody_who_signs_in_stays() -> None:
    office = firm("claire")
    opened = office.open()
    with office.scope():
        Member.objects.filter(id=opened.member.id).update(status=MemberStatus.ACTIVE, email="paul@lepi.example")
        with pytest.raises(InvalidError):
            change_member(opened.member, typed=MemberForm(name="Paul", email="x@y.fr"), actor=office.actor())


def test_archiving_twice_is_once_and_can_be_undone() -> None:
    office = firm("claire")
    file = office.open().client_file
    with office.scope():
        archived = [archive_file(file, actor=office.actor()) for _ in range(2)]
        assert archived[0].version == archived[1].version
        assert reactivate_file(file, actor=office.actor()).status == FileStatus.ACTIVE
    assert office.reload(file).archived_at is None

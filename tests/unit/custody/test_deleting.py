"""A file is deleted with everything in it, when nobody and no law needs it; its address is nobody's ever after."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.utils import timezone

from liasse.clients.models import ClientFile, InboundAddress, Member
from liasse.clients.selectors import addresses_taken, find_address
from liasse.clients.types import AddressKind, MemberStatus
from liasse.core import audit
from liasse.core.errors import InvalidError
from liasse.core.models import AuditEvent, Job
from liasse.core.scope import instance_scope, practice_scope
from liasse.custody.deleting import DROP_BYTES, delete_file, drop_bytes, obstacles_of
from liasse.custody.errors import FileWentError, MustBeKeptError, NotInChargeError
from liasse.custody.models import LeftBytes
from liasse.custody.rows import file_tables
from liasse.documents.models import Document
from liasse.intake.models import Receipt
from liasse.pipeline import child
from liasse.practices.selectors import actor_of
from liasse.worker.main import run_next
from tests import factories
from tests.unit.custody.world import OLD, World, build, counts, fill, strays

pytestmark = pytest.mark.django_db
NAME = "boulangerie dupont"


@pytest.fixture
def world() -> World:
    """A file whose pieces are of 2010, and in which nobody can sign in any more."""
    made = build(received_at=OLD)
    with instance_scope():
        Member.objects.filter(client_file=made.file).update(status=MemberStatus.LEFT)
    return made


def delete(world: World, typed: str = NAME) -> None:
    delete_file(world.file, typed_name=typed, actor=world.administrator)


def age(sha256: str) -> None:
    """Let a blob have been put long ago."""
    os.utime(child.blobs().path(sha256), (OLD.timestamp(), OLD.timestamp()))


def test_no_row_of_the_file_is_left_and_no_other_is_touched(world: World) -> None:
    file_id, before = world.file.id, counts()
    with instance_scope():
        held = {table.model.__name__: table.of(file_id).count() for table in file_tables()}
    delete(world)
    practice = world.people.practice.id
    after = counts()
    with instance_scope():
        assert [table.model.__name__ for table in file_tables() if table.of(file_id).exists()] == []
        assert not Job.objects.filter(practice_id=practice, subject_id=world.document.id).exists()
    for name, number in held.items():
        kept = number if name == "InboundAddress" else 0
        assert after.get((name, practice), 0) == before[name, practice] - number + kept, name
    assert after["AuditEvent", practice] == before["AuditEvent", practice] + 1
    assert strays() == []


def test_the_trail_keeps_that_it_was_there_and_who_deleted_it(world: World) -> None:
    delete(world)
    with practice_scope(world.people.practice.id):
        event = AuditEvent.objects.get(verb="practice.file-deleted")
        assert list(audit.verify_chain(world.people.practice.id)) == []
    assert (event.actor_name, event.before["file"], event.before["documents"]) == (
        "Anne Martin",
        "Boulangerie Dupont",
        1,
    )


def test_the_address_is_closed_and_never_given_out_again(world: World) -> None:
    with instance_scope():
        local_part = world.file.addresses.get().local_part
    delete(world)
    with instance_scope():
        assert find_address(local_part).kind == AddressKind.CLOSED
        assert addresses_taken([local_part])
        assert InboundAddress.objects.get(local_part=local_part).client_file is None


@pytest.mark.parametrize("typed", ["", "Boulangerie", "Garage Moreau", "Boulangerie Dupont 2"])
def test_the_name_must_be_typed(world: World, typed: str) -> None:
    with pytest.raises(InvalidError) as refused:
        delete(world, typed)
    assert set(refused.value.fields) == {"name"}
    assert world.file.name == "Boulangerie Dupont"


def test_a_file_with_a_piece_of_today_is_kept_for_eleven_years_less_a_day(world: World) -> None:
    with instance_scope():
        fill(world.file, content=b"something of today")
    with pytest.raises(MustBeKeptError) as refused:
        delete(world)
    with instance_scope():
        until = obstacles_of(world.file).kept_until
    assert until is not None
    assert until.year == timezone.now().year + 11 or until.month == 12
    assert "L123-22" in refused.value.sentence
    assert f"{until:%d/%m/%Y}" in refused.value.sentence or f"{until:%m/%d/%Y}" in refused.value.sentence


def test_a_receipt_of_which_nothing_became_a_document_is_kept_too(world: World) -> None:
    with instance_scope():
        Receipt.objects.filter(client_file=world.file).update(received_at=timezone.now() - timedelta(days=30))
    with pytest.raises(MustBeKeptError):
        delete(world)


def test_a_file_in_which_a_client_can_sign_in_is_not_deleted(world: World) -> None:
    factories.member(world.file, "Fatou Diop")
    with pytest.raises(MustBeKeptError, match="Fatou Diop"):
        delete(world)


def test_an_empty_file_can_be_deleted_at_once() -> None:
    people = build().people
    empty = factories.client_file(people.practice, "Dossier de trop")
    delete_file(empty, typed_name="dossier de  TROP", actor=people.actor)
    with instance_scope():
        assert not ClientFile.objects.filter(id=empty.id).exists()
        assert not Job.objects.filter(kind=DROP_BYTES).exists()
    with pytest.raises(FileWentError):
        delete_file(empty, typed_name="Dossier de trop", actor=people.actor)


def test_only_an_administrator_of_its_practice_deletes(world: World) -> None:
    for actor in (actor_of(world.people.colleague), actor_of(world.people.other_administrator), world.client):
        with pytest.raises(NotInChargeError):
            delete_file(world.file, typed_name=NAME, actor=actor)


# ------------------------------------------------------------------------------------------------- the bytes


def test_bytes_leave_the_store_by_a_job_after_the_commit(world: World) -> None:
    sha256 = world.document.sha256
    age(sha256)
    delete(world)
    assert child.blobs().exists(sha256)
    with instance_scope():
        Job.objects.exclude(kind=DROP_BYTES).delete()
    assert run_next()
    assert not child.blobs().exists(sha256)
    with instance_scope():
        assert not LeftBytes.objects.exists()
        assert not Job.objects.exists()


def test_bytes_that_another_row_needs_stay(world: World) -> None:
    with instance_scope():
        fill(world.people.other_file, content=b"bytes of the file")
    age(world.document.sha256)
    delete(world)
    with instance_scope():
        assert drop_bytes(LeftBytes.objects.all()[0].deletion_id) is None
        assert not LeftBytes.objects.exists()
    assert child.blobs().exists(world.document.sha256)


def test_bytes_that_were_just_put_again_wait_for_their_row(world: World) -> None:
    delete(world)
    with instance_scope():
        Job.objects.exclude(kind=DROP_BYTES).delete()
    assert run_next()
    assert child.blobs().exists(world.document.sha256)
    with instance_scope():
        again = Job.objects.get(kind=DROP_BYTES)
        assert again.due_at > timezone.now() + timedelta(minutes=50)
        assert LeftBytes.objects.count() == 1
        assert Document.objects.filter(sha256=world.document.sha256).count() == 0

"""The archive gives back what was put into it, where it was."""

from __future__ import annotations

import pytest

from liasse.core.access import Actor
from liasse.core.errors import NotThereError
from liasse.documents.models import Document
from liasse.documents.services import move, unarchive
from liasse.documents.types import DocumentStatus
from tests.web.office import Office, build

ACTOR = Actor(kind="colleague", name="Claire")


@pytest.fixture
def office(db: None) -> Office:
    del db
    return build()


@pytest.mark.parametrize("status", [DocumentStatus.READY, DocumentStatus.TO_REVIEW])
def test_a_document_returns_to_where_it_was(office: Office, status: DocumentStatus) -> None:
    document = office.document(status=status)
    with office.scope():
        move([document.id], actor=ACTOR, client_file=office.file, to=DocumentStatus.ARCHIVED)
        assert unarchive([document.id], actor=ACTOR, client_file=office.file) == 1
        document.refresh_from_db()
        office.file.refresh_from_db()
    assert (document.status, document.status_before_archive) == (status, "")
    assert getattr(office.file, f"count_{status.replace('-', '_')}") == 1
    assert office.file.count_archived == 0


def test_one_that_nobody_knows_where_it_was_is_to_review(office: Office) -> None:
    document = office.document(status=DocumentStatus.ARCHIVED)
    with office.scope():
        unarchive([document.id], actor=ACTOR, client_file=office.file)
        assert Document.objects.get(id=document.id).status == DocumentStatus.TO_REVIEW


def test_what_is_not_in_the_archive_stays(office: Office) -> None:
    documents = [office.document(status=status) for status in (DocumentStatus.READY, DocumentStatus.PROCESSING)]
    with office.scope():
        assert unarchive([one.id for one in documents], actor=ACTOR, client_file=office.file) == 0


def test_a_document_of_another_file_moves_nothing(office: Office) -> None:
    own = office.document(status=DocumentStatus.ARCHIVED)
    foreign = office.document(file=office.sibling, status=DocumentStatus.ARCHIVED)
    with office.scope():
        with pytest.raises(NotThereError):
            unarchive([own.id, foreign.id], actor=ACTOR, client_file=office.file)
        assert Document.objects.get(id=own.id).status == DocumentStatus.ARCHIVED

"""Documents that were cut and joined move, leave, come back and go with their file, and still can be put back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from liasse.cli.verify import examine
from liasse.clients.models import ClientFile
from liasse.core.access import Actor
from liasse.core.blobs import StoredBlob
from liasse.core.errors import ConflictError, NotThereError
from liasse.core.scope import instance_scope, practice_scope
from liasse.custody.types import ImportState
from liasse.cutting.services import versions_of
from liasse.cutting.types import PageOf
from liasse.documents.models import Document
from liasse.documents.services import set_status
from liasse.documents.types import DocumentStatus, Piece, Step
from liasse.intake.models import ReceiptPart
from liasse.lib import media_types
from liasse.pipeline import arranging, child
from liasse.practices.models import Colleague, Practice
from liasse.practices.types import Role
from tests import factories
from tests.batch import invoice
from tests.unit.custody.parcels import (
    colleague_of,
    comparable,
    entries_of,
    exported,
    imported,
    packed,
    restored,
)
from tests.web.office import Office, build

CLAIRE = Actor(kind="colleague", name="Claire")


@pytest.fixture
def office(db: None) -> Office:
    """A file in which one document was cut in two, and one of these joined with another document."""
    del db
    office = build()
    first, second = paper(office, "F-2026-101", pages=3), paper(office, "K77-0042", pages=1)
    with office.scope():
        pages = [PageOf(first.id, page) for page in (1, 2, 3)]
        head, _tail = arrange(office, [first], [pages[:1], pages[1:]])
        for one in Document.objects.filter(made_by=head.made_by):
            set_status(one, DocumentStatus.TO_REVIEW)
            one.step, one.pages = Step.DONE, [{"width": 595.0, "height": 842.0}]
            one.save()
        head.refresh_from_db()
        arrange(office, [second, head], [[PageOf(second.id, 1), PageOf(head.id, 1)]])
    return office


def paper(office: Office, number: str, *, pages: int) -> Document:
    blob = child.blobs().put(invoice(number, pages=pages))
    document = office.document(
        media_type=media_types.PDF,
        sha256=blob.sha256,
        size=blob.size,
        pages=[{"width": 595.0, "height": 842.0}] * pages,
    )
    with office.scope():
        mail = child.blobs().put(b"Subject: " + number.encode())
        type(document.receipt).objects.filter(id=document.receipt_id).update(sha256=mail.sha256, size=mail.size)
        ReceiptPart.objects.filter(id=document.part_id).update(sha256=blob.sha256, size=blob.size)
    return document


def arrange(office: Office, documents: list[Document], groups: list[list[PageOf]]) -> list[Document]:
    return arranging.arrange(office.file, versions=versions_of(documents), groups=groups, actor=CLAIRE)


@pytest.fixture
def elsewhere(db: None) -> Colleague:
    """The administrator of another practice."""
    del db
    return factories.colleague(factories.practice("Cabinet Voisin"), "Victor Voisin", role=Role.ADMINISTRATOR)


def test_what_comes_back_is_what_left_and_can_be_put_back_there(office: Office, elsewhere: Colleague) -> None:
    first = exported(office.file, by=colleague_of(office))
    file = restored(first, by=elsewhere)
    assert comparable(exported(file, by=elsewhere)) == comparable(first)
    with practice_scope(elsewhere.practice_id):
        joined = Document.objects.exclude(status=DocumentStatus.REPLACED).filter(pieces__1__isnull=False).get()
        back = arranging.undo(file, change_id=joined.made_by or file.id, actor=CLAIRE)
        assert len(back) == 2
    assert not examine(child.blobs()).defects


def test_pieces_of_bytes_that_did_not_come_along_are_refused(office: Office, elsewhere: Colleague) -> None:
    secret = child.blobs().put(b"bytes of another practice").sha256
    entries = entries_of(exported(office.file, by=colleague_of(office)))
    rows = json.loads(entries["documents.json"])
    next(row for row in rows if row["pieces"])["pieces"][0]["sha256"] = secret
    wrong = json.dumps(rows).encode()
    made = imported(packed(entries | {"documents.json": wrong}), by=elsewhere)
    assert (made.state, made.problem) == (ImportState.REFUSED, "bad-table")


def test_a_lost_original_and_a_document_seen_twice_are_found(office: Office) -> None:
    assert not examine(child.blobs()).defects
    with office.scope():
        hidden = Document.objects.filter(status=DocumentStatus.REPLACED, cut_index=0)[0]
        Document.objects.filter(id=hidden.id).update(status=DocumentStatus.TO_REVIEW)
    assert any(str(hidden.id) in defect for defect in examine(child.blobs()).defects)


@pytest.mark.django_db(transaction=True)
def test_a_file_that_went_away_meanwhile_is_not_cut(office: Office) -> None:
    document = paper(office, "G-3300-9", pages=2)
    other = Practice.objects.create(name="Cabinet Ailleurs")
    laid = [[PageOf(document.id, 1)], [PageOf(document.id, 2)]]
    made = child.assemble

    def moved_meanwhile(groups: Sequence[Sequence[Piece]]) -> list[StoredBlob]:
        with instance_scope():
            for model in (Document, ClientFile):
                model.objects.filter(id__in=[document.id, office.file.id]).update(practice_id=other.id)
        return made(groups)

    with pytest.MonkeyPatch.context() as patch, office.scope():
        patch.setattr(child, "assemble", moved_meanwhile)
        with pytest.raises(NotThereError):
            arranging.arrange(office.file, versions=versions_of([document]), groups=laid, actor=CLAIRE)
    with instance_scope():
        assert Document.objects.filter(part_id=document.part_id).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_cut_at_once_one_does(office: Office) -> None:
    document = paper(office, "G-3300-9", pages=2)
    laid = [[PageOf(document.id, 1)], [PageOf(document.id, 2)]]
    both = Barrier(2)

    def cut(_number: int) -> int:
        try:
            with office.scope():
                both.wait(30)
                return len(arrange(office, [document], laid))
        except ConflictError:
            return 0
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as hands:
        assert sorted(hands.map(cut, range(2))) == [0, 2]
    with office.scope():
        shown = Document.objects.filter(part_id=document.part_id).exclude(status=DocumentStatus.REPLACED)
        assert shown.count() == 2
        file = ClientFile.objects.get(id=office.file.id)
        assert file.count_processing == Document.objects.filter(status=DocumentStatus.PROCESSING).count()

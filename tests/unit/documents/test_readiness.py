"""What a document lacks to be ready."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from liasse.core.access import Actor
from liasse.documents.models import Document
from liasse.documents.rules import is_blank, lacks_of
from liasse.documents.services import mark_ready, move
from liasse.documents.types import DocumentStatus, Lack, Summary
from tests.web.office import COMPLETE, build

ACTOR = Actor(kind="colleague", name="Claire")
DAY = date(2026, 3, 1)


def summary(supplier: str, day: date | None, *amounts: str | None) -> Summary:
    net, vat, gross = (None if amount is None else Decimal(amount) for amount in amounts)
    return Summary(supplier_name=supplier, issue_date=day, total_net=net, total_vat=vat, total_gross=gross)


@pytest.mark.parametrize(
    ("given", "lacks"),
    [
        (summary("Moulin", DAY, "100", "20", "120"), ()),
        (summary("Moulin", DAY, None, None, "120"), ()),
        (summary("Moulin", DAY, "100", "20", "120.01"), ()),
        (summary("Moulin", DAY, "100", "20", "120.02"), (Lack.SUMS,)),
        (summary("Moulin", DAY, "-100", "-20", "120"), (Lack.SUMS,)),
        (summary("Moulin", DAY, "0", "0", "0"), ()),
        (summary(" ", DAY, "100", "20", "119"), (Lack.SUPPLIER, Lack.SUMS)),
        (summary("Moulin", None, "100", "20", None), (Lack.DATE, Lack.GROSS)),
        (summary("", None, None, None, None), (Lack.SUPPLIER, Lack.DATE, Lack.GROSS)),
    ],
)
def test_what_is_missing_is_named(given: Summary, lacks: tuple[Lack, ...]) -> None:
    assert lacks_of(given) == lacks


def test_only_one_that_says_nothing_at_all_is_blank() -> None:
    assert is_blank((Lack.SUPPLIER, Lack.DATE, Lack.GROSS))
    assert not is_blank((Lack.SUPPLIER, Lack.DATE, Lack.SUMS))


@pytest.mark.django_db
def test_nothing_marks_a_blank_document_as_ready() -> None:
    office = build()
    blank, some, whole = office.document(supplier_name=""), office.document(), office.document(**COMPLETE)
    with office.scope():
        assert move([blank.id], actor=ACTOR, client_file=office.file, to=DocumentStatus.READY) == 0
        marked = mark_ready([blank.id, some.id, whole.id], actor=ACTOR, client_file=office.file)
        assert (marked.ready, set(marked.left)) == (1, {blank.id, some.id})
        sure = mark_ready([blank.id, some.id], actor=ACTOR, client_file=office.file, is_certain=True)
        assert (sure.ready, list(sure.left)) == (1, [blank.id])
        assert Document.objects.get(id=blank.id).status == DocumentStatus.TO_REVIEW

"""What a screen is given of a reading: the values, and which of them a person should look at."""

import pytest

from liasse.documents.types import DocumentStatus, Step
from liasse.reading.selectors import reading_of
from liasse.reading.services import store
from liasse.reading.types import Field, FieldName, ReadingResult, Source
from tests.web.office import build

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("vat_confidence", "is_unsure"), [(0.999, False), (0.5, True)])
def test_a_name_is_as_sure_as_the_number_that_says_who_the_supplier_is(
    *, vat_confidence: float, is_unsure: bool
) -> None:
    office = build()
    with office.scope():
        document = office.document(status=DocumentStatus.PROCESSING, step=Step.READ)
        fields = {
            FieldName.SUPPLIER_NAME: Field("Moulin du Pont", Source.TEXT, 0.9),
            FieldName.SUPPLIER_VAT: Field("FR40303265045", Source.TEXT, vat_confidence),
        }
        store(document.id, ReadingResult(fields=fields, format="pdf"))
        shown = reading_of(document).fields
    assert (shown[FieldName.SUPPLIER_NAME].is_unsure, shown[FieldName.SUPPLIER_NAME].field.confidence) == (
        is_unsure,
        0.9,
    )

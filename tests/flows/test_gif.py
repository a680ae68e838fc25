"""A GIF that comes in is a document, unless it is a logo in a mail's text."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from liasse.documents.models import Document
from liasse.documents.types import Step
from tests.flows.conftest import Ground, mail

pytestmark = pytest.mark.django_db(transaction=True)


def gif(frames: int = 1) -> bytes:
    out = BytesIO()
    drawn = [Image.new("L", (400, 300), 255 - 60 * number) for number in range(frames)]
    drawn[0].save(out, "GIF", save_all=True, append_images=drawn[1:])
    return out.getvalue()


@pytest.mark.parametrize("frames", [1, 3])
def test_a_gif_is_a_document_with_its_pages(ground: Ground, work_off: Callable[[], int], frames: int) -> None:
    ground.arrive(mail(("ticket.gif", gif(frames))))
    work_off()
    document = Document.objects.get()
    assert (document.media_type, document.step, document.filename) == ("image/gif", Step.DONE, "ticket.gif")
    assert [(page["width"], page["height"]) for page in document.pages] == [(400, 300)] * frames

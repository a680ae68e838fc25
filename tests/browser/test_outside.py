"""The switch of the outside engine in a real browser: axe finds nothing, nothing is too wide, a click is enough."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from liasse.adapters.engine_openai import OpenAiEngine
from liasse.clients.models import FileAccess
from liasse.core.access import Level, system_actor
from liasse.outside.services import switch_on
from liasse.reading.models import Reading
from liasse.reading.types import Field, Place, Source
from tests.barriers import barriers
from tests.outside import set_up
from tests.web.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOST = "un-tres-long-nom-de-moteur.fournisseur.example:8443"


@pytest.fixture(autouse=True)
def _engine(monkeypatch: pytest.MonkeyPatch, office: Office) -> None:
    """Set an engine up, and let the colleague of these pages manage the file."""
    with office.scope():
        FileAccess.objects.filter(colleague__user=office.users["coding"]).update(level=Level.FULL)
    set_up(OpenAiEngine(f"https://{HOST}/v1", model="vision-grand-modele-2026-11", key="k"), monkeypatch)


@pytest.mark.parametrize(("width", "theme"), [(360, "light"), (1440, "dark")])
@pytest.mark.parametrize("is_on", [False, True])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    page: Page, office: Office, width: int, theme: str, *, is_on: bool
) -> None:
    document = office.document(fields={})
    field = Field("F-2", Source.ENGINE, 0.75, place=Place(1, 0.1, 0.1, 0.2, 0.12))
    with office.scope():
        Reading.objects.filter(document=document).update(fields={"invoice_number": field.to_json()})
        if is_on:
            switch_on(office.file, host=HOST, actor=system_actor(office.practice.id))
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    for at in ("settings/", "sight/", f"documents/{document.id}/"):
        answer = page.goto(f"/files/{office.file.id}/{at}")
        assert answer is not None
        assert answer.status == 200
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert barriers(page) == []


def test_a_click_switches_it_on_and_another_off(page: Page, office: Office) -> None:
    page.goto(f"/files/{office.file.id}/settings/")
    card = page.get_by_role("region", name="Moteur extérieur")
    expect(card).to_contain_text("quittent ce serveur")
    card.get_by_role("button", name="Activer pour ce dossier").click()
    expect(card).to_contain_text("Activé par")
    card.get_by_role("button", name="Désactiver").click()
    expect(card.get_by_role("button", name="Activer pour ce dossier")).to_be_visible()

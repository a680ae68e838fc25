"""The app on a phone with a camera: without a network, closed and opened again, with a full server, with two people."""

from __future__ import annotations

import hashlib
import io
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import Browser, Page, expect, sync_playwright

from liasse.clients.models import Member
from liasse.core.scope import instance_scope
from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus
from liasse.intake import uploads
from liasse.intake.models import Receipt, Upload
from liasse.pipeline import child
from liasse.worker.main import run_next
from tests import factories
from tests.barriers import barriers
from tests.browser.conftest import OpenPage
from tests.web.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "permissions": ["camera"],
    "user_agent": "Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36",
}


@pytest.fixture(scope="module")
def browser(chromium: str, request: pytest.FixtureRequest) -> Iterator[Browser]:
    """A Chromium with a camera that films a test picture; of this module alone, as the usual one is."""
    request.getfixturevalue("django_db_setup")
    camera = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    arguments = ["--no-sandbox", "--disable-quic", "--disable-background-networking", *camera]
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        opened = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield opened
        opened.close()


@pytest.fixture(autouse=True)
def _sums() -> None:
    uploads.forget_sums()


class _Client:
    """A person of the client, as `open_page` takes people."""

    def __init__(self, member: Member) -> None:
        self.people = {"claire": member}


@pytest.fixture
def paul(office: Office) -> Any:  # noqa: ANN401 - stands in for a firm
    return _Client(factories.member(office.file, "Paul"))


def opened(page: Page) -> Page:
    """Open the app and wait until its page is kept on the phone."""
    page.goto("/portal/send/")
    page.wait_for_function("navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)")
    expect(page.get_by_role("button", name="Prendre une photo")).to_be_visible()
    return page


@pytest.fixture
def phone(open_page: OpenPage, paul: Any) -> Page:  # noqa: ANN401 - stands in for a firm
    return opened(open_page(paul, **PHONE))


def take(page: Page) -> None:
    page.get_by_role("button", name="Prendre une photo").click()
    page.get_by_role("button", name="Prendre la photo").click()


def send(page: Page) -> None:
    page.locator("[data-send]").click()


def receipts() -> list[Receipt]:
    with instance_scope():
        return list(Receipt.objects.order_by("id"))


def received(page: Page) -> Any:  # noqa: ANN401 - a locator
    return page.locator("[data-sent-list] > li")


def waiting(page: Page) -> Any:  # noqa: ANN401 - a locator
    return page.locator("[data-queue-list] > li")


def work_off() -> None:
    while run_next():
        pass


def test_from_the_icon_to_sent_are_three_taps_and_five_seconds(phone: Page, office: Office) -> None:
    taps, began = 0, time.monotonic()
    phone.goto("/portal/send/")
    for name in ("Prendre une photo", "Prendre la photo", "Envoyer"):
        phone.get_by_role("button", name=name, exact=True).tap()
        taps += 1
    expect(received(phone)).to_have_count(1)
    took = time.monotonic() - began
    print(f"phone: {taps} taps, {took:.2f} s from the icon to received")
    assert (taps, took < 5) == (3, True)
    [receipt] = receipts()
    assert (receipt.door, receipt.client_file_id) == ("phone", office.file.id)


def test_three_pictures_taken_without_a_network_arrive_once(phone: Page) -> None:
    phone.context.set_offline(True)
    phone.goto("/portal/send/")
    for _number in range(3):
        take(phone)
        send(phone)
    expect(waiting(phone)).to_have_count(3)
    expect(waiting(phone).first).to_contain_text("Gardé sur ce téléphone")
    assert receipts() == []
    phone.context.set_offline(False)
    expect(received(phone)).to_have_count(3, timeout=30_000)
    phone.reload()
    expect(received(phone)).to_have_count(3)
    phone.wait_for_timeout(500)
    found = receipts()
    assert len(found) == 3
    shown = received(phone).all_inner_texts()
    for receipt in found:
        assert any(receipt.sha256[:16] in text and receipt.id.hex[-4:].upper() in text for text in shown)


def test_a_closed_app_keeps_what_waits_and_what_was_only_taken(phone: Page) -> None:
    phone.context.set_offline(True)
    take(phone)
    send(phone)
    expect(waiting(phone)).to_have_count(1)
    take(phone)
    expect(phone.locator("[data-draft-list] > li")).to_have_count(1)
    context = phone.context
    phone.close()
    again = context.new_page()
    again.goto("/portal/send/")
    expect(waiting(again)).to_have_count(1)
    expect(again.locator("[data-draft-list] > li")).to_have_count(1)
    context.set_offline(False)
    expect(received(again)).to_have_count(1, timeout=30_000)
    again.wait_for_timeout(500)
    # What was taken and not sent yet waits for its person.
    assert len(receipts()) == 1


@pytest.mark.parametrize("status", [503, 507, 413])
def test_a_full_server_is_waited_for(phone: Page, status: int) -> None:
    said = "Le serveur n’a plus de place pour l’instant."
    full = {"status": status, "body": said, "content_type": "text/plain; charset=utf-8"}
    phone.context.route("**/uploads/?door=phone*", lambda route: route.fulfill(**full))
    take(phone)
    send(phone)
    expect(waiting(phone)).to_contain_text(said)
    phone.context.unroute("**/uploads/?door=phone*")
    waiting(phone).get_by_role("button", name="Réessayer").click()
    expect(received(phone)).to_have_count(1)
    assert len(receipts()) == 1


def test_an_answer_that_was_lost_makes_no_second_one(phone: Page) -> None:
    def lose(route: Any) -> None:  # noqa: ANN401 - Playwright's route
        if route.request.method == "PATCH":
            route.fetch()
        route.abort()

    phone.context.route("**/uploads/*/", lose)
    take(phone)
    send(phone)
    expect(waiting(phone)).to_contain_text("Gardé sur ce téléphone")
    assert len(receipts()) == 1
    phone.context.unroute("**/uploads/*/")
    with instance_scope():
        # Long ago: the server forgot the upload, not what came of it.
        Upload.objects.all().delete()
    phone.evaluate("dispatchEvent(new Event('online'))")
    expect(received(phone)).to_have_count(1)
    assert len(receipts()) == 1


def test_several_pages_become_one_document(phone: Page) -> None:
    phone.get_by_text("Plusieurs pages").click()
    phone.get_by_role("button", name="Prendre une photo").click()
    for number in (1, 2, 3):
        phone.get_by_role("button", name="Prendre la photo").click()
        expect(phone.locator("[data-count]")).to_contain_text(str(number))
    phone.get_by_role("button", name="Terminé").click()
    send = phone.get_by_role("button", name="Envoyer 3 pages en une pièce")
    for width in (320, 360, 412):
        phone.set_viewport_size({"width": width, "height": 740})
        for shown in (send, phone.get_by_text("Plusieurs pages")):
            box = shown.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
    if folder := os.environ.get("LIASSE_TEST_PICTURES"):
        phone.screenshot(path=Path(folder) / "phone-combined.png")
    send.click()
    expect(received(phone)).to_contain_text("3 pages")
    work_off()
    with instance_scope():
        [document] = Document.objects.exclude(status=DocumentStatus.REPLACED)
        assert (len(document.pages), document.media_type) == (3, "application/pdf")
    expect(received(phone).get_by_role("link")).to_have_count(1, timeout=10_000)


def test_who_is_signed_out_loses_nothing_and_nobody_else_sends_it(
    phone: Page, open_page: OpenPage, office: Office
) -> None:
    phone.context.set_offline(True)
    take(phone)
    send(phone)
    expect(waiting(phone)).to_have_count(1)
    context, cookies = phone.context, as_given(phone)
    context.clear_cookies()
    context.set_offline(False)
    expect(phone.get_by_text("Vous êtes déconnecté")).to_be_visible()
    expect(waiting(phone)).to_have_count(0)
    other = open_page(_client(office, "Zoé"), **PHONE)
    context.add_cookies(as_given(other))
    phone.goto("/portal/send/")
    expect(phone.get_by_text("d’une autre personne")).to_be_visible()
    expect(waiting(phone)).to_have_count(0)
    phone.wait_for_timeout(500)
    assert receipts() == []
    context.add_cookies(cookies)
    phone.goto("/portal/send/")
    expect(received(phone)).to_have_count(1)
    [receipt] = receipts()
    assert receipt.handed_in_by is not None
    assert receipt.handed_in_by.name == "Paul"


def as_given(page: Page) -> Any:  # noqa: ANN401 - Playwright gives cookies of another type than it takes
    return page.context.cookies()


def _client(office: Office, name: str) -> Any:  # noqa: ANN401 - stands in for a firm
    return _Client(factories.member(office.file, name))


def test_the_server_takes_nothing_under_a_wrong_name(phone: Page, office: Office) -> None:
    token = phone.evaluate("fetch('/portal/me/').then((answer) => answer.json()).then((me) => me.token)")
    ask = """([url, token]) => fetch(url, { method: "POST", headers: { "X-CSRFToken": token, "Tus-Resumable": "1.0.0",
      "Upload-Length": "3" } }).then((answer) => [answer.status, answer.headers.get("Liasse-Error")])"""
    url = f"/portal/{office.file.id}/uploads/?door=phone&as={office.users['coding'].id}"
    assert phone.evaluate(ask, [url, token]) == [403, "other-person"]


def test_files_of_another_app_wait_for_a_word(phone: Page) -> None:
    share = """async () => {
      const form = new FormData();
      const bytes = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
      form.append("files", new File([bytes], "recu.jpg", { type: "image/jpeg" }));
      return (await fetch("/portal/send/", { method: "POST", body: form, redirect: "manual" })).type;
    }"""
    assert phone.evaluate(share) == "opaqueredirect"
    phone.goto("/portal/send/?shared=1")
    expect(phone.locator("[data-draft-list] > li")).to_contain_text("recu.jpg")
    assert receipts() == []
    send(phone)
    expect(received(phone)).to_have_count(1)


def heic() -> bytes:
    """Give the head of a HEIC, which this browser cannot draw."""
    return b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(range(256)) * 8


def test_a_heic_is_sent_whole_although_it_cannot_be_drawn(phone: Page) -> None:
    content = heic()
    phone.locator("#phone-files").set_input_files({"name": "IMG_1.HEIC", "mimeType": "image/heic", "buffer": content})
    expect(phone.locator("[data-draft-list] > li")).to_contain_text("IMG_1.HEIC")
    send(phone)
    expect(received(phone)).to_have_count(1)
    [receipt] = receipts()
    assert receipt.sha256 == hashlib.sha256(content).hexdigest()
    assert child.blobs().path(receipt.sha256).read_bytes() == content


def sheet(*, size: int = 34, blur: float = 0, glare: bool = False) -> bytes:
    made = Image.new("RGB", (1500, 2100), (205, 203, 198))
    draw = ImageDraw.Draw(made)
    for line in range(1900 // int(size * 1.7)):
        draw.text(
            (120, 100 + line * size * 1.7),
            "Facture 2026-117 du 24/11/2026 Montant TTC 1 234,56 EUR",
            fill=(40, 40, 40),
            font_size=size,
        )
    if glare:
        draw.ellipse((500, 700, 1000, 1200), fill=(255, 255, 255))
    out = io.BytesIO()
    (made.filter(ImageFilter.GaussianBlur(blur)) if blur else made).save(out, "JPEG", quality=90)
    return out.getvalue()


@pytest.mark.parametrize(
    ("picture", "said"),
    [
        (sheet(), ""),
        (sheet(blur=7), "floue"),
        (sheet(glare=True), "reflet"),
        (sheet(size=11), "très petit"),
    ],
)
def test_a_picture_that_is_hard_to_read_is_hinted_at_and_sent_all_the_same(
    phone: Page, picture: bytes, said: str
) -> None:
    phone.locator("#phone-files").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture})
    row = phone.locator("[data-draft-list] > li")
    expect(row).to_contain_text("a.jpg")
    hints = row.locator("[data-hints] li").all_inner_texts()
    assert (len(hints), all(said in hint for hint in hints)) == (1 if said else 0, True), hints
    send(phone)
    expect(received(phone)).to_have_count(1)


def test_the_keyboard_is_enough(phone: Page) -> None:
    phone.get_by_role("button", name="Prendre une photo").press("Enter")
    expect(phone.get_by_role("button", name="Prendre la photo")).to_be_focused()
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("button", name="Envoyer", exact=True)).to_be_focused()
    phone.keyboard.press("Enter")
    expect(received(phone)).to_have_count(1)
    expect(phone.get_by_role("button", name="Prendre une photo")).to_be_focused()
    phone.keyboard.press("Enter")
    phone.keyboard.press("Escape")
    expect(phone.locator("[data-camera-window]")).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_readable_by_everybody(phone: Page, theme: Any) -> None:  # noqa: ANN401 - a literal of Playwright's
    phone.emulate_media(color_scheme=theme)
    take(phone)
    send(phone)
    expect(received(phone)).to_have_count(1)
    phone.context.set_offline(True)
    take(phone)
    send(phone)
    expect(waiting(phone)).to_have_count(1)
    blurred: Any = {"name": "ticket-de-caisse-du-marche.jpg", "mimeType": "image/jpeg", "buffer": sheet(blur=7)}
    phone.locator("#phone-files").set_input_files(blurred)
    expect(phone.get_by_text("Peut-être floue")).to_be_visible()
    shot(phone, f"phone-{theme}")
    assert barriers(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    phone.get_by_role("button", name="Prendre une photo").click()
    expect(phone.get_by_role("button", name="Prendre la photo")).to_be_visible()
    phone.wait_for_timeout(300)
    shot(phone, f"phone-camera-{theme}")
    assert barriers(phone) == []


def shot(page: Page, name: str) -> None:
    if shots := os.environ.get("LIASSE_TEST_SHOTS"):
        page.screenshot(path=f"{shots}/{name}.png")


def test_the_chosen_file_is_where_it_goes_even_later(open_page: OpenPage, office: Office) -> None:
    first = factories.member(office.file, "Paul")
    with instance_scope():
        Member.objects.create(
            practice=office.practice, client_file=office.sibling, name="Paul", email=first.email, user=first.user,
            role=first.role, status=first.status,
        )  # fmt: skip
    phone = opened(open_page(_Client(first), **PHONE))
    phone.context.set_offline(True)
    phone.get_by_label("Dossier").select_option(str(office.sibling.id))
    take(phone)
    send(phone)
    phone.get_by_label("Dossier").select_option(str(office.file.id))
    take(phone)
    send(phone)
    expect(waiting(phone)).to_have_count(2)
    phone.context.set_offline(False)
    expect(received(phone)).to_have_count(2, timeout=30_000)
    assert [one.client_file_id for one in receipts()] == [office.sibling.id, office.file.id]

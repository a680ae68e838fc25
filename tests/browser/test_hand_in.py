"""Handing in with a browser: dropped, pasted and chosen; over a line that is cut; twice by mistake; by keys alone."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from liasse.clients.models import FileAccess
from liasse.core.scope import instance_scope
from liasse.intake import spool, uploads
from liasse.intake.models import Receipt, Upload
from liasse.worker.main import run_next
from tests.barriers import barriers
from tests.paper import ubl
from tests.web.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MIB = 1024 * 1024

DROP = """async ({ files, at }) => {
  const transfer = new DataTransfer();
  for (const { name, base64 } of files) {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    transfer.items.add(new File([bytes], name, { lastModified: 1 }));
  }
  const target = document.querySelector(at);
  for (const kind of ["dragenter", "dragover", "drop"]) {
    target.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }
}"""
PASTE = """({ name, base64 }) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name));
  const pasted = { clipboardData: transfer, bubbles: true, cancelable: true };
  document.body.dispatchEvent(new ClipboardEvent("paste", pasted));
}"""


@pytest.fixture(autouse=True)
def _sums() -> None:
    uploads.forget_sums()


def drop(page: Page, *files: tuple[str, bytes], at: str = "main") -> None:
    given = [{"name": name, "base64": base64.b64encode(content).decode()} for name, content in files]
    page.evaluate(DROP, {"files": given, "at": at})


def receipts() -> list[Receipt]:
    with instance_scope():
        return list(Receipt.objects.order_by("filename"))


def work_off() -> None:
    while run_next():
        pass


def item(page: Page, name: str) -> Any:  # noqa: ANN401 - a locator
    return page.locator("[data-list] > li").filter(has_text=name)


def send(page: Page) -> None:
    page.locator("[data-send-button]").click()


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """Give a file of three pieces that is no document."""
    path = tmp_path / "grand.bin"
    path.write_bytes(os.urandom(12 * MIB))
    return path


def test_what_is_dropped_anywhere_is_sent_as_wished_and_followed(page: Page, office: Office) -> None:
    page.goto(f"/files/{office.file.id}/inbox/")
    drop(page, ("F-7.xml", ubl(number="F-7")), ("note.txt", b"Bonjour"), at="h1")
    window = page.get_by_role("dialog", name="Ajouter des pièces")
    window.get_by_label("Ventes").check()
    window.get_by_role("textbox", name="Note").fill("Salon de mai")
    window.get_by_role("button", name="Envoyer les 2 fichiers").click()
    expect(window.get_by_role("status")).to_have_text("Tout est reçu\u202f: 2")
    assert [(one.filename, one.side, one.note) for one in receipts()] == [
        ("F-7.xml", "sales", "Salon de mai"),
        ("note.txt", "sales", "Salon de mai"),
    ]
    work_off()
    expect(item(page, "F-7.xml")).to_contain_text("Atelier & Fils · F-7")
    expect(item(page, "note.txt")).to_contain_text("aucune pièce")
    item(page, "F-7.xml").get_by_role("link").click()
    page.wait_for_url("**/documents/**")


def test_what_is_pasted_is_taken_too(page: Page, office: Office) -> None:
    page.goto(f"/files/{office.file.id}/receipts/")
    page.evaluate(PASTE, {"name": "image.png", "base64": base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()})
    page.get_by_role("button", name="Envoyer le fichier").click()
    expect(item(page, "image.png")).to_contain_text("Bien reçu")
    assert [one.filename for one in receipts()] == ["image.png"]


def test_a_folder_is_handed_in_with_all_that_is_in_it(page: Page, office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "mai"
    (folder / "dedans").mkdir(parents=True)
    for name in ("a.txt", "dedans/b.txt", ".DS_Store"):
        (folder / name).write_bytes(b"abc")
    page.goto(f"/files/{office.file.id}/hand-in/")
    page.wait_for_selector("[data-hand-in][data-ready]")
    page.locator("input[webkitdirectory]").set_input_files(folder)
    page.get_by_role("button", name="Envoyer les 2 fichiers").click()
    expect(page.get_by_role("status").filter(has_text="Tout est reçu")).to_be_visible()
    assert [one.filename for one in receipts()] == ["a.txt", "b.txt"]


def test_it_goes_on_by_itself_once_the_network_is_back(page: Page, office: Office, large: Path) -> None:
    page.goto(f"/files/{office.file.id}/hand-in/")
    page.wait_for_selector("[data-hand-in][data-ready]")
    page.locator("#hand-files").set_input_files(large)
    page.route("**/uploads/*/", lambda route: route.abort() if _count(route) > 1 else route.continue_())
    send(page)
    expect(item(page, "grand.bin")).to_contain_text("Connexion coupée")
    page.context.set_offline(True)
    page.unroute("**/uploads/*/")
    page.wait_for_timeout(300)
    assert receipts() == []
    page.context.set_offline(False)
    expect(item(page, "grand.bin")).to_contain_text("Bien reçu", timeout=20_000)
    [receipt] = receipts()
    assert (receipt.size, spool.length(receipt.id)) == (12 * MIB, 0)


def _count(route: Any, seen: dict[str, int] = {}) -> int:  # noqa: ANN401, B006 - a route's requests are counted over its calls
    if route.request.method == "PATCH":
        seen[route.request.url] = seen.get(route.request.url, 0) + 1
    return seen.get(route.request.url, 0)


def test_a_reload_in_the_middle_loses_nothing_that_was_sent(page: Page, office: Office, large: Path) -> None:
    page.goto(f"/files/{office.file.id}/hand-in/")
    page.wait_for_selector("[data-hand-in][data-ready]")
    page.locator("#hand-files").set_input_files(large)
    page.route("**/uploads/*/", lambda route: route.abort() if _count(route) > 1 else route.continue_())
    send(page)
    expect(item(page, "grand.bin")).to_contain_text("Connexion coupée")
    page.unroute("**/uploads/*/")
    page.on("dialog", lambda asked: asked.accept())
    page.reload()
    expect(page.get_by_text("Envoi inachevé\u202f: grand.bin")).to_be_visible()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if "/uploads/" in request.url else None)
    page.locator("#hand-files").set_input_files(large)
    send(page)
    expect(item(page, "grand.bin")).to_contain_text("Bien reçu", timeout=20_000)
    # One piece of three was safe: it is not sent again, and nothing is begun anew.
    assert [method for method in sent if method in {"POST", "PATCH"}] == ["PATCH", "PATCH"]
    assert len(receipts()) == 1


def test_a_double_click_and_two_tabs_make_one(page: Page, office: Office, large: Path) -> None:
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(f"/files/{office.file.id}/hand-in/")
        tab.wait_for_selector("[data-hand-in][data-ready]")
    page.locator("#hand-files").set_input_files(large)
    page.locator("[data-send-button]").dblclick()
    other.locator("#hand-files").set_input_files(large)
    send(other)
    for tab in (page, other):
        expect(item(tab, "grand.bin")).to_contain_text("Bien reçu", timeout=20_000)
    assert len(receipts()) == 1


def test_what_cannot_be_taken_is_said_before_it_is_sent(page: Page, office: Office, tmp_path: Path) -> None:
    heavy = tmp_path / "lourd.pdf"
    with heavy.open("wb") as file:
        file.truncate(26 * MIB)
    page.goto(f"/files/{office.file.id}/hand-in/")
    page.wait_for_selector("[data-hand-in][data-ready]")
    expect(page.locator("#hand-limits")).to_contain_text("25 Mo par fichier, 512 Mo par ZIP")
    page.locator("#hand-files").set_input_files(heavy)
    drop(page, ("vide.pdf", b""), ("é" * 300 + ".txt", b"abc"), ("..\\..\\x", b"abc"))
    expect(item(page, "vide.pdf")).to_contain_text("Vide")
    expect(item(page, "lourd.pdf")).to_contain_text("25 Mo au plus")
    page.get_by_role("button", name="Envoyer les 2 fichiers").click()
    expect(page.get_by_role("status").filter(has_text="Reçus\u202f: 2. Non envoyés\u202f: 2")).to_be_visible()
    assert [len(one.filename) for one in receipts()] == [1, 200]


def test_whoever_lost_the_file_in_the_middle_is_refused_at_the_next_piece(
    page: Page, office: Office, large: Path
) -> None:
    page.goto(f"/files/{office.file.id}/hand-in/")
    page.wait_for_selector("[data-hand-in][data-ready]")
    page.locator("#hand-files").set_input_files(large)
    page.route("**/uploads/*/", _then(1, lambda: take_access(office)))
    send(page)
    expect(item(page, "grand.bin")).to_contain_text("Vous n’avez plus accès", timeout=15_000)
    assert receipts() == []


def _then(after: int, act: Callable[[], None]) -> Callable[[Any], None]:
    seen = [0]

    def handle(route: Any) -> None:  # noqa: ANN401 - Playwright's route
        if route.request.method == "PATCH":
            seen[0] += 1
            if seen[0] == after + 1:
                act()
        route.continue_()

    return handle


def take_access(office: Office) -> None:
    with instance_scope():
        FileAccess.objects.filter(colleague__user=office.users["coding"]).delete()


def test_what_is_cancelled_is_gone_here_and_there(page: Page, office: Office, large: Path) -> None:
    page.goto(f"/files/{office.file.id}/hand-in/")
    page.wait_for_selector("[data-hand-in][data-ready]")
    page.locator("#hand-files").set_input_files(large)
    page.route("**/uploads/*/", lambda route: route.abort() if route.request.method == "PATCH" else route.continue_())
    send(page)
    expect(item(page, "grand.bin")).to_contain_text("Connexion coupée")
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        page.get_by_role("button", name="Annuler grand.bin").click()
    expect(page.locator("[data-list] > li")).to_have_count(0)
    with instance_scope():
        assert not Upload.objects.exists()


def test_the_keyboard_is_enough(page: Page, office: Office) -> None:
    page.goto(f"/files/{office.file.id}/inbox/")
    page.get_by_role("link", name="Ajouter des pièces").press("Enter")
    window = page.get_by_role("dialog", name="Ajouter des pièces")
    expect(window.get_by_role("heading", name="Ajouter des pièces")).to_be_focused()
    drop(page, ("a.txt", b"abc"), at="#hand-in-window")
    expect(window.get_by_role("button", name="Envoyer le fichier")).to_be_focused()
    page.keyboard.press("Enter")
    expect(item(page, "a.txt")).to_contain_text("Bien reçu")
    page.keyboard.press("Escape")
    expect(window).to_be_hidden()


@pytest.mark.parametrize("width", [360, 1440])
def test_the_form_is_readable_by_everybody(page: Page, office: Office, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"/files/{office.file.id}/inbox/")
    drop(page, ("a.txt", b"abc"), ("vide.pdf", b""))
    expect(item(page, "vide.pdf")).to_contain_text("Vide")
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if shots := os.environ.get("LIASSE_TEST_SHOTS"):
        page.screenshot(path=f"{shots}/hand-in-{width}.png")


def test_without_scripts_it_is_a_plain_form(office: Office, browser: Any, live_server: Any, page: Page) -> None:  # noqa: ANN401 - fixtures' own
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="fr-FR")
    context.add_cookies(page.context.cookies())
    plain = context.new_page()
    plain.goto(f"/files/{office.file.id}/hand-in/")
    files = [{"name": name, "mimeType": "text/plain", "buffer": b"abc" * n} for name, n in (("a.txt", 1), ("b.txt", 0))]
    plain.locator("#hand-files").set_input_files(files)
    plain.get_by_role("button", name="Envoyer").click()
    expect(plain.get_by_text("1 fichier reçu")).to_be_visible()
    expect(plain.get_by_text("Ce fichier est vide")).to_be_visible()
    assert [one.filename for one in receipts()] == ["a.txt"]
    context.close()

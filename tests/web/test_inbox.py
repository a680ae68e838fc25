"""The inbox: four tabs, search, order, pages, what is new, and moving what was chosen."""

from __future__ import annotations

import json
from decimal import Decimal
from uuid import uuid4

import pytest

from liasse.clients import counters
from liasse.clients.models import ClientFile
from liasse.documents.models import Document
from liasse.documents.types import TABS, DocumentStatus
from tests.queries import asked
from tests.web.office import COMPLETE, Office, build

HTMX = {"HX-Request": "true"}


@pytest.fixture
def office(db: None) -> Office:
    del db
    return build()


def url(office: Office, rest: str = "inbox/") -> str:
    return f"/files/{office.file.id}/{rest}"


def page(office: Office, rest: str = "inbox/", *, role: str = "coding") -> str:
    response = office.as_(role).get(url(office, rest))
    assert response.status_code == 200
    return response.content.decode()


def status_of(document: Document, office: Office) -> str:
    with office.scope():
        return Document.objects.get(id=document.id).status


def test_a_row_shows_the_figures_as_french_people_write_them(office: Office) -> None:
    office.document(supplier_name="Moulin & Fils", number="F-7", total_gross=Decimal("1234.50"))
    shown = page(office)
    assert "Moulin &amp; Fils" in shown
    assert "1\u202f234,50\u00a0€" in shown
    assert "À vérifier" in shown


def test_each_tab_shows_its_own_documents_and_the_kept_counts(office: Office) -> None:
    for number, status in enumerate(TABS):
        for _ in range(number + 1):
            office.document(supplier_name=f"In-{status}", status=status)
    for status in TABS:
        found = page(office, f"inbox/?tab={status}")
        assert [word for word in TABS if f"In-{word}" in found] == [status]
    shown = page(office)
    assert [f'tab-count">{n}<' in shown for n in (1, 2, 3, 4)] == [True] * 4


def test_who_chose_no_tab_sees_where_something_is_to_do(office: Office) -> None:
    office.document(supplier_name="Finished", status=DocumentStatus.READY)
    assert "Finished" in page(office)
    office.document(supplier_name="Unsure", status=DocumentStatus.TO_REVIEW)
    shown = page(office)
    assert "Unsure" in shown
    assert "Finished" not in shown


def test_an_empty_file_shows_its_address_to_copy(office: Office) -> None:
    shown = page(office)
    assert 'data-copy="boul.x@' in shown
    assert "Rien n’est encore arrivé" in shown


def test_documents_of_a_sibling_file_never_show(office: Office) -> None:
    office.document(supplier_name="Secret", file=office.sibling)
    for tab in TABS:
        assert "Secret" not in page(office, f"inbox/?tab={tab}&q=secret", role="administrator")


def test_more_rows_come_as_rows_and_end(office: Office) -> None:
    for _ in range(60):
        office.document()
    first = page(office)
    more = first.split("data-more")[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    response = office.as_("coding").get(more, headers=HTMX)
    rows = response.content.decode()
    assert (first.count("data-href"), rows.count("data-href")) == (50, 10)
    assert "<table" not in rows
    assert "data-more" not in rows


def test_a_search_that_finds_nothing_here_says_where_it_finds(office: Office) -> None:
    office.document(status=DocumentStatus.ARCHIVED)
    shown = page(office, "inbox/?tab=ready&q=MOULIN")
    assert "Trouvé dans d’autres onglets" in shown
    assert "tab=archived&amp;q=MOULIN" in shown


def test_while_something_is_searched_each_tab_says_how_much_it_finds(office: Office) -> None:
    for name in ("Moulin", "Moulin", "Garage"):
        office.document(supplier_name=name, status=DocumentStatus.READY)
    office.document(supplier_name="Moulin")
    shown = page(office, "inbox/?tab=to-review&q=moulin", role="reading")
    for label in ("0 trouvée", "1 trouvée", "2 trouvées"):
        assert f'title="{label}"' in shown
    assert "3</span>" not in shown.split("</nav>")[0]
    assert "trouvée" not in page(office, "inbox/?tab=to-review")


def test_more_than_a_hundred_matches_are_not_counted(office: Office) -> None:
    for _ in range(100):
        office.document(status=DocumentStatus.READY)
    shown = page(office, "inbox/?tab=to-review&q=moulin")
    assert "99+" in shown
    assert 'title="plus de 99 trouvées"' in shown


@pytest.mark.parametrize("text", ["moulin", "zzzz"])
def test_what_a_search_costs_does_not_hang_on_what_it_finds(office: Office, text: str) -> None:
    office.document(owner=office.member)
    client = office.as_("coding")
    client.get(url(office))
    with asked() as without:
        client.get(url(office, "inbox/?tab=to-review"))
    with asked() as queries:
        client.get(url(office, f"inbox/?tab=to-review&q={text}"))
    # The list's search, and one count for each of the three other tabs; what was not found is not asked for.
    assert len(queries) - len(without) == (3 if text == "zzzz" else 4)


def test_a_search_that_finds_nothing_anywhere_says_what_to_do(office: Office) -> None:
    office.document()
    shown = page(office, "inbox/?tab=to-review&q=zzzz")
    assert "Essayez moins de lettres" in shown
    assert f'href="{url(office)}?tab=to-review">Effacer la recherche' in shown
    assert "Trouvé dans" not in shown


@pytest.mark.parametrize(
    ("filled", "tab", "way"),
    [("to-review", "ready", "À vérifier"), ("ready", "to-review", "Prêt"), ("ready", "archived", "Prêt")],
)
def test_an_empty_tab_opens_the_one_where_something_is(office: Office, filled: str, tab: str, way: str) -> None:
    office.document(status=DocumentStatus(filled))
    shown = page(office, f"inbox/?tab={tab}")
    assert f'href="{url(office)}?tab={filled}">Ouvrir «\u202f{way}\u202f»' in shown


@pytest.mark.parametrize("words", ["sort=x", "sort=-total&after=zz", "tab=zz", "owner=1", "q=%00", "q=" + "a" * 3000])
def test_an_address_that_makes_no_sense_still_shows_a_list(office: Office, words: str) -> None:
    office.document(supplier_name="Here")
    page(office, f"inbox/?{words}")


def test_nothing_new_costs_no_more_than_the_guard(office: Office) -> None:
    office.document()
    client = office.as_("coding")
    with office.scope():
        activity = ClientFile.objects.get(id=office.file.id).activity
    with asked() as queries:
        response = client.get(url(office, f"inbox/news/?since={activity}"))
    assert response.status_code == 204
    assert 1 <= len(queries) <= 5


def test_news_are_the_list_and_its_counts(office: Office) -> None:
    with office.scope():
        before = ClientFile.objects.get(id=office.file.id).activity
        counters.touch(office.file.id)
    office.document(supplier_name="Just in")
    shown = page(office, f"inbox/news/?since={before}&tab=to-review")
    assert "Just in" in shown
    assert 'hx-swap-oob="innerHTML"' in shown


@pytest.mark.parametrize("rest", ["inbox/", "inbox/?sort=total&q=moulin", "receipts/"])
def test_a_page_costs_the_same_for_every_role_and_size(office: Office, rest: str) -> None:
    def cost(role: str) -> int:
        client = office.as_(role)
        client.get(url(office, rest))
        with asked() as queries:
            assert client.get(url(office, rest)).status_code == 200
        return len(queries)

    office.document(owner=office.member, total_gross=Decimal(1))
    few = cost("coding")
    for _ in range(30):
        office.document(owner=office.member, total_gross=Decimal(1))
    assert cost("coding") == few
    # An administrator needs no grant, so the guard asks once less.
    assert cost("administrator") in {few - 1, few}


def test_chosen_documents_move_and_are_counted(office: Office) -> None:
    chosen, left = [office.document(**COMPLETE), office.document(**COMPLETE)], office.document()
    data = {"document": [str(one.id) for one in chosen], "to": "ready"}
    response = office.as_("coding").post(url(office, "documents/move/"), data, headers=HTMX)
    assert response.status_code == 204
    assert "documents-changed" in response.headers["HX-Trigger"]
    assert [status_of(one, office) for one in (*chosen, left)] == ["ready", "ready", "to-review"]
    with office.scope():
        file = ClientFile.objects.get(id=office.file.id)
    assert (file.count_to_review, file.count_ready) == (1, 2)


def test_chosen_documents_that_lack_something_are_left_counted_and_told(office: Office) -> None:
    whole = office.document(**COMPLETE)
    no_date = office.document(**COMPLETE | {"issue_date": None})
    wrong = office.document(**COMPLETE, total_net=Decimal(1000), total_vat=Decimal(4))
    data = {"document": [str(one.id) for one in (whole, no_date, wrong)], "to": "ready"}
    response = office.as_("coding").post(url(office, "documents/move/"), data, headers=HTMX)
    toast = json.loads(response.headers["HX-Trigger"])["toast"]
    assert toast["text"] == (
        "1 pièce prête, 2 laissées\u202f: il y manque la date\u202f; HT et TVA ne font pas le TTC."
    )
    assert toast["tone"] == "error"
    assert [status_of(one, office) for one in (whole, no_date, wrong)] == ["ready", "to-review", "to-review"]


def test_without_a_script_moving_goes_back_to_the_list(office: Office) -> None:
    one = office.document()
    data = {"document": str(one.id), "to": "archived", "tab": "to-review", "q": "x"}
    response = office.as_("coding").post(url(office, "documents/move/"), data)
    assert response.headers["Location"] == url(office, "inbox/?tab=to-review&q=x")


@pytest.mark.parametrize("to", ["ready", "nowhere", ""])
def test_a_foreign_id_moves_nothing_at_all(office: Office, to: str) -> None:
    own, foreign = office.document(), office.document(file=office.sibling)
    for other in (str(foreign.id), str(uuid4()), "x"):
        data = {"document": [str(own.id), other], "to": to}
        assert office.as_("coding").post(url(office, "documents/move/"), data).status_code == 404
    assert (status_of(own, office), status_of(foreign, office)) == ("to-review", "to-review")


def test_who_may_only_read_sees_the_list_but_moves_nothing(office: Office) -> None:
    one = office.document()
    assert "Marquer prêt" not in page(office, role="reading")
    data = {"document": str(one.id), "to": "ready"}
    assert office.as_("reading").post(url(office, "documents/move/"), data).status_code == 403
    assert status_of(one, office) == "to-review"

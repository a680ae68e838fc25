import threading

import pytest
from django.db import connection
from django.urls import resolve

from liasse.core.audit import verify_chain
from liasse.core.errors import InvalidError
from liasse.core.scope import instance_scope, practice_scope
from liasse.identity.models import User
from liasse.identity.services import authenticate
from liasse.practices.errors import AlreadySetUpError
from liasse.practices.models import Colleague, Practice
from liasse.practices.services import claim_set_up_link, set_up, set_up_link

ANSWERS = {
    "practice_name": "Cabinet Martin",
    "email": " Anne@Martin.example",
    "password": "quatre mots au hasard",
    "person_name": "Anne Martin",
}


def token_of(link: str | None) -> str:
    assert link
    return link.rstrip("/").rpartition("/")[2]


@pytest.mark.django_db
def test_the_practice_has_its_first_administrator() -> None:
    practice = set_up(**ANSWERS, language="en")
    with practice_scope(practice.id):
        anne = Colleague.objects.get()
        assert list(verify_chain(practice.id)) == []
    assert (anne.email, anne.role, anne.status, practice.language) == (
        "anne@martin.example",
        "administrator",
        "active",
        "en",
    )
    assert authenticate("anne@martin.example", ANSWERS["password"]).id == anne.user_id


@pytest.mark.django_db
def test_it_is_set_up_once() -> None:
    set_up(**ANSWERS)
    with pytest.raises(AlreadySetUpError):
        set_up(**(ANSWERS | {"email": "b@martin.example"}))
    assert (Practice.objects.count(), User.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_wins() -> None:
    if connection.vendor == "sqlite" and connection.is_in_memory_db():  # type: ignore[attr-defined]
        pytest.skip("threads share one connection of a database in memory; run on a file or on PostgreSQL")
    gate, ended = threading.Barrier(2), []

    def run(email: str) -> None:
        gate.wait()
        try:
            set_up(**(ANSWERS | {"email": email}))
            ended.append("done")
        except AlreadySetUpError:
            ended.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(email,)) for email in ("a@x.example", "b@x.example")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["done", "refused"]
    with instance_scope():
        assert (Practice.objects.count(), Colleague.objects.count(), User.objects.count()) == (1, 1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"), [("practice_name", " "), ("practice_name", "x" * 201), ("email", "nobody"), ("password", "a")]
)
def test_what_cannot_be_used_leaves_nothing_half_done(field: str, value: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        set_up(**(ANSWERS | {field: value}))
    assert list(refusal.value.fields) == [field]
    assert (Practice.objects.count(), User.objects.count()) == (0, 0)
    set_up(**ANSWERS)


@pytest.mark.django_db
def test_a_link_sets_up_and_the_older_ones_end() -> None:
    first, second = token_of(set_up_link()), token_of(set_up_link())
    assert claim_set_up_link(first) is None
    assert claim_set_up_link(second) is not None
    set_up(**ANSWERS)
    assert claim_set_up_link(second) is None
    assert set_up_link() is None


@pytest.mark.django_db
def test_a_link_leads_to_the_page(settings: object) -> None:
    link = set_up_link()
    assert link
    assert link.startswith(str(settings.LIASSE_PUBLIC_URL))  # type: ignore[attr-defined]
    assert resolve(f"/setup/{token_of(link)}/").url_name == "setup"

"""Who signs in without the link sees what they are invited to: by their own proved address, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from liasse.clients.models import ClientFile, Member
from liasse.clients.types import FileStatus, MemberStatus
from liasse.core.scope import instance_scope
from liasse.identity.models import User
from liasse.invitations.models import Invitation
from liasse.invitations.services import invite_colleague, invite_member
from liasse.practices.models import Colleague
from liasse.practices.selectors import actor_of
from liasse.practices.types import ColleagueStatus
from tests import cast, factories
from tests.cast import Cast
from tests.factories import signed_in
from tests.queries import asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    made = cast.build()
    User.objects.update(email_proved_at=timezone.now())
    return made


def words(response: Any) -> str:  # noqa: ANN401 - the test client's answer
    return str(response.content.decode()).replace("\u202f", " ").replace("&#x27;", "'")


def invite(people: Cast, email: str, *, file: ClientFile | None = None, by: Colleague | None = None) -> Invitation:
    """Invite an address to the other practice's file."""
    target, chief = file or people.other_file, by or people.other_administrator
    member = factories.member(target, "Somebody Known", status=MemberStatus.INVITED, email=email)
    with instance_scope():
        Member.objects.filter(id=member.id).update(status=MemberStatus.NO_LOGIN)
        member.status = MemberStatus.NO_LOGIN
        return invite_member(member, actor=actor_of(chief))


def own(found: Invitation) -> str:
    return f"/invitations/own/{found.id}/"


def start(who: Any, url: str) -> str:  # noqa: ANN401 - anybody with a login
    return words(signed_in(who).get(url, follow=True))


def test_a_client_and_a_colleague_see_the_line_and_come_in_without_the_link(people: Cast) -> None:
    for who, url in ((people.client_administrator, "/portal/"), (people.colleague, "/clients/")):
        found = invite(people, who.user.email)  # type: ignore[union-attr]
        browser = signed_in(who)
        page = words(browser.get(url, follow=True))
        assert "Cabinet Voisin vous invite au dossier Menuiserie Voisin" in page
        assert own(found) in page
        asking = browser.get(own(found), follow=True)
        assert asking.redirect_chain[-1][0] == "/invitations/"
        assert found.token_hash not in words(asking)
        assert browser.post("/invitations/")["Location"] == f"/portal/{people.other_file.id}/"
        with instance_scope():
            assert Member.objects.get(invitations=found).user_id == who.user_id
        assert own(found) not in words(browser.get(url, follow=True))
        assert browser.get(own(found)).status_code == 404


def test_somebody_without_a_place_is_led_to_it_and_a_colleague_is_named_as_such(people: Cast) -> None:
    outsider = people.outsider
    assert "invitations/own" not in start(outsider, "/")
    invited = factories.colleague(
        people.other_practice, "Olga Perrin", status=ColleagueStatus.INVITED, email=outsider.email
    )
    with instance_scope():
        found = invite_colleague(invited, actor=actor_of(people.other_administrator))
    page = start(outsider, "/")
    assert "Cabinet Voisin vous invite à rejoindre le cabinet" in page
    assert own(found) in page


def test_nobody_else_sees_it_or_opens_it(people: Cast) -> None:
    found = invite(people, people.client_administrator.email)
    for who, url in (
        (people.client_employee, "/portal/"), (people.administrator, "/clients/"), (people.outsider, "/"),
    ):  # fmt: skip
        assert "Menuiserie Voisin" not in start(who, url)
        assert signed_in(who).get(own(found)).status_code == 404
    assert Client().get(own(found))["Location"].startswith("/sign-in/")


def test_an_address_that_nobody_proved_shows_nothing(people: Cast) -> None:
    found = invite(people, people.client_administrator.email)
    User.objects.update(email_proved_at=None)
    assert "Menuiserie Voisin" not in start(people.client_administrator, "/portal/")
    assert signed_in(people.client_administrator).get(own(found)).status_code == 404


def test_what_does_not_hold_any_more_is_not_offered(people: Cast) -> None:
    found = invite(people, people.client_administrator.email)
    rows = Invitation.objects
    ends: list[tuple[Any, dict[str, Any]]] = [
        (lambda: rows.filter(id=found.id), {"expires_at": timezone.now() - timedelta(minutes=1)}),
        (lambda: rows.filter(id=found.id), {"state": "revoked"}),
        (lambda: Member.objects.filter(invitations=found), {"role": "manager"}),
        (lambda: Member.objects.filter(invitations=found), {"email": "other@example.fr"}),
        (lambda: ClientFile.objects.filter(id=people.other_file.id), {"status": FileStatus.ARCHIVED}),
        (lambda: Colleague.objects.filter(id=people.other_administrator.id), {"status": ColleagueStatus.SUSPENDED}),
    ]
    for query, values in ends:
        with instance_scope():
            before = query().values(*values).get()
            query().update(**values)
        assert "Menuiserie Voisin" not in start(people.client_administrator, "/portal/"), values
        assert signed_in(people.client_administrator).get(own(found)).status_code == 404
        with instance_scope():
            query().update(**before)
    assert "Menuiserie Voisin" in start(people.client_administrator, "/portal/")


def test_many_invitations_cost_the_start_no_more_than_their_inviters(people: Cast) -> None:
    browser = signed_in(people.client_administrator)
    url = f"/portal/{people.file.id}/"
    browser.get(url)
    costs = []
    for number in range(4):
        with asked() as seen:
            browser.get(url)
        costs.append(len(seen))
        file = factories.client_file(people.other_practice, f"Dossier {number}")
        invite(people, people.client_administrator.email, file=file)
    assert costs[3] - costs[2] <= 2

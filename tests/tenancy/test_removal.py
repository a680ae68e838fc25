"""Access that was taken away: the next request of every kind is refused, whatever was open before."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from liasse.clients.models import ClientFile, FileAccess, Member
from liasse.clients.people import set_access
from liasse.clients.withdrawing import take_login_away
from liasse.core.access import Actor, rule_of
from liasse.core.checks import routes
from liasse.core.models import Job
from liasse.core.scope import instance_scope, practice_scope
from liasse.custody import whole
from liasse.custody.models import WholeExport
from liasse.custody.services import detach
from liasse.custody.types import ExportState
from liasse.documents.takeout import Reader
from liasse.invitations.opening import withdraw_from
from liasse.invitations.services import invite_member
from liasse.messaging.models import OutgoingMessage
from liasse.messaging.selectors import rendered
from liasse.practices.models import Colleague
from liasse.practices.selectors import actor_of
from liasse.practices.services import change_colleague, suspend
from liasse.practices.types import Role
from liasse.worker.main import run_next
from tests.tenancy import world as worlds
from tests.tenancy.test_routes import _address, _clients, _seen
from tests.tenancy.world import ALLOWED, NOT_THERE, OWN, World

pytestmark = pytest.mark.django_db


class Scene:
    """The world, and whoever takes something away in it."""

    def __init__(self) -> None:
        self.world: World = worlds.build()
        self.clients = _clients(self.world)
        with instance_scope():
            self.file = ClientFile.objects.select_related("practice").get(id=self.world.targets[OWN].file_id)
            ClientFile.objects.filter(id=self.file.id).update(count_colleagues=5, count_members=5)
            self.actor: Actor = actor_of(Colleague.objects.get(name="administrator"))

    def colleague(self, name: str) -> Colleague:
        return Colleague.objects.get(practice=self.world.practice, name=name)

    def close_grant(self) -> None:
        set_access(self.file, colleague_id=self.colleague("full").id, level="", actor=self.actor)

    def suspend(self) -> None:
        suspend(self.colleague("full"), actor=self.actor)

    def demote(self) -> None:
        person = self.colleague("second")
        change_colleague(person, actor=self.actor, name=person.name, role=Role.COLLEAGUE, can_add_clients=False)

    def end_login(self) -> None:
        take_login_away(Member.objects.get(client_file=self.file, name="client"), actor=self.actor)

    def detach(self) -> None:
        detach(self.file, actor=self.actor)


@pytest.fixture
def scene() -> Scene:
    made = Scene()
    # A second administrator, who can lose the role.
    with instance_scope():
        second = worlds._colleague(made.world.practice, "second", role=Role.ADMINISTRATOR)
    made.clients["second"] = Client()
    made.clients["second"].force_login(second)
    return made


@pytest.mark.parametrize(
    ("who", "take_away"),
    [
        ("full", Scene.close_grant),
        ("full", Scene.suspend),
        ("second", Scene.demote),
        ("client", Scene.end_login),
        ("administrator", Scene.detach),
    ],
)
def test_the_next_request_of_every_kind_is_refused(scene: Scene, who: str, take_away: Callable[[Scene], None]) -> None:
    own, browser = scene.world.targets[OWN], scene.clients[who]
    addresses = {
        route.name: _address(pattern, own)
        for pattern, route in routes()
        if (rule := rule_of(route.callback)) is not None and rule.value.startswith("file-")
    }
    reached = {name for name, address in addresses.items() if _seen(browser.get(address)) == ALLOWED}
    assert len(reached) >= (2 if who == "client" else 25), reached
    with practice_scope(scene.world.practice.id):
        take_away(scene)
    for name, address in addresses.items():
        for ask in (browser.get, browser.head, browser.post):
            for headers in ({}, {"HX-Request": "true"}, {"If-None-Match": "*", "Range": "bytes=0-"}):
                seen = _seen(ask(address, headers=headers))
                assert seen == NOT_THERE, f"{ask.__name__} {name} as {who}: {seen}"


def test_what_a_job_makes_goes_to_nobody_who_lost_the_file_meanwhile(scene: Scene) -> None:
    with practice_scope(scene.world.practice.id):
        WholeExport.objects.all().delete()
        Job.objects.all().delete()
        asker = actor_of(scene.colleague("full"))
        export = whole.ask(scene.file, actor=asker, reader=Reader(language="fr", time_zone="Europe/Paris"))
        scene.close_grant()
    assert run_next()
    with practice_scope(scene.world.practice.id):
        export.refresh_from_db()
    assert export.state == ExportState.READY
    at = f"/files/{scene.file.id}/export/{export.id}/download/"
    assert scene.clients["full"].post(at).status_code == 404
    assert scene.clients["second"].post(at).status_code == 200


def test_the_link_of_an_invitation_that_was_taken_back_opens_nothing(scene: Scene) -> None:
    with practice_scope(scene.world.practice.id):
        person = Member.objects.create(
            practice=scene.world.practice, client_file=scene.file, name="New", email="new@example.fr"
        )
        invite_member(person, actor=scene.actor)
        link = rendered(OutgoingMessage.objects.latest("id")).link
        address = "/" + link.split("/", 3)[3]
        assert Client().get(address, follow=True).status_code == 200
        withdraw_from(Member.objects.get(id=person.id), actor=scene.actor)
    guest = Client()
    assert guest.get(address, follow=True).status_code in {404, 410}
    typed = {"name": "New", "password": "quatre mots au hasard", "code": "000000"}
    assert guest.post("/invitations/", typed).status_code in {404, 410}
    with practice_scope(scene.world.practice.id):
        assert Member.objects.get(id=person.id).user_id is None
        assert not FileAccess.objects.filter(colleague__name="New").exists()

"""From the click to the letter box, in a real instance with real servers on the other side."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

import pytest

from tests.adapters.sms_http.peer import Peer, peer
from tests.adapters.sms_http.speakers import Gateway
from tests.cli.instance import Instance, environment, eventually
from tests.cli.surfer import Surfer
from tests.mailbox import Mailbox, mailbox, text_of

pytestmark = [pytest.mark.house, pytest.mark.xdist_group("serve")]


@dataclass
class Scene:
    """The instance, somebody in front of it, and what is on the other side."""

    instance: Instance
    surfer: Surfer
    relay: Mailbox
    gateway: Peer


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with mailbox() as relay, peer(Gateway()) as gateway:
        env = environment(
            tmp_path_factory.mktemp("messages") / "var",
            LIASSE_SMTP_RELAY=f"smtp://{relay.address}",
            LIASSE_SMS="http",
            LIASSE_SMS_URL=gateway.url,
            LIASSE_SMS_HTTP_TOKEN=Gateway.token,
            LIASSE_SMS_SENDER="Liasse",
            LIASSE_SMS_PER_NUMBER_HOUR="50",
            LIASSE_SMS_PER_NUMBER_DAY="50",
        )
        with Instance(env) as instance:
            surfer = Surfer(f"http://{env['LIASSE_HTTP']}")
            surfer.set_up(instance.link())
            yield Scene(instance, surfer, relay, gateway)


@pytest.fixture(autouse=True)
def _calm(scene: Scene) -> None:
    scene.relay.answer, scene.relay.hangs_for, scene.gateway.hangs_for = "", 0, 0
    scene.gateway.speaker = Gateway()


def click(scene: Scene, name: str, *, email: str, phone: str = "06 12 34 56 78") -> float:
    scene.surfer.open_file(name, email=email, phone=phone, by_email="on", by_sms="on")
    at = time.time()
    assert "est en route" in unescape(scene.surfer.confirm())
    return at


def test_from_the_click_to_both_letter_boxes_in_three_seconds(scene: Scene) -> None:
    for number in range(3):
        mails, posts = len(scene.relay.mails), len(scene.gateway.posts())
        at = click(scene, f"Boulangerie {number}", email=f"paul{number}@lepi.example")
        assert eventually(lambda: len(scene.relay.mails) > mails and len(scene.gateway.posts()) > posts, within=10)  # noqa: B023
        took = time.time() - at
        print(f"click to mail {scene.relay.at[-1] - at:.2f} s, to both {took:.2f} s")
        assert took <= 3
        assert scene.gateway.posts()[-1].words["text"].split()[-1] in text_of(scene.relay.mails[-1])


def test_a_provider_that_fails_is_seen_after_one_try_and_nothing_is_lost(scene: Scene) -> None:
    scene.gateway.speaker = lambda _asked: (503, {})
    scene.relay.answer = "451 later"
    mails = len(scene.relay.mails)
    click(scene, "Garage en panne", email="garage@lepi.example")

    def is_seen() -> bool:
        page = unescape(scene.surfer.get("/outbox/?state=waiting"))
        return page.count("Prochain essai") == 2 and page.count("/retry/") >= 2

    at = time.time()
    assert eventually(is_seen, within=5)
    print(f"failure seen after {time.time() - at:.2f} s")
    scene.gateway.speaker, scene.relay.answer = speaker, _ = Gateway(), ""
    assert eventually(lambda: bool(speaker.taken) and len(scene.relay.mails) > mails, within=20)
    assert len(speaker.taken) == 1


def test_a_relay_and_a_provider_that_hang_block_no_screen(scene: Scene) -> None:
    scene.relay.hangs_for, scene.gateway.hangs_for = 12, 12
    mails = len(scene.relay.mails)
    for number in range(3):
        click(scene, f"Atelier {number}", email=f"atelier{number}@lepi.example")
    slowest = 0.0
    for _number in range(10):
        at = time.time()
        scene.surfer.get("/outbox/")
        scene.surfer.get("/clients/")
        slowest = max(slowest, (time.time() - at) / 2)
        time.sleep(0.2)
    print(f"slowest page while both hang {slowest:.2f} s")
    assert slowest < 1
    scene.relay.hangs_for = scene.gateway.hangs_for = 0
    scene.gateway.speaker = speaker = Gateway()

    def addresses() -> set[str]:
        return {mail["To"].addresses[0].addr_spec for mail in scene.relay.mails[mails:]}

    assert eventually(lambda: len(addresses()) == 3 and len(speaker.taken) == 3, within=90), (
        addresses(),
        speaker.taken,
        scene.instance.said()[-2000:],
    )

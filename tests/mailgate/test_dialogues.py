"""Written dialogues, said by a real peer to a real receiver, compared to the letter."""

from pathlib import Path

import pytest

from tests.mailgate.desks import MemoryDesk
from tests.mailgate.peer import play
from tests.mailgate.running import Receiver

pytestmark = pytest.mark.house

DIALOGUES = sorted((Path(__file__).parent / "dialogues").glob("*.txt"))

KEPT = {
    "plain": [b"Subject: Facture\r\n\r\nBonjour\r\n"],
    "helo": [b"x\r\n"],
    "recipients": [b""],
    "pipelined": [b"one\r\n", b".two\r\n"],
}


def test_there_are_dialogues() -> None:
    assert len(DIALOGUES) >= 7


@pytest.mark.parametrize("path", DIALOGUES, ids=lambda path: path.stem)
def test_dialogue(path: Path, gate: Receiver, desk: MemoryDesk) -> None:
    play(path, port=gate.port)
    assert desk.contents == KEPT.get(path.stem, [])


def test_a_tag_and_a_null_sender_are_on_the_envelope(gate: Receiver, desk: MemoryDesk) -> None:
    play(next(path for path in DIALOGUES if path.stem == "recipients"), port=gate.port)
    (mail,) = desk.mails
    assert mail.sender == ""
    assert [(to.mailbox.local_part, to.mailbox.tag) for to in mail.recipients] == [
        ("boulangerie.k7m2p9", "achats"),
        ("garage.t4x8w3", ""),
    ]
    assert mail.recipients[0].mailbox.given == "boulangerie.k7m2p9+achats@liasse.example"
    assert mail.peer == "127.0.0.1"

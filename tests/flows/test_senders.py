"""Mails from real connections: checked against a DNS of the test, held or let in, answered once a day."""

from __future__ import annotations

import itertools
import smtplib
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from liasse.adapters.dns_lookup.resolver import DnsLookup
from liasse.clients import addresses
from liasse.clients.models import ClientFile, Member
from liasse.clients.types import FileStatus, SenderMode
from liasse.core import adapters
from liasse.core.access import Actor
from liasse.core.jobs import claim
from liasse.core.models import Job
from liasse.core.scope import instance_scope, practice_scope
from liasse.documents.models import Document
from liasse.intake import senders
from liasse.intake.models import AnsweredSender, Receipt
from liasse.intake.types import Hold, ReceiptState, SenderState
from liasse.mailgate.desk import PipelineDesk
from liasse.mailgate.gate import Post
from liasse.messaging.models import OutgoingMessage
from liasse.pipeline import child
from liasse.worker.main import run_next
from tests.dns_server import DnsServer, dns_server, key_of, signed
from tests.flows.conftest import Ground
from tests.mailgate.running import Receiver, receiver
from tests.paper import ubl

pytestmark = pytest.mark.django_db(transaction=True)
ZOE = "zoe@lepidor.example"
ACTOR = Actor(kind="colleague", name="Anne Martin")


@pytest.fixture
def dns(monkeypatch: pytest.MonkeyPatch) -> Iterator[DnsServer]:
    """A DNS in which Zoé's domain publishes its key and its policy."""
    records = key_of("lepidor.example") | {"TXT _dmarc.lepidor.example": ["v=DMARC1; p=reject"]}
    with dns_server(records) as server:
        lookup = DnsLookup(servers=[("127.0.0.1", server.port)], clock=itertools.count(0, 100).__next__)
        real = adapters.adapter
        monkeypatch.setattr(
            "liasse.pipeline.senders.adapter", lambda port: lookup if port == "sender_dns" else real(port)
        )
        yield server


@pytest.fixture
def gate(ground: Ground) -> Iterator[Receiver]:
    del ground
    desk = PipelineDesk(blobs=child.blobs(), minimum_free=1)
    with receiver(desk, post=Post(domain=settings.LIASSE_MAIL_DOMAIN)) as running:
        yield running


def letter(*, sender: str = ZOE, number: str = "F-1", **headers: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"Zoé <{sender}>", "b.x@liasse.localhost", f"Facture {number}"
    message["Message-ID"] = f"<{number}@{sender.partition('@')[2]}>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("Bonjour")
    message.add_attachment(ubl(number=number), maintype="application", subtype="xml", filename=f"{number}.xml")
    message.add_attachment(b"\0\1\2", maintype="application", subtype="octet-stream", filename="film.bin")
    return message.as_bytes()


def send(gate: Receiver, raw: bytes, *, sender: str = ZOE, to: str = "b.x") -> None:
    with smtplib.SMTP("127.0.0.1", gate.port, timeout=20) as smtp:
        smtp.sendmail(sender, [f"{to}@{settings.LIASSE_MAIL_DOMAIN}"], raw)


def work() -> None:
    """Do what is due now; what waits is left waiting."""
    while run_next():
        pass


def receipt() -> Receipt:
    return Receipt.objects.order_by("-id")[0]


def change(ground: Ground, **values: Any) -> None:  # noqa: ANN401 - any column
    ClientFile.objects.filter(id=ground.client_file.id).update(**values)


def held(ground: Ground) -> int:
    return ClientFile.objects.get(id=ground.client_file.id).count_held


def zoe(ground: Ground, **values: Any) -> Member:  # noqa: ANN401 - any column
    words = {"practice": ground.practice, "client_file": ground.client_file, "name": "Zoé", "email": ZOE} | values
    return Member.objects.create(**words)


def test_a_signed_mail_is_verified_and_read_meanwhile(gate: Receiver, dns: DnsServer) -> None:
    send(gate, signed(letter(), domain="lepidor.example"))
    work()
    found = receipt()
    assert (found.state, found.sender_state) == (ReceiptState.OPENED, SenderState.VERIFIED)
    assert (found.sender_facts["why"], found.sender_facts["by"]) == ("signed", "lepidor.example")
    assert Document.objects.count() == 1
    assert "TXT liasse._domainkey.lepidor.example" in dns.asked


def test_a_forged_mail_is_read_all_the_same_and_says_so(ground: Ground, gate: Receiver, dns: DnsServer) -> None:
    del ground, dns
    send(gate, letter())
    work()
    assert (receipt().state, receipt().sender_state) == (ReceiptState.OPENED, SenderState.UNVERIFIED)
    assert receipt().sender_facts["why"] == "against-policy"
    assert Document.objects.count() == 1


def test_a_dns_that_is_down_blocks_nothing_and_is_asked_again(ground: Ground, gate: Receiver, dns: DnsServer) -> None:
    zoe(ground)
    dns.is_silent = True
    change(ground, sender_mode=SenderMode.MEMBERS)
    send(gate, signed(letter(), domain="lepidor.example"))
    work()
    assert (receipt().state, receipt().sender_state) == (ReceiptState.OPENED, SenderState.WAITING)
    assert Document.objects.count() == 1
    dns.is_silent = False
    with instance_scope():
        assert claim() is None
        Job.objects.update(due_at=timezone.now())
    work()
    assert receipt().sender_state == SenderState.VERIFIED


def test_after_days_of_silence_nobody_waits_any_more(ground: Ground, gate: Receiver, dns: DnsServer) -> None:
    del ground
    dns.is_silent = True
    send(gate, letter())
    with instance_scope():
        Receipt.objects.update(received_at=timezone.now() - timedelta(days=4))
    work()
    assert receipt().sender_state == SenderState.UNKNOWN
    with instance_scope():
        assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("mode", "why"), [(SenderMode.KNOWN, Hold.UNKNOWN_SENDER), (SenderMode.MEMBERS, Hold.NO_MEMBER)]
)
def test_a_stranger_s_mail_waits_with_its_parts_and_no_document(
    ground: Ground, gate: Receiver, mode: SenderMode, why: Hold
) -> None:
    change(ground, sender_mode=mode)
    send(gate, letter(sender="stranger@example.fr"))
    work()
    found = receipt()
    assert (found.state, found.held, held(ground)) == (ReceiptState.HELD, why, 1)
    assert [part.filename for part in found.parts.order_by("index")] == ["F-1.xml", "film.bin"]
    assert Document.objects.count() == 0


def test_what_is_accepted_becomes_documents_once(ground: Ground, gate: Receiver) -> None:
    change(ground, sender_mode=SenderMode.KNOWN)
    send(gate, letter(sender="stranger@example.fr"))
    work()
    senders.accept(receipt(), actor=ACTOR)
    work()
    assert (receipt().state, held(ground), Document.objects.count()) == (ReceiptState.OPENED, 0, 1)
    # Known from now on: the next one needs nobody.
    send(gate, letter(sender="stranger@example.fr", number="F-2"))
    work()
    assert (receipt().state, Document.objects.count()) == (ReceiptState.OPENED, 2)


def test_trust_lets_in_all_that_waits_of_a_domain_and_no_more(ground: Ground, gate: Receiver) -> None:
    change(ground, sender_mode=SenderMode.MEMBERS)
    for number, sender in enumerate(["a@moulin.example", "b@moulin.example", "c@notmoulin.example"]):
        send(gate, letter(sender=sender, number=f"F-{number}"))
    work()
    assert held(ground) == 3
    assert senders.trust(ground.client_file, sender="@Moulin.example", actor=ACTOR) == 2
    work()
    assert (held(ground), Document.objects.count()) == (1, 2)
    send(gate, letter(sender="d@moulin.example", number="F-9"))
    work()
    assert Document.objects.count() == 3


def test_a_member_whose_domain_disowns_the_mail_waits(ground: Ground, gate: Receiver, dns: DnsServer) -> None:
    del dns
    zoe(ground)
    change(ground, sender_mode=SenderMode.MEMBERS)
    send(gate, letter())
    work()
    assert (receipt().state, receipt().held) == (ReceiptState.HELD, Hold.NOT_GENUINE)
    send(gate, signed(letter(number="F-2"), domain="lepidor.example"))
    work()
    assert receipt().state == ReceiptState.OPENED


def test_a_null_sender_and_a_closed_file_wait_too(ground: Ground, gate: Receiver) -> None:
    send(gate, letter(sender="robot@example.fr"), sender="")
    work()
    assert (receipt().state, receipt().held) == (ReceiptState.HELD, Hold.NULL_SENDER)
    change(ground, status=FileStatus.ARCHIVED, archived_at=timezone.now())
    send(gate, letter(number="F-2"))
    work()
    assert (receipt().state, receipt().held, held(ground)) == (ReceiptState.HELD, Hold.FILE_CLOSED, 2)
    change(ground, status=FileStatus.ACTIVE, archived_at=None)
    with instance_scope():
        Job.objects.update(due_at=timezone.now())
    work()
    assert (receipt().state, held(ground)) == (ReceiptState.OPENED, 1)


def test_put_aside_and_taken_back(ground: Ground, gate: Receiver) -> None:
    send(gate, letter(), sender="")
    work()
    senders.put_aside(receipt(), actor=ACTOR)
    assert (receipt().state, held(ground)) == (ReceiptState.ASIDE, 0)
    senders.take_back(receipt(), actor=ACTOR)
    assert (receipt().state, held(ground)) == (ReceiptState.HELD, 1)


# --------------------------------------------------------------------------------------------------- answers


def answers() -> list[OutgoingMessage]:
    return list(OutgoingMessage.objects.exclude(in_reply_to="").order_by("id"))


def test_a_verified_member_is_told_what_was_taken_and_what_not(ground: Ground, gate: Receiver, dns: DnsServer) -> None:
    del dns
    zoe(ground)
    send(gate, signed(letter(), domain="lepidor.example"))
    work()
    (said,) = answers()
    assert (said.to_address, said.in_reply_to) == (ZOE, "<F-1@lepidor.example>")
    assert "– F-1.xml" in said.text
    assert "– film.bin : " in said.text.replace("\u202f", " ").replace("film.bin:", "film.bin :")
    assert said.subject.endswith("Facture F-1")


def test_once_a_day_and_once_a_mail(ground: Ground, gate: Receiver, dns: DnsServer) -> None:
    del dns
    zoe(ground)
    for number in ("F-1", "F-2"):
        send(gate, signed(letter(number=number), domain="lepidor.example"))
        work()
    assert len(answers()) == 1
    with practice_scope(ground.practice.id):
        AnsweredSender.objects.update(answered_at=timezone.now() - timedelta(hours=25))
    send(gate, signed(letter(number="F-3"), domain="lepidor.example"))
    work()
    assert [said.in_reply_to for said in answers()] == ["<F-1@lepidor.example>", "<F-3@lepidor.example>"]


@pytest.mark.parametrize(
    ("headers", "envelope"),
    [
        ({"Auto_Submitted": "auto-generated"}, ZOE),
        ({"List_Id": "<liste.example>"}, ZOE),
        ({"Precedence": "bulk"}, ZOE),
        ({}, "bounces+zoe=lepidor@lepidor.example"),
        ({}, ""),
    ],
)
def test_machines_and_lists_are_never_answered(
    ground: Ground, gate: Receiver, dns: DnsServer, headers: dict[str, str], envelope: str
) -> None:
    del dns
    zoe(ground)
    send(gate, signed(letter(**headers), domain="lepidor.example"), sender=envelope)
    work()
    assert receipt().sender_state == SenderState.VERIFIED
    assert answers() == []


def test_neither_strangers_nor_unverified_nor_where_it_is_off(ground: Ground, gate: Receiver, dns: DnsServer) -> None:
    del dns
    send(gate, signed(letter(), domain="lepidor.example"))
    work()
    zoe(ground)
    send(gate, letter(number="F-2"))
    work()
    change(ground, answers_mail="off")
    send(gate, signed(letter(number="F-3"), domain="lepidor.example"))
    work()
    assert (Receipt.objects.count(), answers()) == (3, [])


# ------------------------------------------------------------------------------------------- addresses and tags


def test_words_after_the_plus_say_what_becomes_of_it(ground: Ground, gate: Receiver) -> None:
    del ground
    send(gate, letter(), to="b.x+ventes+pages+mars")
    work()
    found = receipt()
    assert (found.side, found.cutting) == ("sales", "pages")
    assert found.envelope_to.startswith("b.x+ventes+pages+mars@")
    assert Document.objects.get().side == "sales"


def test_what_comes_at_a_member_s_address_is_theirs(ground: Ground, gate: Receiver) -> None:
    member = zoe(ground, email="")
    own = addresses.give_to_member(member, actor=ACTOR)
    send(gate, letter(sender="supplier@example.fr"), to=f"{own}+ventes")
    work()
    assert (Document.objects.get().owner, Document.objects.get().side) == (member, "sales")

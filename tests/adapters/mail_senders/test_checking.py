"""Mails that are really signed, sealed and sent from somewhere: who is verified, who is not, and why."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path
from typing import Any

import dkim  # type: ignore[import-untyped]
import pytest

from liasse.adapters.mail_senders.checking import check_sender
from tests.dns_server import PRIVATE, edwards_key_of, key_of, sealed, signed, signed_by_edwards

AUTHOR = "claire@lepidor.example"
POLICY = {"TXT _dmarc.lepidor.example": ["v=DMARC1; p=reject"]}
SENDS = {"TXT lepidor.example": ["v=spf1 ip4:192.0.2.7 include:_spf.host.example -all"]}


def mail(*, sender: str = f"Claire <{AUTHOR}>", **headers: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "x@liasse.example", "Facture"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("Bonjour, voici la facture.\n")
    return message.as_bytes()


def check(tmp_path: Path, content: bytes, records: dict[str, Any], **changed: Any) -> dict[str, Any]:  # noqa: ANN401 - any word of the call
    """Ask round by round, as the worker does; every name that is not in the records does not exist."""
    path = tmp_path / "mail"
    path.write_bytes(content)
    words: dict[str, Any] = {
        "address": AUTHOR, "envelope_from": AUTHOR, "peer": "192.0.2.99", "relays": ["127.0.0.0/8"],
        "forwarders": ["google.com"],
    } | changed  # fmt: skip
    answers: dict[str, Any] = {}
    for _round in range(9):
        found = check_sender(path, tmp_path, answers=answers, **words)
        if not found["missing"]:
            return found
        answers |= {key: records.get(key, []) for key in found["missing"]}
    raise AssertionError(answers)


def said(found: dict[str, Any]) -> tuple[str, str]:
    return found["verdict"], found["why"]


def test_a_signature_of_the_author_s_domain_verifies(tmp_path: Path) -> None:
    found = check(tmp_path, signed(mail(), domain="lepidor.example"), key_of("lepidor.example") | POLICY)
    assert said(found) == ("verified", "signed")
    assert found["by"] == "lepidor.example"


def test_a_signature_of_the_same_organisation_verifies_under_a_policy(tmp_path: Path) -> None:
    content = signed(mail(), domain="mail.lepidor.example")
    records = key_of("mail.lepidor.example")
    assert said(check(tmp_path, content, records | POLICY)) == ("verified", "signed")
    assert said(check(tmp_path, content, records)) == ("unverified", "other-signer")
    strict = {"TXT _dmarc.lepidor.example": ["v=DMARC1; p=reject; adkim=s"]}
    assert said(check(tmp_path, content, records | strict)) == ("unverified", "against-policy")


def test_a_text_changed_on_its_way_is_not_verified(tmp_path: Path) -> None:
    content = signed(mail(), domain="lepidor.example").replace(b"la facture", b"ma facture")
    assert said(check(tmp_path, content, key_of("lepidor.example"))) == ("unverified", "broken")
    assert said(check(tmp_path, content, key_of("lepidor.example") | POLICY)) == ("unverified", "against-policy")


@pytest.mark.parametrize("peer", ["192.0.2.7", "198.51.100.20", "2001:db8::7"])
def test_a_server_that_the_domain_names_verifies(tmp_path: Path, peer: str) -> None:
    records = SENDS | {"TXT _spf.host.example": ["v=spf1 a:mx.host.example ip6:2001:db8::/64 -all"]}
    records |= {"A mx.host.example": ["198.51.100.20"]}
    found = check(tmp_path, mail(), records | POLICY, peer=peer)
    assert said(found) == ("verified", "server")


def test_another_server_is_not_verified(tmp_path: Path) -> None:
    records = SENDS | {"TXT _spf.host.example": ["v=spf1 ip4:198.51.100.0/24 -all"]}
    found = check(tmp_path, mail(), records, peer="203.0.113.5")
    assert said(found) == ("unverified", "other-server")
    assert found["spf"] == {"result": "fail", "domain": "lepidor.example"}


def test_an_envelope_of_somebody_else_vouches_for_nobody(tmp_path: Path) -> None:
    records = {"TXT bulk.example": ["v=spf1 ip4:203.0.113.5 -all"]} | POLICY
    found = check(tmp_path, mail(), records, peer="203.0.113.5", envelope_from="b@bulk.example")
    assert found["spf"]["result"] == "pass"
    assert said(found) == ("unverified", "against-policy")


def test_behind_one_s_own_relay_its_line_on_top_says_who_sent(tmp_path: Path) -> None:
    line = "Received: from mx.lepidor.example (mx.lepidor.example [192.0.2.7]) by post.example with ESMTPS\r\n"
    forged = "Received: from x (x [192.0.2.7]) by y\r\n"
    behind = {"peer": "127.0.0.1"}
    assert said(check(tmp_path, line.encode() + mail(), SENDS, **behind)) == ("verified", "server")
    assert said(check(tmp_path, forged.encode() + mail(), SENDS, peer="203.0.113.5"))[0] == "unverified"


def test_a_believed_forwarder_s_word_counts_and_a_stranger_s_does_not(tmp_path: Path) -> None:
    broken = signed(mail(), domain="lepidor.example").replace(b"la facture", b"ma facture")
    word = "dkim=pass header.i=@lepidor.example; dmarc=pass (p=REJECT) header.from=lepidor.example"
    records = key_of("lepidor.example") | key_of("google.com") | key_of("crook.example") | POLICY
    assert said(check(tmp_path, sealed(broken, by="google.com", found=word), records)) == ("verified", "forwarded")
    assert said(check(tmp_path, sealed(broken, by="crook.example", found=word), records))[0] == "unverified"
    other = "dmarc=pass header.from=crook.example"
    assert said(check(tmp_path, sealed(broken, by="google.com", found=other), records))[0] == "unverified"
    spoilt = sealed(broken, by="google.com", found=word).replace(b"ma facture", b"sa facture")
    assert said(check(tmp_path, spoilt, records))[0] == "unverified"


@pytest.mark.parametrize("sender", [f"{AUTHOR}, b@crook.example", f'"{AUTHOR}" <b@crook.example>', ""])
def test_what_is_checked_is_the_one_author_who_is_shown(tmp_path: Path, sender: str) -> None:
    content = mail(sender=sender) if sender else mail().replace(b"From:", b"X-From:")
    found = check(tmp_path, signed(content, domain="lepidor.example") if sender else content, key_of("lepidor.example"))
    assert said(found) == ("unverified", "no-author")


def test_a_mail_that_is_signed_with_ed25519_alone_is_verified(tmp_path: Path) -> None:
    content = signed_by_edwards(mail(), domain="lepidor.example")
    records = edwards_key_of("lepidor.example") | POLICY
    assert said(check(tmp_path, content, records)) == ("verified", "signed")
    broken = check(tmp_path, content.replace(b"la facture", b"ma facture"), records)
    assert said(broken) == ("unverified", "against-policy")


def test_a_signature_over_the_beginning_alone_does_not_count(tmp_path: Path) -> None:
    plain = mail().replace(b"\n", b"\r\n")
    content = dkim.sign(plain, b"liasse", b"lepidor.example", PRIVATE, length=True) + plain + b"et plus encore\r\n"
    found = check(tmp_path, content, key_of("lepidor.example"))
    assert found["dkim"] == [{"result": "partial", "domain": "lepidor.example"}]
    assert found["verdict"] == "unverified"


def test_silence_of_dns_is_no_verdict(tmp_path: Path) -> None:
    records = key_of("lepidor.example") | {"TXT liasse._domainkey.lepidor.example": None}
    assert said(check(tmp_path, signed(mail(), domain="lepidor.example"), records)) == ("waiting", "no-answer")


@pytest.mark.parametrize(
    ("headers", "is_machine"),
    [
        ({}, False),
        ({"Auto_Submitted": "no"}, False),
        ({"Auto_Submitted": "auto-replied"}, True),
        ({"List_Id": "<liste.example>"}, True),
        ({"Precedence": "bulk"}, True),
        ({"X_Auto_Response_Suppress": "All"}, True),
    ],
)
def test_a_machine_s_mail_is_known(tmp_path: Path, headers: dict[str, str], is_machine: bool) -> None:  # noqa: FBT001 - a parameter
    assert check(tmp_path, mail(**headers), {})["is_machine"] is is_machine


@pytest.mark.parametrize("content", [b"", b"\0" * 900, b"From: " + b"a" * 300_000, b"DKIM-Signature: v=1\r\n\r\nx"])
def test_whatever_bytes_come_there_is_an_answer(tmp_path: Path, content: bytes) -> None:
    assert check(tmp_path, content, {})["verdict"] == "unverified"
    sender = f"From: {AUTHOR}\r\n".encode()
    assert check(tmp_path, sender + content, {})["verdict"] == "unverified"

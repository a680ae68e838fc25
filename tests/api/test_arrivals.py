"""What a provider brings is one receipt with its bytes, however often it comes; it is told when to come again."""

from __future__ import annotations

import email
import email.policy
import hashlib
import hmac
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from liasse.clients.selectors import submission_local_part
from liasse.core.blobs import StorageFullError
from liasse.core.scope import instance_scope, practice_scope
from liasse.intake.models import Receipt
from liasse.pipeline import child
from tests import cast
from tests.api import arrivals
from tests.api.arrivals import PDF, RAW, Posted, form
from tests.cast import Cast
from tests.providers import served_by

pytestmark = pytest.mark.django_db
SECRET = "a-secret-of-twenty-letters"
READER = "liasse.adapters.mail_arrivals.AnymailMailArrivals"
RAWS = {"mailgun": arrivals.mailgun_raw, "sendgrid": arrivals.sendgrid_raw}
APART = {
    "brevo": arrivals.brevo,
    "mailgun": arrivals.mailgun,
    "mailjet": arrivals.mailjet,
    "postmark": arrivals.postmark,
    "sendgrid": arrivals.sendgrid,
}


@pytest.fixture
def people() -> Cast:
    return cast.build()


@pytest.fixture
def to(people: Cast, settings: Any) -> str:  # noqa: ANN401 - pytest-django's own
    settings.LIASSE_MIN_FREE = 1
    with practice_scope(people.practice.id):
        return f"{submission_local_part(people.file)}+ventes@{settings.LIASSE_MAIL_DOMAIN}"


@pytest.fixture
def store() -> Iterator[str]:
    """A provider's store of attachments, on the loopback."""

    class Attachments(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_right = self.path == "/inbound/attachments/t%2F1" and self.headers["api-key"] == "the-key"
            self.send_response(200 if is_right else 404)
            self.send_header("Content-Type", "application/pdf")
            self.end_headers()
            self.wfile.write(PDF)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Attachments)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def brought_by(provider: str, *, url: str = "", key: str = "") -> Any:  # noqa: ANN401 - a context
    return served_by("mail_arrivals", READER, provider=provider, secret=SECRET, key=key, url=url)


def post(posted: Posted, *, secret: str = SECRET, end: str = "") -> int:
    shown = "Basic " + b64encode(f"liasse:{secret}".encode()).decode()
    client = Client(enforce_csrf_checks=True)
    answer = client.post(
        f"/hooks/arrivals/{end}", posted.body, content_type=posted.content_type, headers={"Authorization": shown}
    )
    return answer.status_code


def receipts() -> list[Receipt]:
    with instance_scope():
        return list(Receipt.objects.order_by("id"))


def content_of(receipt: Receipt) -> bytes:
    return Path(child.blobs().path(receipt.sha256)).read_bytes()


@pytest.mark.parametrize("provider", list(RAWS))
def test_the_raw_mail_is_kept_to_the_byte_once(to: str, provider: str) -> None:
    with brought_by(provider):
        assert [post(RAWS[provider](to), end=end) for end in ("", "mime")] == [200, 200]
    (receipt,) = receipts()
    assert content_of(receipt) == RAW
    assert (receipt.door, receipt.envelope_to, receipt.side) == ("mail", to, "sales")
    assert receipt.envelope_from == "fournisseur@exemple.fr"


def test_postmark_s_raw_mail_is_kept_as_it_gives_it(to: str) -> None:
    with brought_by("postmark"):
        assert post(arrivals.postmark_raw(to)) == 200
    (receipt,) = receipts()
    assert content_of(receipt) == RAW.decode("ascii", "replace").encode()


@pytest.mark.parametrize("provider", list(APART))
def test_a_mail_that_comes_in_pieces_is_put_together_the_same_each_time(to: str, store: str, provider: str) -> None:
    with brought_by(provider, url=store, key="the-key" if provider == "brevo" else ""):
        assert [post(APART[provider](to)) for _time in range(2)] == [200, 200]
    (receipt,) = receipts()
    found = email.message_from_bytes(content_of(receipt), policy=email.policy.default)
    assert found["Subject"] == "Facture été"
    body = found.get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == "Bonjour, été"
    (attachment,) = [part for part in found.walk() if part.get_content_type() == "application/pdf"]
    assert attachment.get_payload(decode=True) == PDF


def test_mail_for_nobody_is_not_brought_again(to: str) -> None:
    stranger = "nobody.zzzz@" + to.partition("@")[2]
    with brought_by("mailgun"):
        assert post(arrivals.mailgun_raw(stranger)) == 200
        assert post(arrivals.mailgun_raw(f"{stranger},{to}")) == 200
    assert [receipt.envelope_to for receipt in receipts()] == [to]


def test_a_fault_of_ours_is_brought_again(to: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise StorageFullError

    with brought_by("mailgun"):
        with monkeypatch.context() as broken:
            broken.setattr("liasse.pipeline.mailroom.keep", full)
            assert post(arrivals.mailgun_raw(to)) == 503
        assert receipts() == []
        assert post(arrivals.mailgun_raw(to)) == 200
    assert len(receipts()) == 1


def test_an_attachment_that_cannot_be_had_is_brought_again(to: str, store: str) -> None:
    with brought_by("brevo", url=store, key="another-key"):
        assert post(arrivals.brevo(to)) == 503
    assert receipts() == []


def test_a_full_disk_takes_nothing(to: str, settings: Any) -> None:  # noqa: ANN401 - pytest-django's own
    settings.LIASSE_MIN_FREE = 10**18
    with brought_by("mailgun"):
        assert post(arrivals.mailgun_raw(to)) == 503


def test_only_the_provider_is_heard(to: str, settings: Any) -> None:  # noqa: ANN401 - pytest-django's own
    assert post(arrivals.mailgun_raw(to)) == 404
    with brought_by("mailgun"):
        assert post(arrivals.mailgun_raw(to), secret="another-secret-of-twenty") == 401
        assert post(Posted(b"{", "application/json")) == 400
        assert post(Posted(b"no form", "multipart/form-data; boundary=x")) == 400
        settings.LIASSE_MESSAGE_LIMIT = 10
        assert post(Posted(b"x" * (2 * 1024 * 1024), "application/json")) == 413
    assert receipts() == []


def test_mailgun_s_signature_is_required_where_its_key_is_known(to: str) -> None:
    signed = {"token": b"t" * 50, "timestamp": b"1795600000"}
    right = hmac.new(b"signing-key", b"1795600000" + b"t" * 50, hashlib.sha256).hexdigest().encode()
    rest = {"recipient": to.encode(), "sender": b"a@b.example", "body-mime": RAW}
    with brought_by("mailgun", key="signing-key"):
        assert post(form({**rest, **signed, "signature": b"0" * 64})) == 400
        assert post(form(rest)) == 400
        assert receipts() == []
        assert post(form({**rest, **signed, "signature": right})) == 200
    assert len(receipts()) == 1


def test_ten_at_once_are_one(to: str, transactional_db: None) -> None:  # noqa: ARG001 - threads need it
    answers: list[int] = []

    def bring(make: Callable[[str], Posted]) -> None:
        from django.db import connection

        answers.append(post(make(to)))
        connection.close()

    with brought_by("mailgun"):
        threads = [threading.Thread(target=bring, args=(arrivals.mailgun,)) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == [200] * 10
    assert len(receipts()) == 1

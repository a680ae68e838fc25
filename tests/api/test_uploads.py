"""Uploads in pieces: what the protocol promises; a file comes in once and whole whatever happens to its line."""

from __future__ import annotations

import base64
import hashlib
import shutil
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from liasse.core.models import Job
from liasse.core.scope import instance_scope
from liasse.documents.models import Document
from liasse.intake import spool, uploads
from liasse.intake.models import Receipt, Upload
from liasse.intake.types import Cutting, Door, Side
from liasse.pipeline import child, deposits, flow
from liasse.worker.main import run_next
from tests.api.sender import TUS, Sender, metadata
from tests.paper import ubl
from tests.web.office import Office, build

pytestmark = pytest.mark.django_db(transaction=True)
SMALL = 1000


@pytest.fixture
def office(transactional_db: None) -> Office:
    del transactional_db
    uploads.forget_sums()
    shutil.rmtree(spool.folder(), ignore_errors=True)
    return build()


@pytest.fixture
def sender(office: Office) -> Sender:
    return Sender(office.as_("coding"), f"/files/{office.file.id}/uploads/")


def limited(**values: int) -> Any:  # noqa: ANN401 - Django's own decorator
    return override_settings(LIASSE_UPLOAD_LIMITS=replace(uploads.limits(), **values))


def receipts() -> list[Receipt]:
    with instance_scope():
        return list(Receipt.objects.order_by("id"))


def test_a_file_comes_in_by_pieces_as_its_sender_wished(sender: Sender, office: Office) -> None:
    content = ubl(number="F-7")
    words = {
        "filename": "F-7.xml",
        "side": "sales",
        "cutting": "whole",
        "note": "Salon",
        "owner": str(office.member.id),
    }
    receipt_id = sender.send(content, piece=500, **words)
    [receipt] = receipts()
    assert (str(receipt.id), receipt.sha256) == (receipt_id, hashlib.sha256(content).hexdigest())
    assert (receipt.door, receipt.filename, receipt.side) == (Door.WEB, "F-7.xml", Side.SALES)
    assert (receipt.cutting, receipt.note, receipt.owner_id) == (Cutting.WHOLE, "Salon", office.member.id)
    assert receipt.handed_in_by_id == office.users["coding"].id
    assert spool.folder().exists()
    assert list(spool.folder().iterdir()) == []


def test_the_server_says_what_it_can(sender: Sender) -> None:
    answer = sender.client.options(sender.at)
    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert set(answer["Tus-Extension"].split(",")) >= {"creation", "checksum", "expiration", "termination"}
    assert "sha256" in answer["Tus-Checksum-Algorithm"].split(",")
    old = sender.client.post(sender.at, headers={"Tus-Resumable": "0.2.0", "Upload-Length": "3"})
    assert (old.status_code, old["Tus-Version"]) == (412, "1.0.0")


def test_it_goes_on_where_the_line_was_cut(sender: Sender) -> None:
    url = sender.begin(SMALL, filename="a.pdf")["Location"]
    assert sender.patch(url, b"x" * 400, offset=0)["Upload-Offset"] == "400"
    stands = sender.head(url)
    assert (stands["Upload-Offset"], stands["Upload-Length"]) == ("400", "1000")
    assert stands["Cache-Control"] == "no-store"
    wrong = sender.patch(url, b"x" * 600, offset=300)
    assert (wrong.status_code, wrong["Upload-Offset"]) == (409, "400")
    done = sender.patch(url, b"x" * 600, offset=400)
    assert (done.status_code, done["Upload-Offset"]) == (204, "1000")
    assert done["Liasse-Receipt"] == str(receipts()[0].id)


def test_a_last_piece_that_is_repeated_answers_the_same_receipt(sender: Sender) -> None:
    url = sender.begin(SMALL, filename="a.pdf")["Location"]
    sender.patch(url, b"x" * 400, offset=0)
    first, again = (sender.patch(url, b"x" * 600, offset=400) for _ in range(2))
    assert first["Liasse-Receipt"] == again["Liasse-Receipt"] == sender.head(url)["Liasse-Receipt"]
    assert len(receipts()) == 1


def test_beginning_it_twice_makes_one(sender: Sender) -> None:
    first, again = (sender.begin(SMALL, filename="a.pdf", key="one") for _ in range(2))
    assert first["Location"] == again["Location"]
    assert sender.begin(SMALL + 1, filename="a.pdf", key="one").status_code == 409
    assert sender.begin(SMALL, filename="a.pdf", key="two")["Location"] != first["Location"]


def test_bytes_may_come_with_the_beginning(sender: Sender) -> None:
    answer = sender.begin(3, body=b"abc", filename="a.txt", key="one")
    assert (answer.status_code, answer["Upload-Offset"]) == (201, "3")
    again = sender.begin(3, body=b"abc", filename="a.txt", key="one")
    assert answer["Liasse-Receipt"] == again["Liasse-Receipt"] == str(receipts()[0].id)


@pytest.mark.parametrize("algorithm", ["sha256", "sha1"])
def test_a_piece_that_is_not_what_its_checksum_says_is_thrown_away(sender: Sender, algorithm: str) -> None:
    url = sender.begin(SMALL, filename="a.pdf")["Location"]
    right = base64.b64encode(hashlib.new(algorithm, b"x" * SMALL).digest()).decode()
    broken = sender.patch(url, b"y" * SMALL, offset=0, Upload_Checksum=f"{algorithm} {right}")
    assert (broken.status_code, sender.head(url)["Upload-Offset"]) == (460, "0")
    whole = sender.patch(url, b"x" * SMALL, offset=0, Upload_Checksum=f"{algorithm} {right}")
    assert whole.status_code == 204
    assert sender.patch(url, b"", offset=SMALL, Upload_Checksum="md5 AA==").status_code == 400


def test_what_was_given_up_is_gone(sender: Sender) -> None:
    url = sender.begin(SMALL, filename="a.pdf")["Location"]
    sender.patch(url, b"x" * 400, offset=0)
    assert sender.cancel(url).status_code == 204
    assert sender.head(url).status_code == sender.patch(url, b"x" * 600, offset=400).status_code == 404
    assert list(spool.folder().iterdir()) == []
    done = sender.begin(3, body=b"abc", filename="a.txt")["Location"]
    assert sender.cancel(done).status_code == 409


def test_more_bytes_than_were_said_are_refused(sender: Sender) -> None:
    url = sender.begin(SMALL, filename="a.pdf")["Location"]
    assert sender.patch(url, b"x" * (SMALL + 1), offset=0).status_code == 413
    assert sender.head(url)["Upload-Offset"] == "0"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 400),
        ({"Upload-Length": "-1"}, 400),
        ({"Upload-Length": "٣"}, 400),
        ({"Upload-Length": "9" * 16}, 400),
        ({"Upload-Length": "0"}, 422),
        ({"Upload-Length": "5", "Upload-Metadata": "filename ***"}, 400),
        ({"Upload-Length": "5", "Upload-Metadata": "filename /w=="}, 400),
        ({"Upload-Length": "5", "Upload-Metadata": metadata(owner="no id", side="up", cutting="-")}, 201),
    ],
)
def test_what_is_asked_wrongly_gets_an_answer(sender: Sender, headers: dict[str, str], status: int) -> None:
    assert sender.client.post(sender.at, headers={**TUS, **headers}).status_code == status


def test_methods_that_a_line_lets_not_through_come_by_another(sender: Sender) -> None:
    url = sender.begin(3, filename="a.txt")["Location"]
    headers = {**TUS, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    kind = "application/offset+octet-stream"
    assert sender.client.post(url, b"abc", content_type=kind, headers=headers)["Upload-Offset"] == "3"
    assert sender.client.post(url, headers=TUS).status_code == 405


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\evil.exe", "evil.exe"),
        ("..", ""),
        ("", ""),
        ("a" * 300 + ".pdf", "a" * 196 + ".pdf"),
        ("fac\u202eture\x00\n.pdf", "fac ture .pdf"),
        ("Café été.pdf", "Café été.pdf"),
    ],
)
def test_a_name_is_only_a_name(sender: Sender, given: str, kept: str) -> None:
    sender.send(b"abc", filename=given)
    assert receipts()[0].filename == kept


def test_limits_hold_to_the_byte(sender: Sender) -> None:
    with limited(file_bytes=1000, archive_bytes=2000):
        assert sender.begin(1000, filename="a.pdf").status_code == 201
        refused = sender.begin(1001, filename="a.pdf")
        assert (refused.status_code, refused["Liasse-Error"]) == (413, "too-large")
        assert "trop volumineux" in refused.content.decode()
        assert sender.begin(2000, filename="a.ZIP").status_code == 201
        assert sender.begin(2001, filename="a.zip").status_code == 413


def test_what_is_as_large_as_a_zip_must_be_one(sender: Sender) -> None:
    with limited(file_bytes=1000, archive_bytes=2000):
        url = sender.begin(1500, filename="a.zip")["Location"]
        assert sender.patch(url, b"%PDF-1.4" + b"x" * 700, offset=0).status_code == 415
        assert sender.head(url).status_code == 404
        url = sender.begin(1500, filename="b.zip")["Location"]
        assert sender.patch(url, b"PK\x03\x04" + b"x" * 700, offset=0).status_code == 204


def test_a_practice_and_a_person_have_limits(sender: Sender) -> None:
    sender.send(b"x" * 600, filename="a.pdf")
    uploads.forget_sums()
    with limited(practice_bytes=1000):
        assert sender.begin(400, filename="b.pdf").status_code == 201
        assert sender.begin(401, filename="b.pdf").status_code == 413
    with limited(open_uploads=2):
        assert sender.begin(400, filename="b.pdf").status_code == 201
        assert sender.begin(400, filename="b.pdf").status_code == 429


def test_a_full_disk_is_said_before_anything_is_sent(sender: Sender) -> None:
    with override_settings(LIASSE_MIN_FREE=child.blobs().free_bytes()[0] + 10**9):
        assert sender.begin(400, filename="b.pdf").status_code == 507


def test_nobody_sees_the_upload_of_another(sender: Sender, office: Office) -> None:
    url = sender.begin(SMALL, filename="a.pdf")["Location"]
    other = Sender(office.as_("administrator"), sender.at)
    assert other.head(url).status_code == other.cancel(url).status_code == 404
    elsewhere = url.replace(str(office.file.id), str(office.sibling.id))
    assert sender.head(elsewhere).status_code == 404
    assert sender.head(url).status_code == 200


def test_whoever_only_reads_may_not_hand_in(office: Office) -> None:
    reader = Sender(office.as_("reading"), f"/files/{office.file.id}/uploads/")
    assert reader.begin(SMALL, filename="a.pdf").status_code == 403


# ------------------------------------------------------------------------------------------------- kept by itself


def test_a_whole_upload_whose_sender_left_becomes_a_receipt_by_itself(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = sender.begin(3, filename="a.txt")["Location"]
    with monkeypatch.context() as patch:
        patch.setattr(deposits, "finish_upload", lambda _id: None)
        sender.patch(url, b"abc", offset=0)
    assert receipts() == []
    assert sender.head(url)["Upload-Offset"] == "3"
    with instance_scope():
        Job.objects.filter(kind=uploads.FINISH_UPLOAD).update(due_at=timezone.now())
    assert run_next()
    assert sender.head(url)["Liasse-Receipt"] == str(receipts()[0].id)


@pytest.mark.parametrize("broken", ["put", "receive", "note_receipt"])
def test_a_fault_at_any_step_of_the_end_loses_and_doubles_nothing(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    place: Any = {"put": child.blobs(), "receive": flow, "note_receipt": uploads}[broken]
    url = sender.begin(3, filename="a.txt")["Location"]
    sender.client.raise_request_exception = False

    def fail(*_given: object, **_named: object) -> None:
        raise RuntimeError("killed here")

    with monkeypatch.context() as patch:
        patch.setattr(place, broken, fail)
        assert sender.patch(url, b"abc", offset=0).status_code == 500
    assert sender.head(url)["Upload-Offset"] == "3"
    assert sender.patch(url, b"", offset=3)["Liasse-Receipt"] == str(receipts()[0].id)
    assert len(receipts()) == 1


def test_what_the_spool_lost_is_sent_again(sender: Sender) -> None:
    url = sender.begin(SMALL, filename="a.pdf")["Location"]
    sender.patch(url, b"x" * 400, offset=0)
    [path] = spool.folder().iterdir()
    path.write_bytes(path.read_bytes()[:100])
    assert sender.head(url)["Upload-Offset"] == "100"
    path.write_bytes(b"x" * 100 + b"torn" * 200)
    assert sender.head(url)["Upload-Offset"] == "400"


def test_one_writes_at_a_time(sender: Sender) -> None:
    url = sender.begin(SMALL, filename="a.pdf")["Location"]
    with instance_scope():
        upload = Upload.objects.get()
    with spool.held(upload.id):
        busy = sender.patch(url, b"x", offset=0)
    assert (busy.status_code, busy["Retry-After"]) == (423, "2")


def test_unfinished_uploads_are_thrown_away_in_time(sender: Sender) -> None:
    url = sender.begin(SMALL, filename="a.pdf")["Location"]
    sender.patch(url, b"x" * 400, offset=0)
    past = timezone.now() - timedelta(seconds=1)
    with instance_scope():
        Job.objects.filter(kind=uploads.EXPIRE_UPLOAD).update(due_at=past)
    assert run_next()
    assert sender.head(url).status_code == 200
    with instance_scope():
        Upload.objects.update(expires_at=past)
        Job.objects.filter(kind=uploads.EXPIRE_UPLOAD).update(due_at=past)
    assert run_next()
    assert sender.head(url).status_code == 404
    assert list(spool.folder().iterdir()) == []


def test_a_whole_upload_is_never_thrown_away(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    url = sender.begin(3, filename="a.txt")["Location"]
    with monkeypatch.context() as patch:
        patch.setattr(deposits, "finish_upload", lambda _id: None)
        sender.patch(url, b"abc", offset=0)
    with instance_scope():
        Upload.objects.update(expires_at=timezone.now() - timedelta(days=1))
        upload = Upload.objects.get()
        assert uploads.expire(upload.id) is not None
    assert sender.head(url)["Upload-Offset"] == "3"


# ------------------------------------------------------------------------------------------------- what came of it


def work_off() -> None:
    while run_next():
        pass


def test_the_sender_is_told_what_came_of_it(sender: Sender, office: Office) -> None:
    good = sender.send(ubl(number="F-7"), filename="F-7.xml")
    bad = sender.send(b"MZ\x90\x00" + b"\x00\x01" * 200, filename="setup.exe")
    [waiting, _other] = sender.outcomes(good, bad)
    assert (waiting["state"], waiting["settled"]) == ("stored", False)
    work_off()
    read, refused = sender.outcomes(good, bad)
    with instance_scope():
        document = Document.objects.get()
    assert read["settled"]
    assert "Atelier & Fils · F-7" in read["sentence"]
    assert read["documents"][0]["url"] == f"/files/{office.file.id}/documents/{document.id}/"
    assert refused["settled"]
    assert "aucune pièce" in refused["sentence"]
    assert refused["url"] == f"/files/{office.file.id}/receipts/{bad}/"
    assert sender.outcomes("nonsense", str(document.id)) == []

"""A ZIP that is wrong is refused with a sentence, and changes nothing."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable

import pytest

from liasse.clients.models import ClientFile
from liasse.core.models import AuditEvent
from liasse.core.scope import instance_scope, practice_scope
from liasse.custody import restoring
from liasse.custody.restoring_sentences import refusal_sentence
from liasse.custody.types import ImportState
from liasse.intake.senders import trust
from liasse.pipeline import child
from liasse.practices.models import Colleague
from liasse.practices.selectors import actor_of
from liasse.practices.types import Role
from tests.unit.custody.parcels import (
    Entries,
    colleague_of,
    entries_of,
    exported,
    fill,
    imported,
    restored,
    truthful,
    zipped,
)
from tests.web.office import Office

pytestmark = pytest.mark.django_db


def _without(name: str) -> Callable[[Entries], bytes]:
    return lambda entries: zipped({key: content for key, content in entries.items() if key != name})


def _with(name: str, content: bytes) -> Callable[[Entries], bytes]:
    return lambda entries: zipped(entries | {name: content})


def _first_original(entries: Entries) -> str:
    return next(name for name in entries if name.startswith("documents/"))


WRONG: dict[str, tuple[Callable[[Entries], bytes], str]] = {
    "no zip": (lambda _entries: b"PK\x03\x04 but no more", "not-a-zip"),
    "cut": (lambda entries: zipped(entries)[:-400], "not-a-zip"),
    "some zip": (lambda _entries: zipped({"documents.csv": b"x"}), "not-an-export"),
    "foreign manifest": (_with("manifest.json", b'{"format": "other"}'), "not-an-export"),
    "newer": (
        lambda e: zipped(e | {"manifest.json": e["manifest.json"].replace(b'"version":1', b'"version":2')}),
        "newer-version",
    ),
    "climbing name": (_with("../../etc/passwd", b"x"), "bad-name"),
    "absolute name": (_with("/etc/passwd", b"x"), "bad-name"),
    "name with a folder": (_with("documents/../../x", b"x"), "bad-name"),
    "missing original": (lambda e: _without(_first_original(e))(e), "missing-entry"),
    "missing table": (_without("members.json"), "missing-entry"),
    "added": (_with("documents/999999 x.pdf", b"x"), "unexpected-entry"),
    "altered original": (lambda e: zipped(e | {_first_original(e): b"altered 0!"}), "altered"),
    "altered table": (lambda e: zipped(e | {"history.json": b"[\n]\n"}), "altered"),
    "no array": (truthful("members.json", b"[\n", b"{\n"), "bad-table"),
    "NUL": (truthful("documents.json", b'"note":""', b'"note":"\\u0000"'), "bad-table"),
    "half a character": (truthful("documents.json", b'"note":""', b'"note":"\\ud800"'), "bad-table"),
    "infinite": (truthful("documents.json", b'"confidence":1.0', b'"confidence":1e999'), "bad-table"),
    "unknown status": (truthful("documents.json", b'"status":"to-review"', b'"status":"gone"'), "bad-table"),
    "too long": (truthful("documents.json", b'"currency":"EUR"', b'"currency":"EUROS"'), "bad-table"),
    "no such sector": (truthful("file.json", b'"sector":{"value":""', b'"sector":{"value":"x"'), "bad-table"),
    "unknown source": (truthful("documents.json", b'"source":"xml"', b'"source":"magic"'), "bad-table"),
    "stranger's owner": (truthful("documents.json", b'"owner":"0', b'"owner":"1'), "bad-table"),
    "no time zone": (truthful("history.json", b'+00:00"', b'"'), "bad-table"),
    "no such mode": (truthful("file.json", b'"sender_mode":"open"', b'"sender_mode":"any"'), "bad-table"),
    "everybody is trusted": (truthful("file.json", b"@moulin.example", b"@gmail.com"), "bad-table"),
    "no such hold": (truthful("receipts.json", b'"held":""', b'"held":"x"'), "bad-table"),
    "no such check": (truthful("receipts.json", b'"sender_state":""', b'"sender_state":"x"'), "bad-table"),
    "facts that are none": (
        truthful("receipts.json", b'"sender_facts":{}', b'"sender_facts":{"why":[]}'),
        "bad-table",
    ),
    "version of words": (truthful("history.json", b'"after":{}', b'"after":{"version":"x"}'), "bad-table"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_and_nothing_is_written(office: Office, elsewhere: Colleague, what: str) -> None:
    fill(office)
    with office.scope():
        trust(office.file, sender="@moulin.example", actor=actor_of(colleague_of(office)))
    entries = entries_of(exported(office.file, by=colleague_of(office)))
    before = {blob.sha256 for blob in child.blobs().iterate()}
    make, code = WRONG[what]
    content = make(entries)
    made = imported(content, by=elsewhere)
    assert (made.state, made.problem) == (ImportState.REFUSED, code)
    assert "%(" not in refusal_sentence(made.problem, detail=made.detail)
    with instance_scope():
        assert not ClientFile.objects.filter(practice_id=elsewhere.practice_id).exists()
        assert not AuditEvent.objects.filter(practice_id=elsewhere.practice_id).exists()
    assert {blob.sha256 for blob in child.blobs().iterate()} - before == {hashlib.sha256(content).hexdigest()}


def test_two_entries_of_one_name_are_refused(office: Office, elsewhere: Colleague) -> None:
    fill(office, documents=1)
    target = io.BytesIO(exported(office.file, by=colleague_of(office)))
    with zipfile.ZipFile(target, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("members.json", b"[\n]\n")
    assert imported(target.getvalue(), by=elsewhere).problem == "bad-name"


def test_a_bomb_is_refused_before_it_goes_off(office: Office, elsewhere: Colleague) -> None:
    fill(office, documents=1)
    entries = entries_of(exported(office.file, by=colleague_of(office)))
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
        with archive.open("documents/000009 bomb.pdf", "w", force_zip64=True) as target:
            for _ in range(4200):
                target.write(bytes(1 << 20))
    assert imported(bomb.getvalue(), by=elsewhere).problem == "too-large"


def test_who_is_no_administrator_any_more_restores_nothing(office: Office, elsewhere: Colleague) -> None:
    fill(office, documents=1)
    content = exported(office.file, by=colleague_of(office))
    with practice_scope(elsewhere.practice_id):
        made = restoring.upload(io.BytesIO(content), filename="x.zip", actor=actor_of(elsewhere))
        Colleague.objects.filter(id=elsewhere.id).update(role=Role.COLLEAGUE)
        restoring.restore(made.id)
        made.refresh_from_db()
    assert made.problem == "no-right"


def test_the_same_zip_twice_makes_two_files_and_one_job_twice_makes_one(office: Office, elsewhere: Colleague) -> None:
    fill(office, documents=1)
    content = exported(office.file, by=colleague_of(office))
    made = imported(content, by=elsewhere)
    with practice_scope(elsewhere.practice_id):
        assert restoring.restore(made.id) is None
        assert ClientFile.objects.count() == 1
    restored(content, by=elsewhere)
    with practice_scope(elsewhere.practice_id):
        assert ClientFile.objects.count() == 2

"""A whole file comes back from its ZIP as it left; a wrong one is refused with a sentence, and changes nothing."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from liasse.clients.addresses import address_of_member, give_to_member
from liasse.clients.models import ClientFile, InboundAddress, Member
from liasse.clients.people import set_responsible, set_team_access
from liasse.clients.reception import set_reception
from liasse.core import audit
from liasse.core.access import Level
from liasse.core.models import AuditEvent, Job
from liasse.core.scope import instance_scope, practice_scope
from liasse.custody.restoring_sentences import left_out_sentence
from liasse.custody.types import ImportState
from liasse.documents.models import Document
from liasse.duplicates.models import Pair
from liasse.duplicates.services import decide
from liasse.duplicates.types import Verdict
from liasse.intake.models import Receipt, TrustedSender
from liasse.intake.sender_sentences import badge_of
from liasse.intake.senders import trust
from liasse.intake.types import Hold, ReceiptState, SenderState
from liasse.pipeline import child, copies
from liasse.practices.models import Colleague
from liasse.practices.selectors import actor_of
from liasse.practices.teams import save_team
from liasse.practices.types import ColleagueStatus
from tests import factories
from tests.unit.custody.parcels import (
    LATER,
    colleague_of,
    comparable,
    entries_of,
    exported,
    fill,
    imported,
    packed,
    restored,
    truthful,
)
from tests.web.office import Office

pytestmark = pytest.mark.django_db


def test_what_comes_back_is_what_left(office: Office, elsewhere: Colleague) -> None:
    fill(office)
    first = exported(office.file, by=colleague_of(office))
    file = restored(first, by=elsewhere)
    assert file.practice_id == elsewhere.practice_id != office.practice.id
    second = exported(file, by=elsewhere)
    assert comparable(second) == comparable(first)
    assert len(comparable(second)["documents"]) == 3


def test_the_counts_are_those_of_the_documents(office: Office, elsewhere: Colleague) -> None:
    fill(office)
    file = restored(exported(office.file, by=colleague_of(office)), by=elsewhere)
    assert (file.count_to_review, file.count_ready, file.count_members) == (3, 0, 1)
    assert file.last_arrival_at is not None


def test_what_waits_and_what_failed_is_counted_anew(office: Office, elsewhere: Colleague) -> None:
    fill(office)
    mail = child.blobs().put(b"From: x\n\nnot opened yet")
    office.receipt(state=ReceiptState.FAILED, sha256=mail.sha256, size=mail.size)
    file = restored(exported(office.file, by=colleague_of(office)), by=elsewhere)
    with practice_scope(elsewhere.practice_id):
        oldest = Document.objects.order_by("received_at").values_list("received_at", flat=True)[0]
    assert (file.count_failed, file.waiting_since) == (1, oldest)


def test_colleagues_of_the_same_address_get_the_file_and_the_others_are_named(
    office: Office, elsewhere: Colleague
) -> None:
    fill(office)
    emails = {level.value: office.users[level.value].email for level in Level}
    with office.scope():
        coder = Colleague.objects.get(user=office.users["coding"])
        set_responsible(office.file, colleague_id=coder.id, actor=actor_of(colleague_of(office)))
        team = save_team(office.practice, team=None, name="Sud", colleague_ids=[], actor=actor_of(colleague_of(office)))
        set_team_access(office.file, team_id=team.id, level=Level.FULL, actor=actor_of(colleague_of(office)))
    there = factories.colleague(elsewhere.practice, "Karim", email=emails["coding"])
    gone = factories.colleague(elsewhere.practice, "Ancien", email=emails["reading"], status=ColleagueStatus.LEFT)
    done = imported(exported(office.file, by=colleague_of(office)), by=elsewhere)
    with practice_scope(elsewhere.practice_id):
        file = ClientFile.objects.get(id=str(done.restored_id))
        assert dict(file.accesses.values_list("colleague_id", "level")) == {there.id: Level.CODING}
        assert (file.responsible_id, file.count_colleagues) == (there.id, 1)
        assert not file.team_accesses.exists()
        after = AuditEvent.objects.get(verb="file.restored").after
    assert (after["colleagues"], after["responsible"]) == (["Karim"], "Karim")
    assert set(after["left_out"]) == {emails["full"], emails["reading"], "Sud"}
    with translation.override("fr"):
        said = left_out_sentence(done.detail)
    assert emails["full"] in said
    assert gone.email in said


def test_a_zip_of_before_says_nothing_of_who_is_responsible(office: Office, elsewhere: Colleague) -> None:
    fill(office)
    entries = entries_of(exported(office.file, by=colleague_of(office)))
    file = json.loads(entries["file.json"])
    del file["responsible"]
    assert restored(packed(entries | {"file.json": json.dumps(file).encode()}), by=elsewhere).responsible_id is None


def test_its_people_come_without_a_login_and_can_be_invited(office: Office, elsewhere: Colleague) -> None:
    fill(office, documents=1)
    factories.member(office.file, "Paul Martin", email="paul@lepi.example")
    file = restored(exported(office.file, by=colleague_of(office)), by=elsewhere)
    with practice_scope(file.practice_id):
        members = {member.name: member for member in Member.objects.filter(client_file=file)}
    assert {(one.status, one.user_id) for one in members.values()} == {("no-login", None)}
    assert members["Paul Martin"].email == "paul@lepi.example"


def test_the_history_keeps_times_and_authors_and_the_chain_holds(office: Office, elsewhere: Colleague) -> None:
    fill(office)
    file = restored(exported(office.file, by=colleague_of(office)), by=elsewhere)
    with instance_scope():
        assert list(audit.verify_chain(elsewhere.practice_id)) == []
        old = AuditEvent.objects.filter(client_file_id=office.file.id).exclude(verb="file.export-asked")
        new = AuditEvent.objects.filter(client_file_id=file.id).exclude(verb__in=LATER)
        said = [(one.at, one.actor_name, one.verb, one.before, one.after) for one in old.order_by("sequence")]
        assert [(one.at, one.actor_name, one.verb, one.before, one.after) for one in new.order_by("sequence")] == said
        assert {one.actor_kind for one in new} == {"imported:colleague"}
        assert AuditEvent.objects.get(verb="file.restored").actor_name == "Victor Voisin"


def test_a_taken_address_stays_where_it_is(office: Office, elsewhere: Colleague) -> None:
    fill(office, documents=1)
    file = restored(exported(office.file, by=colleague_of(office)), by=elsewhere)
    with instance_scope():
        old, new = (InboundAddress.objects.get(client_file=one).local_part for one in (office.file, file))
    assert old != new


def test_a_free_address_comes_along(office: Office, elsewhere: Colleague) -> None:
    fill(office, documents=1)
    entries = entries_of(exported(office.file, by=colleague_of(office)))
    (address,) = json.loads(entries["addresses.json"])
    address["local_part"] = "boulangerie.abcdefgh2345"
    entries["addresses.json"] = b"[\n" + json.dumps(address).encode() + b"\n]\n"
    file = restored(packed(entries), by=elsewhere)
    with instance_scope():
        assert InboundAddress.objects.get(client_file=file).local_part == "boulangerie.abcdefgh2345"


def held(office: Office) -> None:
    """Let a mail wait in *À trier*, of a file that lets in known senders and trusts one."""
    mail = child.blobs().put(b"From: y\n\nwho is it")
    facts = {"verdict": "unverified", "why": "nothing", "by": "x.example", "spf": {"result": "none", "domain": ""}}
    office.receipt(
        state=ReceiptState.HELD, held=Hold.UNKNOWN_SENDER, sha256=mail.sha256, size=mail.size,
        sender_state=SenderState.UNVERIFIED, sender_facts=facts,
    )  # fmt: skip
    with office.scope():
        set_reception(
            office.file,
            sender_mode="known",
            answers_mail="off",
            duplicate_rule="",
            actor=actor_of(colleague_of(office)),
        )
        trust(office.file, sender="@moulin.example", actor=actor_of(colleague_of(office)))


def test_who_is_let_in_who_is_trusted_and_what_waits_come_along(office: Office, elsewhere: Colleague) -> None:
    fill(office, documents=1)
    held(office)
    file = restored(exported(office.file, by=colleague_of(office)), by=elsewhere)
    assert (file.sender_mode, file.answers_mail, file.count_held) == ("known", "off", 1)
    with practice_scope(elsewhere.practice_id):
        [trusted] = TrustedSender.objects.filter(client_file=file)
        waiting = Receipt.objects.get(client_file=file, state=ReceiptState.HELD)
    assert (trusted.sender, trusted.trusted_by) == ("@moulin.example", colleague_of(office).name)
    assert (waiting.held, waiting.sender_state) == (Hold.UNKNOWN_SENDER, SenderState.UNVERIFIED)
    badge = badge_of(waiting)
    assert badge is not None
    assert "x.example" in badge.why


def test_members_addresses_come_along_where_they_are_free(office: Office, elsewhere: Colleague) -> None:
    fill(office, documents=1)
    with office.scope():
        given = give_to_member(office.member, actor=actor_of(colleague_of(office)))
        address = InboundAddress.objects.get(local_part=given)
        Receipt.objects.update(address=address)
    entries = entries_of(exported(office.file, by=colleague_of(office)))
    taken = restored(packed(entries), by=elsewhere)
    free = {"addresses.json": entries["addresses.json"].replace(given.encode(), b"paul.abcdefgh2345")}
    file = restored(packed(entries | free), by=elsewhere)
    with practice_scope(elsewhere.practice_id):
        owners = {one: Member.objects.get(client_file=one, name=office.member.name) for one in (taken, file)}
        assert address_of_member(owners[taken]) not in {"", given}
        assert address_of_member(owners[file]) == "paul.abcdefgh2345"
        receipt = Receipt.objects.get(client_file=file)
        assert receipt.address is not None
        assert receipt.address.member == owners[file]


def twins(office: Office) -> list[Document]:
    """Give the file three documents that say the same; of the first two somebody said that both are wanted."""
    same: dict[str, Any] = {"number": "F-77", "issue_date": date(2026, 3, 1), "total_gross": Decimal(120)}
    made = []
    for number in range(3):
        document = office.document(content=f"copy {number}".encode(), **same)
        mail = child.blobs().put(f"From: x\n\ncopy {number}".encode())
        with office.scope():
            Receipt.objects.filter(id=document.receipt_id).update(sha256=mail.sha256, size=mail.size)
            copies.find(document.id)
        made.append(document)
    first, second, third = (one.id for one in made)
    by = actor_of(colleague_of(office))
    with office.scope():
        decide(office.file, document_id=first, other_id=second, verdict=Verdict.BOTH, actor=by)
        decide(office.file, document_id=third, other_id=second, verdict=Verdict.THIS, actor=by)
    return made


def test_what_was_said_of_duplicates_comes_along_and_the_rest_is_compared(office: Office, elsewhere: Colleague) -> None:
    twins(office)
    file = restored(exported(office.file, by=colleague_of(office)), by=elsewhere)
    with practice_scope(elsewhere.practice_id):
        first, second, third = Document.objects.filter(client_file=file).order_by("id")
        assert Job.objects.filter(kind="find-duplicates").count() == 3
        for one in (first, second, third):
            copies.find(one.id)
        pairs = {(pair.first_id, pair.second_id): pair for pair in Pair.objects.filter(client_file=file)}
    assert (pairs[first.id, second.id].state, pairs[second.id, third.id].state) == ("kept", "aside")
    assert pairs[second.id, third.id].aside_id == third.id
    assert pairs[first.id, second.id].decided_by == colleague_of(office).name
    assert pairs[first.id, third.id].state == "open"


def test_copies_that_nobody_had_compared_are_found(office: Office, elsewhere: Colleague) -> None:
    fill(office, documents=2)
    with office.scope():
        Document.objects.update(issue_date=date(2026, 3, 1), total_gross=120, supplier_name="Moulin", number="F-1")
    file = restored(exported(office.file, by=colleague_of(office)), by=elsewhere)
    with practice_scope(elsewhere.practice_id):
        for job in Job.objects.filter(kind="find-duplicates"):
            copies.find(job.subject_id)
        assert Document.objects.filter(client_file=file, doubts=1).count() == 2


@pytest.mark.parametrize(
    ("old", "new"), [(b'"kept"', b'"open"'), (b'"decided_by":"', b'"decided_by":"\\u0000'), (b'{"of":"', b'{"of":"9')]
)
def test_pairs_that_no_export_has_are_refused(office: Office, elsewhere: Colleague, old: bytes, new: bytes) -> None:
    twins(office)
    entries = entries_of(exported(office.file, by=colleague_of(office)))
    made = imported(truthful("documents.json", old, new)(entries), by=elsewhere)
    assert (made.state, made.problem) == (ImportState.REFUSED, "bad-table")


def test_a_zip_of_before_says_nothing_of_senders(office: Office, elsewhere: Colleague) -> None:
    fill(office, documents=1)
    entries = entries_of(exported(office.file, by=colleague_of(office)))
    file, receipts = (json.loads(entries[f"{name}.json"]) for name in ("file", "receipts"))
    for name in ("reception", "trusted_senders"):
        del file[name]
    for name in ("held", "is_accepted", "sender_state", "sender_facts"):
        del receipts[0][name]
    del receipts[0]["parts"][0]["left_out"]
    lines = b"[\n" + json.dumps(receipts[0]).encode() + b"\n]\n"
    older = {"file.json": json.dumps(file).encode(), "receipts.json": lines}
    assert restored(packed(entries | older), by=elsewhere).sender_mode == "open"


def test_what_was_not_read_yet_goes_on(office: Office, elsewhere: Colleague) -> None:
    fill(office, documents=1)
    with office.scope():
        Document.objects.update(step="read", status="processing")
    file = restored(exported(office.file, by=colleague_of(office)), by=elsewhere)
    with instance_scope():
        document = Document.objects.get(client_file=file)
        assert Job.objects.filter(subject_id=document.id, kind="advance-document").count() == 1

"""From the rows of a ZIP to rows of tables, each looked at as what it is: a stranger's words.

Ids are new, made from the old ones, so that one row may name another before both are there. They
keep the moment of the old ones, and with it their order.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import JSONField, Model

from liasse.clients.changes import DEFAULT_FIELDS, OWN_FIELDS, clean_setting
from liasse.clients.models import ClientFile, Member
from liasse.clients.rules import name_sort, search_text
from liasse.clients.types import DuplicateRule, FileStatus, MemberRole, MemberStatus, SenderMode
from liasse.core.audit import Subject
from liasse.core.models import AuditEvent
from liasse.custody import whole_rows
from liasse.cutting.types import Cut
from liasse.documents.models import Document
from liasse.documents.rules import search_text as document_search_text
from liasse.documents.types import DocumentStatus, Piece, Step
from liasse.intake.models import Receipt, ReceiptPart
from liasse.intake.rules import search_text_of
from liasse.intake.types import Door, Hold, ReceiptState, SenderState, Verdict
from liasse.practices.types import LIVE_DEFAULTS, Switch
from liasse.reading.decisions import Reason
from liasse.reading.models import Reading
from liasse.reading.types import Field, Finding, InvoiceLine, VatLine, adjustments_from_json

type Row = Mapping[str, Any]
_RECEPTION: Final[Mapping[str, frozenset[str]]] = {
    "sender_mode": frozenset(SenderMode),
    "answers_mail": frozenset({"", *Switch}),
    "duplicate_rule": frozenset({"", *DuplicateRule}),
}
_HIGH_64_BITS: Final = ((1 << 64) - 1) << 64
_LOW_62_BITS: Final = (1 << 62) - 1
_VARIANT: Final = 0b10 << 62
LOCAL_PART: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\.[a-z0-9]{8,32}")
_VERSION_7: Final = 7


@dataclass(slots=True)
class Restoring:
    """What one restoring knows while rows become rows: the file, and which ids its ZIP may name.

    ``is_looked_at`` says that the same rows were judged before, column by column.
    """

    import_id: UUID
    practice_id: UUID
    file_id: UUID
    is_looked_at: bool = False
    table: str = "file.json"
    old_file_id: str = ""
    addresses: dict[str, UUID] = field(default_factory=dict)
    """The addresses that came along, by their old ids."""
    members: set[UUID] = field(default_factory=set)
    count_present: int = 0
    only_one: set[str] = field(default_factory=set)
    """What no two people of a file have in common: address, employee code, being the main contact."""
    receipts: set[UUID] = field(default_factory=set)
    parts: dict[UUID, UUID] = field(default_factory=dict)
    documents: set[UUID] = field(default_factory=set)
    suppliers: set[UUID] = field(default_factory=set)
    cuttings: set[tuple[UUID, int]] = field(default_factory=set)
    """What came of each part: a part becomes one document at most, and each of its cuttings one more."""
    originals: set[tuple[UUID, str]] = field(default_factory=set)
    pieces: set[tuple[UUID, str]] = field(default_factory=set)

    def id_of(self, text: object) -> UUID:
        """Give the new id of an old one; always the same within one restoring."""
        old = UUID(str(text))
        noise = int.from_bytes(hashlib.sha256(self.import_id.bytes + old.bytes).digest()[:8])
        stamp = old.int & _HIGH_64_BITS if old.version == _VERSION_7 else self.file_id.int & _HIGH_64_BITS
        return UUID(int=stamp | _VARIANT | noise & _LOW_62_BITS)

    def judge(self, row: Model) -> None:
        """Refuse a row with a value that its columns do not take, which SQLite would keep all the same.

        What is JSON is looked at by whoever makes the row.
        """
        if self.is_looked_at:
            return
        left = {
            one.name
            for one in row._meta.concrete_fields
            if one.is_relation or isinstance(one, JSONField) or (one.null and getattr(row, one.attname) is None)
        }
        row.clean_fields(exclude={*left, "id", "hash", "previous_hash"})

    def require_originals(self) -> None:
        """Refuse pieces of bytes that did not come with this ZIP: they might be somebody else's."""
        if self.pieces - self.originals:
            raise ValueError(self.pieces - self.originals)

    def document(self, text: object) -> UUID:
        """Give the new id of a document that this ZIP has."""
        found = self.id_of(text)
        if found not in self.documents:
            raise ValueError(text)
        return found

    def member(self, text: object) -> UUID | None:
        """Give the new id of a member that this ZIP has, None where it names none."""
        if text is None:
            return None
        found = self.id_of(text)
        if found not in self.members:
            raise ValueError(text)
        return found


def _once[Key](key: Key, *, seen: set[Key]) -> None:
    if key in seen:
        raise ValueError(key)
    seen.add(key)


def moment(text: object) -> datetime:
    """Give a moment in UTC; one without a time zone is none."""
    found = datetime.fromisoformat(str(text))
    if found.tzinfo is None:
        raise ValueError(text)
    return found.astimezone(UTC)


def _moment_or_none(text: object) -> datetime | None:
    return None if text is None else moment(text)


def _picked(row: Row, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in names}


def _if_there(row: Row, names: tuple[str, ...]) -> dict[str, Any]:
    """Pick columns that exports from before them lack; their rows then are as new ones."""
    return {name: row[name] for name in names if name in row}


def client_file_of(row: Row, *, restoring: Restoring) -> ClientFile:
    """Give the file with its settings: what its old practice only lent stays lent, by the new one."""
    given: Row = row["settings"]
    values: dict[str, Any] = {}
    for name in (*OWN_FIELDS, *DEFAULT_FIELDS):
        is_lent = name in LIVE_DEFAULTS and given[name]["origin"] == "inherited"
        values[name] = "" if is_lent else clean_setting(name, str(given[name]["value"]))
    words = (values[name] for name in ("name", "practice_code", "legal_name", "siren"))
    file = ClientFile(
        id=restoring.file_id,
        practice_id=restoring.practice_id,
        name_sort=name_sort(values["name"]),
        search_text=search_text(*words),
        customised=sorted(name for name in DEFAULT_FIELDS if given[name]["origin"] == "custom"),
        status=FileStatus(row["status"]),
        archived_at=_moment_or_none(row["archived_at"]),
        creation_key=restoring.import_id,
        creation_fingerprint="imported",
        **_reception(row),
        **values,
    )
    restoring.judge(file)
    return file


def _reception(row: Row) -> dict[str, str]:
    """Give whose mail is let in, whether it is answered, what is done with duplicates; of older exports nothing."""
    found = {name: str(value) for name, value in row.get("reception", {}).items()}
    if any(value not in _RECEPTION[name] for name, value in found.items()):
        raise ValueError(found)
    return found


def member_of(row: Row, *, restoring: Restoring) -> Member:
    """Give a person of the client, without a login: whoever may sign in is invited here anew.

    ZIPs of before people had permissions say nothing of them; their first person is the main contact.
    """
    is_gone = row["status"] == MemberStatus.LEFT
    member = Member(
        id=restoring.id_of(row["id"]),
        practice_id=restoring.practice_id,
        client_file_id=restoring.file_id,
        name=row["name"],
        email=str(row["email"]).strip().lower(),
        phone=row["phone"],
        role=MemberRole(row["role"]),
        status=MemberStatus.LEFT if is_gone else MemberStatus.NO_LOGIN,
        employee_code=str(row.get("employee_code", "")),
        is_main=not is_gone and bool(row.get("is_main", not restoring.members)),
        **{name: bool(row.get(name, False)) for name in ("can_see_all", "can_approve", "can_claim")},
        created_at=moment(row["created_at"]),
    )
    restoring.judge(member)
    _once(member.id, seen=restoring.members)
    if member.email:
        _once(member.email, seen=restoring.only_one)
    if member.employee_code:
        _once(f"code {member.employee_code.casefold()}", seen=restoring.only_one)
    if member.is_main:
        _once("main", seen=restoring.only_one)
    restoring.count_present += not is_gone
    return member


def receipt_of(row: Row, *, restoring: Restoring) -> tuple[Receipt, list[ReceiptPart]]:
    """Give a receipt and what became of its parts."""
    new_id = restoring.id_of(row["id"])
    address_id = restoring.addresses.get(str(row["address"]))
    verdicts = [Verdict(part["verdict"]) for part in row["parts"]]
    receipt = Receipt(
        id=new_id,
        practice_id=restoring.practice_id,
        client_file_id=restoring.file_id,
        address_id=address_id,
        member_id=restoring.member(row["member"]),
        # The same message again, at the address that came along, is still the same message.
        delivery_key=f"{address_id}:{row['sha256']}" if address_id else f"restored:{new_id}",
        # Of what a person is still to decide about no documents were made.
        count_documents=verdicts.count(Verdict.DOCUMENT) if row["state"] == ReceiptState.OPENED else 0,
        count_set_aside=len(verdicts) - verdicts.count(Verdict.DOCUMENT),
        **_if_there(row, whole_rows.RECEIPT_LATER),
        **_picked(row, whole_rows.RECEIPT_COLUMNS)
        | _sender(row)
        | {
            "door": Door(row["door"]),
            "state": ReceiptState(row["state"]),
            "received_at": moment(row["received_at"]),
            "sent_at": _moment_or_none(row["sent_at"]),
        },
    )
    receipt.search_text = search_text_of(receipt)
    if receipt.state not in {ReceiptState.STORED, ReceiptState.FAILED}:
        receipt.waits_since = None
    restoring.judge(receipt)
    _once(new_id, seen=restoring.receipts)
    if len({part["index"] for part in row["parts"]}) < len(row["parts"]):
        raise ValueError(row["id"])
    return receipt, [_part(part, receipt=receipt, restoring=restoring) for part in row["parts"]]


def _sender(row: Row) -> dict[str, Any]:
    """Give what was found of a receipt's sender, and why it is held; of older exports nothing."""
    held, state = str(row.get("held", "")), str(row.get("sender_state", ""))
    facts = row.get("sender_facts", {})
    if not isinstance(facts, dict) or any(
        not isinstance(facts.get(name, ""), str) for name in ("verdict", "why", "by")
    ):
        raise TypeError(facts)
    return {
        "held": Hold(held) if held else "",
        "is_accepted": bool(row.get("is_accepted", False)),
        # A check that had not come to its end begins nowhere again: nothing is said of such a sender.
        "sender_state": SenderState(state) if state and state != SenderState.WAITING else "",
        "sender_facts": facts if state and state != SenderState.WAITING else {},
    }


def _part(row: Row, *, receipt: Receipt, restoring: Restoring) -> ReceiptPart:
    part = ReceiptPart(
        id=restoring.id_of(row["id"]),
        practice_id=restoring.practice_id,
        receipt=receipt,
        left_out=[int(page) for page in row.get("left_out", ())],
        **_picked(row, whole_rows.PART_COLUMNS),
    )
    restoring.judge(part)
    if restoring.parts.setdefault(part.id, receipt.id) is not receipt.id:
        raise ValueError(row["id"])
    return part


def document_of(row: Row, *, restoring: Restoring) -> tuple[Document, Reading | None]:
    """Give a document and what was read from it."""
    receipt_id, part_id = restoring.id_of(row["receipt"]), restoring.id_of(row["part"])
    if restoring.parts.get(part_id) != receipt_id:
        raise ValueError(row["part"])
    _once((part_id, row.get("cut_index", 0)), seen=restoring.cuttings)
    if not row.get("pieces"):
        restoring.originals.add((part_id, row["sha256"]))
    if row["status_before_archive"]:
        DocumentStatus(row["status_before_archive"])
    reading, given = (
        row["reading"],
        _picked(row, whole_rows.DOCUMENT_COLUMNS) | _if_there(row, whole_rows.DOCUMENT_LATER),
    )
    customer = ((reading or {}).get("fields", {}).get("customer_name") or {}).get("value") or ""
    words = (row["supplier_name"], row["number"], customer, row["filename"])
    document = Document(
        id=restoring.id_of(row["id"]),
        practice_id=restoring.practice_id,
        client_file_id=restoring.file_id,
        receipt_id=receipt_id,
        part_id=part_id,
        owner_id=restoring.member(row["owner"]),
        search_text=document_search_text(*words),
        **given
        | _cutting(row, restoring=restoring)
        | {
            "status": DocumentStatus(row["status"]),
            "step": Step(row["step"]),
            "received_at": moment(row["received_at"]),
            "pages": [{side: float(page[side]) for side in ("width", "height")} for page in row["pages"]],
        },
    )
    restoring.judge(document)
    restoring.documents.add(document.id)
    return document, None if reading is None else _reading(reading, document=document, restoring=restoring)


def _cutting(row: Row, *, restoring: Restoring) -> dict[str, Any]:
    """Give what cutting and joining left on a document, with ids of this restoring; of older exports nothing."""
    if row.get("status_before_replaced"):
        DocumentStatus(row["status_before_replaced"])
    pieces = [Piece.from_json(piece) for piece in row.get("pieces", ())]
    made = [replace(piece, part_id=restoring.id_of(piece.part_id)) for piece in pieces]
    restoring.pieces |= {(piece.part_id, piece.sha256) for piece in made}
    keys = {name: row[name] for name in ("made_by", "replaced_by") if row.get(name)}
    return {
        "pieces": [piece.to_json() for piece in made],
        "cuts": [Cut.from_json(cut).to_json() for cut in row.get("cuts", ())],
        **{name: restoring.id_of(old) for name, old in keys.items()},
    }


def _reading(row: Row, *, document: Document, restoring: Restoring) -> Reading:
    for given in row["fields"].values():
        Field.from_json(given)
        if given.get("read") is not None:
            Field.from_json(given["read"])
    for line in row["vat_breakdown"]:
        VatLine(**line)
    for line in row["lines"]:
        InvoiceLine(**line)
    # Files taken out before these rows were read have none.
    lists = ("adjustments", "findings", "checked_by", "remarks", "attached", "notes", "reasons")
    row = {"checked_at": None, "has_own_vat": False, "has_own_lines": False, **{name: [] for name in lists}, **row}
    adjustments_from_json(row["adjustments"])
    for finding in row["findings"]:
        Finding.from_json(finding)
    for reason in row["reasons"]:
        Reason.from_json(reason)
    reading = Reading(
        practice_id=restoring.practice_id,
        document=document,
        **_picked(row, whole_rows.READING_COLUMNS)
        | {"read_at": moment(row["read_at"]), "checked_at": _moment_or_none(row["checked_at"])},
    )
    restoring.judge(reading)
    return reading


def event_of(row: Row, *, restoring: Restoring) -> AuditEvent:
    """Give an event of the old trail, with its time and the name of who did it; the kind says that it came in."""
    subject = Subject(kind=str(row["subject"]["kind"]), id=restoring.id_of(row["subject"]["id"]))
    is_file = row["subject"]["id"] == restoring.old_file_id
    event = AuditEvent(
        practice_id=restoring.practice_id,
        client_file_id=restoring.file_id,
        at=moment(row["at"]),
        actor_kind=f"{whole_rows.IMPORTED}{row['actor']['kind']}",
        actor_name=row["actor"]["name"],
        verb=row["verb"],
        subject_kind=subject.kind,
        subject_id=restoring.file_id if is_file else subject.id,
        before=_facts(row["before"]),
        after=_facts(row["after"]),
        sequence=0,
    )
    restoring.judge(event)
    return event


def _facts(given: Row) -> dict[str, Any]:
    """Give an event's values, if every database gives them back as they are: numbers are whole ones."""
    if not isinstance(given, dict) or not isinstance(given.get("version", 0), int):
        raise TypeError(given)
    waiting: list[Any] = [given]
    while waiting:
        one = waiting.pop()
        if isinstance(one, float):
            raise TypeError(one)
        waiting += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
    return given

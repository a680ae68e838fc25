"""Two practices with two files each, a document in every file, and one person of each kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from liasse.clients.models import ClientFile, FileAccess, InboundAddress, Member, TeamAccess
from liasse.clients.types import MemberRole, MemberStatus
from liasse.core.access import Level, Rule
from liasse.core.scope import instance_scope
from liasse.custody.models import TransferRequest, WholeExport
from liasse.custody.types import ExportState
from liasse.documents.models import Document, PageImage
from liasse.documents.types import DocumentStatus, Piece, Step
from liasse.identity.models import User
from liasse.intake.models import Receipt, ReceiptPart
from liasse.intake.types import ReceiptState
from liasse.lib.ids import uuid7
from liasse.passes.models import UploadLink
from liasse.pipeline import child
from liasse.practices.models import Colleague, Practice, Team, TeamMember
from liasse.practices.types import ColleagueStatus, Role
from liasse.suppliers.models import Alarm, Appearance, Layout, Lesson, Mark, Supplier

OWN, SIBLING, FOREIGN, MISSING = "own", "sibling", "foreign", "missing"
TARGETS = (OWN, SIBLING, FOREIGN, MISSING)

ALLOWED, SIGN_IN, FORBIDDEN, NOT_THERE = "allowed", "sign-in", "403", "404"


@dataclass
class Target:
    """A file and the ids of what it holds; random ids for the missing one."""

    file_id: Any = field(default_factory=uuid7)
    ids: dict[str, Any] = field(default_factory=dict)


@dataclass
class World:
    """Everybody and everything."""

    users: dict[str, User | None]
    targets: dict[str, Target]
    practice: Practice


def build() -> World:
    """Make the world."""
    with instance_scope():
        practice, other = Practice.objects.create(name="Cabinet A"), Practice.objects.create(name="Cabinet B")
        own, sibling = _file(practice, "CANARY-OWN"), _file(practice, "CANARY-SIBLING")
        foreign = _file(other, "CANARY-FOREIGN")
        users: dict[str, User | None] = {"anonymous": None}
        users["administrator"] = _colleague(practice, "administrator", role=Role.ADMINISTRATOR)
        for level in Level:
            users[level.value] = _colleague(practice, level.value, file=own, level=level)
        Colleague.objects.filter(practice=practice, name__in=_FOLLOW).update(can_see_progress=True)
        users["lead"] = _colleague(practice, "lead", role=Role.TEAM_LEAD)
        users["team-mate"] = _colleague(practice, "team-mate")
        _team(practice, "lead", Level.FULL.value)
        TeamAccess.objects.create(
            practice=practice, client_file=own, team=_team(practice, "team-mate"), level=Level.CODING
        )
        users["other-lead"] = _colleague(practice, "other-lead", role=Role.TEAM_LEAD)
        _team(practice, "other-lead", "without-files")
        users["without"] = _colleague(practice, "without")
        for status in (ColleagueStatus.INVITED, ColleagueStatus.SUSPENDED, ColleagueStatus.LEFT):
            users[status.value] = _colleague(practice, status.value, file=own, status=status)
        users["client"] = _member(own, "client", role=MemberRole.ADMINISTRATOR)
        users["employee"] = _member(own, "employee", role=MemberRole.STANDARD)
        users["manager"] = _member(own, "manager", role=MemberRole.MANAGER)
        users["all-seeing"] = _member(own, "all-seeing", can_see_all=True)
        for gone in (MemberStatus.SUSPENDED, MemberStatus.INVITED):
            users[f"{gone.value}-client"] = _member(own, f"{gone.value}-client", status=gone)
        users["former-client"] = _member(own, "former-client", status=MemberStatus.LEFT)
        users["outsider"] = _user("outsider")
        users["other-administrator"] = _colleague(other, "other-administrator", role=Role.ADMINISTRATOR)
        for firm in (practice, other):
            asker = Colleague.objects.filter(practice=firm, role=Role.ADMINISTRATOR).first()
            WholeExport.objects.filter(practice=firm).update(asked_by=asker)
        _requests(practice, other)
        targets = {OWN: _target(own), SIBLING: _target(sibling), FOREIGN: _target(foreign), MISSING: Target()}
    return World(users=users, targets=targets, practice=practice)


def _requests(practice: Practice, other: Practice) -> None:
    """Let the other practice ask the client for the file, and each practice ask people whom nobody here is."""
    for firm, email in ((other, "client@example.fr"), (practice, "canary-own@asked.example")):
        asker = Colleague.objects.filter(practice=firm, role=Role.ADMINISTRATOR)[0]
        TransferRequest.objects.create(
            practice=firm, asked_by=asker, email=email, expires_at=timezone.now() + timedelta(days=1)
        )


def _user(name: str) -> User:
    user = User(email=f"{name}@example.fr", name=name)
    user.set_unusable_password()
    user.save()
    return user


def _colleague(
    practice: Practice,
    name: str,
    *,
    role: Role = Role.COLLEAGUE,
    status: ColleagueStatus = ColleagueStatus.ACTIVE,
    file: ClientFile | None = None,
    level: Level = Level.FULL,
) -> User:
    user = _user(name)
    colleague = Colleague.objects.create(
        practice=practice, user=user, email=user.email, name=name, role=role, status=status
    )
    if file is not None:
        FileAccess.objects.create(practice=practice, client_file=file, colleague=colleague, level=level)
    return user


def _team(practice: Practice, *names: str) -> Team:
    """Put people into a team of their own; who is not there yet is left out."""
    team = Team.objects.create(practice=practice, name=" ".join(names))
    for colleague in Colleague.objects.filter(practice=practice, name__in=names):
        TeamMember.objects.create(practice=practice, team=team, colleague=colleague)
    return team


def _member(
    file: ClientFile,
    name: str,
    *,
    role: MemberRole = MemberRole.STANDARD,
    status: MemberStatus = MemberStatus.ACTIVE,
    can_see_all: bool = False,
) -> User:
    user = _user(name)
    Member.objects.create(
        practice=file.practice, client_file=file, user=user, name=name, email=user.email, role=role, status=status,
        can_see_all=can_see_all,
    )  # fmt: skip
    return user


def _file(practice: Practice, name: str) -> ClientFile:
    file = ClientFile.objects.create(
        practice=practice,
        name=name,
        name_sort=name.lower(),
        search_text=name.lower(),
        creation_key=uuid7(),
        creation_fingerprint=name,
        count_to_review=1,
        count_members=1,
    )
    InboundAddress.objects.create(practice=practice, client_file=file, local_part=f"{name.lower()}.x")
    owner = Member.objects.create(practice=practice, client_file=file, name=name)
    blob = child.blobs().put(b"bytes of " + name.encode())
    receipt = Receipt.objects.create(
        practice=practice, client_file=file, delivery_key=name, sha256=blob.sha256, size=blob.size,
        received_at=timezone.now(), state=ReceiptState.OPENED, subject=name, from_address=f"{name}@example.fr",
    )  # fmt: skip
    part = ReceiptPart.objects.create(
        practice=practice, receipt=receipt, index=0, filename=f"{name}.xml", verdict="document",
        sha256=blob.sha256, size=blob.size, has_bytes=True,
    )  # fmt: skip
    document = Document.objects.create(
        practice=practice, client_file=file, receipt=receipt, part=part, owner=owner, filename=f"{name}.xml",
        media_type="application/xml", size=blob.size, sha256=blob.sha256, received_at=timezone.now(),
        status=DocumentStatus.TO_REVIEW, step=Step.DONE, supplier_name=name, search_text=name.lower(),
        pages=[{"width": 1, "height": 1}], made_by=uuid7(), cut_index=1,
        pieces=[Piece(blob.sha256, "application/xml", part.id, 1, 1).to_json()],
    )  # fmt: skip
    PageImage.objects.create(practice=practice, document=document, page=1, sha256=blob.sha256, media_type="image/webp")
    supplier = Supplier.objects.create(practice=practice, client_file=file, name=name, name_sort=name.lower())
    Mark.objects.create(practice=practice, client_file=file, supplier=supplier, kind="name", key=name, text=name)
    Appearance.objects.create(practice=practice, client_file=file, supplier=supplier, document=document)
    layout = Layout.objects.create(practice=practice, client_file=file, supplier=supplier)
    Lesson.objects.create(
        practice=practice, client_file=file, layout=layout, document=document, field="supplier_name", value=name,
        learned_by=name, learned_at=timezone.now(),
    )  # fmt: skip
    facts = {"name": name, "siren": ""}
    Alarm.objects.create(practice=practice, client_file=file, document=document, code="other-buyer", facts=facts)
    UploadLink.objects.create(
        practice=practice, client_file=file, request=name, nonce="-", token_hash=name, side="costs", most_files=1,
        most_bytes=1, expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    WholeExport.objects.create(
        practice=practice, client_file=file, state=ExportState.READY, asked_by_name=name, language="fr",
        time_zone="Europe/Paris", sha256=blob.sha256, size=blob.size, ready_at=timezone.now(),
        expires_at=timezone.now(),
    )  # fmt: skip
    return file


_ASKED = {
    "CANARY-OWN": "client@example.fr",
    "CANARY-SIBLING": "canary-own@asked.example",
    "CANARY-FOREIGN": "canary-own@asked.example",
}


def _target(file: ClientFile) -> Target:
    return Target(
        file_id=file.id,
        ids={
            "document_id": Document.objects.get(client_file=file).id,
            "change_id": Document.objects.get(client_file=file).made_by,
            "receipt_id": Receipt.objects.get(client_file=file).id,
            "part_id": ReceiptPart.objects.get(receipt__client_file=file).id,
            # Each practice's newest request; what the client may answer is the other practice's.
            "request_id": TransferRequest.objects.get(email=_ASKED[file.name]).id,
            "supplier_id": Supplier.objects.get(client_file=file).id,
            "lesson_id": Lesson.objects.get(client_file=file).id,
            "link_id": UploadLink.objects.get(client_file=file).id,
            "export_id": WholeExport.objects.get(client_file=file).id,
            "member_id": Member.objects.filter(client_file=file).order_by("id")[0].id,
        },
    )


_FILE_RULES = {Rule.FILE_READ: Level.READING, Rule.FILE_WORK: Level.CODING, Rule.FILE_MANAGE: Level.FULL}
_LEVELS = {level.value: level for level in Level} | {"lead": Level.FULL, "team-mate": Level.CODING}
_LEADS = {"lead", "other-lead"}
_FOLLOW = {"coding"}
_OF_THE_CLIENT = {
    Rule.FILE_MEMBER: {"client", "manager", "employee", "all-seeing"},
    Rule.FILE_PEOPLE: {"client", "manager"},
    Rule.FILE_OWNER: {"client"},
}
_COLLEAGUES = {"administrator", "without", "other-lead", "other-administrator", *_LEVELS}


def expected(rule: Rule, *, who: str, target: str) -> str:  # noqa: PLR0911 - one line a rule
    """Say what the rule promises to a person on a target, from the rules' own words alone."""
    if rule in {Rule.PUBLIC, Rule.LINK_HOLDER}:
        return ALLOWED
    if who == "anonymous" or rule is Rule.TOKEN:
        return SIGN_IN
    if rule is Rule.SIGNED_IN:
        return ALLOWED
    if rule in _FILE_RULES:
        return _on_file(_FILE_RULES[rule], who=who, target=target)
    if rule is Rule.FILE_ADMINISTRATOR:
        seen = _on_file(Level.FULL, who=who, target=target)
        return FORBIDDEN if seen == ALLOWED and who in _LEVELS else seen
    if rule in _OF_THE_CLIENT:
        return _inside(_OF_THE_CLIENT[rule], who=who) if target == OWN else NOT_THERE
    if who not in _COLLEAGUES:
        return NOT_THERE
    if rule is Rule.COLLEAGUE or who in {"administrator", "other-administrator"}:
        return ALLOWED
    if (rule is Rule.TEAM_LEAD and who in _LEADS) or (rule is Rule.PROGRESS and who in _FOLLOW):
        return ALLOWED
    return FORBIDDEN


def promised(pattern: str, rule: Rule, *, who: str, target: str) -> str:
    """Say what is promised on a route: also, a standard user of a client sees the own documents alone."""
    hides = who == "employee" and pattern.startswith("portal/") and "document_id" in pattern
    found = expected(rule, who=who, target=target)
    return NOT_THERE if hides and found == ALLOWED else found


def _inside(let_in: set[str], *, who: str) -> str:
    if who not in _OF_THE_CLIENT[Rule.FILE_MEMBER]:
        return NOT_THERE
    return ALLOWED if who in let_in else FORBIDDEN


def _on_file(needed: Level, *, who: str, target: str) -> str:
    if who == "administrator":
        return ALLOWED if target in {OWN, SIBLING} else NOT_THERE
    if who == "other-administrator":
        return ALLOWED if target == FOREIGN else NOT_THERE
    if who in _LEVELS and target == OWN:
        return ALLOWED if _LEVELS[who].allows(needed) else FORBIDDEN
    return NOT_THERE

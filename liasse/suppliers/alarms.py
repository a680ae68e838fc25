"""Alarms about documents: found when a document was read or changed, kept with it, and dismissed by a person.

An alarm that a person dismissed stays so for as long as its facts are the same. One that is true no more goes. What
weighs "stop" keeps the document from being ready (`reading.services.decide_again`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from liasse.clients import counters
from liasse.clients.models import ClientFile
from liasse.core import audit
from liasse.core.access import Actor, system_actor
from liasse.core.errors import ConflictError, NotThereError
from liasse.documents.models import Document
from liasse.documents.types import DocumentStatus
from liasse.duplicates import finding
from liasse.duplicates.models import Trait
from liasse.duplicates.rules import grounds_of, number_key, supplier_id, supplier_key
from liasse.duplicates.types import Facts, Ground
from liasse.intake.types import Side
from liasse.reading import services as reading_services
from liasse.reading.models import Reading
from liasse.reading.types import Field, FieldName, Source
from liasse.suppliers import directory, sharing
from liasse.suppliers.models import Alarm, Supplier
from liasse.suppliers.rules import judge, name_words
from liasse.suppliers.types import AlarmCode, AlarmState, Client, Found, Identity, MarkKind, Seen, Weight

_SURE: Final = 0.8
_BUYER_SURE: Final = 0.9
_BOOKED: Final = (DocumentStatus.READY, DocumentStatus.ARCHIVED)
_MOST_ALIASES: Final = 50


def watch(document_id: UUID, *, keeps_ready: bool = False) -> Supplier | None:
    """Judge a document as it is read now, write its alarms and its supplier, and put it where it then belongs.

    ``keeps_ready`` lets one that is ready or archived stay so: it was not just read, but looked at again, or came back
    from a ZIP. In the caller's transaction, under the file's lock. Gives the supplier, None where none is known.
    """
    rows = Document.objects.select_related("client_file", "client_file__practice")
    document = rows.filter(id=document_id).first()
    reading = Reading.objects.filter(document_id=document_id).first()
    if document is None or reading is None or document.status == DocumentStatus.REPLACED:
        return None
    fields = {FieldName(name): Field.from_json(data) for name, data in reading.fields.items() if name in set(FieldName)}
    identity = _identity(fields)
    supplier = directory.find(document, identity)
    is_settled = keeps_ready and document.status in _BOOKED
    found = _found(document, reading, fields, supplier=supplier)
    found += _booked(document, identity, is_settled=is_settled) if fields else []
    is_new_account = any(one.code is AlarmCode.IBAN_CHANGED for one in found)
    dismissed = _keep(document, found)
    if document.side == Side.COSTS and _is_surely_named(fields):
        supplier = directory.note(
            document,
            identity=identity,
            rate=_rate(reading),
            is_named=fields[FieldName.SUPPLIER_NAME].source is Source.PERSON
            if FieldName.SUPPLIER_NAME in fields
            else False,
            trusts_iban=not is_new_account or AlarmCode.IBAN_CHANGED in dismissed,
        )
        sharing.note(document.client_file.practice, identity)
    if not keeps_ready or document.status == DocumentStatus.TO_REVIEW:
        _decide(document.id)
    return supplier


def _identity(fields: Mapping[FieldName, Field]) -> Identity:
    return directory.identity_of({name: field.value for name, field in fields.items() if field.value})


def _is_surely_named(fields: Mapping[FieldName, Field]) -> bool:
    """Tell whether the supplier was read well enough to be written into the directory."""
    names = (FieldName.SUPPLIER_NAME, FieldName.SUPPLIER_SIREN, FieldName.SUPPLIER_VAT)
    return any(field.value and field.confidence >= _SURE for name in names if (field := fields.get(name)))


def _rate(reading: Reading) -> str:
    rates = {line.get("rate") for line in reading.vat_breakdown if line.get("rate")}
    return str(rates.pop()) if len(rates) == 1 else ""


def _found(
    document: Document,
    reading: Reading,
    fields: Mapping[FieldName, Field],
    *,
    supplier: Supplier | None,
) -> list[Found]:
    if document.side != Side.COSTS or not fields:
        return []
    habit = directory.habit(document, supplier) if supplier is not None else None
    seen = _seen(document, reading, fields)
    return judge(seen, client=_client(document.client_file), habit=habit, today=timezone.localdate())


def _seen(document: Document, reading: Reading, fields: Mapping[FieldName, Field]) -> Seen:
    def value(name: FieldName) -> str:
        field = fields.get(name)
        return (field.value or "") if field else ""

    buyer = fields.get(FieldName.CUSTOMER_NAME)
    return Seen(
        supplier_vat=value(FieldName.SUPPLIER_VAT),
        supplier_siren=value(FieldName.SUPPLIER_SIREN),
        supplier_siret=value(FieldName.SUPPLIER_SIRET),
        customer_vat=value(FieldName.CUSTOMER_VAT),
        customer_siren=value(FieldName.CUSTOMER_SIREN),
        customer_name=value(FieldName.CUSTOMER_NAME),
        iban=value(FieldName.IBAN),
        issue_date=document.issue_date,
        total=document.total_gross,
        currency=document.currency,
        is_exact=reading.format not in {"", "pdf", "image"},
        is_buyer_sure=buyer is not None and buyer.confidence >= _BUYER_SURE,
    )


def _client(client_file: ClientFile) -> Client:
    """Give who the file is of, with the buyers that people said to be this client. One query."""
    known = Alarm.objects.filter(
        practice_id=client_file.practice_id,
        client_file=client_file,
        code=AlarmCode.OTHER_BUYER,
        state=AlarmState.DISMISSED,
    )
    aliases = [facts.get("name", "") for facts in known.order_by("-id").values_list("facts", flat=True)[:_MOST_ALIASES]]
    names = (client_file.name, client_file.legal_name, *aliases)
    return Client(siren=client_file.siren, names=tuple(name for name in names if name and name_words(name)))


def _booked(document: Document, identity: Identity, *, is_settled: bool) -> list[Found]:
    """Say that the same invoice is ready or archived already: the same number of the same supplier. One query.

    Of two that are both settled the later one is the second; what is still to be decided is second to any that is.
    """
    key = number_key(document.number)
    if not key or document.side != Side.COSTS:
        return []
    own = Facts(
        sha256=document.sha256,
        number_key=key,
        supplier_id=supplier_id(vat=identity.vat, siren=identity.siren),
        supplier_key=supplier_key(document.supplier_name),
        issue_date=document.issue_date,
        total=document.total_gross,
        currency=document.currency,
    )
    rows = Trait.objects.filter(practice_id=document.practice_id, client_file_id=document.client_file_id)
    others = rows.filter(number_key=key, side=document.side, document__status__in=_BOOKED)
    others = others.filter(document_id__lt=document.id) if is_settled else others.exclude(document_id=document.id)
    for other in others.select_related("document").order_by("id")[:20]:
        if Ground.NUMBER in grounds_of(own, finding.facts_of(other)) and not _was_kept(document.id, other.document_id):
            twin = other.document
            facts = {"other": str(twin.id), "number": twin.number, "status": twin.status}
            return [Found(AlarmCode.BOOKED, facts)]
    return []


def _was_kept(document_id: UUID, other_id: UUID) -> bool:
    """Tell whether somebody said of the two that both are wanted."""
    pairs = finding.pairs_of(document_id)
    return any(other_id in {pair.first_id, pair.second_id} and not finding.is_doubtful(pair) for pair in pairs)


def _keep(document: Document, found: Sequence[Found]) -> set[str]:
    """Write the alarms of a document as they are now; gives the codes of those that a person dismissed."""
    known = {alarm.code: alarm for alarm in Alarm.objects.filter(practice_id=document.practice_id, document=document)}
    now = {one.code.value: one for one in found}
    for code, gone in known.items():
        # What a person said is kept: it tells of the next document too.
        if code not in now and gone.state == AlarmState.OPEN:
            gone.delete()
    raised = []
    for code, one in now.items():
        if code in known and known[code].facts == dict(one.facts):
            continue
        values: dict[str, Any] = {
            "client_file_id": document.client_file_id,
            "facts": dict(one.facts),
            "weight": one.weight,
            "state": AlarmState.OPEN,
            "dismissed_by": "",
            "dismissed_at": None,
        }
        Alarm.objects.update_or_create(practice_id=document.practice_id, document=document, code=code, defaults=values)
        raised.append(one)
    _record_raised(document, raised)
    return {code for code, alarm in known.items() if alarm.state == AlarmState.DISMISSED and code in now} - {
        one.code.value for one in raised
    }


def _record_raised(document: Document, raised: Sequence[Found]) -> None:
    facts = [audit.Fact("document.alarm", _subject(document), after=_told(one.code, one.facts)) for one in raised]
    if facts:
        audit.record_all(facts, actor=system_actor(document.practice_id), practice_id=document.practice_id)


def _told(code: str, facts: Mapping[str, str]) -> dict[str, str]:
    return {"alarm": str(code)} | {name: text for name, text in facts.items() if text and name != "other"}


def _decide(document_id: UUID) -> None:
    """Let the open alarms that weigh "stop" keep a document from being ready, or be ready again without them."""
    reading = Reading.objects.filter(document_id=document_id).values_list("reasons", flat=True).first() or []
    told = sorted(reason["detail"] for reason in reading if reason["code"] == "alarm")
    codes = sorted(alarm.code for alarm in open_alarms(document_id) if alarm.weight == Weight.STOP)
    if codes != told:
        reading_services.decide_again(document_id, alarms=codes)


def open_alarms(document_id: UUID) -> list[Alarm]:
    """Give the alarms of a document that nobody dismissed, the weightiest first. One query."""
    found = Alarm.objects.filter(document_id=document_id, state=AlarmState.OPEN)
    return sorted(found, key=lambda alarm: list(AlarmCode).index(AlarmCode(alarm.code)))


@transaction.atomic
def dismiss(document: Document, *, code: str, actor: Actor) -> Alarm:
    """Say of an alarm that it is all right, as a person who looked; the document goes where it then belongs.

    An account that changed is trusted from now on, and a buyer's name is one of the client's. Raises NotThereError
    for an alarm that the document does not have, ConflictError for one that was dismissed already.
    """
    counters.hold(document.client_file_id)
    rows = Alarm.objects.select_for_update().filter(practice_id=document.practice_id, document=document)
    alarm = rows.filter(code=code).first()
    if alarm is None:
        raise NotThereError
    if alarm.state != AlarmState.OPEN:
        raise ConflictError(_("Somebody dismissed this alarm meanwhile. Reload the page."))
    alarm.state, alarm.dismissed_by, alarm.dismissed_at = AlarmState.DISMISSED, actor.name[:200], timezone.now()
    alarm.save(update_fields=["state", "dismissed_by", "dismissed_at"])
    audit.record(
        "document.alarm-dismissed",
        actor=actor,
        practice_id=document.practice_id,
        subject=_subject(document),
        after=_told(alarm.code, alarm.facts),
    )
    if code == AlarmCode.IBAN_CHANGED:
        _trust(document, iban=alarm.facts["new"], actor=actor)
    _decide(document.id)
    counters.touch(document.client_file_id)
    return alarm


def _trust(document: Document, *, iban: str, actor: Actor) -> None:
    supplier = Supplier.objects.filter(appearances__document=document).first()
    if supplier is not None:
        directory.add_mark(supplier, MarkKind.IBAN, key=iban, text=iban, said_by=actor.name)
    # The other documents that wait for the same answer have it now.
    alike = Alarm.objects.filter(
        practice_id=document.practice_id,
        client_file_id=document.client_file_id,
        code=AlarmCode.IBAN_CHANGED,
        state=AlarmState.OPEN,
    ).exclude(document=document)
    for alarm in [one for one in alike.order_by("id") if one.facts.get("new") == iban]:
        watch(alarm.document_id)


def _subject(document: Document) -> audit.Subject:
    return audit.Subject("document", document.id, document.client_file_id)

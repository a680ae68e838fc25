"""Which supplier a document is of, and what the directory of its file keeps of it.

By its SIREN, else its VAT number, else its name, else its account: the printed name alone never joins two firms that
each have a number. Everything here runs in the caller's transaction under the file's lock, and can be run again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from django.db.models import Q

from liasse.clients.rules import name_sort
from liasse.documents.models import Document
from liasse.documents.rules import folded
from liasse.documents.types import DocumentKind, DocumentStatus
from liasse.duplicates.rules import supplier_key
from liasse.lib.identifiers import compact, is_iban, is_siret
from liasse.reading.types import FieldName
from liasse.suppliers.models import Appearance, Layout, Mark, Supplier
from liasse.suppliers.rules import MOST_EARLIER, habit_of, siren_of
from liasse.suppliers.types import Habit, Identity, MarkKind

_ORDER: Final = (MarkKind.SIREN, MarkKind.VAT, MarkKind.NAME, MarkKind.IBAN)
_FEW: Final = 200
_OUT_OF_SIGHT: Final = (DocumentStatus.DUPLICATE, DocumentStatus.REPLACED)
_WITH_TOTALS: Final = frozenset({DocumentKind.INVOICE, DocumentKind.RECEIPT, ""})


def identity_of(values: Mapping[FieldName, str]) -> Identity:
    """Give by what a document names its supplier."""
    vat = compact(values.get(FieldName.SUPPLIER_VAT, ""))[:20]
    siret = compact(values.get(FieldName.SUPPLIER_SIRET, ""))
    siren = siren_of(siren=values.get(FieldName.SUPPLIER_SIREN, ""), vat=vat)
    iban = compact(values.get(FieldName.IBAN, ""))
    return Identity(
        name=" ".join(values.get(FieldName.SUPPLIER_NAME, "").split())[:200],
        vat=vat,
        siren=siren or (siret[:9] if is_siret(siret) else ""),
        siret=siret if is_siret(siret) else "",
        iban=iban if is_iban(iban) else "",
    )


def keys_of(identity: Identity) -> dict[MarkKind, str]:
    """Give the keys by which a supplier is looked for, without those that are blank."""
    keys = {
        MarkKind.SIREN: identity.siren,
        MarkKind.VAT: "" if identity.vat.startswith("FR") else identity.vat,
        MarkKind.NAME: supplier_key(identity.name),
        MarkKind.IBAN: identity.iban,
    }
    return {kind: key for kind, key in keys.items() if key}


def find(document: Document, identity: Identity) -> Supplier | None:
    """Give the supplier of a document of this file, None where it is new. One query."""
    keys = keys_of(identity)
    if not keys:
        return None
    wanted = Q()
    for kind, key in keys.items():
        wanted |= Q(kind=kind, key=key)
    marks = Mark.objects.filter(wanted, practice_id=document.practice_id, client_file_id=document.client_file_id)
    found = sorted(marks.select_related("supplier"), key=lambda mark: -mark.supplier.count_documents)
    for kind in _ORDER:
        for mark in found:
            if mark.kind == kind and _may_be(mark, identity, keys):
                return mark.supplier
    return None


def _may_be(mark: Mark, identity: Identity, keys: Mapping[MarkKind, str]) -> bool:
    """Tell whether a mark names a supplier: a name or an account only where no number says otherwise."""
    supplier = mark.supplier
    if mark.kind == MarkKind.SIREN:
        return True
    if identity.siren and supplier.siren and identity.siren != supplier.siren:
        return False
    if mark.kind == MarkKind.VAT:
        return True
    if keys.get(MarkKind.VAT) and supplier.vat and identity.vat != supplier.vat:
        return False
    # Firms that a factor collects for share its account.
    return mark.kind == MarkKind.NAME or not keys.keys() - {MarkKind.IBAN}


def note(
    document: Document, *, identity: Identity, rate: str = "", is_named: bool = False, trusts_iban: bool = True
) -> Supplier | None:
    """Write that a document is of a supplier; gives it, or None for a document that names nobody.

    ``is_named`` says that a person typed the name. ``trusts_iban`` is False while its account is to be looked at.
    """
    supplier = find(document, identity)
    if supplier is None and (identity.name or identity.siren or identity.vat):
        supplier = Supplier(practice_id=document.practice_id, client_file_id=document.client_file_id)
    before = Appearance.objects.filter(document=document).select_related("supplier").first()
    if supplier is not None:
        _name(supplier, identity, is_named=is_named)
        supplier.save()
        _mark(supplier, identity, trusts_iban=trusts_iban)
        values = {
            "supplier": supplier,
            "iban": identity.iban,
            "total": document.total_gross if document.kind in _WITH_TOTALS else None,
            "currency": document.currency,
            "rate": rate[:10],
            "issue_date": document.issue_date,
            "client_file_id": document.client_file_id,
        }
        Appearance.objects.update_or_create(practice_id=document.practice_id, document=document, defaults=values)
        recount(supplier)
    if before is not None and (supplier is None or before.supplier_id != supplier.id):
        if supplier is None:
            before.delete()
        recount(before.supplier)
    return supplier


def _name(supplier: Supplier, identity: Identity, *, is_named: bool) -> None:
    shown = identity.name or identity.vat or identity.siren
    if not supplier.name or (is_named and identity.name):
        supplier.name, supplier.is_named = shown, is_named
    supplier.vat = identity.vat or supplier.vat
    supplier.siren = identity.siren or supplier.siren
    supplier.siret = identity.siret or supplier.siret
    supplier.name_sort = name_sort(supplier.name)
    words = (supplier.name, identity.name, supplier.vat, supplier.siren, supplier.siret)
    known = supplier.search_text.split()
    supplier.search_text = " ".join(dict.fromkeys([*folded(" ".join(words)).split(), *known]))[:600]


def _mark(supplier: Supplier, identity: Identity, *, trusts_iban: bool) -> None:
    texts = {MarkKind.NAME: identity.name}
    for kind, key in keys_of(identity).items():
        if kind is not MarkKind.IBAN or trusts_iban:
            add_mark(supplier, kind, key=key, text=texts.get(kind, key))


def add_mark(supplier: Supplier, kind: MarkKind, *, key: str, text: str, said_by: str = "") -> None:
    """Write by what else a supplier is known; a second time changes nothing but who said so."""
    mark, is_new = Mark.objects.get_or_create(
        practice_id=supplier.practice_id,
        supplier=supplier,
        kind=kind,
        key=key,
        defaults={"client_file_id": supplier.client_file_id, "text": text, "said_by": said_by[:200]},
    )
    if said_by and not is_new:
        mark.said_by = said_by[:200]
        mark.save(update_fields=["said_by"])


def recount(supplier: Supplier) -> None:
    """Work out a supplier's habits from its latest documents; one that has none left goes."""
    rows = Appearance.objects.filter(practice_id=supplier.practice_id, supplier=supplier)
    seen = rows.exclude(document__status__in=_OUT_OF_SIGHT)
    latest = list(seen.order_by("-document_id")[:MOST_EARLIER])
    if not latest and not rows.exists() and not Layout.objects.filter(supplier=supplier).exists():
        Mark.objects.filter(supplier=supplier).delete()
        supplier.delete()
        return
    currency = _commonest(row.currency for row in latest)
    totals = [row.total for row in latest if row.total is not None and row.currency == currency]
    supplier.currency, supplier.rate = currency, _commonest(row.rate for row in latest)
    supplier.median, supplier.spread = habit_of(totals) if totals else (None, None)
    supplier.count_documents = seen.count()
    supplier.last_date = max((row.issue_date for row in latest if row.issue_date), default=None)
    supplier.save()
    if supplier.count_documents <= _FEW:
        _drop_misread(supplier)


def _commonest(values: object) -> str:
    counts = Counter(value for value in values if value)  # type: ignore[attr-defined]
    return str(counts.most_common(1)[0][0]) if counts else ""


def _drop_misread(supplier: Supplier) -> None:
    """Take away accounts and names that no document of the supplier says any more, since a person corrected it."""
    rows = Appearance.objects.filter(practice_id=supplier.practice_id, supplier=supplier)
    ibans = set(rows.values_list("iban", flat=True).distinct())
    names = rows.values_list("document__supplier_name", flat=True).distinct()
    keys_of_names = {supplier_key(name) for name in (*names, supplier.name)}
    known = {MarkKind.IBAN: ibans, MarkKind.NAME: keys_of_names}
    for kind, keys in known.items():
        stale = Mark.objects.filter(supplier=supplier, kind=kind, said_by="").exclude(key__in=keys)
        stale.delete()


def habit(document: Document, supplier: Supplier) -> Habit:
    """Give what a supplier's other documents say, as alarms judge this one. Two queries."""
    rows = Appearance.objects.filter(practice_id=document.practice_id, supplier=supplier)
    others = rows.exclude(document=document).exclude(document__status__in=_OUT_OF_SIGHT)
    alike = others.filter(currency=document.currency).exclude(total=None)
    totals: list[Decimal] = [row.total for row in alike.order_by("-document_id")[:MOST_EARLIER] if row.total]
    marks = Mark.objects.filter(practice_id=document.practice_id, supplier=supplier, kind=MarkKind.IBAN)
    # What only this document says is no habit.
    trusted = marks.filter(Q(key__in=others.order_by().values("iban")) | ~Q(said_by="")).order_by("id")
    return Habit(
        name=supplier.name,
        totals=tuple(totals) if document.kind in _WITH_TOTALS else (),
        ibans=tuple(trusted.values_list("key", flat=True)),
    )

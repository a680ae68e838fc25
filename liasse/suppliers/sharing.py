"""Names and numbers of suppliers that help in all files of a practice, where the practice wants it.

Nothing else is shared: no account, no document, no habit, nothing that was learned of a paper, and not which file knew
the name. A practice that changes its mind takes them all back.
"""

from __future__ import annotations

from uuid import UUID

from liasse.clients.rules import name_sort
from liasse.practices.models import Practice
from liasse.practices.types import Switch
from liasse.suppliers.models import SharedName
from liasse.suppliers.types import Identity


def note(practice: Practice, identity: Identity) -> None:
    """Write a supplier's name and numbers for the practice's other files; nothing without a number or the wish."""
    key = identity.siren or identity.vat
    if practice.shares_suppliers != Switch.ON or not key or not identity.name:
        return
    values = {
        "name": identity.name,
        "name_sort": name_sort(identity.name),
        "vat": identity.vat,
        "siren": identity.siren,
        "siret": identity.siret,
    }
    known, is_new = SharedName.objects.get_or_create(practice=practice, key=key, defaults=values)
    missing = {name: value for name, value in values.items() if value and not getattr(known, name)}
    if not is_new and missing:
        SharedName.objects.filter(id=known.id).update(**missing)


def shared_name(practice: Practice, *, siren: str, vat: str) -> SharedName | None:
    """Give what the practice's files know of a number. One query, none where the practice does not want it."""
    keys = [key for key in (siren, vat) if key]
    if practice.shares_suppliers != Switch.ON or not keys:
        return None
    return SharedName.objects.filter(practice=practice, key__in=keys).first()


def forget_all(practice_id: UUID) -> int:
    """Take back what the practice's files shared; gives how many names."""
    count, _by_table = SharedName.objects.filter(practice_id=practice_id).delete()
    return count

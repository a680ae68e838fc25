"""What belongs to the client itself, so that it never names a supplier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from liasse.lib.identifiers import compact, siren_of_vat
from liasse.lib.text import name_key


@dataclass(frozen=True, slots=True)
class Exclude:
    """What belongs to the client: it stands on every document, and names the buyer."""

    vat: frozenset[str] = frozenset()
    siren: frozenset[str] = frozenset()
    iban: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Exclude:
        """Return the exclusions from lists of texts under "vat", "siren", "iban" and "names"."""
        vat, siren, iban = (frozenset(map(compact, data.get(key) or ())) for key in ("vat", "siren", "iban"))
        sirens = siren | {found for number in vat if (found := siren_of_vat(number))}
        return cls(vat=vat, siren=frozenset(sirens), iban=iban, names=frozenset(map(name_key, data.get("names") or ())))

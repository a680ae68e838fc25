"""The form of a syntax's table: which path holds which business term of EN 16931."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from liasse.reading.types import AdjustmentKind

if TYPE_CHECKING:
    from collections.abc import Mapping

# Alternatives in order of preference: the first path that gives text wins.
type Paths = tuple[str, ...]
# The lines of an address, each of parts that stand beside one another.
type AddressLines = tuple[Paths, ...]


@dataclass(frozen=True, slots=True)
class AdjustmentGroup:
    """Where a syntax keeps allowances or charges on the whole document; paths are relative to one of them."""

    kind: AdjustmentKind
    path: str
    amount: Paths
    reason: Paths = ()
    percent: Paths = ()
    rate: Paths = ()


@dataclass(frozen=True, slots=True)
class Syntax:
    """One syntax: XPaths by local names, relative to the root, the VAT group or the line.

    `$currency` in a path is the invoice's currency (BT-5). `sirens` are the paths of identifiers
    that may hold a SIREN or SIRET, in order of trust; the scheme is told by the path itself.
    """

    name: str
    root: str
    namespaces: Paths
    document: Mapping[str, Paths]
    sirens: Paths
    vat_group: str
    vat: Mapping[str, Paths]
    line: str
    lines: Mapping[str, Paths]
    adjustments: tuple[AdjustmentGroup, ...] = ()
    is_credit: bool = False
    buyer_sirens: Paths = ()
    seller_address: AddressLines = ()
    buyer_address: AddressLines = ()
    # Everything that is said in words, and the documents that are attached or referred to: one text for each element.
    remarks: Paths = ()
    attached: Paths = ()

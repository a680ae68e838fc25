"""Pure decisions about documents."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Final, Protocol

from liasse.documents.types import DocumentStatus, Lack, Step
from liasse.intake.types import Cutting
from liasse.lib import media_types

SEARCH_LIMIT: Final = 600
"""Letters that are kept: of four bytes each they still fit into an index of PostgreSQL (2,704 bytes)."""

_CENT: Final = Decimal("0.01")
_EVERYTHING: Final = frozenset({Lack.SUPPLIER, Lack.DATE, Lack.GROSS})


class Figures(Protocol):
    """What a document or its summary says of itself."""

    @property
    def supplier_name(self) -> str:
        """Give the supplier's name, blank when not known."""

    @property
    def issue_date(self) -> date | None:
        """Give the day of issue."""

    @property
    def total_net(self) -> Decimal | None:
        """Give the total without VAT."""

    @property
    def total_vat(self) -> Decimal | None:
        """Give the VAT."""

    @property
    def total_gross(self) -> Decimal | None:
        """Give the total with VAT."""


def folded(text: str) -> str:
    """Give a text as it is searched: lower case, without accents, blanks made one."""
    apart = unicodedata.normalize("NFKD", text)
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(plain.casefold().split())


def search_text(*parts: str) -> str:
    """Give the text that a search looks into."""
    return folded(" ".join(parts))[:SEARCH_LIMIT]


def first_step(media_type: str, *, cutting: Cutting) -> Step:
    """Give the step that a new document begins with: what may hold several documents is looked at for cuts.

    What was sent as a page of one document waits there for the others.
    """
    has_pages = media_type in media_types.PAGED
    if cutting is Cutting.JOINED:
        has_pages = media_type in media_types.PICTURES | {media_types.PDF}
    return Step.CUT if has_pages and cutting is not Cutting.WHOLE else Step.READ


def may_move(status: DocumentStatus, *, to: DocumentStatus) -> bool:
    """Tell whether a person may move a document; one that is being read waits for its reading.

    A duplicate comes back through what set it aside (`duplicates.services`).
    """
    held = {DocumentStatus.PROCESSING, DocumentStatus.DUPLICATE, DocumentStatus.REPLACED}
    return held.isdisjoint({status, to}) and status != to


def status_after_archive(status_before: str) -> DocumentStatus:
    """Give the tab to which a document returns from the archive; to review when it is not known."""
    before = DocumentStatus(status_before) if status_before in set(DocumentStatus) else DocumentStatus.TO_REVIEW
    return before if before == DocumentStatus.READY else DocumentStatus.TO_REVIEW


def lacks_of(figures: Figures) -> tuple[Lack, ...]:
    """Give what a document lacks to be ready, in the order of its fields; nothing when it can be booked.

    Nobody can book a document without its supplier, its day and its gross amount. Net + VAT = gross is
    EN 16931's BR-CO-15, to the cent; it is not asked where one of the three is missing.
    """
    lacks = [
        lack
        for lack, is_there in (
            (Lack.SUPPLIER, bool(figures.supplier_name.strip())),
            (Lack.DATE, figures.issue_date is not None),
            (Lack.GROSS, figures.total_gross is not None),
        )
        if not is_there
    ]
    net, vat, gross = figures.total_net, figures.total_vat, figures.total_gross
    if net is not None and vat is not None and gross is not None and abs(net + vat - gross) > _CENT:
        lacks.append(Lack.SUMS)
    return tuple(lacks)


def is_blank(lacks: Collection[Lack]) -> bool:
    """Tell whether a document says nothing of what makes one: no person can mark it as ready."""
    return set(lacks) >= _EVERYTHING

"""Pure decisions about documents."""

from __future__ import annotations

import unicodedata
from typing import Final

from liasse.documents.types import DocumentStatus

SEARCH_LIMIT: Final = 600
"""Letters that are kept: of four bytes each they still fit into an index of PostgreSQL (2,704 bytes)."""


def folded(text: str) -> str:
    """Give a text as it is searched: lower case, without accents, blanks made one."""
    apart = unicodedata.normalize("NFKD", text)
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(plain.casefold().split())


def search_text(*parts: str) -> str:
    """Give the text that a search looks into."""
    return folded(" ".join(parts))[:SEARCH_LIMIT]


def may_move(status: DocumentStatus, *, to: DocumentStatus) -> bool:
    """Tell whether a person may move a document; one that is being read waits for its reading."""
    return DocumentStatus.PROCESSING not in {status, to} and status != to


def status_after_archive(status_before: str) -> DocumentStatus:
    """Give the tab to which a document returns from the archive; to review when it is not known."""
    before = DocumentStatus(status_before) if status_before in set(DocumentStatus) else DocumentStatus.TO_REVIEW
    return before if before == DocumentStatus.READY else DocumentStatus.TO_REVIEW

"""Pure decisions about documents."""

from __future__ import annotations

import unicodedata

from liasse.documents.types import DocumentStatus


def folded(text: str) -> str:
    """Give a text as it is searched: lower case, without accents, blanks made one."""
    apart = unicodedata.normalize("NFKD", text)
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(plain.casefold().split())


def may_move(status: DocumentStatus, *, to: DocumentStatus) -> bool:
    """Tell whether a person may move a document; one that is being read waits for its reading."""
    return DocumentStatus.PROCESSING not in {status, to} and status != to

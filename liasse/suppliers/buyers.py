"""To which of a person's files a document belongs that is made out to somebody else than this client."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Final

from django.db.models import Q

from liasse.clients.models import ClientFile
from liasse.clients.reach import levels_granted, reachable_files
from liasse.clients.types import FileStatus
from liasse.core.access import Actor, Level
from liasse.documents.models import Document
from liasse.suppliers.rules import name_words

_MOST: Final = 3
_MOST_NAMED: Final = 50


def files_of_buyer(actor: Actor, document: Document, *, facts: Mapping[str, str]) -> list[ClientFile]:
    """Give the files in which the actor may work that a document's buyer is likely to be, the likeliest first.

    By SIREN, else by name: all words of the file's name that say something are in the buyer's. Two queries.
    """
    siren, words = facts.get("siren", ""), name_words(facts.get("name", ""))
    wanted = [Q(siren=siren)] if siren else []
    wanted += [Q(search_text__contains=word) for word in sorted(words, key=len, reverse=True)[:_MOST]]
    if not wanted:
        return []
    files = reachable_files(actor).filter(status=FileStatus.ACTIVE).exclude(id=document.client_file_id)
    found = list(files.filter(reduce(or_, wanted)).order_by("name_sort", "id")[:_MOST_NAMED])
    by_number = [file for file in found if siren and file.siren == siren]
    by_name = [file for file in found if _is_named(file, words) and not (siren and file.siren)]
    return _workable(by_number or by_name, actor=actor)[:_MOST]


def _is_named(file: ClientFile, words: set[str]) -> bool:
    names = [name_words(name) for name in (file.name, file.legal_name)]
    return any(known and known <= words for known in names)


def _workable(files: list[ClientFile], *, actor: Actor) -> list[ClientFile]:
    if actor.is_administrator or not files:
        return files
    workable = {file_id for file_id, level in levels_granted(actor, files=files) if Level(level).allows(Level.CODING)}
    return [file for file in files if file.id in workable]

"""Whether two papers have one layout: by numbers of their supplier, else by the words of their head and foot. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from liasse.lib.identifiers import compact
from liasse.lib.text import fold
from liasse.reading.types import Word
from liasse.suppliers.marks import marks_of
from liasse.suppliers.spans import lines_of
from liasse.suppliers.types import Sketch

SAME: Final = 0.6
"""So much of the words of two papers must be the same for one layout, where they share no number of a supplier."""

_HEAD: Final = 0.35
_FOOT: Final = 0.88
_LEAST_WORDS: Final = 5
_LEAST_NAMED: Final = 2
_NAMED: Final = 0.25
_ALIKE: Final = 0.75
_MOST_WORDS: Final = 120
_PLAIN: Final = frozenset(
    {
        *("facture", "avoir", "recu", "ticket", "date", "numero", "client", "page", "total", "montant", "adresse"),
        *("tva", "siret", "siren", "tel", "telephone", "email", "mail", "fax", "rcs", "ape", "naf", "code", "rue"),
        *("avenue", "boulevard", "france", "paris", "sarl", "sas", "cedex", "www", "com", "http", "https", "iban"),
        *("bic", "designation", "description", "quantite", "prix", "unitaire", "ttc", "net", "payer", "echeance"),
        *("invoice", "number", "bill", "ship", "due", "amount", "vat", "tax", "customer", "order", "address", "the"),
        *("rechnung", "datum", "nummer", "kunde", "kundennummer", "steuer", "und", "der", "die", "seite", "betrag"),
        *("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre"),
        *("novembre", "decembre", "january", "february", "march", "april", "june", "july", "august", "september"),
        *("october", "november", "december", "jan", "feb", "apr", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
    }
)
"""Words that the papers of any supplier have, or that change with the day: they tell no layout."""
_WORD: Final = re.compile(r"[a-z]{3,}")


def sketch_of(words: Iterable[Word], *, own: Collection[str] = (), names: Collection[str] = ()) -> Sketch:
    """Give what tells a paper's layout; ``own`` are the client's numbers and names, which are on all its papers.

    ``names`` are those of the supplier; which of them the page prints becomes part of the sketch.
    """
    known = list(words)
    first = min((word.place.page for word in known), default=1)
    page = [word for word in known if word.place.page == first]
    mine = {part for text in own for part in _WORD.findall(fold(text))}
    edge = [word for word in page if word.place.y0 < _HEAD or word.place.y0 > _FOOT]
    fixed = {part for word in edge for part in _WORD.findall(fold(word.text))} - mine
    numbers = {compact(text) for text in own}
    marks = frozenset(mark for mark in marks_of([word.text for word in page]) if mark.partition(":")[2] not in numbers)
    text = f" {' '.join(part for line in lines_of(page, page=first) for word in line for part in _parts(word.text))} "
    keys = {" ".join(_parts(name)) for name in names}
    return Sketch(
        words=frozenset(sorted(fixed)[:_MOST_WORDS]),
        marks=marks,
        names=frozenset(key for key in keys if key and f" {key} " in text),
        text=text,
    )


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"[^a-z]+", fold(text)) if len(part) > 1]


def is_named(name: str, text: str) -> bool:
    """Tell whether a name stands in a text, both of plain words, allowing for letters that OCR misread."""
    if f" {name} " in text:
        return True
    parts, wanted = text.split(), name.split()
    runs = (parts[at : at + len(wanted)] for at in range(len(parts) - len(wanted) + 1))
    return any(all(map(_is_alike, wanted, run)) for run in runs)


@lru_cache(maxsize=8192)
def _is_alike(one: str, other: str) -> bool:
    is_near = abs(len(one) - len(other)) <= 1
    return one == other or (is_near and SequenceMatcher(None, one, other).ratio() >= _ALIKE)


def likeness(known: Sketch, seen: Sketch) -> float:
    """Give how alike a paper is to a known layout, from 0 to 1: 1 where they share a number of the supplier.

    Papers that each have the number of a firm, and not the same one, are of different layouts however alike they look,
    unless the supplier's name is on both: many firms print with the same program.
    """
    firms = [_firms(sketch) for sketch in (known, seen)]
    if firms[0] & firms[1]:
        return 1.0
    # Another's number may be the buyer's, beside one of the supplier that OCR misread: then its name is there.
    is_other = bool(firms[0] and firms[1])
    if is_other and not any(is_named(name, seen.text) for name in known.names):
        return 0.0
    return _by_words(known, seen)


def own_marks(sketch: Sketch, *, siren: str, vat: str) -> frozenset[str]:
    """Give the marks of a paper by which its layout is known: of numbers, those of its supplier alone.

    Whose another number is, nobody said: the buyer's is on the papers of all its suppliers.
    """
    own = {f"siren:{siren}", f"vat:{vat}"}
    return frozenset(mark for mark in sketch.marks if mark in own or mark not in _firms(sketch))


def _by_words(known: Sketch, seen: Sketch) -> float:
    # A factor's account and a shop's site are of several firms: they help, and decide nothing alone.
    has_mark = bool(known.marks & seen.marks)
    one, other = known.words - _PLAIN, seen.words - _PLAIN
    both = one & other
    if len(both) < (_LEAST_NAMED if known.names or has_mark else _LEAST_WORDS):
        return 0.0
    same = len(both) / len(one | other)
    helped = min(1.0, same + _NAMED)
    if not known.names:
        return helped if has_mark else same
    if helped >= SAME and any(is_named(name, seen.text) for name in known.names):
        return helped
    return same if has_mark else 0.0


def _firms(sketch: Sketch) -> set[str]:
    return {mark for mark in sketch.marks if mark.startswith(("siren:", "vat:"))}

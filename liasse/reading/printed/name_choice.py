"""Which of the names that may be the supplier's is: several writings of one name speak together, other names rival."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from liasse.lib.text import fold, name_key
from liasse.reading.page.roles import FORM, Found

# Two names nearer than this are rivals: either may be right, and neither is said to be sure.
_RIVALS: Final = 0.12
_OF_RIVALS: Final = 0.15
_EACH: Final = 0.05
# How much less may speak for a name in full than for the sign that is part of it.
_SHORT_OF: Final = 0.6
_SHORTEST: Final = 4
_FEWEST_INITIALS: Final = 3
_IN_FULL: Final = frozenset({"form", "registered", "sender", "heading", "holder", "two-lines"})


_SHARED: Final = frozenset({"holder", "heading", "registered", "form"})


@dataclass(slots=True)
class _Name:
    """All places where one name stands, whatever its writing and legal form."""

    key: str
    best: Found
    score: float
    evidence: set[str]

    @property
    def words(self) -> list[str]:
        return re.findall(r"[a-z0-9]+", fold(self.best.value))


def best_name(found: Iterable[Found]) -> Found | None:
    """Return the likeliest name; with the code "rivals", and less sure, where another is about as likely."""
    names = sorted(_in_full(_gathered(found)), key=lambda name: -name.score)
    if not names:
        return None
    first = names[0]
    codes = (*first.best.evidence, *sorted(first.evidence - set(first.best.evidence)))
    best = replace(first.best, score=first.score, evidence=codes)
    is_guess = "guessed" in codes
    if is_guess or (len(names) > 1 and first.score - names[1].score < _RIVALS):
        return replace(best, score=best.score - _OF_RIVALS, evidence=(*codes, "rivals"))
    return best


def _gathered(found: Iterable[Found]) -> list[_Name]:
    """Return the names, each with all its places: one more place is a little more likely."""
    by_key: dict[str, list[Found]] = defaultdict(list)
    for item in found:
        by_key[name_key(item.value)].append(item)
    return [_of(key, items) for key, items in by_key.items()]


def _of(key: str, items: list[Found]) -> _Name:
    best = max(items, key=lambda item: item.score)
    theirs = [item for item in items if "buyer-part" not in item.evidence]
    others = max(sum(item.value == best.value for item in items), len({id(item.cell) for item in theirs})) - 1
    evidence = {code for item in theirs for code in item.evidence if code in _SHARED}
    score = best.score + _EACH * max(others, 0)
    if "holder" in evidence and len(theirs) > 1:
        score += _EACH
    evidence |= {"again"} if others > 0 else set()
    return _Name(key, best, score, evidence)


def _in_full(names: list[_Name]) -> list[_Name]:
    """Return the names without those that are a part of one in full: "NOVALIA" beside "Novalia Conseil SAS"."""
    gone: set[str] = set()
    for short in sorted(names, key=lambda name: -name.score):
        longer = [name for name in names if name.key not in gone and _is_part(short, name) and _is_in_full(short, name)]
        if longer:
            full = max(longer, key=lambda name: name.score)
            full.score = max(full.score, short.score) + _EACH
            full.evidence |= {"again"}
            gone.add(short.key)
    return [name for name in names if name.key not in gone]


def _is_part(short: _Name, long: _Name) -> bool:
    """Tell whether a name is some words of another, or their first letters as signs have them."""
    if short is long or len(short.key) >= len(long.key):
        return False
    if _are_initials(short, long):
        return True
    if len(short.key) < _SHORTEST:
        return False
    some, words = [word for word in short.words if not FORM.fullmatch(word)], long.words
    return any(words[at : at + len(some)] == some for at in range(len(words) - len(some) + 1))


def _are_initials(short: _Name, long: _Name) -> bool:
    words = [word for word in long.words if not FORM.fullmatch(word)]
    return len(short.key) >= _FEWEST_INITIALS and short.key == "".join(word[0] for word in words)


def _is_in_full(short: _Name, long: _Name) -> bool:
    """Tell whether the longer of two names is the firm's whole one, and not a sentence that begins with it."""
    if "buyer-part" in long.best.evidence or long.score < short.score - _SHORT_OF:
        return False
    codes = {*long.best.evidence, *long.evidence}
    return bool(codes & _IN_FULL) or "derived" in short.best.evidence or _are_initials(short, long)

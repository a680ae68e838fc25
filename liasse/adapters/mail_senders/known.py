"""What the child knows of DNS: the answers that it was given, and the names that it still misses.

The child has no network. It runs to its end with what it has, notes what it lacked, and is run again with
more; what it found while something was lacking counts for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

Answers = Mapping[str, list[str] | None]
"""For ``"TXT example.fr"`` the records; an empty list for none, None where DNS gave no answer."""


class Known:
    """Looks names up in the answers at hand."""

    def __init__(self, answers: Answers) -> None:
        """Begin with these answers."""
        self._answers = answers
        self.missing: set[str] = set()
        self.has_silence = False
        """Whether DNS gave no answer to something that was asked."""

    def look_up(self, kind: str, name: str) -> list[str]:
        """Give the records of a name; none where they are not known yet."""
        key = key_of(kind, name)
        if not is_name(key.partition(" ")[2]):
            return []
        if key not in self._answers:
            self.missing.add(key)
            return []
        found = self._answers[key]
        if found is None:
            self.has_silence = True
            return []
        return found

    def is_silent(self, kind: str, name: str) -> bool:
        """Tell whether this was asked and DNS gave no answer."""
        return self._answers.get(key_of(kind, name), []) is None

    def text(self, name: str) -> list[str]:
        """Give the text records of a name."""
        return self.look_up("TXT", name)


def key_of(kind: str, name: str) -> str:
    """Name a question."""
    return f"{kind} {name.rstrip('.').lower()}"


def is_name(name: str) -> bool:
    """Tell whether DNS could be asked for this at all."""
    labels = name.split(".")
    return name.isascii() and name.isprintable() and len(name) <= 253 and all(0 < len(one) <= 63 for one in labels)  # noqa: PLR2004 - RFC 1035 2.3.4

"""Handing in, as every page with `ui/hand_in.html` does it: what its form needs, and what became of its files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.contrib import messages
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liasse.lib.ids import uuid7
from liasse.ui.shell import HandIn


@dataclass(frozen=True, slots=True)
class Ways:
    """Where a form's files go: the form as a whole, its pieces, and asking what came of them."""

    action: str
    uploads: str
    outcomes: str


@dataclass(frozen=True, slots=True)
class Sizes:
    """What is taken at most, in bytes, and how that is said."""

    file: int
    archive: int
    text: Callable[[int], str]


class Taken(Protocol):
    """What became of a form's file."""

    @property
    def filename(self) -> str:
        """Give its name."""
        ...

    @property
    def receipt(self) -> object | None:
        """Give its receipt, None where it was not taken."""
        ...

    @property
    def sentence(self) -> str:
        """Say why it was not taken; blank where it was."""
        ...


def form_of(
    ways: Ways,
    *,
    who: str,
    sizes: Sizes,
    sides: Mapping[str, str | Promise],
    owners: Sequence[tuple[str, str]] = (),
    owner: str = "",
) -> HandIn:
    """Give what the form needs. Without ``sides`` it is for somebody who is not signed in, and asks who that is."""
    return HandIn(
        action=ways.action,
        uploads_url=ways.uploads,
        outcomes_url=ways.outcomes,
        who=who,
        key=str(uuid7()),
        limit=sizes.file,
        limit_text=sizes.text(sizes.file),
        zip_limit=sizes.archive,
        zip_limit_text=sizes.text(sizes.archive),
        sides=tuple((value, str(label)) for value, label in sides.items()),
        owners=tuple(owners),
        owner=owner,
        asks_sender=not sides,
    )


def say_taken(request: HttpRequest, taken: Collection[Taken]) -> bool:
    """Say on the next page what became of a form's files; tells whether any was received."""
    received = sum(one.receipt is not None for one in taken)
    if not taken:
        messages.error(request, _("Choose at least one file."))
    if received:
        text = ngettext("%(count)s file received.", "%(count)s files received.", received)
        messages.success(request, text % {"count": received})
    for one in taken:
        if one.sentence:
            messages.error(request, f"{one.filename} – {one.sentence}")
    return bool(received)

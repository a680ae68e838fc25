"""What looking for cuts needs from outside. Implementations run in a child process, without Django."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PageLook:
    """How a page looks from afar: the share of it that is not paper, and its width for its height."""

    ink: float
    shape: float


@dataclass(frozen=True, slots=True)
class GreyPage:
    """A page drawn in grey: a byte a dot, from 0 (black) to 255, row by row."""

    width: int
    height: int
    dots: bytes


@dataclass(frozen=True, slots=True)
class PageCode:
    """What one code says, and its longer side as a share of the page's width."""

    text: str
    span: float


@dataclass(frozen=True, slots=True)
class PageCodes:
    """The codes on a page, and the length of the bars of a patch code that parts documents; 0 without one.

    The length is a share of the page's width. ``writing`` is the share of the page's height that is written on
    beside its codes, from 0 to 1.
    """

    codes: tuple[PageCode, ...] = ()
    patch: float = 0.0
    writing: float = 0.0


class CodeFinder(Protocol):
    """Finds codes on drawn pages: QR and the like, bars, patch codes."""

    def find(self, page: GreyPage) -> PageCodes:
        """Give the codes of a page; none where nothing can be made out."""
        ...


class PageLooker(Protocol):
    """Looks at pages without reading them."""

    def look(self, path: Path, *, most: int) -> Sequence[PageLook]:
        """Give the look of the first pages, at most so many; nothing for a file that cannot be opened."""
        ...

    def draw(self, path: Path, *, pages: Sequence[int], width: int) -> Iterator[tuple[int, GreyPage]]:
        """Draw some pages, counted from 1 and in this order, at most so many dots wide; those that open."""
        ...

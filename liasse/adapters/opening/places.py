"""Where a part was found, and what is known of it before it is judged."""

from __future__ import annotations

from dataclasses import dataclass, replace

from liasse.adapters.opening.shelf import Kept


@dataclass(frozen=True, slots=True)
class Place:
    """The containers around a part, outermost first; ``message`` is the mail whose part it is, 0 the outermost."""

    containers: tuple[str, ...] = ()
    depth: int = 0
    archives: int = 0
    message: int = 0

    def inside(self, name: str, *, message: int | None = None, is_archive: bool = False) -> Place:
        """Give the place within one more container."""
        return replace(
            self,
            containers=(*self.containers, name),
            depth=self.depth + 1,
            archives=self.archives + is_archive,
            message=self.message if message is None else message,
        )

    def at(self, message: int) -> Place:
        """Give the same place in another mail."""
        return replace(self, message=message)


@dataclass(frozen=True, slots=True)
class Found:
    """A file before it is judged, which needs the whole mail: its HTML says which pictures it shows."""

    kept: Kept
    filename: str
    declared_type: str = "application/octet-stream"
    content_id: str = ""
    is_inline: bool = False
    is_attachment: bool = False
    in_report: bool = False
    is_body: bool = False

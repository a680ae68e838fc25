"""What asks an engine outside of Liasse about a document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from liasse.outside.types import Destination, ShownPage, Told, Trouble


class OutsideEngine(Protocol):
    """Shows pages to an engine and gives back what it says of them."""

    @property
    def destination(self) -> Destination | None:
        """Tell where documents would go; None where no engine is set up."""

    def ask(self, pages: Sequence[ShownPage]) -> Told:
        """Show the pages and return the answer within the time limit; raise EngineError where there is none."""


class EngineError(Exception):
    """No usable answer came.

    ``permanent`` means: asking again cannot help. ``detail`` is technical, English, without the key and without
    anything of the document. ``after`` is how many seconds the engine wants to be left alone, 0 when it did not say.
    ``bytes_sent`` is what left all the same, as far as that can be known.
    """

    def __init__(
        self, detail: str, *, permanent: bool, trouble: Trouble, after: float = 0, bytes_sent: int = 0
    ) -> None:
        """Keep what is shown of it."""
        super().__init__(detail)
        self.detail = detail
        self.permanent = permanent
        self.trouble = trouble
        self.after = after
        self.bytes_sent = bytes_sent

"""What intake needs from outside."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from liasse.intake.types import Scanned


class SenderDns(Protocol):
    """Looks up what domains publish about who may send for them."""

    @property
    def is_on(self) -> bool:
        """Tell whether DNS is asked at all on this instance."""

    def ask(self, questions: Collection[str], *, seconds: float) -> dict[str, list[str] | None]:
        """Give the records for each ``"TXT example.fr"``, an empty list for none, None where no answer came.

        ``seconds`` is how long all of them may take together.
        """


class VirusScanner(Protocol):
    """Looks at received bytes for malware."""

    @property
    def is_on(self) -> bool:
        """Tell whether anything is looked at on this instance."""

    def scan(self, path: Path) -> Scanned:
        """Look at one file; raises TransientError when no answer can be had now."""
        ...


class OfficeRenderer(Protocol):
    """Writes Office files as PDF, so that they look the same everywhere."""

    def takes(self, filename: str) -> bool:
        """Tell whether files of this name can be written as PDF on this machine."""
        ...

    def to_pdf(self, path: Path, folder: Path, *, filename: str) -> Path | None:
        """Write one as PDF into ``folder``; gives its file, None when it cannot be had."""
        ...


@dataclass(frozen=True, slots=True)
class ArrivedMail:
    """A mail that a provider brought; ``recipients`` is empty where it does not tell them apart from the head."""

    content: bytes
    recipients: tuple[str, ...]
    sender: str


class MailArrivals(Protocol):
    """Reads the mails that a provider brings by webhook."""

    @property
    def is_configured(self) -> bool:
        """Tell whether a provider and the secret that it shows are set up."""

    def is_from_provider(self, authorization: str) -> bool:
        """Tell whether the ``Authorization`` header shows the secret; in a time that says nothing about it."""

    def read(self, body: bytes, *, headers: Mapping[str, str]) -> list[ArrivedMail]:
        """Give the mails in a request of the provider, the same bytes each time.

        Raises ValueError for a request that is none of its, TransientError when it may be one the next time.
        """

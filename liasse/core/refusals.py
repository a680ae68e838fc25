"""The word by which code that opens foreign bytes says no; free of Django, for it is raised in the sandbox."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818 - a refusal is an answer about the file, not a fault of ours.
    """The file cannot be used, and another try would say the same.

    ``code`` is a stable word that services turn into a sentence ("damaged", "too-many-pages").
    ``detail`` is a figure or a name to fill that sentence with, never a sentence itself.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        """Keep the code and the detail as they are."""
        super().__init__(code, detail)
        self.code = code
        self.detail = detail

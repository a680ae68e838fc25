"""The failures that a person or a program may meet, each with a sentence and what to do."""

from __future__ import annotations

from collections.abc import Mapping


class LiasseError(Exception):
    """Root of every failure that has a sentence for the person.

    ``sentence`` is already translated (or lazily so) and says what happened and what to
    do. ``permanent`` says that trying the same again cannot help.
    """

    permanent = True

    def __init__(self, sentence: str = "", *, code: str = "") -> None:
        """Keep the sentence for the screen and a stable code for programs and tests."""
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code or type(self).__name__


class NotThereError(LiasseError):
    """What was asked for does not exist, or the asker may not know that it does."""


class ForbiddenError(LiasseError):
    """The asker sees the thing but may not do this with it."""


class InvalidError(LiasseError):
    """What was typed cannot be used; ``fields`` maps a field's name to its sentence."""

    def __init__(self, fields: Mapping[str, str], sentence: str = "") -> None:
        """Keep one sentence a field; the general sentence is optional."""
        super().__init__(sentence or next(iter(fields.values()), ""))
        self.fields = dict(fields)


class ConflictError(LiasseError):
    """The thing changed since the asker read it, so the change was not made."""


class TransientError(LiasseError):
    """A fault of ours, or of something we lean on, that another try may not meet."""

    permanent = False


class ScopeError(RuntimeError):
    """A tenant table was read with no practice scope open: a defect, never a refusal."""

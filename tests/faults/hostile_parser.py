"""What stands in for the parsers when mails turn them: the subject says what the library is made to do."""

from pathlib import Path
from typing import Any

from liasse.adapters.null import hostile
from liasse.adapters.opening.entry import open_mail as real

BEHAVIOURS = (
    "hang",
    "spin",
    "eat_memory",
    "eat_memory_in_c",
    "fork_many",
    "write_much",
    "crash",
    "answer_much",
    "leave",
)


def open_mail(input_path: Path, output_dir: Path, **words: Any) -> dict[str, Any]:  # noqa: ANN401 - the real one's
    """Open a mail; one that names a behaviour turns the parser into that."""
    first = input_path.read_bytes().partition(b"\r\n")[0].decode("ascii", "replace")
    name = first.removeprefix("Subject: turned ")
    if name in BEHAVIOURS:
        answer: dict[str, Any] = getattr(hostile, name)(input_path, output_dir)
        return answer
    return real(input_path, output_dir, **words)

"""What people see of a mail's headers."""

from __future__ import annotations

from typing import Any

from liasse.adapters.opening.mime import Headers
from liasse.adapters.opening.words import decode_words, read_address, read_date

_MAX_SUBJECT = 1_000
_MAX_ID = 500


def describe(headers: Headers) -> dict[str, Any]:
    """Give what people see of a mail's headers."""
    from_name, from_address = read_address(headers.get("from"))
    automatic = headers.get("auto-submitted").partition(";")[0].strip().lower()
    return {
        "from_name": from_name,
        "from_address": from_address,
        "to": decode_words(headers.get("to"))[:_MAX_SUBJECT],
        "subject": decode_words(headers.get("subject"))[:_MAX_SUBJECT],
        "date": read_date(headers.get("date")),
        "message_id": decode_words(headers.get("message-id"))[:_MAX_ID],
        "auto_submitted": "" if automatic == "no" else decode_words(automatic),
    }

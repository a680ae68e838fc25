"""The words of the mail about what waits too long, in the language that is active."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def alarm_text(facts: Mapping[str, object], *, late_receipts: int, late_documents: int) -> str:
    """Give the mail's text: what waits, that nothing is lost, and where to look."""
    what = []
    if late_receipts:
        what.append(
            ngettext(
                "%(receipts)d delivery is not opened yet, or could not be opened.",
                "%(receipts)d deliveries are not opened yet, or could not be opened.",
                late_receipts,
            )
        )
    if late_documents:
        what.append(
            ngettext(
                "%(documents)d document is not read yet.",
                "%(documents)d documents are not read yet.",
                late_documents,
            )
        )
    parts = [
        _("Hello %(name)s,"),
        _("At %(practice)s something has been waiting for over an hour:"),
        "\n".join(f"– {line}" for line in what),
        _("Nothing is lost: what arrived is kept. Here you see what waits and why, and can try it again:"),
        "%(url)s",
        _("This mail comes once a day at most, as long as something waits."),
    ]
    return "\n\n".join(parts) % dict(facts)
